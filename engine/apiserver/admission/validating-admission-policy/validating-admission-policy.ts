// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/validating (dispatcher.go, validator.go); not modelled: audit annotations, cost limits, the authorizer variable.
import type { Status } from "../../../api/status.ts";
import { get, values } from "../../../kernel/sorted-map.ts";
import { type Environment, evaluate } from "../../cel.ts";
import { collectionAt, type Turn } from "../../state.ts";
import type { Admission, AdmissionPlugin } from "../plugin.ts";
import { refuse } from "../refuse.ts";
import { matches, type MatchResources } from "./match.ts";
import { environmentOf, paramsOf, type ParamKind, type ParamRef } from "./environment.ts";

interface Validation {
  readonly expression: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
}

interface Policy {
  readonly metadata: { readonly name?: string };
  readonly spec?: {
    readonly failurePolicy?: "Fail" | "Ignore";
    readonly paramKind?: ParamKind;
    readonly matchConstraints?: MatchResources;
    readonly matchConditions?: readonly { readonly name: string; readonly expression: string }[];
    readonly validations?: readonly Validation[];
    readonly variables?: readonly { readonly name: string; readonly expression: string }[];
  };
}

interface Binding {
  readonly metadata: { readonly name?: string };
  readonly spec?: {
    readonly policyName?: string;
    readonly paramRef?: ParamRef;
    readonly matchResources?: MatchResources;
    readonly validationActions?: readonly string[];
  };
}

/** Holds what is written to rules in CEL that live in the cluster. */
export const validatingAdmissionPolicy: AdmissionPlugin = {
  name: "ValidatingAdmissionPolicy",
  validate: (turn, admission) => {
    const { objects } = collectionAt(turn.state, "validatingadmissionpolicybindings");
    if (objects === null) return undefined;
    for (const object of values(objects)) {
      const refusal = enforce(turn, admission, object as unknown as Binding);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  },
};

function enforce(turn: Turn, admission: Admission, binding: Binding): Status | undefined {
  const name = binding.spec?.policyName ?? "";
  const policy = get(collectionAt(turn.state, "validatingadmissionpolicies").objects, name) as Policy | undefined;
  if (policy?.spec === undefined || !matches(turn, admission, policy.spec.matchConstraints)) return undefined;
  const narrower = binding.spec?.matchResources;
  if (narrower !== undefined && !matches(turn, admission, narrower)) return undefined;
  for (const params of paramsOf(turn, admission, { kind: policy.spec.paramKind, reference: binding.spec?.paramRef })) {
    const environment = environmentOf(turn, admission, { params, variables: policy.spec.variables ?? [] });
    if (!isConcerned(policy, environment)) continue;
    const refusal = judge(admission, { policy, binding, environment });
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function isConcerned(policy: Policy, environment: Environment): boolean {
  return (policy.spec?.matchConditions ?? []).every(({ expression }) => {
    const outcome = evaluate(expression, environment);
    return outcome.kind === "value" && outcome.value === true;
  });
}

interface Case {
  readonly policy: Policy;
  readonly binding: Binding;
  readonly environment: Environment;
}

function judge(admission: Admission, { policy, binding, environment }: Case): Status | undefined {
  const actions = binding.spec?.validationActions ?? [];
  for (const validation of policy.spec?.validations ?? []) {
    const problem = problemOf(validation, environment, policy.spec?.failurePolicy !== "Ignore");
    if (problem === undefined) continue;
    const who = `ValidatingAdmissionPolicy '${policy.metadata.name ?? ""}' with binding '${binding.metadata.name ?? ""}'`;
    if (actions.includes("Warn")) admission.call.warnings.push(`Validation failed for ${who}: ${problem}`);
    if (actions.includes("Deny")) return denied(admission, `${who} denied request: ${problem}`, validation.reason);
  }
  return undefined;
}

/** Undefined: the rule holds. */
function problemOf(validation: Validation, environment: Environment, isStrict: boolean): string | undefined {
  const outcome = evaluate(validation.expression, environment);
  if (outcome.kind === "failed")
    return isStrict ? `expression '${validation.expression}' resulted in error: ${outcome.message}` : undefined;
  if (outcome.value === true) return undefined;
  const said =
    validation.messageExpression === undefined ? undefined : evaluate(validation.messageExpression, environment);
  if (said?.kind === "value" && typeof said.value === "string" && said.value.trim() !== "") return said.value;
  return validation.message ?? `failed expression: ${validation.expression.trim()}`;
}

/** Source: validating/dispatcher.go reasonToCode. */
const codes: Readonly<Record<string, number>> = { Unauthorized: 401, Forbidden: 403, RequestEntityTooLarge: 413 };

function denied(admission: Admission, message: string, reason = "Invalid"): Status {
  const refusal = refuse(admission, message);
  return { ...refusal, reason, details: { ...refusal.details, causes: [{ message }] }, code: codes[reason] ?? 422 };
}
