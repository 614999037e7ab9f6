// After kubernetes v1.36 pkg/controller/podautoscaler/horizontal.go normalizeDesiredReplicas and its variants with behaviors.
import type { HorizontalPodAutoscaler, HPAScalingRules } from "../../api/generated/types.ts";
import type { Millis } from "../../kernel/process.ts";

/** Source: --horizontal-pod-autoscaler-downscale-stabilization. */
export const DOWNSCALE_WINDOW_MILLIS = 300_000;
/** Source: horizontal.go scaleUpLimitFactor, scaleUpLimitMinimum. */
const UP_FACTOR = 2;
const UP_MINIMUM = 4;

export interface Recommendation {
  readonly at: Millis;
  readonly replicas: number;
}

/** A change of size that was made. */
export interface ScaleChange {
  readonly at: Millis;
  readonly change: number;
}

export interface History {
  readonly recommendations: readonly Recommendation[];
  readonly changes: readonly ScaleChange[];
}

export const NO_HISTORY: History = { recommendations: [], changes: [] };

export interface Said {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

export interface Limited {
  readonly replicas: number;
  readonly conditions: readonly Said[];
}

interface Scene {
  readonly hpa: HorizontalPodAutoscaler;
  readonly history: History;
  readonly current: number;
  readonly desired: number;
  readonly now: Millis;
}

export function limit(scene: Scene): Limited {
  const steady = stabilized(scene);
  const bounded = bound(scene, steady.replicas);
  return { replicas: bounded.replicas, conditions: [steady.said, bounded.said] };
}

/** A lower size waits until nothing higher was recommended for a while; a higher one the other way round. */
function stabilized({ hpa, history, current, desired, now }: Scene): {
  readonly replicas: number;
  readonly said: Said;
} {
  const { scaleUp, scaleDown } = hpa.spec.behavior ?? {};
  const up = (scaleUp?.stabilizationWindowSeconds ?? 0) * 1000;
  const down =
    scaleDown?.stabilizationWindowSeconds === undefined
      ? DOWNSCALE_WINDOW_MILLIS
      : scaleDown.stabilizationWindowSeconds * 1000;
  let low = desired;
  let high = desired;
  for (const { at, replicas } of history.recommendations) {
    if (at > now - up && replicas < low) low = replicas;
    if (at > now - down && replicas > high) high = replicas;
  }
  let replicas = current;
  if (replicas < low) replicas = low;
  if (replicas > high) replicas = high;
  const type = "AbleToScale";
  if (replicas === desired) {
    const message = "recommended size matches current size";
    return { replicas, said: { type, status: "True", reason: "ReadyForNewScale", message } };
  }
  const isUp = desired >= current;
  const reason = isUp ? "ScaleUpStabilized" : "ScaleDownStabilized";
  const message = isUp
    ? "recent recommendations were lower than current one, applying the lowest recent recommendation"
    : "recent recommendations were higher than current one, applying the highest recent recommendation";
  return { replicas, said: { type, status: "True", reason, message } };
}

function bound(scene: Scene, replicas: number): { readonly replicas: number; readonly said: Said } {
  const { hpa, current } = scene;
  const min = hpa.spec.minReplicas ?? 1;
  const max = hpa.spec.maxReplicas;
  const up = upLimit(scene);
  const down = downLimit(scene);
  const type = "ScalingLimited";
  const limited = (reason: string, message: string): Said => ({ type, status: "True", reason, message });
  if (replicas > current && replicas > Math.min(up, max)) {
    return up < max
      ? {
          replicas: Math.max(up, current),
          said: limited("ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate"),
        }
      : {
          replicas: max,
          said: limited("TooManyReplicas", "the desired replica count is more than the maximum replica count"),
        };
  }
  if (replicas < current && replicas < Math.max(down, min) && down > min) {
    return {
      replicas: down,
      said: limited("ScaleDownLimit", "the desired replica count is decreasing faster than the maximum scale rate"),
    };
  }
  if (replicas < min) {
    return {
      replicas: min,
      said: limited("TooFewReplicas", "the desired replica count is less than the minimum replica count"),
    };
  }
  if (replicas > max) {
    return {
      replicas: max,
      said: limited("TooManyReplicas", "the desired replica count is more than the maximum replica count"),
    };
  }
  return {
    replicas,
    said: {
      type,
      status: "False",
      reason: "DesiredWithinRange",
      message: "the desired count is within the acceptable range",
    },
  };
}

function upLimit({ hpa, history, current, now }: Scene): number {
  const rules = hpa.spec.behavior?.scaleUp;
  if (hpa.spec.behavior === undefined) return Math.max(UP_FACTOR * current, UP_MINIMUM);
  if (rules?.selectPolicy === "Disabled") return current;
  const policies = rules?.policies ?? [
    { type: "Percent", value: 100, periodSeconds: 15 },
    { type: "Pods", value: 4, periodSeconds: 15 },
  ];
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const start = current - changed(history, now - periodSeconds * 1000, 1);
    return type === "Pods" ? start + value : Math.ceil((start * (100 + value)) / 100);
  });
  return pick(rules, limits, "up");
}

function downLimit({ hpa, history, current, now }: Scene): number {
  const rules = hpa.spec.behavior?.scaleDown;
  if (hpa.spec.behavior === undefined) return 0;
  if (rules?.selectPolicy === "Disabled") return current;
  const policies = rules?.policies ?? [{ type: "Percent", value: 100, periodSeconds: 15 }];
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const start = current + changed(history, now - periodSeconds * 1000, -1);
    return type === "Pods" ? start - value : Math.floor((start * (100 - value)) / 100);
  });
  return pick(rules, limits, "down");
}

/** By default the policy that changes most wins. */
function pick(rules: HPAScalingRules | undefined, limits: readonly number[], direction: "up" | "down"): number {
  const wantsMost = rules?.selectPolicy !== "Min";
  return wantsMost === (direction === "up") ? Math.max(...limits) : Math.min(...limits);
}

/** By how much the size was changed in one direction since then. */
function changed(history: History, since: Millis, direction: 1 | -1): number {
  let sum = 0;
  for (const { at, change } of history.changes)
    if (at > since && Math.sign(change) === direction) sum += Math.abs(change);
  return sum;
}
