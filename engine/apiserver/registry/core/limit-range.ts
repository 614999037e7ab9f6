// After kubernetes v1.36 pkg/registry/core/limitrange/strategy.go, pkg/apis/core/v1/defaults.go, pkg/apis/core/validation ValidateLimitRange.
import type * as api from "../../../api/generated/types.ts";
import { labelKeyProblems } from "../../../api/names.ts";
import { compareQuantities, milliValue, quantityOf } from "../../../api/quantity.ts";
import { nameOf } from "../cells.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { duplicate, type FieldError, forbidden, invalid, required } from "../field-error.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { roundAmounts } from "../resource-amounts.ts";
import { isOvercommitAllowed, validateContainerResourceName, validateResourceName } from "../resource-names.ts";
import { type Errors, sayInvalid } from "../rules.ts";
import { mapShared, withParts } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";

type LimitRange = DecodedObject<api.LimitRange>;
type Item = Decoded<api.LimitRangeItem>;
type Amounts = Readonly<Record<string, string>>;

export const limitRanges: Strategy<LimitRange> = kindStrategy<LimitRange>({
  place: ["", "v1", "limitranges"],
  createOnUpdate: true,
  defaults: (range) =>
    withParts(range, { spec: (spec) => withParts(spec, { limits: (list) => mapShared(list ?? [], defaultItem) }) }),
  validate: (range) => {
    const errors: Errors = [];
    const types = new Set<string>();
    for (const [index, item] of (range.spec?.limits ?? []).entries()) {
      validateItem(item, `spec.limits[${index}]`, { types, errors });
    }
    return errors;
  },
  cells: (range) => [nameOf(range), range.metadata.creationTimestamp ?? ""],
});

function defaultItem(item: Item): Item {
  const rounded = withParts(item, {
    max: roundAmounts,
    min: roundAmounts,
    default: roundAmounts,
    defaultRequest: roundAmounts,
    maxLimitRequestRatio: roundAmounts,
  });
  if (rounded.type !== "Container") return rounded;
  const limits = filled(rounded.default, rounded.max);
  const requests = filled(filled(rounded.defaultRequest, limits), rounded.min);
  if (limits === rounded.default && requests === rounded.defaultRequest) return rounded;
  return {
    ...rounded,
    ...(limits === undefined ? {} : { default: limits }),
    ...(requests === undefined ? {} : { defaultRequest: requests }),
  };
}

/** What is missing in the one is taken from the other. */
function filled(amounts: Amounts | undefined, from: Amounts | undefined): Amounts | undefined {
  const missing = Object.keys(from ?? {}).filter((name) => amounts?.[name] === undefined);
  return missing.length === 0 ? amounts : { ...from, ...amounts };
}

/** Source: standardLimitRangeTypes. */
const types: ReadonlySet<string> = new Set(["Pod", "Container", "PersistentVolumeClaim"]);

interface Items {
  readonly types: Set<string>;
  readonly errors: Errors;
}

const LISTS = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] as const;

function validateItem(item: Item, path: string, { types: seen, errors }: Items): void {
  const { type = "" } = item;
  const problems = labelKeyProblems(type);
  sayInvalid(problems, type, `${path}.type`, errors);
  if (problems.length === 0 && !type.includes("/") && !types.has(type)) {
    errors.push(invalid(`${path}.type`, type, "must be a standard limit type or fully qualified"));
  }
  if (seen.has(type)) errors.push(duplicate(`${path}.type`, type));
  seen.add(type);
  const names = new Set<string>();
  for (const list of LISTS) validateNames(item, list, path, { names, errors });
  if (type === "PersistentVolumeClaim" && item.min?.["storage"] === undefined && item.max?.["storage"] === undefined) {
    errors.push(
      required(`${path}.limits`, "either minimum or maximum storage value is required, but neither was provided"),
    );
  }
  for (const name of names) errors.push(...amountErrors(item, name, path));
}

interface Names {
  readonly names: Set<string>;
  readonly errors: Errors;
}

function validateNames(item: Item, list: (typeof LISTS)[number], path: string, { names, errors }: Names): void {
  const amounts = item[list];
  const isDefault = list === "default" || list === "defaultRequest";
  if (item.type === "Pod" && isDefault) {
    if (amounts !== undefined) errors.push(forbidden(`${path}.${list}`, "may not be specified when `type` is 'Pod'"));
    return;
  }
  const isCompute = item.type === "Pod" || item.type === "Container";
  for (const name in amounts) {
    const at = `${path}.${list}[${name}]`;
    if (isCompute) validateContainerResourceName(name, at, errors);
    else validateResourceName(name, at, errors);
    names.add(name);
  }
}

function isMore(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && compareQuantities(quantityOf(one), quantityOf(other)) > 0;
}

function amountErrors(item: Item, name: string, path: string): readonly FieldError[] {
  const [min, max] = [item.min?.[name], item.max?.[name]];
  const isPod = item.type === "Pod";
  const limit = isPod ? undefined : item.default?.[name];
  const request = isPod ? undefined : item.defaultRequest?.[name];
  const errors: Errors = [];
  const say = (list: string, found: string | undefined, detail: string): void =>
    void errors.push(invalid(`${path}.${list}[${name}]`, found, detail));
  if (isMore(min, max)) say("min", min, `min value ${min} is greater than max value ${max}`);
  if (isMore(min, request))
    say("defaultRequest", request, `min value ${min} is greater than default request value ${request}`);
  if (isMore(request, max))
    say("defaultRequest", request, `default request value ${request} is greater than max value ${max}`);
  if (isMore(request, limit))
    say("defaultRequest", request, `default request value ${request} is greater than default limit value ${limit}`);
  if (isMore(min, limit)) say("default", min, `min value ${min} is greater than default value ${limit}`);
  if (isMore(limit, max)) say("default", max, `default value ${limit} is greater than max value ${max}`);
  errors.push(...ratioErrors(item, name, path));
  const isUnequal = isMore(limit, request) || isMore(request, limit);
  if (isUnequal && !isOvercommitAllowed(name)) {
    say("defaultRequest", request, `default value ${limit} must equal to defaultRequest value ${request} in ${name}`);
  }
  return errors;
}

function ratioErrors(item: Item, name: string, path: string): readonly FieldError[] {
  const ratio = item.maxLimitRequestRatio?.[name];
  if (ratio === undefined) return [];
  const field = `${path}.maxLimitRequestRatio[${name}]`;
  const errors: Errors = [];
  if (milliValue(ratio) < 1000) errors.push(invalid(field, ratio, `ratio ${ratio} is less than 1`));
  const [min, max] = [item.min?.[name], item.max?.[name]];
  if (min === undefined || max === undefined) return errors;
  const most = milliValue(max) / milliValue(min);
  if (milliValue(ratio) / 1000 > most)
    errors.push(invalid(field, ratio, `ratio ${ratio} is greater than max/min = ${most.toFixed(6)}`));
  return errors;
}
