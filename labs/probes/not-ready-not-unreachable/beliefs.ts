/** The belief behind each wrong option. */
export const mistakenBeliefs: Readonly<
  Record<"service" | "pod-ip" | "open" | "endpoint", Readonly<Record<string, string>>>
> = {
  service: { answered: "probes/service-knows-health", silent: "probes/not-ready-is-unreachable" },
  "pod-ip": { refused: "probes/not-ready-is-unreachable", silent: "probes/not-ready-is-unreachable" },
  open: { cut: "probes/not-ready-is-unreachable", moved: "probes/service-owns-the-pod-ip" },
  endpoint: { removed: "probes/not-ready-is-unreachable", unchanged: "probes/readiness-restarts" },
};
