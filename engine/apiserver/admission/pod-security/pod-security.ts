// After kubernetes v1.36 staging/src/k8s.io/pod-security-admission/admission/admission.go; not modelled: exemptions, pinned versions.
import type { PodSpec } from "../../../api/generated/types.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import type { Status } from "../../../api/status.ts";
import { get } from "../../../kernel/sorted-map.ts";
import { collectionAt, type Turn } from "../../state.ts";
import type { Admission, AdmissionPlugin } from "../plugin.ts";
import { podSpecOf, refuse } from "../refuse.ts";
import { violations } from "./checks.ts";

const LABEL = "pod-security.kubernetes.io/";

/** Holds pods to the standard that their namespace names. */
export const podSecurity: AdmissionPlugin = {
  name: "PodSecurity",
  validate: (turn, admission) => {
    const { call, operation } = admission;
    if (operation === "DELETE" || operation === "CONNECT") return undefined;
    const { subresource, namespace } = call.info;
    if (subresource !== "" && subresource !== "ephemeralcontainers") return undefined;
    const pod = podOf(admission);
    if (pod === undefined) return undefined;
    const labels = get(collectionAt(turn.state, "namespaces").objects, namespace)?.metadata.labels;
    return labels === undefined ? undefined : hold(turn, admission, { pod, labels });
  },
};

interface Held {
  readonly pod: PodOfKind;
  readonly labels: Readonly<Record<string, string>>;
}

interface PodOfKind {
  readonly spec: PodSpec;
  readonly metadata: KubernetesObject["metadata"];
  /** A template is warned about and never refused. */
  readonly isTemplate: boolean;
}

function hold(_turn: Turn, admission: Admission, { pod, labels }: Held): Status | undefined {
  const enforced = labels[`${LABEL}enforce`] ?? "privileged";
  const found = violations(enforced, pod.spec, pod.metadata);
  if (!pod.isTemplate && found !== undefined && !isHarmless(admission))
    return refuse(admission, `violates PodSecurity "${versioned(labels, "enforce", enforced)}": ${found}`);
  const warned = labels[`${LABEL}warn`] ?? "privileged";
  const about = violations(warned, pod.spec, pod.metadata);
  if (about !== undefined && !isHarmless(admission)) {
    admission.call.warnings.push(`would violate PodSecurity "${versioned(labels, "warn", warned)}": ${about}`);
  }
  return undefined;
}

function versioned(labels: Readonly<Record<string, string>>, mode: string, level: string): string {
  return `${level}:${labels[`${LABEL}${mode}-version`] ?? "latest"}`;
}

/** An update that leaves what counts as it was is not looked at again. */
function isHarmless(admission: Admission): boolean {
  return admission.operation === "UPDATE" && admission.object.spec === admission.old?.spec;
}

function podOf(admission: Admission): PodOfKind | undefined {
  const { call, object } = admission;
  if (call.served.prefix === "pods") return { spec: podSpecOf(object), metadata: object.metadata, isTemplate: false };
  const template = templateOf(call.served.prefix, object);
  return template?.spec === undefined
    ? undefined
    : {
        spec: { ...template.spec, containers: template.spec.containers ?? [] },
        metadata: template.metadata ?? {},
        isTemplate: true,
      };
}

interface Template {
  readonly spec?: PodSpec;
  readonly metadata?: KubernetesObject["metadata"];
}

function templateOf(prefix: string, object: KubernetesObject): Template | undefined {
  const spec = object.spec as
    | { readonly template?: Template; readonly jobTemplate?: { readonly spec?: { readonly template?: Template } } }
    | undefined;
  switch (prefix) {
    case "deployments":
    case "replicasets":
    case "statefulsets":
    case "daemonsets":
    case "jobs":
    case "controllers":
      return spec?.template;
    case "cronjobs":
      return spec?.jobTemplate?.spec?.template;
    default:
      return undefined;
  }
}
