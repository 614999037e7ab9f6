import type { KubernetesObject } from "../../api/object.ts";
import type { ServerSettings } from "../state.ts";
import { aggregatedRoles } from "./aggregated-roles.ts";
import { apiServices } from "./api-services.ts";
import { clusterRoles } from "./cluster-roles.ts";
import { controllerRoles } from "./controller-roles.ts";
import { flowSchemas, priorityLevels } from "./flow-control.ts";
import { namespaceRoles } from "./namespace-roles.ts";
import { bindingOf, roleOf } from "./rbac-rows.ts";
import { bindings } from "./role-bindings.ts";

/** What a cluster starts with, in the order of its creation. */
export function bootstrapObjects(settings: ServerSettings, time: string): readonly KubernetesObject[] {
  const always = [...namespaces.map(namespace), ...priorityClasses, ...serviceObjects(time), bindingOf(administrators)];
  if (settings.bootstrap === "minimal") return always;
  return [
    ...always,
    ...[...clusterRoles, ...aggregatedRoles, ...controllerRoles, ...namespaceRoles].map(roleOf),
    ...bindings.map(bindingOf),
    ...Object.entries(priorityLevels).map(([name, spec]) => priorityLevel(name, spec)),
    ...apiServices(time),
    ...Object.entries(flowSchemas).map(([name, spec]) => flowSchema(name, spec, time)),
  ];
}

/** Made by kubeadm init for the holder of admin.conf. */
const administrators = {
  name: "kubeadm:cluster-admins",
  role: "cluster-admin",
  subjects: ["g kubeadm:cluster-admins"],
};

/** Source: kubernetes pkg/controlplane/controller/systemnamespaces, pkg/controlplane/instance.go. */
const namespaces = ["kube-system", "kube-public", "default", "kube-node-lease"] as const;

function namespace(name: string): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  };
}

/** Source: kubernetes pkg/apis/scheduling/v1/helpers.go SystemPriorityClasses. */
const priorityClasses: readonly KubernetesObject[] = [
  priorityClass(
    "system-node-critical",
    2_000_001_000,
    "Used for system critical pods that must not be moved from their current node.",
  ),
  priorityClass(
    "system-cluster-critical",
    2_000_000_000,
    "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
  ),
];

function priorityClass(name: string, value: number, description: string): KubernetesObject {
  const body = {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name, generation: 1 },
    description,
    preemptionPolicy: "PreemptLowerPriority",
    value,
  };
  return body;
}

/** The address of the API server and its Service. Source: golden/c-kubectl/067. */
const SERVER = { address: "192.168.64.2", port: 6443, clusterIp: "10.96.0.1" } as const;

/** Source: kubernetes pkg/controlplane/controller/kubernetesservice and pkg/controlplane/controller/defaultservicecidr. */
function serviceObjects(time: string): readonly KubernetesObject[] {
  const metadata = { name: "kubernetes", namespace: "default" };
  const ports = [{ name: "https", port: SERVER.port, protocol: "TCP" }];
  const slice = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { ...metadata, generation: 1, labels: { "kubernetes.io/service-name": "kubernetes" } },
    addressType: "IPv4",
    endpoints: [{ addresses: [SERVER.address], conditions: { ready: true } }],
    ports,
  };
  const endpoints = {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { ...metadata, labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } },
    subsets: [{ addresses: [{ ip: SERVER.address }], ports }],
  };
  return [serviceRange(time), kubernetesService(metadata), endpoints, slice];
}

function serviceRange(time: string): KubernetesObject {
  const ready = {
    lastTransitionTime: time,
    message: "Kubernetes Service CIDR is ready",
    reason: "",
    status: "True",
    type: "Ready",
  };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "ServiceCIDR",
    metadata: { name: "kubernetes", finalizers: ["networking.k8s.io/service-cidr-finalizer"] },
    spec: { cidrs: ["10.96.0.0/12"] },
    status: { conditions: [ready] },
  };
}

function kubernetesService(metadata: { readonly name: string; readonly namespace: string }): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { ...metadata, labels: { component: "apiserver", provider: "kubernetes" } },
    spec: {
      clusterIP: SERVER.clusterIp,
      clusterIPs: [SERVER.clusterIp],
      internalTrafficPolicy: "Cluster",
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: SERVER.port }],
      sessionAffinity: "None",
      type: "ClusterIP",
    },
    status: { loadBalancer: {} },
  };
}

const FLOW_CONTROL = "flowcontrol.apiserver.k8s.io/v1";

function flowMetadata(name: string): KubernetesObject["metadata"] {
  return { name, generation: 1, annotations: { "apf.kubernetes.io/autoupdate-spec": "true" } };
}

function priorityLevel(name: string, spec: string): KubernetesObject {
  const metadata = flowMetadata(name);
  return {
    apiVersion: FLOW_CONTROL,
    kind: "PriorityLevelConfiguration",
    metadata,
    spec: JSON.parse(spec) as unknown,
    status: {},
  };
}

function flowSchema(name: string, spec: string, time: string): KubernetesObject {
  const parsed = JSON.parse(spec) as { readonly priorityLevelConfiguration: { readonly name: string } };
  const level = parsed.priorityLevelConfiguration.name;
  const message = `This FlowSchema references the PriorityLevelConfiguration object named "${level}" and it exists`;
  const dangling = { lastTransitionTime: time, message, reason: "Found", status: "False", type: "Dangling" };
  const metadata = flowMetadata(name);
  return { apiVersion: FLOW_CONTROL, kind: "FlowSchema", metadata, spec: parsed, status: { conditions: [dangling] } };
}
