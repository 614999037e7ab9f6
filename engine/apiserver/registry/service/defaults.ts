// After kubernetes v1.36 pkg/apis/core/v1/defaults.go SetDefaults_Service.
import { mapShared, withDefaults, withField, withParts } from "../shared-change.ts";
import { isExternallyAccessible, needsClusterIp, type Service, type ServicePort, type ServiceSpec } from "./scope.ts";

/** Source: DefaultClientIPServiceAffinitySeconds: three hours. */
const AFFINITY_SECONDS = 10_800;

export function defaultService(service: Service): Service {
  const made = withField(service, "spec", defaultSpec(service.spec ?? {}));
  return withParts(made, {
    status: (status) =>
      withParts(status, {
        loadBalancer: (balancer) =>
          withParts(balancer, {
            ingress: (list) => mapShared(list, (one) => ("ip" in one ? withDefaults(one, { ipMode: "VIP" }) : one)),
          }),
      }),
  });
}

function defaultSpec(spec: ServiceSpec): ServiceSpec {
  const filled = withParts(withDefaults(spec, { sessionAffinity: "None", type: "ClusterIP" }), {
    ports: (list) => mapShared(list, defaultPort),
  });
  return defaultTraffic(defaultAffinity(filled));
}

function defaultAffinity(spec: ServiceSpec): ServiceSpec {
  if (spec.sessionAffinity === "None") return withField(spec, "sessionAffinityConfig", undefined);
  if (spec.sessionAffinity !== "ClientIP") return spec;
  const config = spec.sessionAffinityConfig ?? {};
  const clientIP = withDefaults(config.clientIP ?? {}, { timeoutSeconds: AFFINITY_SECONDS });
  return withField(spec, "sessionAffinityConfig", withField(config, "clientIP", clientIP));
}

function defaultPort(port: ServicePort): ServicePort {
  const filled = withDefaults(port, { protocol: "TCP" });
  const { targetPort, port: number = 0 } = filled;
  return targetPort === undefined || targetPort === 0 || targetPort === ""
    ? withField(filled, "targetPort", number)
    : filled;
}

function defaultTraffic(spec: ServiceSpec): ServiceSpec {
  let made = spec;
  if (isExternallyAccessible(spec)) made = withDefaults(made, { externalTrafficPolicy: "Cluster" });
  if (needsClusterIp(spec) && spec.internalTrafficPolicy === undefined)
    made = { ...made, internalTrafficPolicy: "Cluster" };
  return spec.type === "LoadBalancer" ? withDefaults(made, { allocateLoadBalancerNodePorts: true }) : made;
}
