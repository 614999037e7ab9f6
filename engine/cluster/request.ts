import type { ApiRequest, ApiResponse, FromServer, Identity } from "../api/wire.ts";
import type { Mailbox } from "../client/mailbox.ts";
import type { Address, Millis } from "../kernel/process.ts";
import { get, set } from "../kernel/sorted-map.ts";
import { advance, post, spawn, type World as Simulation } from "../kernel/world.ts";
import { API_SERVER, LAPTOP } from "./addresses.ts";
import { ADMIN } from "./command.ts";
import { programs } from "./programs.ts";
import { touched, type World } from "./world.ts";

/** How long `request` waits in virtual time. Source: kube-apiserver --request-timeout, default 1m0s. */
export const REQUEST_MILLIS_MAX: Millis = 60_000;

export const MAILBOX: Address = `${LAPTOP}/mailbox`;

export interface Requested {
  readonly world: World;
  readonly response: ApiResponse;
}

/** Sends one request and advances the world until its answer is there. */
export function request(world: World, apiRequest: ApiRequest, identity: Identity | null = ADMIN.identity): Requested {
  const sent = send(world, apiRequest, identity);
  const until = world.simulation.now + REQUEST_MILLIS_MAX;
  let { simulation } = sent.world;
  let response = answerIn(simulation, sent.exchange);
  while (response === undefined && simulation.agenda !== null && simulation.agenda.envelope.at <= until) {
    simulation = advance(simulation, programs);
    response = answerIn(simulation, sent.exchange);
  }
  return { world: { ...sent.world, simulation: emptied(simulation) }, response: response ?? TIMED_OUT };
}

/** Sends one request without waiting; its answers arrive in the mailbox (`letters`). For watches and streams. */
export function send(
  world: World,
  apiRequest: ApiRequest,
  identity: Identity | null = ADMIN.identity,
): { readonly world: World; readonly exchange: number } {
  const exchange = world.visitors + 1;
  const message = {
    kind: "request",
    id: exchange,
    request: apiRequest,
    ...(identity === null ? {} : { identity }),
  };
  const simulation = post(withMailbox(world.simulation), { from: MAILBOX, to: API_SERVER, message });
  const sent = touched(world, simulation, { kind: "request", request: apiRequest, as: identity });
  return { world: { ...sent, visitors: exchange }, exchange };
}

/** Says something more on an open exchange: ends a watch, feeds a stream. */
export function say(world: World, message: unknown): World {
  return { ...world, simulation: post(world.simulation, { from: MAILBOX, to: API_SERVER, message }) };
}

/** What has arrived for the exchanges of `send`, oldest first, and the world in which it was taken out. */
export function letters(world: World): { readonly world: World; readonly letters: readonly FromServer[] } {
  const mailbox = get(world.simulation.residents, MAILBOX)?.state as Mailbox | undefined;
  if (mailbox === undefined || mailbox.letters.length === 0) return { world, letters: [] };
  return { world: { ...world, simulation: emptied(world.simulation) }, letters: mailbox.letters };
}

const TIMED_OUT: ApiResponse = {
  code: 504,
  body: {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: "Timeout: request did not complete within the allotted timeout",
    reason: "Timeout",
    details: {},
    code: 504,
  },
};

function withMailbox(simulation: Simulation): Simulation {
  if (get(simulation.residents, MAILBOX) !== undefined) return simulation;
  return spawn(simulation, { address: MAILBOX, program: "mailbox", settings: null }, programs);
}

function answerIn(simulation: Simulation, exchange: number): ApiResponse | undefined {
  const mailbox = get(simulation.residents, MAILBOX)?.state as Mailbox | undefined;
  for (const letter of mailbox?.letters ?? []) {
    if (letter.kind === "response" && letter.id === exchange) return letter.response;
  }
  return undefined;
}

/** The mailbox is outside the world, as its reader is: emptying it is no event, and no digest includes it. */
function emptied(simulation: Simulation): Simulation {
  const resident = get(simulation.residents, MAILBOX);
  if (resident === undefined) return simulation;
  const state: Mailbox = { letters: [] };
  return { ...simulation, residents: set(simulation.residents, MAILBOX, { ...resident, state }) };
}
