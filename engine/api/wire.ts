import type { KubernetesObject } from "./object.ts";
import type { SortedMap } from "../kernel/sorted-map.ts";

/**
 * The HTTP shape of the Kubernetes API, and the messages that carry it between processes. A request that a real client
 * sends over HTTP and one that a controller sends inside the world are the same value.
 */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
  /** Without the query: `/api/v1/namespaces/default/pods/web`. */
  readonly path: string;
  /** Decoded; the last of repeated parameters wins, except `command` and the like, which are joined by "\0". */
  readonly query?: Readonly<Record<string, string>>;
  /** Names in lower case: `content-type`, `accept`, `authorization`, `impersonate-user`, `user-agent`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The parsed JSON body. */
  readonly body?: unknown;
  /** The body as text where it is not JSON (YAML of an apply patch, or JSON that does not parse). */
  readonly text?: string;
}

export interface ApiResponse {
  readonly code: number;
  /** Names in lower case. Several `warning` headers are joined by "\n". */
  readonly headers?: Readonly<Record<string, string>>;
  /** A JSON value; a string when content-type is not JSON (logs, health checks). */
  readonly body: unknown;
}

/** Who speaks: the subject of the client certificate of the connection. Absent: no certificate. */
export interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
}

/** To a server (API server, or the kubelet's own). `id` is the client's own number for the exchange. */
export type ToServer =
  | { readonly kind: "request"; readonly id: number; readonly request: ApiRequest; readonly identity?: Identity }
  /** Ends a watch or another stream. */
  | { readonly kind: "hang-up"; readonly id: number }
  /** Bytes of the client for a stream (exec, attach, port-forward). */
  | {
      readonly kind: "stream";
      readonly id: number;
      readonly channel: number;
      readonly text: string;
      readonly isEnd?: boolean;
    };

/** From a server. A watch gets a `response` with code 200 and an undefined body, then `events`. */
export type FromServer =
  | { readonly kind: "response"; readonly id: number; readonly response: ApiResponse }
  | WatchEvents
  | { readonly kind: "stream"; readonly id: number; readonly channel: number; readonly text: string }
  /** The stream is over; `status` says how, when there is something to say. */
  | { readonly kind: "closed"; readonly id: number; readonly status?: unknown };

export interface WatchEvents {
  readonly kind: "events";
  readonly id: number;
  readonly events: readonly WatchEvent[];
  /** The revision up to which the stream has now told everything. */
  readonly resourceVersion: number;
  /**
   * All objects of the collection at that revision, by `namespace/name`, where the watch has no selector: the server's own tree,
   * shared and not copied. An informer takes it as its cache and so costs nothing.
   */
  readonly items?: SortedMap<string, KubernetesObject>;
}

export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: KubernetesObject;
}
