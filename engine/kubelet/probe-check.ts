// After kubernetes v1.36 pkg/kubelet/prober/prober.go, pkg/probe/http, tcp, grpc, exec; not modelled: redirects to other hosts.
import type { Container, Probe } from "../api/generated/types.ts";
import type { Millis } from "../kernel/process.ts";
import type { Answer } from "../network/exchange.ts";
import type { Check, CheckResult } from "../runtime/cri.ts";
import { PROBE_DEFAULTS } from "./constants.ts";

/** A port by number or by the name of a container port. */
export function portOf(container: Container, port: number | string | undefined): number {
  if (typeof port === "number") return port;
  const named = container.ports?.find((it) => it.name === port);
  return named?.containerPort ?? Number(port ?? 0);
}

export function timeoutOf(probe: Probe): Millis {
  return Math.max(1, probe.timeoutSeconds ?? PROBE_DEFAULTS.timeoutSeconds) * 1000;
}

export function periodOf(probe: Probe): Millis {
  return Math.max(1, probe.periodSeconds ?? PROBE_DEFAULTS.periodSeconds) * 1000;
}

/** What the runtime has to look at for a probe. */
export function checkOf(probe: Probe, container: Container): Check {
  if (probe.exec !== undefined)
    return { kind: "exec", command: probe.exec.command ?? [], timeoutMillis: timeoutOf(probe) };
  if (probe.tcpSocket !== undefined)
    return { kind: "exchange", exchange: { kind: "tcp", port: portOf(container, probe.tcpSocket.port) } };
  if (probe.grpc !== undefined) {
    return { kind: "exchange", exchange: { kind: "grpc", port: probe.grpc.port, service: probe.grpc.service ?? "" } };
  }
  const { path = "/", port, scheme } = probe.httpGet ?? { port: 0 };
  const exchange = { kind: "http", port: portOf(container, port), path, isTls: scheme === "HTTPS" } as const;
  return { kind: "exchange", exchange };
}

/** Where the probe connects to. */
export function hostOf(probe: Probe, podIp: string): string {
  return probe.httpGet?.host ?? probe.tcpSocket?.host ?? podIp;
}

/** How one probe went, how long it took, and what is said about it. */
export interface ProbeOutcome {
  readonly result: "success" | "failure" | "errored";
  readonly millis: Millis;
  readonly output: string;
}

export function judge(probe: Probe, container: Container, podIp: string, result: CheckResult): ProbeOutcome {
  const timeoutMillis = timeoutOf(probe);
  switch (result.kind) {
    case "gone":
      return errored(
        "rpc error: code = Unknown desc = failed to exec in container: container is in CONTAINER_EXITED state",
      );
    case "timed-out": {
      const words = (probe.exec?.command ?? []).join(" ");
      return {
        result: "failure",
        millis: timeoutMillis,
        output: `command timed out: "${words}" timed out after ${timeoutMillis / 1000}s`,
      };
    }
    case "executed":
      return {
        result: result.exitCode === 0 ? "success" : "failure",
        millis: result.durationMillis,
        output: result.output,
      };
    case "answered":
      return judgeAnswer(
        probe,
        { address: `${hostOf(probe, podIp)}:${portNumber(probe, container)}`, timeoutMillis },
        result.answer,
      );
  }
}

function errored(output: string): ProbeOutcome {
  return { result: "errored", millis: 0, output };
}

function portNumber(probe: Probe, container: Container): number {
  return portOf(container, probe.httpGet?.port ?? probe.tcpSocket?.port ?? probe.grpc?.port);
}

interface Target {
  readonly address: string;
  readonly timeoutMillis: Millis;
}

function judgeAnswer(probe: Probe, target: Target, answer: Answer): ProbeOutcome {
  if (probe.grpc !== undefined) return judgeGrpc(target, answer, probe.grpc.service ?? "");
  if (probe.tcpSocket !== undefined) return judgeTcp(target, answer);
  return judgeHttp(probe, target, answer);
}

function judgeTcp({ address, timeoutMillis }: Target, answer: Answer): ProbeOutcome {
  if (answer.kind === "refused")
    return { result: "failure", millis: 0, output: `dial tcp ${address}: connect: connection refused` };
  if (answer.kind === "unreachable")
    return { result: "failure", millis: timeoutMillis, output: `dial tcp ${address}: i/o timeout` };
  return { result: "success", millis: 0, output: "" };
}

/** Source: pkg/probe/http/http.go: 200 to 399 is success, and a redirect is not followed to another host. */
function judgeHttp(probe: Probe, { address, timeoutMillis }: Target, answer: Answer): ProbeOutcome {
  const { path = "/", scheme = "HTTP" } = probe.httpGet ?? {};
  const url = `Get "${scheme.toLowerCase()}://${address}${path}"`;
  if (answer.kind === "refused")
    return { result: "failure", millis: 0, output: `${url}: dial tcp ${address}: connect: connection refused` };
  const isLate = !("latencyMillis" in answer) || answer.latencyMillis >= timeoutMillis;
  if (isLate) {
    const during = answer.kind === "unreachable" ? "while waiting for connection" : "while awaiting headers";
    const output = `${url}: context deadline exceeded (Client.Timeout exceeded ${during})`;
    return { result: "failure", millis: timeoutMillis, output };
  }
  if (answer.kind !== "http")
    return {
      result: "failure",
      millis: answer.latencyMillis,
      output: `${url}: net/http: HTTP/1.x transport connection broken`,
    };
  const isGood = answer.status >= 200 && answer.status < 400;
  const output = isGood ? "" : `HTTP probe failed with statuscode: ${answer.status}`;
  return { result: isGood ? "success" : "failure", millis: answer.latencyMillis, output };
}

/** Source: pkg/probe/grpc/grpc.go. */
function judgeGrpc({ address, timeoutMillis }: Target, answer: Answer, service: string): ProbeOutcome {
  const span = `${timeoutMillis / 1000}s`;
  if (answer.kind !== "grpc" || answer.latencyMillis >= timeoutMillis) {
    const output = `timeout: failed to connect service "${address}" within ${span}: context deadline exceeded`;
    return { result: "failure", millis: timeoutMillis, output };
  }
  const millis = answer.latencyMillis;
  switch (answer.status) {
    case "SERVING":
      return { result: "success", millis, output: "" };
    case "NOT_SERVING":
      return { result: "failure", millis, output: `service unhealthy (responded with "NOT_SERVING")` };
    case "UNIMPLEMENTED":
      return {
        result: "failure",
        millis,
        output: `error: this server does not implement the grpc health protocol (grpc.health.v1.Health): rpc error: code = Unimplemented desc = unknown service grpc.health.v1.Health`,
      };
    case "SERVICE_UNKNOWN":
      return {
        result: "failure",
        millis,
        output: `error: health rpc probe failed: rpc error: code = NotFound desc = unknown service ${service}`,
      };
  }
}
