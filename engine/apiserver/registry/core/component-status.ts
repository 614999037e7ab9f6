// After kubernetes v1.36 pkg/printers/internalversion/printers.go printComponentStatus.
import type * as api from "../../../api/generated/types.ts";
import { nameOf } from "../cells.ts";
import type { DecodedObject } from "../decoded.ts";
import { kindStrategy } from "../kind-strategy.ts";
import type { Strategy } from "../strategy.ts";

type ComponentStatus = DecodedObject<api.ComponentStatus>;

const words: Readonly<Record<string, string>> = { True: "Healthy", False: "Unhealthy" };

export const componentStatuses: Strategy<ComponentStatus> = kindStrategy<ComponentStatus>({
  place: ["", "v1", "componentstatuses"],
  cells: (component) => {
    const healthy = component.conditions?.find(({ type }) => type === "Healthy");
    return [nameOf(component), words[healthy?.status ?? ""] ?? "Unknown", healthy?.message ?? "", healthy?.error ?? ""];
  },
});
