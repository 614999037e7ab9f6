import type { Rule } from "./fabric.ts";
import { invariant } from "./invariant.ts";
import { stream } from "./prng.ts";
import type { Address } from "./process.ts";
import { add } from "./agenda.ts";
import { get, set } from "./sorted-map.ts";
import { carryOut, noted, programOf, type Programs, type Resident, type World } from "./world.ts";

/** Kills a process: what arrives finds a closed door, its wakes are void, its memory is gone, its connections break. */
export function stop(world: World, address: Address, programs: Programs): World {
  const resident = residentAt(world, address);
  if (resident.condition === "stopped") return world;
  const effects = programOf(programs, resident.program).closing?.(resident.state) ?? [];
  const dead = change(world, address, "ProcessKilled", (known) => ({ ...known, condition: "stopped", held: [] }));
  const actor = { address, life: resident.life, cause: dead.trace?.line.id ?? 0 };
  return carryOut(dead, actor, { state: resident.state, effects }, programs);
}

/** Freezes a process: it answers nobody, but what is sent to it waits. */
export function pause(world: World, address: Address): World {
  return change(world, address, "ProcessPaused", (resident) => ({ ...resident, condition: "paused" }));
}

/** Lets a frozen process go on; it finds what has arrived meanwhile in the order of arrival. */
export function resume(world: World, address: Address): World {
  const held = residentAt(world, address).held;
  const awake = change(world, address, "ProcessResumed", (resident) => ({
    ...resident,
    condition: "running",
    held: [],
  }));
  let { agenda, sent, wakes } = awake;
  for (const envelope of held) {
    sent += 1;
    agenda = add(agenda, { ...envelope, at: awake.now, order: sent });
    if (envelope.wake !== undefined) wakes = set(wakes, `${address} ${envelope.wake.key}`, sent);
  }
  return { ...awake, agenda, sent, wakes };
}

/** Starts a killed process again, with what its disk kept. */
export function restart(world: World, address: Address, programs: Programs): World {
  const resident = residentAt(world, address);
  const life = resident.life + 1;
  const program = programOf(programs, resident.program);
  const prng = stream(world.seed, `${address}#${life}`);
  const birth = { self: address, now: world.now, prng, settings: resident.settings, epochMillis: world.epochMillis };
  const outcome = program.restart?.(resident.state, birth) ?? program.start(birth);
  const reborn = change(world, address, "ProcessStarted", () => ({
    ...resident,
    state: outcome.state,
    life,
    condition: "running",
    held: [],
  }));
  return carryOut(reborn, { address, life, cause: reborn.trace?.line.id ?? 0 }, outcome, programs);
}

/** Puts a rule of the fabric in force, in place of one with the same id. */
export function withRule(world: World, rule: Rule): World {
  return { ...world, rules: [rule, ...world.rules.filter((other) => other.id !== rule.id)] };
}

/** Takes a rule away. */
export function withoutRule(world: World, id: string): World {
  return { ...world, rules: world.rules.filter((rule) => rule.id !== id) };
}

function residentAt(world: World, address: Address): Resident {
  const resident = get(world.residents, address);
  invariant(resident !== undefined, `a process lives at ${address}`);
  return resident;
}

function change(world: World, address: Address, reason: string, edit: (resident: Resident) => Resident): World {
  const residents = set(world.residents, address, edit(residentAt(world, address)));
  return noted({ ...world, residents }, { actor: address, cause: 0, note: { reason } });
}
