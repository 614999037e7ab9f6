// After kubernetes v1.36 pkg/registry/batch/job/strategy.go, pkg/apis/batch/v1/defaults.go, pkg/apis/batch/validation/validation.go; not modelled: rules of status steps.
import type * as api from "../../../api/generated/types.ts";
import { dnsLabelProblems } from "../../../api/names.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import { humanDuration, parseTime } from "../../../api/time.ts";
import { age, nameOf } from "../cells.ts";
import type { DecodedObject } from "../decoded.ts";
import { workloadNameWarnings } from "../dns-warning.ts";
import { type FieldError, invalid, printed, required } from "../field-error.ts";
import { goStruct } from "../go-struct.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { validateLabelSelector } from "../label-selector.ts";
import { validateImmutable } from "../metadata.ts";
import { defaultTemplate } from "../pod/defaults.ts";
import type { PodSpec, Template } from "../pod/scope.ts";
import { templateWarnings } from "../pod/warnings.ts";
import { type Errors, INT32_MAX, nonNegative } from "../rules.ts";
import { mapShared, withDefaults, withField, withParts } from "../shared-change.ts";
import type { Cell, Strategy } from "../strategy.ts";
import { labelsProblem, printSelector, printTemplate, selects } from "../template.ts";
import { containersAndImages, selectorCell } from "../workload/workload.ts";
import { type JobSpec, validateJobBody } from "./job-rules.ts";

type Job = DecodedObject<api.Job>;

const UID = "batch.kubernetes.io/controller-uid";
const NAME = "batch.kubernetes.io/job-name";
const LEGACY_UID = "controller-uid";
const LEGACY_NAME = "job-name";
/** Source: apimachinery/pkg/util/validation LabelValueMaxLength. */
const LABEL_MAX = 63;

export const jobs: Strategy<Job> = kindStrategy<Job>({
  place: ["batch", "v1", "jobs"],
  generationOf: ["spec"],
  defaults: (job) => withField(job, "spec", defaultSpec(job.spec ?? {})),
  prepareForCreate: generateSelector,
  validate,
  validateUpdate: (job, old) => (job.spec === old.spec ? [] : validateUpdate(job, old)),
  validateStatus: (job) => {
    const errors: Errors = [];
    for (const key of ["active", "succeeded", "failed", "ready", "terminating"] as const)
      nonNegative(job.status?.[key], `status.${key}`, errors);
    return errors;
  },
  warnings: (job, old) => [
    ...(old === undefined ? workloadNameWarnings(nameOf(job)) : []),
    ...templateWarnings(job.spec?.template, "spec.template", old?.spec?.template),
  ],
  deletion: { propagation: "Orphan" },
  cells,
  fields: { "status.successful": (job) => String(job.status?.succeeded ?? 0) },
});

function defaultSpec(spec: JobSpec): JobSpec {
  const isOpen = spec.completions === undefined && spec.parallelism === undefined;
  const counted = isOpen ? { ...spec, completions: 1, parallelism: 1 } : withDefaults(spec, { parallelism: 1 });
  const filled = withDefaults(counted, {
    backoffLimit: spec.backoffLimitPerIndex === undefined ? 6 : INT32_MAX,
    completionMode: "NonIndexed",
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: spec.podFailurePolicy === undefined ? "TerminatingOrFailed" : "Failed",
  });
  return withParts(filled, {
    template: defaultTemplate,
    podFailurePolicy: (policy) =>
      withParts(policy, {
        rules: (rules) =>
          mapShared(rules, (rule) =>
            withParts(rule, {
              onPodConditions: (list) => mapShared(list, (one) => withDefaults(one, { status: "True" })),
            }),
          ),
      }),
  });
}

/** The job finds its pods by its own uid, unless its author took that over. */
function generateSelector(job: Job): Job {
  const { spec = {} } = job;
  const made = spec.manualSelector === true ? job : withField(job, "spec", withGenerated(spec, job));
  const labels = made.spec?.template?.metadata?.labels;
  if (labels === undefined || made.metadata.labels !== undefined) return made;
  // A map that the template had itself is shared; a map that is made here reaches the job by the defaulting after the store, unchecked.
  if (spec.template?.metadata?.labels === undefined && nameOf(job).length > LABEL_MAX) return made;
  return { ...made, metadata: { ...made.metadata, labels } };
}

function withGenerated(spec: JobSpec, job: Job): JobSpec {
  const template: Template = spec.template ?? {};
  const labels: Record<string, string> = { ...template.metadata?.labels };
  const { name = "", uid = "" } = job.metadata;
  const wanted = [
    [LEGACY_NAME, name],
    [NAME, name],
    [LEGACY_UID, uid],
    [UID, uid],
  ] as const;
  for (const [key, value] of wanted) {
    // What the author set himself is left for the validation to refuse.
    if (labels[key] !== undefined) return withLabels(spec, labels);
    labels[key] = value;
  }
  const matchLabels = { ...spec.selector?.matchLabels };
  matchLabels[UID] ??= uid;
  return { ...withLabels(spec, labels), selector: { ...spec.selector, matchLabels } };
}

function withLabels(spec: JobSpec, labels: Readonly<Record<string, string>>): JobSpec {
  const template: Template = spec.template ?? {};
  return { ...spec, template: { ...template, metadata: { ...template.metadata, labels } } };
}

function validate(job: Job): readonly FieldError[] {
  const errors: Errors = [];
  const { spec = {} } = job;
  validateGenerated(job, errors);
  validateSpec(spec, errors);
  const { completions = 0 } = spec;
  const host = `${nameOf(job)}-${completions - 1}`;
  if (spec.completionMode === "Indexed" && completions > 0 && dnsLabelProblems(host).length > 0) {
    errors.push(invalid("metadata.name", nameOf(job), `will not able to create pod with invalid DNS label: ${host}`));
  }
  return errors;
}

function validateSpec(spec: JobSpec, errors: Errors): void {
  validateJobBody(spec, "spec", errors);
  if (spec.selector === undefined) errors.push(required("spec.selector"));
  else validateLabelSelector(spec.selector, "spec.selector", errors);
  if (!selects(spec.selector, spec.template?.metadata?.labels))
    errors.push(labelsProblem(spec.template ?? {}, "spec.template"));
}

function validateGenerated(job: Job, errors: Errors): void {
  const { spec = {} } = job;
  if (spec.manualSelector === true || spec.selector === undefined) return;
  const { name = "", uid = "" } = job.metadata;
  const expected: Readonly<Record<string, string>> = {
    [UID]: uid,
    [NAME]: name,
    [LEGACY_UID]: uid,
    [LEGACY_NAME]: name,
  };
  const labels = spec.template?.metadata?.labels ?? {};
  for (const key in expected) {
    const path = `spec.template.metadata.labels[${key}]`;
    const detail = `must be '${expected[key]}'`;
    if (labels[key] === undefined) errors.push(required(path, detail));
    else if (labels[key] !== expected[key]) errors.push(invalid(path, labels, detail));
  }
  if (!selects(spec.selector, expected))
    errors.push(invalid("spec.selector", printSelector(spec.selector), "`selector` not auto-generated"));
}

function validateUpdate(job: Job, old: Job): readonly FieldError[] {
  const errors: Errors = [];
  const { spec = {} } = job;
  const before = old.spec ?? {};
  validateSpec(spec, errors);
  validateCompletions(spec, before, errors);
  if (!isSemanticallyEqual(spec.selector, before.selector)) {
    errors.push(invalid("spec.selector", printSelector(spec.selector), "field is immutable"));
  }
  const template = spec.template ?? {};
  const allowed = isNotStarted(old) ? withSchedulingOf(template, before.template ?? {}) : template;
  if (!isSemanticallyEqual(allowed, before.template))
    errors.push(invalid("spec.template", printTemplate(allowed), "field is immutable"));
  validateImmutable(spec.completionMode, before.completionMode, "spec.completionMode", errors);
  validatePolicy(spec.podFailurePolicy, before.podFailurePolicy, "podFailurePolicy", errors);
  validateImmutable(spec.backoffLimitPerIndex, before.backoffLimitPerIndex, "spec.backoffLimitPerIndex", errors);
  validateImmutable(spec.managedBy, before.managedBy, "spec.managedBy", errors);
  validatePolicy(spec.successPolicy, before.successPolicy, "successPolicy", errors);
  return errors;
}

function validatePolicy(
  policy: object | undefined,
  old: object | undefined,
  key: "podFailurePolicy" | "successPolicy",
  errors: Errors,
): void {
  if (isSemanticallyEqual(policy, old)) return;
  const type = key === "podFailurePolicy" ? "PodFailurePolicy" : "SuccessPolicy";
  errors.push(
    invalid(`spec.${key}`, policy === undefined ? printed("null") : goStruct(type, policy), "field is immutable"),
  );
}

function validateCompletions(spec: JobSpec, old: JobSpec, errors: Errors): void {
  if (spec.completionMode !== "Indexed")
    return validateImmutable(spec.completions, old.completions, "spec.completions", errors);
  const { completions, parallelism } = spec;
  if (completions === undefined || old.completions === undefined || completions === old.completions) return;
  if (completions !== parallelism) {
    errors.push(invalid("spec.completions", completions, "can only be modified in tandem with spec.parallelism"));
  }
}

/** A suspended job that has not run may still change where its pods go. */
function isNotStarted(job: Job): boolean {
  return job.spec?.suspend === true && job.status?.startTime === undefined;
}

const scheduling = ["nodeSelector", "tolerations", "schedulingGates", "affinity"] as const;

function withSchedulingOf(template: Template, old: Template): Template {
  let spec: PodSpec = template.spec ?? {};
  for (const key of scheduling) spec = withField(spec, key, old.spec?.[key]);
  const metadata = withField(
    withField(template.metadata ?? {}, "labels", old.metadata?.labels),
    "annotations",
    old.metadata?.annotations,
  );
  return withField(withField(template, "spec", spec), "metadata", metadata);
}

function statusCell(job: Job): string {
  const is = (type: string): boolean =>
    job.status?.conditions?.some((one) => one.type === type && one.status === "True") === true;
  if (is("Complete")) return "Complete";
  if (is("Failed")) return "Failed";
  if (job.metadata.deletionTimestamp !== undefined) return "Terminating";
  return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].find(is) ?? "Running";
}

function cells(job: Job, now: number): readonly Cell[] {
  const { spec = {}, status = {} } = job;
  const { completions, parallelism = 0 } = spec;
  const done = status.succeeded ?? 0;
  const ofMany = parallelism > 1 ? ` of ${parallelism}` : "";
  const progress = completions === undefined ? `${done}/1${ofMany}` : `${done}/${completions}`;
  const start = parseTime(status.startTime ?? "");
  const end = parseTime(status.completionTime ?? "") ?? now;
  const duration = start === undefined ? "" : humanDuration(end - start);
  return [
    nameOf(job),
    statusCell(job),
    progress,
    duration,
    age(job, now),
    ...containersAndImages(spec.template),
    selectorCell(spec.selector),
  ];
}
