// After k8s.io/cri-api runtime/v1 api.proto; not modelled: attach and port-forward by the runtime, checkpoints, image filesystems.
import type { Millis } from "../kernel/process.ts";
import type { Answer, Exchange } from "../network/exchange.ts";

/** What the kubelet asks of the runtime: one call, answered by one reply with the same id. */
export interface ToRuntime {
  readonly kind: "cri";
  readonly id: number;
  readonly call: CriCall;
}

export type CriCall =
  | { readonly call: "RunPodSandbox"; readonly config: SandboxConfig }
  | { readonly call: "StopPodSandbox"; readonly sandbox: string }
  | { readonly call: "RemovePodSandbox"; readonly sandbox: string }
  | { readonly call: "PullImage"; readonly image: string }
  | { readonly call: "ImageStatus"; readonly image: string }
  | { readonly call: "CreateContainer"; readonly sandbox: string; readonly config: ContainerConfig }
  | { readonly call: "StartContainer"; readonly container: string }
  /** TERM (or the image's stop signal), then KILL after the grace; answered when the container has stopped. */
  | { readonly call: "StopContainer"; readonly container: string; readonly graceMillis: Millis }
  | { readonly call: "RemoveContainer"; readonly container: string }
  | {
      readonly call: "ExecSync";
      readonly container: string;
      readonly command: readonly string[];
      readonly timeoutMillis?: Millis;
    }
  | {
      readonly call: "UpdateContainerResources";
      readonly container: string;
      readonly memoryLimitBytes: number | undefined;
      readonly cpuLimitMilli: number | undefined;
    }
  /** New contents of a volume that the kubelet keeps up to date: configMap, secret, downward API, projected. */
  | { readonly call: "UpdateVolume"; readonly sandbox: string; readonly volume: VolumeContent }
  | { readonly call: "ReadLogs"; readonly container: string }
  /** Everything there is: how a restarted kubelet learns what runs. */
  | { readonly call: "List" };

export interface SandboxConfig {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly attempt: number;
  readonly hostname: string;
  readonly isHostNetwork: boolean;
  readonly isProcessNamespaceShared: boolean;
  readonly volumes: readonly VolumeContent[];
  readonly resolvConf: string;
  readonly hostAliases: readonly string[];
}

/** A volume of the pod and what is in it at first. */
export interface VolumeContent {
  readonly name: string;
  /** Contents by path below the mount; absent for a volume that keeps what it has. */
  readonly files: Readonly<Record<string, string>>;
  readonly sizeLimitBytes?: number;
  readonly isInMemory?: boolean;
  /** A directory of the node, shared by every pod that mounts it. */
  readonly hostPath?: string;
}

export interface ContainerConfig {
  readonly name: string;
  readonly attempt: number;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly environment: readonly (readonly [string, string])[];
  readonly workingDirectory: string;
  readonly mounts: readonly Mount[];
  readonly memoryLimitBytes?: number;
  readonly cpuLimitMilli?: number;
  readonly storageLimitBytes?: number;
  readonly terminationMessagePath: string;
  readonly isFallbackToLogs: boolean;
  readonly stopSignal?: string;
  /** The container whose process namespace it joins: `kubectl debug --target`. */
  readonly target?: string;
}

export interface Mount {
  readonly path: string;
  readonly volume: string;
  readonly subPath: string;
  readonly isReadOnly: boolean;
}

export type FromRuntime =
  | { readonly kind: "cri-reply"; readonly id: number; readonly reply: CriReply }
  /** Pushed at every change; the kubelet looks at it when its PLEG relists. */
  | { readonly kind: "sandbox-changed"; readonly sandbox: SandboxView }
  | { readonly kind: "container-changed"; readonly container: ContainerView }
  | { readonly kind: "removed"; readonly id: string; readonly uid: string }
  /** A volume, or the containers' own layers, hold more than their limit. */
  | { readonly kind: "over-limit"; readonly uid: string; readonly volume: string | undefined }
  /** New lines of a log that is followed. */
  | { readonly kind: "logged"; readonly id: number; readonly lines: readonly LogLine[]; readonly isOver: boolean }
  /** The result that a watched check gives from now on. */
  | { readonly kind: "checked"; readonly id: number; readonly result: CheckResult };

export type CriReply =
  | { readonly kind: "ok" }
  | { readonly kind: "sandbox"; readonly sandbox: SandboxView }
  | { readonly kind: "container"; readonly container: ContainerView }
  | { readonly kind: "image"; readonly image: ImageView | undefined }
  | { readonly kind: "pulled"; readonly image: ImageView; readonly pullMillis: Millis }
  | { readonly kind: "executed"; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: "logs"; readonly lines: readonly LogLine[] }
  | { readonly kind: "list"; readonly sandboxes: readonly SandboxView[]; readonly containers: readonly ContainerView[] }
  | { readonly kind: "error"; readonly reason: string; readonly message: string };

export interface SandboxView {
  readonly id: string;
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly attempt: number;
  readonly ip: string;
  readonly state: "ready" | "notready";
  readonly createdAt: Millis;
}

export interface ContainerView {
  readonly id: string;
  readonly sandbox: string;
  readonly uid: string;
  readonly name: string;
  readonly attempt: number;
  readonly image: string;
  readonly imageId: string;
  readonly state: "created" | "running" | "exited";
  readonly createdAt: Millis;
  readonly startedAt: Millis | undefined;
  readonly finishedAt: Millis | undefined;
  readonly exitCode: number;
  /** `Completed`, `Error`, `OOMKilled`, `StartError`. */
  readonly reason: string;
  readonly message: string;
  readonly memoryLimitBytes: number | undefined;
  readonly cpuLimitMilli: number | undefined;
}

export interface ImageView {
  /** The name it was asked for by. */
  readonly name: string;
  /** The full name of its first tag, as the runtime reports it. */
  readonly reference: string;
  readonly id: string;
  readonly sizeBytes: number;
  readonly stopSignal: string;
}

export interface LogLine {
  readonly at: Millis;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** What the kubelet lets the runtime look at for it: a probe without its timetable. */
export type Check =
  | { readonly kind: "exec"; readonly command: readonly string[]; readonly timeoutMillis: Millis }
  | { readonly kind: "exchange"; readonly exchange: Exchange };

export type CheckResult =
  | {
      readonly kind: "executed";
      readonly exitCode: number;
      readonly output: string;
      readonly durationMillis: Millis;
      /** True when the command read the clock: the result holds for this moment only. */
      readonly isMomentary: boolean;
    }
  | { readonly kind: "timed-out"; readonly isMomentary: boolean }
  | { readonly kind: "answered"; readonly answer: Answer }
  /** The container does not run. */
  | { readonly kind: "gone" };

/** Asks for the result of a check now and again whenever it changes, until `unwatch`. */
export type ToWatch =
  | {
      readonly kind: "watch";
      readonly id: number;
      readonly container: string;
      readonly ip: string;
      readonly check: Check;
    }
  | { readonly kind: "unwatch"; readonly id: number }
  /** Asks for a container's log from the line numbered `from` on, and for each new line, until it exits or `unfollow`. */
  | { readonly kind: "follow"; readonly id: number; readonly container: string }
  | { readonly kind: "unfollow"; readonly id: number };
