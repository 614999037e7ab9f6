// After kubernetes v1.36 pkg/apis/autoscaling/validation/validation.go validateMetricSpec and pkg/printers/internalversion/printers.go formatHPAMetrics.
import type * as api from "../../../api/generated/types.ts";
import { pathSegmentProblems } from "../../../api/names.ts";
import { compareQuantities, quantityOf, ZERO_QUANTITY } from "../../../api/quantity.ts";
import type { Decoded } from "../decoded.ts";
import { forbidden, invalid, notSupported, required } from "../field-error.ts";
import { type Errors, isSet, sayInvalid } from "../rules.ts";

type Metric = Decoded<api.MetricSpec>;
type Target = Decoded<api.MetricTarget>;

/** Printed sorted. Source: validMetricSourceTypes. */
const types = ["ContainerResource", "External", "Object", "Pods", "Resource"];

const keys = {
  Object: "object",
  External: "external",
  Pods: "pods",
  Resource: "resource",
  ContainerResource: "containerResource",
} as const;
type Key = (typeof keys)[keyof typeof keys];

export function validateMetrics(metrics: readonly Metric[], path: string, errors: Errors): void {
  for (const [index, metric] of metrics.entries()) validateMetric(metric, `${path}[${index}]`, errors);
}

function validateMetric(metric: Metric, path: string, errors: Errors): void {
  const { type = "" } = metric;
  if (type === "") errors.push(required(`${path}.type`, "must specify a metric source type"));
  if (!types.includes(type)) errors.push(notSupported(`${path}.type`, type, types));
  const present = (Object.values(keys) as readonly Key[]).filter((key) => metric[key] !== undefined);
  const [first] = present;
  if (first !== undefined && (present.length > 1 || keys[type as keyof typeof keys] === first))
    validateSource(metric, first, `${path}.${first}`, errors);
  const expected = keys[type as keyof typeof keys] as Key | undefined;
  if (expected === undefined || present.includes(expected)) {
    for (const key of present)
      if (key !== expected) errors.push(forbidden(`${path}.${key}`, "must populate the given metric source only"));
    return;
  }
  errors.push(required(`${path}.${expected}`, "must populate information for the given metric source"));
}

function validateSource(metric: Metric, key: Key, path: string, errors: Errors): void {
  if (key === "resource" || key === "containerResource") return validateResource(metric, key, path, errors);
  const target = metric[key]?.target ?? {};
  if (key === "object") validateDescribed(metric, `${path}.describedObject`, errors);
  const name = metric[key]?.metric?.name ?? "";
  if (name === "") errors.push(required(`${path}.metric.name`, "must specify a metric name"));
  else sayInvalid(pathSegmentProblems(name), name, `${path}.metric.name`, errors);
  validateTargetType(target, `${path}.target`, errors);
  validateValueTarget(target, key, `${path}.target`, errors);
}

function validateResource(metric: Metric, key: "resource" | "containerResource", path: string, errors: Errors): void {
  const { name = "", target = {} } = metric[key] ?? {};
  if (key === "containerResource" && !isSet(metric.containerResource?.container)) {
    errors.push(required(`${path}.container`, "must specify a container"));
  }
  if (name === "") errors.push(required(`${path}.name`, "must specify a resource name"));
  validateTargetType(target, `${path}.target`, errors);
  validateResourceTarget(target, `${path}.target`, errors);
}

function validateDescribed(metric: Metric, path: string, errors: Errors): void {
  const { kind = "", name = "" } = metric.object?.describedObject ?? {};
  if (kind === "") errors.push(required(`${path}.kind`));
  if (name === "") errors.push(required(`${path}.name`));
}

function isPositive(value: string): boolean {
  return compareQuantities(quantityOf(value), ZERO_QUANTITY) > 0;
}

function validateTargetType(
  { type = "", value, averageValue, averageUtilization }: Target,
  path: string,
  errors: Errors,
): void {
  const words = ["AverageValue", "Utilization", "Value"];
  if (type === "") errors.push(required(`${path}.type`, "must specify a metric target type"));
  if (!words.includes(type))
    errors.push(invalid(`${path}.type`, type, "must be either Utilization, Value, or AverageValue"));
  if (value !== undefined && !isPositive(value)) errors.push(invalid(`${path}.value`, value, "must be positive"));
  if (averageValue !== undefined && !isPositive(averageValue))
    errors.push(invalid(`${path}.averageValue`, averageValue, "must be positive"));
  if (averageUtilization !== undefined && averageUtilization < 1) {
    errors.push(invalid(`${path}.averageUtilization`, averageUtilization, "must be greater than 0"));
  }
}

function validateResourceTarget({ averageUtilization, averageValue }: Target, path: string, errors: Errors): void {
  if (averageUtilization === undefined && averageValue === undefined) {
    errors.push(required(`${path}.averageUtilization`, "must set either a target raw value or a target utilization"));
  }
  if (averageUtilization !== undefined && averageValue !== undefined) {
    errors.push(forbidden(`${path}.averageValue`, "may not set both a target raw value and a target utilization"));
  }
}

function validateValueTarget({ value, averageValue }: Target, key: Key, path: string, errors: Errors): void {
  if (key === "pods") {
    if (averageValue === undefined || !isPositive(averageValue)) {
      errors.push(required(`${path}.averageValue`, "must specify a positive target averageValue"));
    }
  } else if (value === undefined && averageValue === undefined) {
    const detail =
      key === "external"
        ? "must set either a target value for metric or a per-pod target"
        : "must set either a target value or averageValue";
    errors.push(required(`${path}.${key === "external" ? "value" : "averageValue"}`, detail));
  } else if (key === "external" && value !== undefined && averageValue !== undefined) {
    errors.push(forbidden(`${path}.value`, "may not set both a target value for metric and a per-pod target"));
  }
}

type Current = Decoded<api.MetricStatus>;

/** How many metrics are shown. Source: formatHPAMetrics. */
const SHOWN_MAX = 2;

export function metricsCell(metrics: readonly Metric[] | undefined, current: readonly Current[] | undefined): string {
  if (metrics === undefined || metrics.length === 0) return "<none>";
  const texts = metrics.map((metric, index) => metricText(metric, current?.[index]));
  const text = texts.slice(0, SHOWN_MAX).join(", ");
  return texts.length > SHOWN_MAX ? `${text} + ${texts.length - SHOWN_MAX} more...` : text;
}

function metricText(metric: Metric, current: Current | undefined): string {
  const key = keys[metric.type as keyof typeof keys] as Key | undefined;
  if (key === undefined) return "<unknown type>";
  const { target = {} } = metric[key] ?? {};
  const now = current?.[key]?.current ?? {};
  const prefix = resourcePrefix(metric, key);
  if (target.averageValue !== undefined) {
    const suffix = key === "object" || key === "external" ? " (avg)" : "";
    return `${prefix}${orUnknown(now.averageValue)}/${target.averageValue}${suffix}`;
  }
  if (target.averageUtilization !== undefined) {
    const shown = now.averageUtilization === undefined ? "<unknown>" : `${now.averageUtilization}%`;
    return `${prefix}${shown}/${target.averageUtilization}%`;
  }
  if (prefix !== "") return `${prefix}<unknown>/<auto>`;
  return `${orUnknown(now.value)}/${target.value ?? "0"}`;
}

/** `cpu: ` for a metric of a resource. */
function resourcePrefix(metric: Metric, key: Key): string {
  return key === "resource" || key === "containerResource" ? `${metric[key]?.name ?? ""}: ` : "";
}

function orUnknown(amount: string | undefined): string {
  return amount ?? "<unknown>";
}
