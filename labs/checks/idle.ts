/** Who has nothing to do while no Pod is created or deleted and no node is lost. */
export const WITHOUT_NEW_PODS: readonly string[] = [
  "control-plane/garbage-collector-controller",
  "control-plane/service-account-controller",
  "control-plane/deployment-controller",
  "control-plane/replica-set-controller",
  "control-plane/kube-scheduler",
];

/** The same, where nobody asks for a Service either. */
export const WITHOUT_SERVICES: readonly string[] = [
  ...WITHOUT_NEW_PODS,
  "control-plane/endpoint-slice-controller",
  "worker-1/kube-proxy",
];
