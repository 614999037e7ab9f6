import {
  advance,
  type ApiRequest,
  type Distance,
  type FromServer,
  type Identity,
  letters,
  type Millis,
  say,
  send,
  type World,
} from "@workbook/engine";

/** What hears the answers to one exchange: a response, then for a watch or a stream everything that follows. */
export type Listener = (letter: FromServer) => void;

/** How far the world may run ahead of the clock to answer a request. Source: kube-apiserver --request-timeout, 60 s. */
const AHEAD_MILLIS_MAX: Millis = 60_000;

/** How often the world catches up with the clock. */
const TICK_MILLIS = 20;

/** How long one catching-up may take before the clients get their turn; what is left is done at the next tick. */
const TICK_BUDGET_MILLIS = 15;

/**
 * A world that keeps pace with the wall clock, and the exchanges that its clients have with it. The one place in which `serve`
 * holds state; closing it stops the clock.
 */
export class PacedWorld {
  #world: World;
  readonly #listeners = new Map<number, Listener>();
  readonly #timer: NodeJS.Timeout;
  readonly #speed: number;
  readonly #startedAt: number;
  readonly #startedNow: Millis;
  #failure: Error | undefined;

  constructor(world: World, speed: number) {
    this.#world = world;
    this.#speed = speed;
    this.#startedAt = performance.now();
    this.#startedNow = world.simulation.now;
    this.#timer = setInterval(() => this.#tick(), TICK_MILLIS);
  }

  get world(): World {
    return this.#world;
  }

  /** Why the world stopped, if it did: a broken invariant. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Sends a request and advances the world until it is answered. `listener` hears the answer and all that follows. */
  open(request: ApiRequest, identity: Identity | null, listener: Listener): number {
    const sent = send(this.#world, request, identity);
    this.#world = sent.world;
    const progress = { isAnswered: false };
    this.#listeners.set(sent.exchange, (letter) => {
      progress.isAnswered ||= letter.kind === "response" || letter.kind === "closed";
      listener(letter);
    });
    const limit = this.#world.simulation.now + AHEAD_MILLIS_MAX;
    this.#guard(() => {
      while (!progress.isAnswered && this.#nextAt() <= limit) this.#step({ steps: 1 });
    });
    return sent.exchange;
  }

  /** Says something more on an open exchange. */
  say(message: unknown): void {
    this.#world = say(this.#world, message);
    this.#guard(() => this.#step({ for: 2 }));
  }

  /** Ends an exchange: a watch that nobody reads any more. */
  hangUp(exchange: number): void {
    if (this.#listeners.delete(exchange)) this.say({ kind: "hang-up", id: exchange });
  }

  /** Forgets an exchange that is over. */
  forget(exchange: number): void {
    this.#listeners.delete(exchange);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #nextAt(): Millis {
    return this.#world.simulation.agenda?.envelope.at ?? Number.POSITIVE_INFINITY;
  }

  #tick(): void {
    const target = this.#target();
    const until = performance.now() + TICK_BUDGET_MILLIS;
    this.#guard(() => {
      while (this.#nextAt() <= target && performance.now() < until) this.#step({ until: this.#nextAt() });
      if (this.#nextAt() > target && target > this.#world.simulation.now) this.#step({ until: target });
    });
  }

  /** Where the virtual clock should stand now. A world without a speed runs only as far as its clients need. */
  #target(): Millis {
    const passed = (performance.now() - this.#startedAt) * this.#speed;
    return this.#startedNow + Math.floor(passed);
  }

  #step(distance: Distance): void {
    this.#world = advance(this.#world, distance);
    this.#deliver();
  }

  #deliver(): void {
    const taken = letters(this.#world);
    this.#world = taken.world;
    for (const letter of taken.letters) this.#listeners.get(letter.id)?.(letter);
  }

  /** A broken invariant stops the clock; the clients are told, and the process can report the seed. */
  #guard(work: () => void): void {
    if (this.#failure !== undefined) return;
    try {
      work();
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
      this.close();
    }
  }
}
