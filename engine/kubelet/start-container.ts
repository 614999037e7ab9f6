// After kubernetes v1.36 pkg/kubelet/kuberuntime/kuberuntime_container.go startContainer, pkg/kubelet/images/image_manager.go; not modelled: credentials.
import type { Container, LifecycleHandler } from "../api/generated/types.ts";
import type { CriCall, SandboxView } from "../runtime/cri.ts";
import { viewOf } from "./actions.ts";
import { containerConfigOf } from "./container-config.ts";
import { runHook } from "./hooks.ts";
import type { Answer, Ask, JobInput } from "./job.ts";
import { formatPod } from "./pod-spec.ts";
import { type Speak, speaker, stopGrace } from "./speaker.ts";
import type { PodRuntime } from "./pod-runtime.ts";

export type Attempt =
  | { readonly kind: "started" }
  | { readonly kind: "backing-off"; readonly until: number }
  | { readonly kind: "failed" };

type Steps<Result> = Generator<Ask, Result, Answer>;

/** Pulls, creates, starts, and runs the postStart hook. What fails leaves its reason behind for the status. */
export function* startContainer(
  input: JobInput,
  runtime: PodRuntime,
  start: { readonly container: Container; readonly sandbox: SandboxView },
): Steps<Attempt> {
  const { container, sandbox } = start;
  const speak = speaker(input.pod, container);
  const image = container.image ?? "";
  const problem = yield* ensureImage(input, container, speak);
  if (problem !== undefined) return yield* failed(container, problem.reason, problem.message);
  const former = viewOf(runtime, container.name);
  const built = yield* containerConfigOf(input, container, {
    sandbox,
    attempt: (former?.attempt ?? input.removed[container.name] ?? -1) + 1,
  });
  if (built.kind === "problem") {
    yield speak("Warning", "Failed", `Error: ${built.message}`);
    return yield* failed(container, "CreateContainerConfigError", built.message);
  }
  const created = yield call({ call: "CreateContainer", sandbox: sandbox.id, config: { ...built.config, image } });
  if (created.kind !== "reply" || created.reply.kind !== "container") {
    const message = errorOf(created);
    yield speak("Warning", "Failed", `Error: ${message}`);
    return yield* failed(container, "CreateContainerError", message);
  }
  yield speak("Normal", "Created", "Container created");
  const { id } = created.reply.container;
  const started = yield call({ call: "StartContainer", container: id });
  if (started.kind !== "reply" || started.reply.kind !== "container") {
    const message = errorOf(started);
    yield speak("Warning", "Failed", `Error: ${message}`);
    return yield* failed(container, "RunContainerError", message);
  }
  yield speak("Normal", "Started", "Container started");
  yield { kind: "actuated", name: container.name };
  const hook = container.lifecycle?.postStart;
  if (hook !== undefined) {
    const complaint = yield* postStart(input, container, { hook, id, sandbox });
    if (complaint !== undefined) return yield* failed(container, "PostStartHookError", complaint);
  }
  yield { kind: "reason", name: container.name, reason: undefined };
  return { kind: "started" };
}

function call(order: CriCall): Ask {
  return { kind: "call", call: order };
}

function errorOf(answer: Answer): string {
  return answer.kind === "reply" && answer.reply.kind === "error" ? answer.reply.message : "the runtime did not answer";
}

function* failed(container: Container, reason: string, message: string): Steps<Attempt> {
  yield { kind: "reason", name: container.name, reason: { reason, message } };
  return { kind: "failed" };
}

interface Problem {
  readonly reason: string;
  readonly message: string;
}

/** Source: image_manager.go EnsureImageExists; the default policy is set by the API server. */
function* ensureImage(input: JobInput, container: Container, speak: Speak): Steps<Problem | undefined> {
  const image = container.image ?? "";
  if (!IMAGE_NAME.test(image)) return yield* invalidName(image, speak);
  const policy = container.imagePullPolicy ?? "IfNotPresent";
  const found = yield call({ call: "ImageStatus", image });
  const isPresent = found.kind === "reply" && found.reply.kind === "image" && found.reply.image !== undefined;
  if (isPresent && policy !== "Always") {
    yield speak(
      "Normal",
      "Pulled",
      `Container image "${image}" already present on machine and can be accessed by the pod`,
    );
    return undefined;
  }
  if (policy === "Never") {
    const message = `Container image "${image}" is not present with pull policy of Never`;
    yield speak("Warning", "ErrImageNeverPull", message);
    yield speak("Warning", "Failed", "Error: ErrImageNeverPull");
    return { reason: "ErrImageNeverPull", message };
  }
  return yield* pullImage(input, image, speak);
}

/** Source: distribution/reference regexp.go: repository names are in lower case. */
const IMAGE_NAME =
  /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[\w][\w.-]{0,127})?(?:@[a-z0-9]+:[0-9a-f]{32,})?$/;

function* invalidName(image: string, speak: Speak): Steps<Problem> {
  const detail = /[A-Z]/.test(image) ? "repository name must be lowercase" : "invalid reference format";
  const why = detail === "invalid reference format" ? detail : `invalid reference format: ${detail}`;
  const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${why}`;
  yield speak("Warning", "InspectFailed", message);
  yield speak("Warning", "Failed", `Error: InvalidImageName`);
  return { reason: "InvalidImageName", message };
}

function* pullImage(input: JobInput, image: string, speak: Speak): Steps<Problem | undefined> {
  const key = `${input.pod.metadata.uid ?? ""}_${image}`;
  const held = yield { kind: "image-back-off", key, isFailure: false };
  if (held.kind === "back-off" && held.millis !== undefined) {
    yield speak("Normal", "BackOff", `Back-off pulling image "${image}"`);
    yield speak("Warning", "Failed", "Error: ImagePullBackOff");
    const last = yield { kind: "image-back-off", key, isFailure: false };
    return { reason: "ImagePullBackOff", message: backOffMessage(image, last, key, input) };
  }
  yield speak("Normal", "Pulling", `Pulling image "${image}"`);
  const pulled = yield { kind: "pull", image };
  if (pulled.kind === "reply" && pulled.reply.kind === "pulled") {
    const took = printSeconds(pulled.reply.pullMillis);
    const waited = printSeconds(pulled.waitedMillis ?? pulled.reply.pullMillis);
    const size = `Image size: ${pulled.reply.image.sizeBytes} bytes.`;
    yield speak(
      "Normal",
      "Pulled",
      `Successfully pulled image "${image}" in ${took} (${waited} including waiting). ${size}`,
    );
    return undefined;
  }
  const message = errorOf(pulled);
  yield speak("Warning", "Failed", `Failed to pull image "${image}": ${message}`);
  yield speak("Warning", "Failed", "Error: ErrImagePull");
  yield { kind: "image-back-off", key, isFailure: true };
  yield { kind: "reason", name: `pull ${image}`, reason: { reason: "ErrImagePull", message } };
  return { reason: "ErrImagePull", message };
}

/** The back-off repeats what the last pull said: image_manager.go, `Back-off pulling image "x": ErrImagePull: …`. */
function backOffMessage(image: string, answer: Answer, _: string, input: JobInput): string {
  void answer;
  const statuses = [...(input.status.containerStatuses ?? []), ...(input.status.initContainerStatuses ?? [])];
  const waiting = statuses.find((status) => status.image === image)?.state?.waiting;
  const prefix = `Back-off pulling image "${image}"`;
  if (waiting?.message === undefined) return prefix;
  return waiting.message.startsWith(prefix) ? waiting.message : `${prefix}: ErrImagePull: ${waiting.message}`;
}

/** `81ms`, `4.637s`: Go's duration, truncated to milliseconds. */
function printSeconds(millis: number): string {
  if (millis < 1000) return `${millis}ms`;
  const text = (millis / 1000).toFixed(3).replace(/\.?0+$/, "");
  return millis < 60_000
    ? `${text}s`
    : `${Math.floor(millis / 60_000)}m${((millis % 60_000) / 1000).toFixed(3).replace(/\.?0+$/, "")}s`;
}

function* postStart(
  input: JobInput,
  container: Container,
  at: { readonly hook: LifecycleHandler; readonly id: string; readonly sandbox: SandboxView },
): Steps<string | undefined> {
  const speak = speaker(input.pod, container);
  const outcome = yield* runHook(at.hook, { id: at.id, ip: at.sandbox.ip, container, timeoutMillis: undefined });
  if (outcome === undefined) return undefined;
  const pod = formatPod(input.pod);
  yield speak("Warning", "FailedPostStartHook", "PostStartHook failed");
  const graceSeconds = stopGrace(input.pod);
  yield {
    kind: "kill",
    orders: [{ container: at.id, name: container.name, message: "FailedPostStartHook", graceSeconds, after: [] }],
  };
  const { hook } = at;
  if (hook.exec !== undefined) {
    const words = (hook.exec.command ?? []).join(" ");
    return `Exec lifecycle hook ([${words}]) for Container "${container.name}" in Pod "${pod}" failed - error: ${outcome.error}, message: ${JSON.stringify(outcome.output)}`;
  }
  const path = hook.httpGet?.path ?? "";
  return `HTTP lifecycle hook (${path}) for Container "${container.name}" in Pod "${pod}" failed - error: ${outcome.error}, message: ${JSON.stringify(outcome.output)}`;
}
