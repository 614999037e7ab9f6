import {
  advance,
  type ApiRequest,
  type CommandAnswer,
  type FromServer,
  letters,
  request as ask,
  say,
  send,
  type World,
} from "@workbook/engine";
import { Arrivals, type ClusterServer } from "./cluster-server.ts";

/** How far the world goes at a time while a command waits for a stream. */
const STEP_MILLIS = 50;

/** A cluster inside this process: its time passes only while the command waits. */
export class WorldServer implements ClusterServer {
  private made: World | undefined;
  private readonly make: () => World;
  private readonly streams: {
    readonly exchange: number;
    readonly arrivals: Arrivals;
    response: CommandAnswer | undefined;
  }[] = [];

  constructor(make: () => World) {
    this.make = make;
  }

  /** Made when it is first needed: many commands never ask for a cluster. */
  private get world(): World {
    this.made ??= this.make();
    return this.made;
  }

  private set world(world: World) {
    this.made = world;
  }

  async exchange(request: ApiRequest): Promise<CommandAnswer> {
    const outcome = ask(this.world, request);
    this.world = outcome.world;
    return { kind: "response", response: outcome.response };
  }

  async open(request: ApiRequest): Promise<CommandAnswer> {
    const sent = send(this.world, request);
    this.world = sent.world;
    const stream = {
      exchange: sent.exchange,
      arrivals: new Arrivals(),
      response: undefined as CommandAnswer | undefined,
    };
    this.streams.push(stream);
    while (stream.response === undefined) this.step(STEP_MILLIS);
    return stream.response;
  }

  private step(millis: number): void {
    this.world = advance(this.world, { for: millis });
    const read = letters(this.world);
    this.world = read.world;
    for (const letter of read.letters) this.file(letter);
  }

  private file(letter: FromServer): void {
    const stream = this.streams.find((each) => each.exchange === letter.id);
    if (stream === undefined) return;
    if (letter.kind === "response") stream.response = { kind: "response", response: letter.response };
    else if (letter.kind === "events")
      for (const event of letter.events) stream.arrivals.push({ kind: "event", event });
    else if (letter.kind === "stream")
      stream.arrivals.push({ kind: "data", channel: letter.channel, text: letter.text });
    else
      stream.arrivals.push(
        letter.status === undefined ? { kind: "closed" } : { kind: "closed", status: letter.status },
      );
  }

  async next(stream: number, timeoutMillis: number | undefined): Promise<CommandAnswer> {
    const arrivals = this.streams[stream]?.arrivals;
    if (arrivals === undefined) return { kind: "closed" };
    let left = timeoutMillis ?? Number.POSITIVE_INFINITY;
    while (left > 0) {
      const answer = await arrivals.next(0);
      if (answer.kind !== "timeout") return answer;
      this.step(STEP_MILLIS);
      left -= STEP_MILLIS;
    }
    return await arrivals.next(0);
  }

  feed(stream: number, channel: number, text: string): void {
    const exchange = this.streams[stream]?.exchange;
    if (exchange !== undefined) this.world = say(this.world, { kind: "stream", id: exchange, channel, text });
  }

  async sleep(millis: number): Promise<void> {
    this.step(millis);
  }

  now(): number {
    return this.world.simulation.epochMillis + this.world.simulation.now;
  }

  close(): void {
    this.streams.length = 0;
  }
}
