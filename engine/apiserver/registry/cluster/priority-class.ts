// After kubernetes v1.36 pkg/registry/scheduling/priorityclass, pkg/registry/node/runtimeclass, pkg/apis/{scheduling,node}/validation/validation.go.
import type * as api from "../../../api/generated/types.ts";
import { dnsLabelProblems } from "../../../api/names.ts";
import { age, nameOf } from "../cells.ts";
import type { DecodedObject } from "../decoded.ts";
import { type FieldError, forbidden, notSupported } from "../field-error.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { validateImmutable, validateLabels } from "../metadata.ts";
import { validateTolerations } from "../pod/affinity.ts";
import { roundAmounts } from "../resource-amounts.ts";
import { validateResourceValue } from "../resource-names.ts";
import { type Errors, sayInvalid } from "../rules.ts";
import { withDefaults, withParts } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";

type PriorityClass = DecodedObject<api.PriorityClass>;

/** Source: HighestUserDefinablePriority. */
const PRIORITY_MAX = 1_000_000_000;

/** Source: SystemPriorityClasses. */
const systemClasses: Readonly<Record<string, number>> = {
  "system-node-critical": 2_000_001_000,
  "system-cluster-critical": 2_000_000_000,
};

export const priorityClasses: Strategy<PriorityClass> = kindStrategy<PriorityClass>({
  place: ["scheduling.k8s.io", "v1", "priorityclasses"],
  generationOf: ["value", "globalDefault", "description", "preemptionPolicy"],
  createOnUpdate: true,
  defaults: (one) => withDefaults(one, { preemptionPolicy: "PreemptLowerPriority" }),
  validate: (one) => {
    const errors: Errors = [];
    const { value = 0 } = one;
    const name = nameOf(one);
    if (name.startsWith("system-")) {
      if (systemClasses[name] !== value) {
        const detail =
          "priority class names with 'system-' prefix are reserved for system use only. error: " +
          (systemClasses[name] === undefined
            ? `${name} is not a known system priority class`
            : `value of ${name} PriorityClass must be ${systemClasses[name]}`);
        errors.push(forbidden("metadata.name", detail));
      }
    } else if (value > PRIORITY_MAX) {
      errors.push(forbidden("value", `maximum allowed value of a user defined priority is ${PRIORITY_MAX}`));
    }
    validatePreemption(one, errors);
    return errors;
  },
  validateUpdate: (one, old) => {
    const errors: Errors = [];
    if ((one.value ?? 0) !== (old.value ?? 0)) errors.push(forbidden("value", "may not be changed in an update."));
    validateImmutable(one.preemptionPolicy, old.preemptionPolicy, "preemptionPolicy", errors);
    return errors;
  },
  cells: (one, now) => [
    nameOf(one),
    one.value ?? 0,
    one.globalDefault ?? false,
    age(one, now),
    one.preemptionPolicy ?? "",
  ],
});

function validatePreemption({ preemptionPolicy: policy }: PriorityClass, errors: Errors): void {
  const policies = ["PreemptLowerPriority", "Never"];
  if (policy !== undefined && !policies.includes(policy))
    errors.push(notSupported("preemptionPolicy", policy, policies));
}

type RuntimeClass = DecodedObject<api.RuntimeClass>;

export const runtimeClasses: Strategy<RuntimeClass> = kindStrategy<RuntimeClass>({
  place: ["node.k8s.io", "v1", "runtimeclasses"],
  defaults: (one) => withParts(one, { overhead: (overhead) => withParts(overhead, { podFixed: roundAmounts }) }),
  validate: validateRuntimeClass,
  validateUpdate: (one, old) => {
    const errors: Errors = [];
    validateImmutable(one.handler, old.handler, "handler", errors);
    return errors;
  },
  cells: (one, now) => [nameOf(one), one.handler ?? "", age(one, now)],
});

function validateRuntimeClass(one: RuntimeClass): readonly FieldError[] {
  const errors: Errors = [];
  const { handler = "", overhead, scheduling } = one;
  sayInvalid(dnsLabelProblems(handler), handler, "handler", errors);
  const amounts = overhead?.podFixed;
  for (const name in amounts) validateResourceValue(name, amounts[name] ?? "0", `overhead.podFixed[${name}]`, errors);
  validateLabels(scheduling?.nodeSelector, "scheduling.nodeSelector", errors);
  if (scheduling?.tolerations !== undefined)
    validateTolerations(scheduling.tolerations, "scheduling.tolerations", errors);
  return errors;
}
