// After kubernetes v1.36 pkg/scheduler/framework/plugins/volumebinding/binder.go BindPodVolumes.
import type { Millis } from "../kernel/process.ts";
import { get, set, values } from "../kernel/sorted-map.ts";
import { isBound } from "./plugins/volume-binding/volume-binding.ts";
import { bindRequest } from "./requests.ts";
import { type Assumed, send, type Turn } from "./state.ts";
import { undo } from "./undo.ts";

/** Source: binder.go: the claims are polled every second; config/v1/defaults.go BindTimeoutSeconds: for ten minutes. */
export const VOLUME_POLL_MILLIS: Millis = 1000;
export const VOLUME_WAIT_MILLIS_MAX: Millis = 600_000;

export const VOLUME_WAKE = "volumes";

/** Looks at the claims of the pods whose time it is, and binds those whose claims are all bound. */
export function pollVolumes(turn: Turn): void {
  const { now } = turn.moment;
  for (const assumed of values(turn.state.assumed)) {
    const { volumes, pod } = assumed;
    if (volumes?.checkAt === undefined || volumes.checkAt > now) continue;
    if (areBound(turn, assumed)) {
      turn.state = {
        ...turn.state,
        assumed: set(turn.state.assumed, pod.key, { ...assumed, volumes: { ...volumes, checkAt: undefined } }),
      };
      send(turn, bindRequest(pod.pod, assumed.node), { kind: "bind", key: pod.key });
    } else if (now - volumes.since >= VOLUME_WAIT_MILLIS_MAX) {
      undo(turn, pod.key, {
        assumed,
        plugin: 'PreBind plugin "VolumeBinding"',
        message: "binding volumes: context deadline exceeded",
      });
    } else checkLater(turn, assumed);
  }
}

/** Looks at the claims of the pod again in a second. */
export function checkLater(turn: Turn, assumed: Assumed): void {
  const { volumes, pod } = assumed;
  if (volumes === undefined) return;
  const checkAt = turn.moment.now + VOLUME_POLL_MILLIS;
  turn.state = {
    ...turn.state,
    assumed: set(turn.state.assumed, pod.key, { ...assumed, volumes: { ...volumes, checkAt } }),
  };
  turn.effects.push({ kind: "wake", key: VOLUME_WAKE, at: earliestCheck(turn) ?? checkAt });
}

function earliestCheck(turn: Turn): Millis | undefined {
  const times = values(turn.state.assumed).flatMap(({ volumes }) => volumes?.checkAt ?? []);
  return times.length === 0 ? undefined : times.reduce((one, other) => Math.min(one, other));
}

function areBound({ state }: Turn, { pod }: Assumed): boolean {
  return pod.claims.every((name) => {
    const claim = get(state.informers.claims.items, `${pod.namespace}/${name}`);
    return claim !== undefined && isBound(claim);
  });
}
