import { type Misconception, VIRTUAL_IPS } from "./misconception.ts";

/** A request to a Pod's IP may be answered by another Pod of the Service. */
export const serviceOwnsThePodIp: Misconception = {
  id: "probes/service-owns-the-pod-ip",
  claims: ["002-54"],
  source: VIRTUAL_IPS,
  counterexample: "pod-ip",
};
