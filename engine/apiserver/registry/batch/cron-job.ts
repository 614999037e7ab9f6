// After kubernetes v1.36 pkg/registry/batch/cronjob/strategy.go, pkg/apis/batch/v1/defaults.go, pkg/apis/batch/validation/validation.go.
import type * as api from "../../../api/generated/types.ts";
import { byteLength, CRON_JOB_NAME_LENGTH_MAX, lengthProblem } from "../../../api/names.ts";
import { ageOf } from "../../../api/time.ts";
import { age, nameOf, orNone } from "../cells.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { workloadNameWarnings } from "../dns-warning.ts";
import { type FieldError, invalid, notSupported, required } from "../field-error.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { defaultTemplate } from "../pod/defaults.ts";
import { templateWarnings } from "../pod/warnings.ts";
import { type Errors, nonNegative, oneOf } from "../rules.ts";
import { withDefaults, withField, withParts } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";
import { printSelector } from "../template.ts";
import { containersAndImages } from "../workload/workload.ts";
import { scheduleProblem } from "./cron-schedule.ts";
import { validateJobBody } from "./job-rules.ts";
import { isTimeZone } from "./time-zones.ts";

type CronJob = DecodedObject<api.CronJob>;
type Spec = Decoded<api.CronJobSpec>;

export const cronJobs: Strategy<CronJob> = kindStrategy<CronJob>({
  place: ["batch", "v1", "cronjobs"],
  generationOf: ["spec"],
  defaults: (job) => withField(job, "spec", defaultSpec(job.spec ?? {})),
  validate: (job) => {
    const errors = [...validateSpec(job.spec ?? {}, undefined)];
    const name = nameOf(job);
    if (byteLength(name) > CRON_JOB_NAME_LENGTH_MAX)
      errors.push(invalid("metadata.name", name, lengthProblem(CRON_JOB_NAME_LENGTH_MAX)));
    return errors;
  },
  validateUpdate: (job, old) => (job.spec === old.spec ? [] : validateSpec(job.spec ?? {}, old.spec)),
  warnings: (job, old) => [
    ...(old === undefined ? workloadNameWarnings(nameOf(job)) : []),
    ...templateWarnings(
      job.spec?.jobTemplate?.spec?.template,
      "spec.jobTemplate.spec.template",
      old?.spec?.jobTemplate?.spec?.template,
    ),
  ],
  cells: (job, now) => [
    nameOf(job),
    job.spec?.schedule ?? "",
    orNone(job.spec?.timeZone),
    job.spec?.suspend === undefined ? "<unset>" : job.spec.suspend ? "True" : "False",
    job.status?.active?.length ?? 0,
    job.status?.lastScheduleTime === undefined ? "<none>" : ageOf(job.status.lastScheduleTime, now),
    age(job, now),
    ...containersAndImages(job.spec?.jobTemplate?.spec?.template),
    "<none>",
  ],
});

function defaultSpec(spec: Spec): Spec {
  const filled = withDefaults(spec, {
    concurrencyPolicy: "Allow",
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  });
  return withParts(filled, {
    jobTemplate: (template) => withParts(template, { spec: (job) => withParts(job, { template: defaultTemplate }) }),
  });
}

function validateSpec(spec: Spec, old: Spec | undefined): readonly FieldError[] {
  const errors: Errors = [];
  validateSchedule(spec, old, errors);
  nonNegative(spec.startingDeadlineSeconds, "spec.startingDeadlineSeconds", errors);
  oneOf(spec.concurrencyPolicy, ["Allow", "Forbid", "Replace"], "spec.concurrencyPolicy", errors);
  const job = spec.jobTemplate?.spec ?? {};
  validateJobBody(job, "spec.jobTemplate.spec", errors);
  if (job.selector !== undefined) {
    errors.push(
      invalid("spec.jobTemplate.spec.selector", printSelector(job.selector), "`selector` will be auto-generated"),
    );
  }
  if (job.manualSelector === true)
    errors.push(notSupported("spec.jobTemplate.spec.manualSelector", true, ["nil", "false"]));
  nonNegative(spec.successfulJobsHistoryLimit, "spec.successfulJobsHistoryLimit", errors);
  nonNegative(spec.failedJobsHistoryLimit, "spec.failedJobsHistoryLimit", errors);
  if (spec.timeZone !== undefined && spec.timeZone !== old?.timeZone) validateTimeZone(spec.timeZone, errors);
  return errors;
}

function validateSchedule({ schedule = "", timeZone }: Spec, old: Spec | undefined, errors: Errors): void {
  const path = "spec.schedule";
  if (schedule === "") return void errors.push(required(path));
  if (schedule.includes("TZ")) {
    if (timeZone !== undefined)
      errors.push(invalid(path, schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule"));
    else if (schedule !== old?.schedule) {
      errors.push(invalid(path, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"));
    }
  }
  const problem = scheduleProblem(schedule);
  if (problem !== undefined) errors.push(invalid(path, schedule, problem));
}

function validateTimeZone(zone: string, errors: Errors): void {
  const path = "spec.timeZone";
  if (zone === "") errors.push(invalid(path, zone, "timeZone must be nil or non-empty string"));
  else if (zone.toLowerCase() === "local") {
    errors.push(
      invalid(path, zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"),
    );
  } else if (!isTimeZone(zone)) errors.push(invalid(path, zone, `unknown time zone ${zone}`));
}
