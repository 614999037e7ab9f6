// After kubernetes v1.36 pkg/apis/core/v1/defaults.go and conversion.go.
import type * as api from "../../../api/generated/types.ts";
import type { Decoded } from "../decoded.ts";
import { roundAmounts } from "../resource-amounts.ts";
import { mapShared, withDefaults, withField, withParts } from "../shared-change.ts";
import type { Container, EphemeralContainer, PodSpec } from "./scope.ts";
import { pullPolicyOf } from "./pull-policy.ts";
import { defaultVolume } from "./volume-defaults.ts";

/** What is filled in for every pod spec, in a pod or in a template. */
export function defaultPodSpec(spec: PodSpec): PodSpec {
  const filled = withDefaults(spec, {
    dnsPolicy: "ClusterFirst",
    restartPolicy: "Always",
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    schedulerName: "default-scheduler",
  });
  const parts = withParts(filled, {
    containers: (list) => mapShared(list, defaultContainer),
    initContainers: (list) => mapShared(list, defaultContainer),
    ephemeralContainers: (list) => mapShared(list, (one) => defaultContainer(one) as EphemeralContainer),
    volumes: (list) => mapShared(list, defaultVolume),
    overhead: roundAmounts,
    resources: roundRequirements,
  });
  return withBothAccountNames(parts);
}

/** The deprecated `serviceAccount` always says what `serviceAccountName` says. */
function withBothAccountNames(spec: PodSpec): PodSpec {
  const name = spec.serviceAccountName ?? spec.serviceAccount;
  if (name === undefined) return spec;
  return withField(withField(spec, "serviceAccountName", name), "serviceAccount", name);
}

/** What is filled in for a pod and not for a template. */
export function defaultPodOnly(spec: PodSpec): PodSpec {
  const linked = withDefaults(spec, { enableServiceLinks: true });
  const requested = withParts(linked, {
    containers: (list) => mapShared(list, requestLimits),
    initContainers: (list) => mapShared(list, requestLimits),
  });
  if (requested.hostNetwork !== true) return requested;
  return withParts(requested, {
    containers: (list) => mapShared(list, withHostPorts),
    initContainers: (list) => mapShared(list, withHostPorts),
  });
}

/** Who limits a resource requests as much, unless they say otherwise. */
function requestLimits<C extends Container>(container: C): C {
  const { limits, requests } = container.resources ?? {};
  if (limits === undefined) return container;
  const missing = Object.keys(limits).filter((name) => requests?.[name] === undefined);
  if (missing.length === 0) return container;
  const added = Object.fromEntries(missing.map((name) => [name, limits[name] ?? "0"]));
  return { ...container, resources: { ...container.resources, requests: { ...requests, ...added } } };
}

function withHostPorts(container: Container): Container {
  return withParts(container, {
    ports: (list) =>
      mapShared(list, (port) =>
        port.containerPort === undefined ? port : withDefaults(port, { hostPort: port.containerPort }),
      ),
  });
}

function defaultContainer(container: Container): Container {
  const filled = withDefaults(container, {
    imagePullPolicy: pullPolicyOf(container.image ?? ""),
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
  });
  return withParts(filled, {
    ports: (list) => mapShared(list, (port) => withDefaults(port, { protocol: "TCP" })),
    env: (list) => mapShared(list, defaultVariable),
    resources: roundRequirements,
    livenessProbe: defaultProbe,
    readinessProbe: defaultProbe,
    startupProbe: defaultProbe,
    lifecycle: (lifecycle) => withParts(lifecycle, { postStart: defaultHandler, preStop: defaultHandler }),
  });
}

export function defaultVariable(variable: Decoded<api.EnvVar>): Decoded<api.EnvVar> {
  return withParts(variable, {
    valueFrom: (source) => withParts(source, { fieldRef: (ref) => withDefaults(ref, { apiVersion: "v1" }) }),
  });
}

function roundRequirements(resources: Decoded<api.ResourceRequirements>): Decoded<api.ResourceRequirements> {
  return withParts(resources, { limits: roundAmounts, requests: roundAmounts });
}

function defaultProbe(probe: Decoded<api.Probe>): Decoded<api.Probe> {
  const filled = withDefaults(probe, {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  });
  return withParts(filled, { httpGet: defaultHttpGet, grpc: (grpc) => withField(grpc, "service", grpc.service ?? "") });
}

function defaultHandler(handler: Decoded<api.LifecycleHandler>): Decoded<api.LifecycleHandler> {
  return withParts(handler, { httpGet: defaultHttpGet });
}

function defaultHttpGet(action: Decoded<api.HTTPGetAction>): Decoded<api.HTTPGetAction> {
  return withDefaults(action, { path: "/", scheme: "HTTP" });
}

/** A template: its spec is defaulted. */
export function defaultTemplate<Template extends Decoded<api.PodTemplateSpec>>(template: Template): Template {
  const spec: PodSpec = template.spec ?? { containers: [] };
  return withField(template, "spec", defaultPodSpec(spec));
}
