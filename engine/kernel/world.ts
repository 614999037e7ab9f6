import { type Agenda, add, type Envelope, rest } from "./agenda.ts";
import { type Rule, type Verdict, verdictOf } from "./fabric.ts";
import { invariant } from "./invariant.ts";
import type { Note } from "./note.ts";
import type { Trace } from "./trace.ts";
import { stream } from "./prng.ts";
import { type Address, type Effect, type Millis, type Outcome, type Process } from "./process.ts";
import { get, remove, set, type SortedMap } from "./sorted-map.ts";

/** Everything there is: one immutable value. Keeping it is a bookmark, using it twice is a fork. */
export interface World {
  readonly seed: number;
  /** The date of boot, in milliseconds since 1970. */
  readonly epochMillis: number;
  readonly now: Millis;
  /** How many envelopes were ever sent; ties in time break by this order. */
  readonly sent: number;
  /** How many steps were taken. */
  readonly steps: number;
  readonly agenda: Agenda;
  readonly residents: SortedMap<Address, Resident>;
  /** The order number of the wake that counts, by address and key; an older one with the same key is void. */
  readonly wakes: SortedMap<string, number>;
  /** What the fabric does to messages, first match first. */
  readonly rules: readonly Rule[];
  readonly trace: Trace | null;
}

/** A process at its address. */
export interface Resident {
  readonly program: string;
  readonly settings: unknown;
  readonly state: unknown;
  /** Counts the starts; wakes of an earlier life are void. */
  readonly life: number;
  readonly condition: "running" | "stopped" | "paused";
  /** What arrived while it was paused, oldest first. */
  readonly held: readonly Envelope[];
}

/** The programs by name: the code, which is never part of a world. */
export type Programs = ReadonlyMap<string, Process<unknown, unknown>>;

/** A world in which nothing lives yet. */
export function emptyWorld(seed: number, epochMillis: number): World {
  return {
    seed,
    epochMillis,
    now: 0,
    sent: 0,
    steps: 0,
    agenda: null,
    residents: null,
    wakes: null,
    rules: [],
    trace: null,
  };
}

/** When the next thing happens, or undefined when nothing is to come. */
export function nextAt(world: World): Millis | undefined {
  return world.agenda?.envelope.at;
}

/** Delivers the next envelope: one step. The same world when nothing is to come. */
export function advance(world: World, programs: Programs): World {
  if (world.agenda === null) return world;
  const { envelope } = world.agenda;
  invariant(envelope.at >= world.now, "an envelope is never delivered before its time");
  const ahead: World = {
    ...world,
    now: envelope.at,
    steps: world.steps + 1,
    agenda: rest(world.agenda),
  };
  return deliver(ahead, envelope, programs);
}

/** Advances until nothing is due at or before `until`; the clock then stands at `until`. */
export function advanceUntil(world: World, until: Millis, programs: Programs): World {
  let next = world;
  while (next.agenda !== null && next.agenda.envelope.at <= until) next = advance(next, programs);
  return next.now < until ? { ...next, now: until } : next;
}

/** Sends a message from outside: the only way in, beside faults. */
export function post(
  world: World,
  letter: { readonly from: Address; readonly to: Address; readonly message: unknown; readonly delayMillis?: Millis },
): World {
  const { from, to, message } = letter;
  return enqueue(world, { from, to, message, at: world.now + (letter.delayMillis ?? 0), cause: 0 });
}

/** Adds a line to the trace; its cause is `cause` unless the note names one. */
export function noted(
  world: World,
  entry: { readonly actor: Address; readonly cause: number; readonly note: Note },
): World {
  const id = (world.trace?.line.id ?? 0) + 1;
  const line = { ...entry.note, id, at: world.now, actor: entry.actor, cause: entry.note.cause ?? entry.cause };
  return { ...world, trace: { line, before: world.trace } };
}

/** Starts a process of the named program at an address where none runs. */
export function spawn(
  world: World,
  birth: { readonly address: Address; readonly program: string; readonly settings: unknown; readonly cause?: number },
  programs: Programs,
): World {
  const { address, program, settings } = birth;
  const former = get(world.residents, address);
  invariant(former === undefined || former.condition === "stopped", `only one process lives at ${address}`);
  const life = (former?.life ?? 0) + 1;
  const prng = stream(world.seed, address);
  const outcome = programOf(programs, program).start({
    self: address,
    now: world.now,
    prng,
    settings,
    epochMillis: world.epochMillis,
  });
  const resident: Resident = { program, settings, state: outcome.state, life, condition: "running", held: [] };
  const born = { ...world, residents: set(world.residents, address, resident) };
  return carryOut(born, { address, life, cause: birth.cause ?? 0 }, outcome, programs);
}

/** The program of that name. */
export function programOf(programs: Programs, name: string): Process<unknown, unknown> {
  const program = programs.get(name);
  invariant(program !== undefined, `the program ${name} is registered`);
  return program;
}

/** Who acts, in which life, and because of which line of the trace. */
export interface Actor {
  readonly address: Address;
  readonly life: number;
  readonly cause: number;
}

function deliver(world: World, envelope: Envelope, programs: Programs): World {
  const resident = get(world.residents, envelope.to);
  if (envelope.wake !== undefined) {
    const key = `${envelope.to} ${envelope.wake.key}`;
    if (get(world.wakes, key) !== envelope.order) return world;
    if (resident === undefined || resident.life !== envelope.wake.life) return world;
    return handle({ ...world, wakes: remove(world.wakes, key) }, { resident, envelope }, programs);
  }
  if (resident === undefined || resident.condition === "stopped") return refuse(world, envelope);
  return handle(world, { resident, envelope }, programs);
}

function handle(
  world: World,
  delivery: { readonly resident: Resident; readonly envelope: Envelope },
  programs: Programs,
): World {
  const { resident, envelope } = delivery;
  const address = envelope.to;
  if (resident.condition === "stopped") return world;
  if (resident.condition === "paused") {
    const waiting = { ...resident, held: [...resident.held, envelope] };
    return { ...world, residents: set(world.residents, address, waiting) };
  }
  const { now, epochMillis } = world;
  const moment = { now, epochMillis, self: address, from: envelope.from };
  const outcome = programOf(programs, resident.program).step(resident.state, envelope.message, moment);
  const stepped =
    outcome.state === resident.state
      ? world
      : { ...world, residents: set(world.residents, address, { ...resident, state: outcome.state }) };
  if (outcome.effects.length === 0) return stepped;
  return carryOut(stepped, { address, life: resident.life, cause: envelope.cause }, outcome, programs);
}

/** A closed door answers: the sender learns that nothing listens. A refusal itself is never refused. */
function refuse(world: World, envelope: Envelope): World {
  const message = envelope.message as { readonly kind?: unknown };
  if (message.kind === "refused") return world;
  const answer = { kind: "refused", to: envelope.to, message: envelope.message };
  return enqueue(world, {
    from: envelope.to,
    to: envelope.from,
    message: answer,
    at: world.now,
    cause: envelope.cause,
  });
}

export function carryOut(world: World, actor: Actor, outcome: Outcome<unknown>, programs: Programs): World {
  let next = world;
  let cause = actor.cause;
  for (const effect of outcome.effects) {
    next = apply(next, { ...actor, cause }, effect, programs);
    if (effect.kind === "note") cause = next.trace?.line.id ?? cause;
  }
  return next;
}

function apply(world: World, actor: Actor, effect: Effect, programs: Programs): World {
  switch (effect.kind) {
    case "send": {
      const at = world.now + (effect.delayMillis ?? 0);
      return enqueue(world, { from: actor.address, to: effect.to, message: effect.message, at, cause: actor.cause });
    }
    case "wake":
      return scheduleWake(world, actor, effect);
    case "cancel": {
      const wakes = remove(world.wakes, `${actor.address} ${effect.key}`);
      return wakes === world.wakes ? world : { ...world, wakes };
    }
    case "note":
      return noted(world, { actor: actor.address, cause: actor.cause, note: effect.note });
    case "spawn":
      return spawn(world, { ...effect, cause: actor.cause }, programs);
    case "exit":
      return { ...world, residents: remove(world.residents, actor.address) };
  }
}

function scheduleWake(world: World, actor: Actor, effect: { readonly key: string; readonly at: Millis }): World {
  const order = world.sent + 1;
  const envelope: Envelope = {
    at: effect.at < world.now ? world.now : effect.at,
    order,
    from: actor.address,
    to: actor.address,
    message: { kind: "wake", key: effect.key },
    cause: actor.cause,
    wake: { key: effect.key, life: actor.life },
  };
  return {
    ...world,
    sent: order,
    agenda: add(world.agenda, envelope),
    wakes: set(world.wakes, `${actor.address} ${effect.key}`, order),
  };
}

function enqueue(world: World, letter: Omit<Envelope, "order" | "wake">): World {
  const verdict: Verdict = verdictOf(world.rules, letter.from, letter.to);
  if (verdict.kind === "drop") return world;
  const order = world.sent + 1;
  const at = letter.at + verdict.delayMillis;
  return { ...world, sent: order, agenda: add(world.agenda, { ...letter, at, order }) };
}
