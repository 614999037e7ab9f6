import { type CommandSettings, type CommandState, outputOf } from "../client/command-host.ts";
import type { Caller } from "../client/requests.ts";
import type { Millis } from "../kernel/process.ts";
import { get } from "../kernel/sorted-map.ts";
import { advance, advanceUntil, post, spawn } from "../kernel/world.ts";
import { API_SERVER, LAPTOP } from "./addresses.ts";
import { programs } from "./programs.ts";
import { touched, type World } from "./world.ts";

/**
 * The learner's own certificate. Source: golden/b-objects/bootstrap-objects.yaml binds cluster-admin to system:masters and has no binding of kubeadm's, so
 * the recorded administrator was of that group.
 */
export const ADMIN: Caller = {
  identity: { user: "kubernetes-admin", groups: ["system:masters", "system:authenticated"] },
  userAgent: "kubectl/v1.36.2 (linux/amd64) kubernetes/1c33ad4",
};

/** How long a command may run in virtual time before `exec` stops waiting: a wait without end is not an answer. */
export const COMMAND_MILLIS_MAX: Millis = 15 * 60 * 1000;

/** How many steps one `exec` may take. Source: contract.md, Limits: 2 million events. */
export const COMMAND_STEPS_MAX = 2_000_000;

export interface Opened {
  readonly world: World;
  /** The number of the command, for `outcomeOf` and `interrupt`. */
  readonly command: number;
}

/** How a command stands: what it printed so far, and its exit code once it has ended. */
export interface CommandOutcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | undefined;
}

/** Starts a command line on the learner's machine; the world must be advanced for it to go on. */
export function open(world: World, line: string, options: { readonly edited?: string } = {}): Opened {
  const command = world.visitors + 1;
  const settings: CommandSettings = {
    line,
    environment: { HOME: "/home/learner", USER: "learner", KUBECONFIG: "/home/learner/.kube/config" },
    workingDirectory: "/home/learner",
    files: world.files,
    ...(options.edited === undefined ? {} : { edited: options.edited }),
    server: API_SERVER,
    caller: ADMIN,
  };
  const birth = { address: addressOf(command), program: "command", settings };
  const simulation = spawn(world.simulation, birth, programs);
  const started = touched(world, simulation, { kind: "command", line, ...options });
  return { world: collected({ ...started, visitors: command }, command), command };
}

/** What a command has printed and how it ended. */
export function outcomeOf(world: World, command: number): CommandOutcome {
  const state = stateOf(world, command);
  if (state === undefined) return { stdout: "", stderr: "", exitCode: undefined };
  return { stdout: outputOf(state, "stdout"), stderr: outputOf(state, "stderr"), exitCode: state.exitCode };
}

/** Presses Ctrl-C. */
export function interrupt(world: World, command: number): World {
  const letter = { from: LAPTOP, to: addressOf(command), message: { kind: "interrupt" } };
  return touched(world, post(world.simulation, letter), { kind: "interrupt", command });
}

export interface Executed {
  readonly world: World;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs a command line to its end. A command that does not end in time is interrupted and says so. */
export function exec(world: World, line: string, options: { readonly edited?: string } = {}): Executed {
  const opened = open(world, line, options);
  const until = world.simulation.now + COMMAND_MILLIS_MAX;
  let { simulation } = opened.world;
  for (let steps = 0; steps < COMMAND_STEPS_MAX; steps++) {
    const at = simulation.agenda?.envelope.at;
    if (hasEnded(simulation, opened.command) || at === undefined || at > until) break;
    simulation = advance(simulation, programs);
  }
  const ended = collected({ ...opened.world, simulation }, opened.command);
  const outcome = outcomeOf(ended, opened.command);
  if (outcome.exitCode !== undefined) return { ...outcome, world: ended, exitCode: outcome.exitCode };
  const stopped = settled(interrupt(ended, opened.command));
  const stderr = `${outcome.stderr}stopped: the command did not end within ${COMMAND_MILLIS_MAX / 60_000} minutes of virtual time\n`;
  return { world: stopped, stdout: outcome.stdout, stderr, exitCode: outcomeOf(stopped, opened.command).exitCode ?? 1 };
}

/** The world with the files that an ended command has written. */
export function collected(world: World, command: number): World {
  const state = stateOf(world, command);
  return state?.exitCode === undefined || state.files === world.files ? world : { ...world, files: state.files };
}

/** Lets everything happen that is due at this very moment. */
function settled(world: World): World {
  return { ...world, simulation: advanceUntil(world.simulation, world.simulation.now, programs) };
}

function hasEnded(simulation: World["simulation"], command: number): boolean {
  const state = get(simulation.residents, addressOf(command))?.state as CommandState | undefined;
  return state?.exitCode !== undefined;
}

function stateOf(world: World, command: number): CommandState | undefined {
  return get(world.simulation.residents, addressOf(command))?.state as CommandState | undefined;
}

function addressOf(command: number): string {
  return `${LAPTOP}/command-${command}`;
}
