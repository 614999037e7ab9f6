// After kubernetes v1.36 pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go; not modelled: claims of devices.
import type { Plugin } from "../../framework.ts";

/** Without claims of devices it has nothing to filter; its score is 0 for every node, and it is shown. */
export const dynamicResources: Plugin = {
  name: "DynamicResources",
  weight: 2,
  score: () => 0,
};
