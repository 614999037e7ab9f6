import type { Pod, Volume } from "../api/generated/types.ts";
import { wholeValue } from "../api/quantity.ts";
import type { SandboxConfig, VolumeContent } from "../runtime/cri.ts";
import { decodeBase64 } from "./base64.ts";
import { downwardValue } from "./environment.ts";
import type { Answer, Ask, JobInput } from "./job.ts";

type Built =
  | { readonly kind: "config"; readonly config: SandboxConfig }
  | { readonly kind: "missing"; readonly message: string };

/** What the runtime needs to know to make the pod's sandbox and its volumes. */
export function* sandboxConfigOf(input: JobInput, attempt: number): Generator<Ask, Built, Answer> {
  const { pod, settings } = input;
  const volumes: VolumeContent[] = [];
  for (const volume of pod.spec.volumes ?? []) {
    const content = yield* volumeContent(pod, volume);
    if (typeof content === "string")
      return { kind: "missing", message: `MountVolume.SetUp failed for volume "${volume.name}" : ${content}` };
    volumes.push(content);
  }
  const { name = "", namespace = "", uid = "" } = pod.metadata;
  const config: SandboxConfig = {
    uid,
    name,
    namespace,
    attempt,
    hostname: pod.spec.hostNetwork === true ? settings.node.name : hostnameOf(pod),
    isHostNetwork: pod.spec.hostNetwork === true,
    isProcessNamespaceShared: pod.spec.shareProcessNamespace === true || pod.spec.hostPID === true,
    volumes,
    resolvConf: resolvConfOf(pod),
    hostAliases: (pod.spec.hostAliases ?? []).map((alias) => `${alias.ip}\t${(alias.hostnames ?? []).join("\t")}`),
  };
  return { kind: "config", config };
}

/** Source: pkg/kubelet/util: the pod's name, cut to 63 characters, unless the pod says otherwise. */
function hostnameOf(pod: Pod): string {
  return pod.spec.hostname ?? (pod.metadata.name ?? "").slice(0, 63);
}

/** The cluster's DNS address. Source: kubeadm, the tenth address of the service range. */
const CLUSTER_DNS = "10.96.0.10";

/** Source: pkg/kubelet/network/dns/dns.go; golden/g-kubelet/28-inside-a-pod. */
function resolvConfOf(pod: Pod): string {
  const policy = pod.spec.dnsPolicy ?? "ClusterFirst";
  const isCluster =
    policy === "ClusterFirstWithHostNet" || (policy === "ClusterFirst" && pod.spec.hostNetwork !== true);
  const namespace = pod.metadata.namespace ?? "default";
  const searches: readonly string[] = isCluster
    ? [`${namespace}.svc.cluster.local`, "svc.cluster.local", "cluster.local"]
    : [];
  const own = pod.spec.dnsConfig;
  const nameservers = [...(isCluster ? [CLUSTER_DNS] : nodeServers(policy)), ...(own?.nameservers ?? [])];
  const options = [...(isCluster ? ["ndots:5"] : []), ...(own?.options ?? []).map(optionText)];
  const all = [...searches, ...(own?.searches ?? [])];
  const lines = [
    ...(all.length === 0 ? [] : [`search ${all.join(" ")}`]),
    ...nameservers.map((it) => `nameserver ${it}`),
  ];
  return `${[...lines, ...(options.length === 0 ? [] : [`options ${options.join(" ")}`])].join("\n")}\n`;
}

/** A pod that does not ask the cluster asks whom its node asks. */
function nodeServers(policy: string): readonly string[] {
  return policy === "None" ? [] : ["172.18.0.1"];
}

function optionText({ name = "", value }: { readonly name?: string; readonly value?: string }): string {
  return value === undefined ? name : `${name}:${value}`;
}

/** The contents of a volume, or why it cannot be set up. */
export function* volumeContent(pod: Pod, volume: Volume): Generator<Ask, VolumeContent | string, Answer> {
  const { name } = volume;
  if (volume.emptyDir !== undefined) {
    const { sizeLimit, medium } = volume.emptyDir;
    return {
      name,
      files: {},
      ...(sizeLimit === undefined ? {} : { sizeLimitBytes: wholeValue(sizeLimit) }),
      isInMemory: medium === "Memory",
    };
  }
  if (volume.hostPath !== undefined) return { name, files: {}, hostPath: volume.hostPath.path };
  if (volume.configMap !== undefined)
    return yield* keyed(pod, name, { kind: "configmaps", source: volume.configMap.name ?? "", ...volume.configMap });
  if (volume.secret !== undefined) {
    const { secretName = "", items, optional } = volume.secret;
    return yield* keyed(pod, name, { kind: "secrets", source: secretName, items, optional });
  }
  if (volume.downwardAPI !== undefined) return { name, files: downwardFiles(pod, volume.downwardAPI.items ?? []) };
  if (volume.projected !== undefined) return yield* projected(pod, name, volume.projected.sources ?? []);
  return { name, files: {} };
}

interface Keyed {
  readonly kind: "configmaps" | "secrets";
  readonly source: string;
  readonly items?: readonly { readonly key: string; readonly path: string }[] | undefined;
  readonly optional?: boolean | undefined;
}

interface Keyholder {
  readonly data?: Readonly<Record<string, string>>;
}

function* keyed(pod: Pod, name: string, from: Keyed): Generator<Ask, VolumeContent | string, Answer> {
  const answer = yield { kind: "config", key: `${from.kind}/${pod.metadata.namespace ?? ""}/${from.source}` };
  const object = answer.kind === "object" ? answer.object : null;
  if (object === null) {
    if (from.optional === true) return { name, files: {} };
    return `${from.kind === "secrets" ? "secret" : "configmap"} "${from.source}" not found`;
  }
  const data = (object as Keyholder).data ?? {};
  const text = (key: string): string => (from.kind === "secrets" ? decodeBase64(data[key] ?? "") : (data[key] ?? ""));
  const entries =
    from.items === undefined
      ? Object.keys(data).map((key) => [key, key] as const)
      : from.items.map((it) => [it.key, it.path] as const);
  const missing = entries.find(([key]) => data[key] === undefined);
  if (missing !== undefined && from.optional !== true)
    return `references non-existent ${from.kind === "secrets" ? "secret" : "config"} key: ${missing[0]}`;
  return { name, files: Object.fromEntries(entries.map(([key, path]) => [path, text(key)])) };
}

function downwardFiles(
  pod: Pod,
  items: readonly { readonly path: string; readonly fieldRef?: { readonly fieldPath: string } }[],
): Record<string, string> {
  return Object.fromEntries(
    items.map((item) => [item.path, downwardValue(pod, item.fieldRef?.fieldPath ?? "", undefined) ?? ""]),
  );
}

type Projection = NonNullable<NonNullable<Volume["projected"]>["sources"]>[number];

function* projected(
  pod: Pod,
  name: string,
  sources: readonly Projection[],
): Generator<Ask, VolumeContent | string, Answer> {
  let files: Record<string, string> = {};
  for (const source of sources) {
    const content = yield* projection(pod, name, source);
    if (typeof content === "string") return content;
    files = { ...files, ...content.files };
  }
  return { name, files };
}

function* projection(pod: Pod, name: string, source: Projection): Generator<Ask, VolumeContent | string, Answer> {
  if (source.serviceAccountToken !== undefined) {
    // Tokens are not modelled as signed documents: a name stands for one.
    return {
      name,
      files: { [source.serviceAccountToken.path]: `token-of-${pod.spec.serviceAccountName ?? "default"}` },
    };
  }
  if (source.downwardAPI !== undefined) return { name, files: downwardFiles(pod, source.downwardAPI.items ?? []) };
  if (source.secret !== undefined)
    return yield* keyed(pod, name, { kind: "secrets", source: source.secret.name ?? "", ...source.secret });
  if (source.configMap === undefined) return { name, files: {} };
  // The root certificate's config map is there in every namespace: its place is taken by a text, so that no pod waits for it.
  if (source.configMap.name === "kube-root-ca.crt")
    return { name, files: { "ca.crt": "-----BEGIN CERTIFICATE-----\n" } };
  return yield* keyed(pod, name, { kind: "configmaps", source: source.configMap.name ?? "", ...source.configMap });
}
