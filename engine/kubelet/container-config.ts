import type { Container } from "../api/generated/types.ts";
import { milliValue, wholeValue } from "../api/quantity.ts";
import type { ContainerConfig, SandboxView } from "../runtime/cri.ts";
import { environmentOf, expand } from "./environment.ts";
import type { Answer, Ask, JobInput } from "./job.ts";

type Built =
  | { readonly kind: "config"; readonly config: ContainerConfig }
  | { readonly kind: "problem"; readonly message: string };

/** What the runtime needs to know to make a container. */
export function* containerConfigOf(
  input: JobInput,
  container: Container,
  place: { readonly sandbox: SandboxView; readonly attempt: number },
): Generator<Ask, Built, Answer> {
  const environment = yield* environmentOf(input, container, place.sandbox.ip);
  if (environment.kind === "problem") return environment;
  const problem = userProblem(input, container);
  if (problem !== undefined) return { kind: "problem", message: problem };
  const values = new Map(environment.variables);
  const stopSignal = container.lifecycle?.stopSignal;
  const config: ContainerConfig = {
    name: container.name,
    attempt: place.attempt,
    image: container.image ?? "",
    command: (container.command ?? []).map((word) => expand(word, values)),
    args: (container.args ?? []).map((word) => expand(word, values)),
    environment: environment.variables,
    workingDirectory: container.workingDir ?? "",
    mounts: (container.volumeMounts ?? []).map((mount) => ({
      path: mount.mountPath,
      volume: mount.name,
      subPath: mount.subPath ?? "",
      isReadOnly: mount.readOnly === true,
    })),
    ...limitsOf(container),
    terminationMessagePath: container.terminationMessagePath ?? "/dev/termination-log",
    isFallbackToLogs: container.terminationMessagePolicy === "FallbackToLogsOnError",
    ...(stopSignal === undefined ? {} : { stopSignal }),
  };
  return { kind: "config", config };
}

function limitsOf(
  container: Container,
): Pick<ContainerConfig, "memoryLimitBytes" | "cpuLimitMilli" | "storageLimitBytes"> {
  const { memory, cpu, "ephemeral-storage": storage } = container.resources?.limits ?? {};
  return {
    ...(memory === undefined ? {} : { memoryLimitBytes: wholeValue(memory) }),
    ...(cpu === undefined ? {} : { cpuLimitMilli: milliValue(cpu) }),
    ...(storage === undefined ? {} : { storageLimitBytes: wholeValue(storage) }),
  };
}

/** Source: kuberuntime security_context_others.go verifyRunAsNonRoot: the images of the catalogue run as root. */
function userProblem(input: JobInput, container: Container): string | undefined {
  const own = container.securityContext;
  const shared = input.pod.spec.securityContext;
  const isNonRoot = own?.runAsNonRoot ?? shared?.runAsNonRoot ?? false;
  const user = own?.runAsUser ?? shared?.runAsUser;
  if (!isNonRoot) return undefined;
  const pod = `pod: "${input.pod.metadata.name ?? ""}_${input.pod.metadata.namespace ?? ""}(${input.pod.metadata.uid ?? ""})", container: ${container.name}`;
  if (user === 0) return `container's runAsUser breaks non-root policy (${pod})`;
  return user === undefined ? `container has runAsNonRoot and image will run as root (${pod})` : undefined;
}
