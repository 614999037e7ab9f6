import type { Millis } from "../kernel/process.ts";

/** One request that somebody makes to an address and port: what a client, a probe or a balancer sends. */
export type Exchange =
  | {
      readonly kind: "http";
      readonly port: number;
      readonly path: string;
      readonly method?: string;
      readonly host?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly isTls?: boolean;
    }
  | { readonly kind: "tcp"; readonly port: number }
  | { readonly kind: "grpc"; readonly port: number; readonly service: string };

/** What comes back. The latency is the server's own; the way there and back comes on top. */
export type Answer =
  /** Nothing listens on the port: a reset comes back at once. */
  | { readonly kind: "refused" }
  /** The packets are lost: no such address, a dead host, a filter. */
  | { readonly kind: "unreachable" }
  /** The connection is accepted, and then nothing comes. */
  | { readonly kind: "silent" }
  /** The connection is accepted; for `tcp` that is all that was asked. */
  | { readonly kind: "accepted"; readonly latencyMillis: Millis }
  | {
      readonly kind: "http";
      readonly status: number;
      readonly latencyMillis: Millis;
      readonly body?: string;
      readonly location?: string;
    }
  | {
      readonly kind: "grpc";
      readonly status: "SERVING" | "NOT_SERVING" | "SERVICE_UNKNOWN" | "UNIMPLEMENTED";
      readonly latencyMillis: Millis;
    };

/** Where an exchange goes. */
export interface Endpoint {
  readonly ip: string;
  readonly port: number;
}

/**
 * Messages by which processes reach what listens on a host. A host's runtime (`<node>/containerd`) or an outside host
 * (`outside/<name>`) answers them.
 *
 * `connect` is one exchange; the answer comes once. `observe` asks for the answer that every such exchange would get from now on: it
 * comes at once and again each time it changes, until `unobserve`. A flow of a thousand requests thus costs only as many steps as its outcome has
 * changes, and a single request that somebody looks at gets the same answer.
 */
export type ToHost =
  | { readonly kind: "connect"; readonly id: number; readonly ip: string; readonly exchange: Exchange }
  | { readonly kind: "observe"; readonly id: number; readonly ip: string; readonly exchange: Exchange }
  | { readonly kind: "unobserve"; readonly id: number };

export type FromHost =
  | { readonly kind: "connected"; readonly id: number; readonly answer: Answer }
  | { readonly kind: "observed"; readonly id: number; readonly answer: Answer };

/** Whether an answer within `timeoutMillis` is what a client calls success: 2xx or 3xx, an accepted connection, SERVING. */
export function isSuccess(answer: Answer, timeoutMillis: Millis): boolean {
  switch (answer.kind) {
    case "refused":
    case "unreachable":
    case "silent":
      return false;
    case "accepted":
      return answer.latencyMillis < timeoutMillis;
    case "http":
      return answer.latencyMillis < timeoutMillis && answer.status >= 200 && answer.status < 400;
    case "grpc":
      return answer.latencyMillis < timeoutMillis && answer.status === "SERVING";
  }
}
