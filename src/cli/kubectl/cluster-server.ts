import type { ApiRequest, CommandAnswer } from "@workbook/engine";

/** The API server as a command outside the engine sees it. */
export interface ClusterServer {
  /** One request and its answer. */
  exchange(request: ApiRequest): Promise<CommandAnswer>;
  /** Opens the next stream; its number is its place in the order of opening. */
  open(request: ApiRequest): Promise<CommandAnswer>;
  /** The next thing on a stream; `timeout` when nothing came in time. */
  next(stream: number, timeoutMillis: number | undefined): Promise<CommandAnswer>;
  feed(stream: number, channel: number, text: string): void;
  /** Lets time pass. */
  sleep(millis: number): Promise<void>;
  /** Milliseconds since 1970. */
  now(): number;
  close(): void;
}

/** What has arrived on a stream, and who waits for it. */
export class Arrivals {
  private readonly queue: CommandAnswer[] = [];
  private waiting: ((answer: CommandAnswer) => void) | undefined;
  private ended: CommandAnswer | undefined;

  push(answer: CommandAnswer): void {
    if (answer.kind === "closed") this.ended ??= answer;
    const receive = this.waiting;
    if (receive === undefined) {
      if (answer.kind !== "closed") this.queue.push(answer);
      return;
    }
    this.waiting = undefined;
    receive(answer);
  }

  async next(timeoutMillis: number | undefined): Promise<CommandAnswer> {
    const ready = this.queue.shift() ?? this.ended;
    if (ready !== undefined) return ready;
    return await new Promise((resolve) => {
      const timer =
        timeoutMillis === undefined
          ? undefined
          : setTimeout(() => {
              this.waiting = undefined;
              resolve({ kind: "timeout" });
            }, timeoutMillis);
      this.waiting = (answer) => {
        clearTimeout(timer);
        resolve(answer);
      };
    });
  }
}
