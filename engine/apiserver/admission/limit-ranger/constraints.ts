// After kubernetes v1.36 plugin/pkg/admission/limitranger/admission.go: minConstraint, maxConstraint, limitRequestRatioConstraint.
import type { LimitRangeItem } from "../../../api/generated/types.ts";
import { compareQuantities, milliValue, quantityOf } from "../../../api/quantity.ts";
import type { Quantities } from "../quantities.ts";

/** What an object asks for. */
export interface Asked {
  readonly requests: Quantities | undefined;
  readonly limits?: Quantities | undefined;
  /** Claims have requests only. */
  readonly isClaim: boolean;
}

/** The sentences about everything that is outside the limits. */
export function problemsOf(item: LimitRangeItem, asked: Asked): readonly string[] {
  return [
    ...each(item.min, (name, bound) => minimumProblem({ item, name, bound }, asked)),
    ...each(item.max, (name, bound) => maximumProblem({ item, name, bound }, asked)),
    ...(asked.isClaim
      ? []
      : each(item.maxLimitRequestRatio, (name, bound) => ratioProblem({ item, name, bound }, asked))),
  ];
}

interface Bound {
  readonly item: LimitRangeItem;
  readonly name: string;
  readonly bound: string;
}

function each(
  bounds: Quantities | undefined,
  check: (name: string, bound: string) => string | undefined,
): readonly string[] {
  const names = Object.keys(bounds ?? {}).toSorted();
  return names.map((name) => check(name, String(bounds?.[name]))).filter((problem) => problem !== undefined);
}

function isBelow(one: string | number, other: string | number): boolean {
  return compareQuantities(quantityOf(one), quantityOf(other)) < 0;
}

function minimumProblem({ item, name, bound }: Bound, asked: Asked): string | undefined {
  const request = asked.requests?.[name];
  const limit = asked.limits?.[name];
  const head = `minimum ${name} usage per ${item.type} is ${bound}`;
  if (request === undefined) return `${head}.  No request is specified`;
  if (isBelow(request, bound)) return `${head}, but request is ${String(request)}`;
  return limit !== undefined && isBelow(limit, bound) ? `${head}, but limit is ${String(limit)}` : undefined;
}

function maximumProblem({ item, name, bound }: Bound, asked: Asked): string | undefined {
  const request = asked.requests?.[name];
  const limit = asked.limits?.[name];
  const head = `maximum ${name} usage per ${item.type} is ${bound}`;
  if (asked.isClaim && request === undefined) return `${head}.  No request is specified`;
  if (!asked.isClaim && limit === undefined) return `${head}.  No limit is specified`;
  if (limit !== undefined && isBelow(bound, limit)) return `${head}, but limit is ${String(limit)}`;
  return request !== undefined && isBelow(bound, request) ? `${head}, but request is ${String(request)}` : undefined;
}

function ratioProblem({ item, name, bound }: Bound, asked: Asked): string | undefined {
  const request = milliValue(asked.requests?.[name] ?? 0);
  const limit = milliValue(asked.limits?.[name] ?? 0);
  const head = `${name} max limit to request ratio per ${item.type} is ${bound}`;
  if (request === 0) return `${head}, but no request is specified or request is 0`;
  if (limit === 0) return `${head}, but no limit is specified or limit is 0`;
  const ratio = limit / request;
  return ratio * 1000 > milliValue(bound) ? `${head}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}
