// After kubernetes v1.36 pkg/apis/core/validation/validation.go validateProbe, validateHandler, validateLifecycle.
import type * as api from "../../../api/generated/types.ts";
import type { Decoded } from "../decoded.ts";
import { forbidden, invalid, notSupported, required } from "../field-error.ts";
import { type Errors, isSet, nonNegative, portNumberOrName } from "../rules.ts";
import type { Container, Scope } from "./scope.ts";

type Probe = Decoded<api.Probe>;
type Handler = Decoded<
  Pick<api.Probe, "exec" | "httpGet" | "tcpSocket" | "grpc"> & Pick<api.LifecycleHandler, "sleep">
>;

/** Hooks and probes of a container that runs beside others. */
export function validateHooksAndProbes(container: Container, path: string, scope: Scope): void {
  const { lifecycle, livenessProbe, readinessProbe, startupProbe } = container;
  if (lifecycle?.postStart !== undefined) validateHandler(lifecycle.postStart, `${path}.lifecycle.postStart`, scope);
  if (lifecycle?.preStop !== undefined) validateHandler(lifecycle.preStop, `${path}.lifecycle.preStop`, scope);
  if (lifecycle?.stopSignal !== undefined)
    validateStopSignal(lifecycle.stopSignal, `${path}.lifecycle.stopSignal`, scope);
  if (livenessProbe !== undefined) validateKilling(livenessProbe, `${path}.livenessProbe`, scope);
  if (readinessProbe !== undefined) validateReadiness(readinessProbe, `${path}.readinessProbe`, scope);
  if (startupProbe !== undefined) validateKilling(startupProbe, `${path}.startupProbe`, scope);
}

/** Liveness and startup probes kill: one success counts. */
function validateKilling(probe: Probe, path: string, scope: Scope): void {
  validateProbe(probe, path, scope);
  const threshold = probe.successThreshold ?? 0;
  if (threshold !== 1) scope.errors.push(invalid(`${path}.successThreshold`, threshold, "must be 1"));
}

function validateReadiness(probe: Probe, path: string, scope: Scope): void {
  validateProbe(probe, path, scope);
  const { terminationGracePeriodSeconds } = probe;
  if (terminationGracePeriodSeconds === undefined) return;
  const detail = "must not be set for readinessProbes";
  scope.errors.push(invalid(`${path}.terminationGracePeriodSeconds`, terminationGracePeriodSeconds, detail));
}

function validateProbe(probe: Probe, path: string, scope: Scope): void {
  const { errors } = scope;
  validateHandler(probe, path, scope);
  nonNegative(probe.initialDelaySeconds, `${path}.initialDelaySeconds`, errors);
  nonNegative(probe.timeoutSeconds, `${path}.timeoutSeconds`, errors);
  nonNegative(probe.periodSeconds, `${path}.periodSeconds`, errors);
  nonNegative(probe.successThreshold, `${path}.successThreshold`, errors);
  nonNegative(probe.failureThreshold, `${path}.failureThreshold`, errors);
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0)
    errors.push(invalid(`${path}.terminationGracePeriodSeconds`, grace, "must be greater than 0"));
}

function validateHandler(handler: Handler, path: string, scope: Scope): void {
  const { errors } = scope;
  let count = 0;
  for (const kind of ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] as const) {
    if (handler[kind] === undefined) continue;
    count++;
    if (count > 1) errors.push(forbidden(`${path}.${kind}`, "may not specify more than 1 handler type"));
    else validateAction(handler, kind, `${path}.${kind}`, scope);
  }
  if (count === 0) errors.push(required(path, "must specify a handler type"));
}

function validateAction(handler: Handler, kind: keyof Handler, path: string, scope: Scope): void {
  const { errors } = scope;
  switch (kind) {
    case "exec":
      if ((handler.exec?.command ?? []).length === 0) errors.push(required(`${path}.command`));
      return;
    case "httpGet":
      return validateHttpGet(handler.httpGet ?? {}, path, errors);
    case "tcpSocket":
      return portNumberOrName(handler.tcpSocket?.port, `${path}.port`, errors);
    case "grpc":
      return portNumberOrName(handler.grpc?.port, `${path}.port`, errors);
    default:
      return validateSleep(handler.sleep?.seconds ?? 0, path, scope);
  }
}

const httpHeaderName = /^[-A-Za-z0-9]+$/;

function validateHttpGet(action: Decoded<api.HTTPGetAction>, path: string, errors: Errors): void {
  if (!isSet(action.path)) errors.push(required(`${path}.path`));
  portNumberOrName(action.port, `${path}.port`, errors);
  const scheme = action.scheme ?? "";
  if (scheme !== "HTTP" && scheme !== "HTTPS") errors.push(notSupported(`${path}.scheme`, scheme, ["HTTP", "HTTPS"]));
  for (const { name = "" } of action.httpHeaders ?? []) {
    if (httpHeaderName.test(name)) continue;
    const detail =
      "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";
    errors.push(invalid(`${path}.httpHeaders`, name, detail));
  }
}

function validateSleep(seconds: number, path: string, scope: Scope): void {
  const grace = scope.spec.terminationGracePeriodSeconds;
  if (grace === undefined || (seconds >= 0 && seconds <= grace)) return;
  const detail = `must be non-negative and less than terminationGracePeriodSeconds (${grace})`;
  scope.errors.push(invalid(path, seconds, detail));
}

const signalName = /^SIG[A-Z0-9+-]+$/;

function validateStopSignal(signal: string, path: string, scope: Scope): void {
  if (scope.spec.os === undefined) {
    scope.errors.push(forbidden(path, "may not be set for containers with empty `spec.os.name`"));
  } else if (!signalName.test(signal)) scope.errors.push(notSupported(path, signal, []));
}

/** What an init container that ends may not have. */
export function forbidHooksAndProbes(container: Container, path: string, errors: Errors): void {
  for (const key of ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const) {
    if (container[key] === undefined) continue;
    errors.push(forbidden(`${path}.${key}`, "may not be set for init containers without restartPolicy=Always"));
  }
}
