// After kubectl pkg/cmd/create/create_namespace.go, create_quota.go, create_pdb.go, create_priorityclass.go, create_serviceaccount.go, create_token.go.
import { parseLabelSelector } from "../../../api/label-selector.ts";
import { canonicalQuantity, parseQuantity } from "../../../api/quantity.ts";
import { failureOfResponse, messageOf, refusal } from "../../failure.ts";
import { boolFlag, durationFlag, intFlag, isGiven, listFlag, textFlag } from "../../flag-set.ts";
import { textAt, type Fields } from "../../json.ts";
import { printerOf } from "../../printers/printer.ts";
import { exchange, print, type Session, type Talk } from "../../talk.ts";
import { createGenerated, nameArgument } from "./generate.ts";

export function* createNamespace(session: Session): Talk<number> {
  const namespace = {
    kind: "Namespace",
    apiVersion: "v1",
    metadata: { name: nameArgument(session) },
    spec: {},
    status: {},
  };
  return yield* createGenerated(session, namespace, undefined);
}

export function* createServiceAccount(session: Session): Talk<number> {
  const account = { kind: "ServiceAccount", apiVersion: "v1", metadata: { name: nameArgument(session) } };
  return yield* createGenerated(session, account, "failed to create serviceaccount: ");
}

export function* createQuota(session: Session): Talk<number> {
  const name = nameArgument(session);
  const hard = quantities(textFlag(session.flags, "hard"));
  const scopes = textFlag(session.flags, "scopes")
    .split(",")
    .filter((scope) => scope !== "");
  const quota = {
    kind: "ResourceQuota",
    apiVersion: "v1",
    metadata: { name },
    spec: { ...(Object.keys(hard).length > 0 ? { hard } : {}), ...(scopes.length > 0 ? { scopes } : {}) },
    status: {},
  };
  return yield* createGenerated(session, quota, "failed to create quota: ");
}

/** Reads `cpu=1,pods=2`. Source: kubectl pkg/generate populateResourceListV1. */
export function quantities(spec: string): Readonly<Record<string, string>> {
  if (spec === "") return {};
  return Object.fromEntries(
    spec.split(",").map((pair) => {
      const [key = "", value, ...rest] = pair.split("=");
      if (value === undefined || rest.length > 0)
        throw refusal(`Invalid argument syntax ${pair}, expected <resource>=<value>`);
      const parsed = parseQuantity(value);
      if (typeof parsed === "string") throw refusal(parsed);
      return [key, canonicalQuantity(value)] as const;
    }),
  );
}

export function* createDisruptionBudget(session: Session): Talk<number> {
  const { flags } = session;
  const name = nameArgument(session);
  const [min, max] = [textFlag(flags, "min-available"), textFlag(flags, "max-unavailable")];
  const selector = textFlag(flags, "selector");
  if (selector === "") throw refusal("a selector must be specified");
  if (min === "" && max === "") throw refusal("one of min-available or max-unavailable must be specified");
  if (min !== "" && max !== "") throw refusal("min-available and max-unavailable cannot be both specified");
  for (const [flag, value] of [
    ["min-available", min],
    ["max-unavailable", max],
  ] as const) {
    if (value !== "" && !/^[0-9]+%?$/.test(value)) throw refusal(`invalid format specified for ${flag}`);
  }
  const amount = (value: string): number | string => (value.endsWith("%") ? value : Number(value));
  const budget = {
    kind: "PodDisruptionBudget",
    apiVersion: "policy/v1",
    metadata: { name },
    spec: {
      ...(min === "" ? {} : { minAvailable: amount(min) }),
      selector: selectorObject(selector),
      ...(max === "" ? {} : { maxUnavailable: amount(max) }),
    },
    status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  };
  return yield* createGenerated(session, budget, "failed to create poddisruptionbudgets: ");
}

const OPERATORS: Readonly<Record<string, string>> = {
  in: "In",
  notin: "NotIn",
  "!=": "NotIn",
  exists: "Exists",
  "!": "DoesNotExist",
};

/** A written selector as the object of the API. Source: apimachinery meta/v1 ParseToLabelSelector. */
export function selectorObject(written: string): Fields {
  const selector = parseLabelSelector(written);
  if (typeof selector === "string") throw refusal(selector);
  const equal = selector.requirements.filter((each) => each.operator === "=" || each.operator === "==");
  const others = selector.requirements.filter((each) => !equal.includes(each));
  const expressions = others.map(({ key, operator, values }) => ({
    key,
    operator: OPERATORS[operator] ?? operator,
    ...(values.length > 0 ? { values } : {}),
  }));
  return {
    ...(equal.length > 0
      ? { matchLabels: Object.fromEntries(equal.map((each) => [each.key, each.values[0] ?? ""])) }
      : {}),
    ...(expressions.length > 0 ? { matchExpressions: expressions } : {}),
  };
}

export function* createPriorityClass(session: Session): Talk<number> {
  const { flags } = session;
  const description = textFlag(flags, "description");
  const priorityClass = {
    kind: "PriorityClass",
    apiVersion: "scheduling.k8s.io/v1",
    metadata: { name: nameArgument(session) },
    value: intFlag(flags, "value"),
    ...(boolFlag(flags, "global-default") ? { globalDefault: true } : {}),
    ...(description === "" ? {} : { description }),
    preemptionPolicy: textFlag(flags, "preemption-policy"),
  };
  return yield* createGenerated(session, priorityClass, "failed to create priorityclass: ");
}

/** Kinds that a token can be bound to, and their versions. Source: create_token.go boundObjectKinds. */
const BOUND_KINDS = ["Node", "Pod", "Secret"];

export function* createToken(session: Session): Talk<number> {
  const { flags, config } = session;
  const name = nameArgument(session);
  const printer = textFlag(flags, "output") === "" ? undefined : yield* printerOf(session, { operation: "created" });
  const duration = durationFlag(flags, "duration");
  if (duration < 0) throw refusal("--duration must be greater than or equal to 0");
  const spec: Record<string, unknown> = {
    audiences: listFlag(flags, "audience").length > 0 ? listFlag(flags, "audience") : null,
  };
  if (isGiven(flags, "duration") && duration > 0) spec["expirationSeconds"] = Math.floor(duration / 1000);
  const kind = textFlag(flags, "bound-object-kind");
  if (kind !== "") {
    if (!BOUND_KINDS.includes(kind))
      throw refusal(`supported --bound-object-kind values are ${BOUND_KINDS.join(", ")}`);
    spec["boundObjectRef"] = {
      kind,
      apiVersion: "v1",
      name: textFlag(flags, "bound-object-name"),
      uid: textFlag(flags, "bound-object-uid"),
    };
  }
  const body = {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: {},
    spec,
    status: { token: "", expirationTimestamp: null },
  };
  const path = `/api/v1/namespaces/${config.namespace}/serviceaccounts/${name}/token`;
  const response = yield* exchange(session, { method: "POST", path, body });
  if (response.code >= 400)
    throw refusal(`failed to create token: ${messageOf(failureOfResponse(response.code, response.body))}`);
  const token = textAt(response.body, "status", "token");
  yield* print(printer === undefined ? `${token}\n` : printer.print(response.body as Fields));
  return 0;
}
