// After kubernetes v1.36 pkg/registry/flowcontrol/*/strategy.go, pkg/apis/flowcontrol/v1/defaults.go; not modelled: their validation.
import type * as api from "../../../api/generated/types.ts";
import { age, nameOf } from "../cells.ts";
import type { DecodedObject } from "../decoded.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { withDefaults, withParts } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";

type FlowSchema = DecodedObject<api.FlowSchema>;
type PriorityLevel = DecodedObject<api.PriorityLevelConfiguration>;

export const flowSchemas: Strategy<FlowSchema> = kindStrategy<FlowSchema>({
  place: ["flowcontrol.apiserver.k8s.io", "v1", "flowschemas"],
  generationOf: ["spec"],
  defaults: (schema) => withParts(schema, { spec: (spec) => withDefaults(spec, { matchingPrecedence: 1000 }) }),
  cells: (schema, now) => [
    nameOf(schema),
    schema.spec?.priorityLevelConfiguration?.name ?? "",
    schema.spec?.matchingPrecedence ?? 0,
    schema.spec?.distinguisherMethod?.type ?? "<none>",
    age(schema, now),
    schema.status?.conditions?.find(({ type }) => type === "Dangling")?.status ?? "?",
  ],
});

export const priorityLevels: Strategy<PriorityLevel> = kindStrategy<PriorityLevel>({
  place: ["flowcontrol.apiserver.k8s.io", "v1", "prioritylevelconfigurations"],
  generationOf: ["spec"],
  defaults: (level) =>
    withParts(level, {
      spec: (spec) =>
        withParts(spec, {
          limited: (limited) =>
            withParts(withDefaults(limited, { nominalConcurrencyShares: 30, lendablePercent: 0 }), {
              limitResponse: (response) =>
                withParts(response, {
                  queuing: (queuing) => withDefaults(queuing, { queues: 64, handSize: 8, queueLengthLimit: 50 }),
                }),
            }),
          exempt: (exempt) => withDefaults(exempt, { nominalConcurrencyShares: 0, lendablePercent: 0 }),
        }),
    }),
  cells: (level, now) => {
    const { type = "", limited } = level.spec ?? {};
    const queuing = limited?.limitResponse?.queuing;
    return [
      nameOf(level),
      type,
      limited?.nominalConcurrencyShares ?? "<none>",
      queuing?.queues ?? "<none>",
      queuing?.handSize ?? "<none>",
      queuing?.queueLengthLimit ?? "<none>",
      age(level, now),
    ];
  },
});
