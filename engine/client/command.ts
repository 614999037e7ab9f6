import type { ApiRequest, ApiResponse, WatchEvent } from "../api/wire.ts";
import type { Millis } from "../kernel/process.ts";
import type { Script } from "./conversation.ts";

/**
 * A command that a learner types: a conversation with its terminal, its files, the clock and an API server. kubectl and
 * the shell's tools are commands; the host that runs them (a process in the world, or the `workbook` command outside)
 * answers what they ask.
 */
export type Command = Script<CommandAsk, CommandAnswer, number>;

export type CommandAsk =
  /** Sends a request; answered by `response`. */
  | { readonly kind: "request"; readonly request: ApiRequest }
  /** Opens a watch, a log stream, exec…; answered by `response`; then `next` reads from it. */
  | { readonly kind: "open"; readonly request: ApiRequest }
  /** The next thing on the open stream `stream` (0 for the first opened, 1 …); answered by `event`, `data`, `closed` or `timeout`. */
  | { readonly kind: "next"; readonly stream: number; readonly timeoutMillis?: Millis }
  /** Sends data of the terminal up an open stream; answered by `done`. */
  | { readonly kind: "feed"; readonly stream: number; readonly channel: number; readonly text: string }
  | { readonly kind: "sleep"; readonly millis: Millis }
  /** Answered by `now`: the date in milliseconds since 1970. */
  | { readonly kind: "now" }
  | { readonly kind: "print"; readonly to: "stdout" | "stderr"; readonly text: string }
  /** Answered by `file` or `missing`. A directory's listing is a file whose `entries` are set. */
  | { readonly kind: "read"; readonly path: string }
  | { readonly kind: "write"; readonly path: string; readonly text: string }
  /** All of standard input; answered by `file`. */
  | { readonly kind: "stdin" }
  /** Opens the learner's editor on a text; answered by `file` with what was saved. */
  | { readonly kind: "edit"; readonly path: string; readonly text: string };

export type CommandAnswer =
  | { readonly kind: "response"; readonly response: ApiResponse }
  /** The server could not be reached; `message` as the operating system words it: `connection refused`. */
  | { readonly kind: "unreachable"; readonly message: string }
  | { readonly kind: "event"; readonly event: WatchEvent }
  | { readonly kind: "data"; readonly channel: number; readonly text: string }
  | { readonly kind: "closed"; readonly status?: unknown }
  | { readonly kind: "timeout" }
  | { readonly kind: "now"; readonly millis: number }
  | { readonly kind: "done" }
  | { readonly kind: "file"; readonly text: string; readonly entries?: readonly string[] }
  | { readonly kind: "missing" };

/** What a command is started with. */
export interface Invocation {
  /** The words after quoting: `["kubectl", "get", "pods"]`. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** Where the API server is, as the kubeconfig says: `https://127.0.0.1:6443`. */
  readonly server: string;
}
