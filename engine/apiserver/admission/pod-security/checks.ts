// After kubernetes v1.36 staging/src/k8s.io/pod-security-admission/policy (check_*.go); not modelled: Windows, SELinux, AppArmor annotations, proc mounts, sysctls beyond the safe list.
import type { Container, PodSpec, Volume } from "../../../api/generated/types.ts";
import type { ObjectMeta } from "../../../api/object.ts";

/** What breaks the standard of that level, as one sentence part; undefined when nothing does. */
export function violations(level: string, spec: PodSpec, _metadata: ObjectMeta): string | undefined {
  if (level !== "baseline" && level !== "restricted") return undefined;
  const checks =
    level === "baseline"
      ? baseline
      : [...baseline.filter((check) => check !== baselineCapabilities && check !== baselineSeccomp), ...restricted];
  const found = checks.map((check) => check(spec)).filter((problem) => problem !== undefined);
  const sorted = found.toSorted((one, other) => order(one.name) - order(other.name));
  return sorted.length === 0
    ? undefined
    : sorted.map(({ reason, detail }) => (detail === "" ? reason : `${reason} (${detail})`)).join(", ");
}

interface Problem {
  readonly name: string;
  readonly reason: string;
  readonly detail: string;
}

type Check = (spec: PodSpec) => Problem | undefined;

/** The order in which the checks are registered: by their ids. Source: policy/registry.go. */
const names = [
  "hostNamespaces",
  "privileged",
  "baselineCapabilities",
  "hostPathVolumes",
  "hostPorts",
  "seccompBaseline",
  "allowPrivilegeEscalation",
  "restrictedCapabilities",
  "restrictedVolumes",
  "runAsNonRoot",
  "runAsUser",
  "seccompRestricted",
] as const;

function order(name: string): number {
  return (names as readonly string[]).indexOf(name);
}

function containersOf(spec: PodSpec): readonly Container[] {
  return [
    ...(spec.initContainers ?? []),
    ...spec.containers,
    ...((spec.ephemeralContainers ?? []) as unknown as readonly Container[]),
  ];
}

function quoted(all: readonly string[]): string {
  return all.map((one) => JSON.stringify(one)).join(", ");
}

function plural(count: number, one: string): string {
  return count === 1 ? one : `${one}s`;
}

function about(containers: readonly Container[], text: string): string {
  return `${plural(containers.length, "container")} ${quoted(containers.map(({ name }) => name))} ${text}`;
}

function hostNamespaces(spec: PodSpec): Problem | undefined {
  const used = (["hostNetwork", "hostPID", "hostIPC"] as const).filter((key) => spec[key] === true);
  return used.length === 0
    ? undefined
    : { name: "hostNamespaces", reason: "host namespaces", detail: used.map((key) => `${key}=true`).join(", ") };
}

function privileged(spec: PodSpec): Problem | undefined {
  const bad = containersOf(spec).filter((container) => container.securityContext?.privileged === true);
  return bad.length === 0
    ? undefined
    : { name: "privileged", reason: "privileged", detail: about(bad, "must not set securityContext.privileged=true") };
}

const allowedCapabilities: ReadonlySet<string> = new Set([
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
]);

function baselineCapabilities(spec: PodSpec): Problem | undefined {
  const bad: Container[] = [];
  const added = new Set<string>();
  for (const container of containersOf(spec)) {
    const wrong = (container.securityContext?.capabilities?.add ?? []).filter((name) => !allowedCapabilities.has(name));
    if (wrong.length > 0) bad.push(container);
    for (const name of wrong) added.add(name);
  }
  if (bad.length === 0) return undefined;
  return {
    name: "baselineCapabilities",
    reason: "non-default capabilities",
    detail: about(bad, `must not include ${quoted([...added].toSorted())} in securityContext.capabilities.add`),
  };
}

function hostPathVolumes(spec: PodSpec): Problem | undefined {
  const bad = (spec.volumes ?? []).filter((volume) => volume.hostPath !== undefined);
  return bad.length === 0
    ? undefined
    : {
        name: "hostPathVolumes",
        reason: "hostPath volumes",
        detail: `${plural(bad.length, "volume")} ${quoted(bad.map(({ name }) => name))}`,
      };
}

function hostPorts(spec: PodSpec): Problem | undefined {
  const bad = containersOf(spec).filter(
    (container) => container.ports?.some((port) => (port.hostPort ?? 0) !== 0) === true,
  );
  const ports = [
    ...new Set(bad.flatMap((container) => (container.ports ?? []).map((port) => port.hostPort ?? 0))),
  ].filter((port) => port !== 0);
  if (bad.length === 0) return undefined;
  const uses = bad.length === 1 ? "uses" : "use";
  return {
    name: "hostPorts",
    reason: "hostPort",
    detail: about(bad, `${uses} ${plural(ports.length, "hostPort")} ${ports.map(String).toSorted().join(", ")}`),
  };
}

function baselineSeccomp(spec: PodSpec): Problem | undefined {
  const isUnconfined = spec.securityContext?.seccompProfile?.type === "Unconfined";
  const bad = containersOf(spec).filter(
    (container) => container.securityContext?.seccompProfile?.type === "Unconfined",
  );
  if (!isUnconfined && bad.length === 0) return undefined;
  const who = [
    ...(isUnconfined ? ["pod"] : []),
    ...(bad.length === 0 ? [] : [`${plural(bad.length, "container")} ${quoted(bad.map(({ name }) => name))}`]),
  ];
  return {
    name: "seccompBaseline",
    reason: "seccompProfile",
    detail: `${who.join(" and ")} must not set securityContext.seccompProfile.type to "Unconfined"`,
  };
}

const baseline: readonly Check[] = [
  hostNamespaces,
  privileged,
  baselineCapabilities,
  hostPathVolumes,
  hostPorts,
  baselineSeccomp,
];

function allowPrivilegeEscalation(spec: PodSpec): Problem | undefined {
  const bad = containersOf(spec).filter((container) => container.securityContext?.allowPrivilegeEscalation !== false);
  if (bad.length === 0) return undefined;
  return {
    name: "allowPrivilegeEscalation",
    reason: "allowPrivilegeEscalation != false",
    detail: about(bad, "must set securityContext.allowPrivilegeEscalation=false"),
  };
}

function restrictedCapabilities(spec: PodSpec): Problem | undefined {
  const all = containersOf(spec);
  const notDropped = all.filter((container) => container.securityContext?.capabilities?.drop?.includes("ALL") !== true);
  const adding = all.filter((container) =>
    (container.securityContext?.capabilities?.add ?? []).some((name) => name !== "NET_BIND_SERVICE"),
  );
  if (notDropped.length === 0 && adding.length === 0) return undefined;
  const added = [...new Set(adding.flatMap((container) => container.securityContext?.capabilities?.add ?? []))]
    .filter((name) => name !== "NET_BIND_SERVICE")
    .toSorted();
  const details = [
    ...(notDropped.length === 0 ? [] : [about(notDropped, 'must set securityContext.capabilities.drop=["ALL"]')]),
    ...(adding.length === 0
      ? []
      : [about(adding, `must not include ${quoted(added)} in securityContext.capabilities.add`)]),
  ];
  return { name: "restrictedCapabilities", reason: "unrestricted capabilities", detail: details.join("; ") };
}

const allowedVolumes = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
  "image",
] as const;

function restrictedVolumes(spec: PodSpec): Problem | undefined {
  const bad = (spec.volumes ?? []).filter((volume) => !isAllowed(volume));
  if (bad.length === 0) return undefined;
  const types = [...new Set(bad.flatMap((volume) => Object.keys(volume).filter((key) => key !== "name")))].toSorted();
  const uses = bad.length === 1 ? "uses" : "use";
  const detail = `${plural(bad.length, "volume")} ${quoted(bad.map(({ name }) => name))} ${uses} restricted volume ${plural(types.length, "type")} ${quoted(types)}`;
  return { name: "restrictedVolumes", reason: "restricted volume types", detail };
}

function isAllowed(volume: Volume): boolean {
  return allowedVolumes.some((key) => (volume as unknown as Readonly<Record<string, unknown>>)[key] !== undefined);
}

function runAsNonRoot(spec: PodSpec): Problem | undefined {
  const ofPod = spec.securityContext?.runAsNonRoot;
  const all = containersOf(spec);
  const explicit = all.filter((container) => container.securityContext?.runAsNonRoot === false);
  const unsaid = all.filter((container) => container.securityContext?.runAsNonRoot === undefined);
  if (explicit.length > 0 || ofPod === false) {
    const who = [
      ...(ofPod === false ? ["pod"] : []),
      ...(explicit.length === 0
        ? []
        : [`${plural(explicit.length, "container")} ${quoted(explicit.map(({ name }) => name))}`]),
    ];
    return {
      name: "runAsNonRoot",
      reason: "runAsNonRoot != true",
      detail: `${who.join(" and ")} must not set securityContext.runAsNonRoot=false`,
    };
  }
  if (ofPod === true || unsaid.length === 0) return undefined;
  return {
    name: "runAsNonRoot",
    reason: "runAsNonRoot != true",
    detail: `pod or ${about(unsaid, "must set securityContext.runAsNonRoot=true")}`,
  };
}

function runAsUser(spec: PodSpec): Problem | undefined {
  const isRoot = spec.securityContext?.runAsUser === 0;
  const bad = containersOf(spec).filter((container) => container.securityContext?.runAsUser === 0);
  if (!isRoot && bad.length === 0) return undefined;
  const who = [
    ...(isRoot ? ["pod"] : []),
    ...(bad.length === 0 ? [] : [`${plural(bad.length, "container")} ${quoted(bad.map(({ name }) => name))}`]),
  ];
  return { name: "runAsUser", reason: "runAsUser=0", detail: `${who.join(" and ")} must not set runAsUser=0` };
}

function restrictedSeccomp(spec: PodSpec): Problem | undefined {
  const isGood = (type: string | undefined): boolean => type === "RuntimeDefault" || type === "Localhost";
  const ofPod = spec.securityContext?.seccompProfile?.type;
  const all = containersOf(spec);
  const explicit = all.filter(
    ({ securityContext }) =>
      securityContext?.seccompProfile !== undefined && !isGood(securityContext.seccompProfile.type),
  );
  const unsaid = all.filter(({ securityContext }) => securityContext?.seccompProfile === undefined);
  const bad = explicit.length > 0 ? explicit : isGood(ofPod) ? [] : unsaid;
  if (bad.length === 0) return undefined;
  const whose = explicit.length > 0 ? "" : "pod or ";
  return {
    name: "seccompRestricted",
    reason: "seccompProfile",
    detail: `${whose}${about(bad, 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"')}`,
  };
}

const restricted: readonly Check[] = [
  allowPrivilegeEscalation,
  restrictedCapabilities,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  restrictedSeccomp,
];
