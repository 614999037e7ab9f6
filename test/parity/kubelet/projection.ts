/** What a pod's states have in common with each other when uids, addresses, ids and times are left out: as in the recordings' timeline.txt. */
import type { ContainerStatus, Pod } from "../../../engine/api/generated/types.ts";

export interface State {
  readonly at: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly restarts: number;
}

/** The states of one pod in the order in which they were seen; equal neighbours are one. */
export function statesOf(events: readonly { readonly at: number; readonly type: string; readonly object: Pod }[]): readonly State[] {
  const states: State[] = [];
  const addresses: string[] = [];
  for (const { at, type, object } of events) {
    const fields = fieldsOf(object, addresses);
    if (type === "DELETED") fields["deleted"] = "yes";
    const last = states.at(-1);
    if (last !== undefined && JSON.stringify(last.fields) === JSON.stringify(fields)) continue;
    states.push({ at, fields, restarts: restartsOf(object) });
  }
  return states;
}

function restartsOf(pod: Pod): number {
  return Math.max(0, ...(pod.status?.containerStatuses ?? []).map((it) => it.restartCount));
}

function fieldsOf(pod: Pod, addresses: string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  const set = (name: string, value: string | number | undefined): void => {
    if (value !== undefined && value !== "") fields[name] = String(value).replaceAll(pod.metadata.uid ?? "\u0000", "<uid>");
  };
  const { metadata, spec, status } = pod;
  set("gen", metadata.generation);
  set("grace", metadata.deletionGracePeriodSeconds);
  set("node", spec.nodeName);
  set("phase", status?.phase);
  set("reason", status?.reason);
  set("message", status?.message);
  set("obsGen", status?.observedGeneration);
  set("hostIP", status?.hostIP === undefined ? undefined : "set");
  if (status?.podIP !== undefined) {
    if (!addresses.includes(status.podIP)) addresses.push(status.podIP);
    set("podIP", addresses.indexOf(status.podIP));
  }
  setConditions(set, pod);
  setContainers(set, pod);
  return fields;
}

function setContainers(set: (name: string, value: string | number | undefined) => void, { status }: Pod): void {
  for (const it of status?.initContainerStatuses ?? []) setContainer(set, "init", it);
  for (const it of status?.containerStatuses ?? []) setContainer(set, "ctr", it);
  for (const it of status?.ephemeralContainerStatuses ?? []) setContainer(set, "eph", it);
}

function setConditions(set: (name: string, value: string | number | undefined) => void, pod: Pod): void {
  for (const condition of pod.status?.conditions ?? []) {
    const why = [condition.reason, condition.message].filter((it) => it !== undefined && it !== "").join(": ");
    set(`cond.${condition.type}`, condition.status + (why === "" ? "" : `(${why})`));
  }
}

function setContainer(set: (name: string, value: string | number | undefined) => void, kind: string, status: ContainerStatus): void {
  const name = `${kind}.${status.name}`;
  set(`${name}.state`, stateText(status.state));
  set(`${name}.last`, stateText(status.lastState));
  if (kind !== "eph") set(`${name}.ready`, String(status.ready));
  if (kind !== "eph") set(`${name}.started`, String(status.started));
  set(`${name}.restarts`, status.restartCount);
}

function stateText(state: ContainerStatus["state"]): string {
  if (state?.running !== undefined) return "running";
  if (state?.waiting !== undefined) {
    const message = state.waiting.message?.replace(/read udp [\d.:]+->[\d.:]+/, "read udp");
    return `waiting:${state.waiting.reason ?? ""}${message === undefined ? "" : ` ${message}`}`;
  }
  const ended = state?.terminated;
  if (ended === undefined) return "none";
  return `terminated:${ended.reason ?? ""}/${ended.exitCode}${ended.message === undefined ? "" : ` ${ended.message}`}`;
}

/** The fields in which two states differ. */
export function changes(before: State | undefined, after: State): string {
  const names = new Set([...Object.keys(before?.fields ?? {}), ...Object.keys(after.fields)]);
  const found: string[] = [];
  for (const name of names) {
    const [one, other] = [before?.fields[name], after.fields[name]];
    if (one !== other) found.push(`${name}: ${one ?? "-"} → ${other ?? "-"}`);
  }
  return found.join("; ");
}
