/** A cluster of five nodes on which the steps of a scheduler scenario are played. */
import type {
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  ReplicaSet,
  RuntimeClass,
  StorageClass,
  Taint,
} from "../../engine/api/generated/types.ts";
import { matchesLabels, selectorOfObject } from "../../engine/api/label-selector.ts";
import { applyJsonPatch } from "../../engine/api/json-patch.ts";
import { applyMergePatch } from "../../engine/api/merge-patch.ts";
import { keyOf } from "../../engine/api/object.ts";
import { parseYaml } from "../../engine/api/yaml.ts";
import { parseTime } from "../../engine/api/time.ts";
import { stream } from "../../engine/kernel/prng.ts";
import { set } from "../../engine/kernel/sorted-map.ts";
import { bestOf, type CycleSetting, decide, type Decision, type Search } from "../../engine/scheduler/cycle.ts";
import { type Collections, NO_COLLECTIONS } from "../../engine/scheduler/framework.ts";
import { unschedulableMessage } from "../../engine/scheduler/outcome.ts";
import { defaultPlugins } from "../../engine/scheduler/plugins/index.ts";
import { volumePlanOf } from "../../engine/scheduler/plugins/volume-binding/volume-binding.ts";
import { podInfoOf } from "../../engine/scheduler/pod-info.ts";
import { preempt, type Preemption } from "../../engine/scheduler/preemption.ts";
import { changeNode, emptySnapshot, nodeNamed, replaceNode, type Snapshot, withoutPod, withPod } from "../../engine/scheduler/snapshot.ts";
import { difference } from "./parity-case.ts";

export interface Scenario {
  readonly steps: readonly Step[];
  readonly finalPods: readonly {
    readonly name: string;
    readonly node?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
      readonly lastTransitionTime?: string;
    }[];
  }[];
  readonly events: readonly {
    readonly type: string;
    readonly reason: string;
    readonly obj: string;
    readonly message: string;
    readonly component: string;
  }[];
  readonly scores: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;
}

export interface Step {
  readonly pod?: string;
  readonly spec?: Pod;
  readonly node?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly none?: boolean;
  readonly cordon?: string;
  readonly uncordon?: string;
  readonly taint?: string;
  readonly untaint?: string;
  readonly t?: Taint;
  readonly label?: string;
  readonly l?: Readonly<Record<string, string | null>>;
  readonly add?: string;
  readonly q?: string;
  readonly remove?: string;
  readonly images?: string;
  readonly name?: string;
  readonly size?: number;
  readonly apply?: string;
  readonly sh?: string;
  readonly waitpods?: number;
}

const WORKERS = [
  ["worker-1", "a", "ssd", "1"],
  ["worker-2", "b", "hdd", "2"],
  ["worker-3", "b", "ssd", "3"],
  ["worker-4", "c", "hdd", "4"],
] as const;

function nodeOf(name: string, labels: Readonly<Record<string, string>>, resources: Readonly<Record<string, string>> = {}): Node {
  const allocatable = { cpu: "4", memory: "8Gi", pods: "110", ...resources };
  return {
    metadata: { name, labels: { "kubernetes.io/hostname": name, ...labels } },
    spec: {},
    status: { allocatable, capacity: allocatable },
  };
}

/** A pod of an earlier scenario whose namespace is being deleted: it takes up room until then. */
export interface Leftover {
  readonly pod: Pod;
  readonly untilMillis: number;
}

/**
 * The namespace controller waits 5 s before it deletes what is in a namespace (pkg/controller/namespace, namespaceDeletionGracePeriod), and
 * the scenario that deletes it goes on for up to 2 s after its last pod was decided.
 */
const LEFTOVER_MILLIS = 7000;

const EPOCH = 1_780_000_000_000;
const STARTED = "2026-05-28T20:26:40Z";

export class Stage {
  readonly scores = new Map<string, Readonly<Record<string, Readonly<Record<string, number>>>>>();
  readonly events: string[] = [];
  /** What was said of each pod that found no node, oldest first. */
  readonly messages = new Map<string, readonly string[]>();
  readonly #namespace: string;
  readonly #scenario: Scenario;
  readonly #priorities = new Map<string, { readonly value: number; readonly policy: string }>([
    ["system-node-critical", { value: 2_000_001_000, policy: "PreemptLowerPriority" }],
    ["system-cluster-critical", { value: 2_000_000_000, policy: "PreemptLowerPriority" }],
  ]);
  readonly #overheads = new Map<string, Readonly<Record<string, string>>>();
  readonly #pods = new Map<string, Pod>();
  readonly #leftovers: readonly Leftover[];
  #snapshot: Snapshot = emptySnapshot;
  #collections: Collections = NO_COLLECTIONS;

  constructor(namespace: string, scenario: Scenario, leftovers: readonly Leftover[] = []) {
    this.#namespace = namespace;
    this.#leftovers = leftovers;
    this.#scenario = scenario;
    const controlPlane = nodeOf("control-plane", { "node-role.kubernetes.io/control-plane": "" });
    const taints: readonly Taint[] = [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }];
    this.#setNode({ ...controlPlane, spec: { taints } });
    for (const [name, zone, disk, gen] of WORKERS) this.#setNode(nodeOf(name, { zone, disk, gen }));
    this.#addNamespace(namespace);
    for (const { pod } of leftovers) this.#putOnNode(pod);
  }

  /** What this scenario leaves behind for the next ones. */
  leftovers(): readonly Leftover[] {
    const deleted = this.#scenario.steps.flatMap(({ sh }) => /kubectl delete ns (\S+)/.exec(sh ?? "")?.[1] ?? []);
    const times = this.#scenario.finalPods.flatMap(({ name }) => this.#decidedAt(name) ?? []);
    const untilMillis = Math.max(...times, 0) + LEFTOVER_MILLIS;
    const own = [...this.#pods.values()].filter((pod) => deleted.includes(pod.metadata.namespace ?? ""));
    return [...this.#leftovers, ...own.map((pod) => ({ pod, untilMillis }))];
  }

  #decidedAt(name: string): number | undefined {
    const pod = this.#scenario.finalPods.find((one) => one.name === name);
    return parseTime(pod?.conditions?.find(({ type }) => type === "PodScheduled")?.lastTransitionTime ?? "");
  }

  #dropLeftovers(name: string): void {
    const now = this.#decidedAt(name) ?? 0;
    for (const { pod, untilMillis } of this.#leftovers) {
      const node = nodeNamed(this.#snapshot, pod.spec.nodeName ?? "");
      if (now > untilMillis && node !== undefined) this.#snapshot = replaceNode(this.#snapshot, withoutPod(node, podInfoOf(pod)));
    }
  }

  #putOnNode(pod: Pod): void {
    const info = nodeNamed(this.#snapshot, pod.spec.nodeName ?? "");
    if (info !== undefined) this.#snapshot = replaceNode(this.#snapshot, withPod(info, podInfoOf(pod)));
  }

  podNamed(name: string): Pod | undefined {
    return this.#pods.get(name);
  }

  /** Plays one step; says what differs from the recording. */
  play(step: Step): string | undefined {
    if (step.pod !== undefined && step.spec !== undefined) return this.#createPod(step, step.spec);
    if (step.waitpods !== undefined) return undefined;
    this.#changeCluster(step);
    return undefined;
  }

  /** Tries the pods that still wait once more, as the queue does when the cluster has changed. */
  settle(): string | undefined {
    for (const [name, pod] of this.#pods) if (pod.metadata.deletionTimestamp !== undefined) this.#deletePod(name);
    for (const final of this.#scenario.finalPods) {
      const pod = this.#pods.get(final.name);
      if (pod === undefined || !isWaiting(pod) || this.#isSettled(final)) continue;
      const trouble = this.#schedule(pod, (final.node ?? "") === "" ? undefined : final.node);
      if (trouble !== undefined) return trouble;
    }
    return undefined;
  }

  /** The recording's pod waits too, and says what ours said last. */
  #isSettled({ name, node, conditions }: Scenario["finalPods"][number]): boolean {
    const message = conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False")?.message;
    return (node ?? "") === "" && (message === undefined || this.messages.get(name)?.at(-1) === message);
  }

  #changeCluster(step: Step): void {
    const { cordon, uncordon, taint, untaint, t, label, l, images } = step;
    if (cordon !== undefined) this.#editNode(cordon, cordoned);
    if (uncordon !== undefined) this.#editNode(uncordon, uncordoned);
    if (taint !== undefined) {
      this.#editNode(taint, (node) => ({ ...node, spec: { ...node.spec, taints: t === undefined ? [] : [...(node.spec.taints ?? []), t] } }));
    }
    if (untaint !== undefined) this.#editNode(untaint, (node) => ({ ...node, spec: { ...node.spec, taints: [] } }));
    if (label !== undefined) this.#editNode(label, (node) => relabelled(node, l ?? {}));
    if (images !== undefined) this.#editNode(images, (node) => withImage(node, step));
    if (step.add !== undefined) this.#setNode(nodeOf(step.add, {}, resourcesOf(step.q ?? "")));
    if (step.remove !== undefined) this.#snapshot = changeNode(this.#snapshot, step.remove, undefined);
    if (step.apply !== undefined) this.#apply(step.apply);
    if (step.sh !== undefined) for (const command of step.sh.split(";")) this.#run(command.trim());
  }

  #setNode(node: Node): void {
    this.#snapshot = changeNode(this.#snapshot, node.metadata.name ?? "", node);
  }

  #editNode(name: string, edit: (node: Node) => Node): void {
    const info = nodeNamed(this.#snapshot, name);
    if (info !== undefined) this.#setNode(edit(info.node));
  }

  #addNamespace(name: string): void {
    const namespace: Namespace = { metadata: { name, labels: { "kubernetes.io/metadata.name": name } }, spec: {}, status: {} };
    this.#collections = { ...this.#collections, namespaces: set(this.#collections.namespaces, name, namespace) };
  }

  #apply(text: string): void {
    const parsed = parseYaml(text);
    if (parsed.kind === "error") throw new Error(parsed.error.message);
    for (const { value } of parsed.documents) this.#store(value as { readonly kind: string });
  }

  #store(object: { readonly kind: string }): void {
    const collections = this.#collections;
    if (object.kind === "StorageClass") {
      const one = object as unknown as StorageClass;
      this.#collections = { ...collections, storageClasses: set(collections.storageClasses, keyOf(one), one) };
    } else if (object.kind === "PersistentVolume") {
      const one: PersistentVolume = { ...(object as unknown as PersistentVolume), status: { phase: "Available" } };
      this.#collections = { ...collections, volumes: set(collections.volumes, keyOf(one), one) };
    } else if (object.kind === "PersistentVolumeClaim") {
      const claim = object as unknown as PersistentVolumeClaim;
      const one = { ...claim, metadata: { ...claim.metadata, namespace: this.#namespace }, status: { phase: "Pending" as const } };
      this.#collections = { ...collections, claims: set(collections.claims, keyOf(one), one) };
    } else if (object.kind === "RuntimeClass") {
      const one = object as unknown as RuntimeClass;
      this.#overheads.set(keyOf(one), one.overhead?.podFixed ?? {});
    } else if (object.kind === "PriorityClass") {
      const one = object as unknown as { metadata: { name: string }; value: number; preemptionPolicy?: string };
      this.#priorities.set(one.metadata.name, { value: one.value, policy: one.preemptionPolicy ?? "PreemptLowerPriority" });
    }
  }

  /** The few commands that scenarios use. */
  #run(command: string): void {
    const words = wordsOf(command.replaceAll("$NS", this.#namespace)).filter((word) => word !== "-n" && word !== this.#namespace);
    const [, verb = "", kind = "", name = "", ...rest] = words;
    const option = (flag: string): string | undefined => words.find((word) => word.startsWith(`--${flag}=`))?.slice(flag.length + 3);
    if (verb === "create") this.#create(kind, name, option);
    else if (verb === "delete" && kind.startsWith("pod")) for (const one of [name, ...rest]) this.#deletePod(one);
    else if (verb === "cordon") this.#editNode(kind, cordoned);
    else if (verb === "uncordon") this.#editNode(kind, uncordoned);
    else if (verb === "label" && kind.startsWith("node")) this.#editNode(name, (node) => relabelled(node, labelsOf(rest)));
    else if (verb === "patch") this.#patch(kind, name, { text: patchOf(words), isJson: option("type") === "json" });
  }

  #create(kind: string, name: string, option: (flag: string) => string | undefined): void {
    if (kind === "priorityclass" || kind === "pc") {
      this.#priorities.set(name, { value: Number(option("value")), policy: option("preemption-policy") ?? "PreemptLowerPriority" });
    } else if (kind === "ns" || kind === "namespace") this.#addNamespace(name);
    else if (kind === "pdb") this.#addBudget(name, option);
    else if (kind.startsWith("deploy")) this.#deploy(name, option);
  }

  #patch(kind: string, name: string, { text, isJson }: { readonly text: string; readonly isJson: boolean }): void {
    const patch = JSON.parse(text) as never;
    const patched = <Kind>(object: Kind): Kind => {
      if (!isJson) return applyMergePatch(object, patch) as Kind;
      const result = applyJsonPatch(object, patch);
      return result.kind === "patched" ? (result.value as Kind) : object;
    };
    if (kind.startsWith("node")) this.#editNode(name, patched);
    const pod = kind.startsWith("pod") ? this.#pods.get(name) : undefined;
    if (pod !== undefined) this.#pods.set(name, patched(pod));
  }

  #addBudget(name: string, option: (flag: string) => string | undefined): void {
    const [key = "", value = ""] = (option("selector") ?? "").split("=");
    const selector = { matchLabels: { [key]: value } };
    const healthy = [...this.#pods.values()].filter((pod) => matchesLabels(selectorOfObject(selector), pod.metadata.labels)).length;
    const needed = option("min-available");
    const disruptionsAllowed = Math.max(needed === undefined ? Number(option("max-unavailable") ?? "0") : healthy - Number(needed), 0);
    const budget: PodDisruptionBudget = {
      metadata: { name, namespace: this.#namespace },
      spec: { selector },
      status: { currentHealthy: healthy, desiredHealthy: healthy - disruptionsAllowed, disruptionsAllowed, expectedPods: healthy },
    };
    this.#collections = { ...this.#collections, disruptionBudgets: set(this.#collections.disruptionBudgets, keyOf(budget), budget) };
  }

  /** The pods of a Deployment come at once; they are scheduled in the order in which their scores were recorded. */
  #deploy(name: string, option: (flag: string) => string | undefined): void {
    const labels = { app: name };
    const owner = Object.keys(this.#scenario.scores)[0]?.replace(/^.*\/|-[^-]*$/g, "") ?? name;
    const set_: ReplicaSet = {
      metadata: { name: owner, namespace: this.#namespace },
      spec: { selector: { matchLabels: labels } },
      status: { replicas: 0 },
    };
    this.#collections = { ...this.#collections, replicaSets: set(this.#collections.replicaSets, keyOf(set_), set_) };
    const image = option("image") ?? "nginx";
    for (const key of Object.keys(this.#scenario.scores)) {
      const own = key.slice(key.indexOf("/") + 1);
      const node = this.#scenario.finalPods.find((pod) => pod.name === own)?.node;
      const ownerReferences = [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: owner, uid: "x", controller: true }];
      const pod: Pod = {
        metadata: { name: own, namespace: this.#namespace, labels, ownerReferences },
        spec: { containers: [{ name, image }] },
        status: {},
      };
      this.#pods.set(own, pod);
      const trouble = this.#schedule(pod, node);
      if (trouble !== undefined) throw new Error(trouble);
    }
  }

  #deletePod(name: string): void {
    const pod = this.#pods.get(name);
    if (pod === undefined) return;
    const node = nodeNamed(this.#snapshot, pod.spec.nodeName ?? "");
    if (node !== undefined) this.#snapshot = replaceNode(this.#snapshot, withoutPod(node, podInfoOf(pod)));
    this.#pods.delete(name);
  }

  #createPod(step: Step, spec: Pod): string | undefined {
    const pod = this.#admitted(spec);
    this.#pods.set(step.pod ?? "", pod);
    if ((pod.spec.nodeName ?? "") !== "") {
      this.#place(pod, pod.spec.nodeName ?? "");
      return undefined;
    }
    if ((pod.spec.schedulerName ?? "default-scheduler") !== "default-scheduler" || step.none === true) return undefined;
    if (step.node !== undefined) return this.#schedule(pod, step.node);
    if ((pod.spec.schedulingGates ?? []).length > 0) return undefined;
    const trouble = this.#schedule(pod, undefined);
    if (trouble !== undefined) return trouble;
    const said = this.messages.get(step.pod ?? "") ?? [];
    return said.includes(step.message ?? "") ? undefined : difference(step.message, said.at(-1), `message of ${step.pod}`);
  }

  /** What defaulting and admission make of the manifest, as far as the scheduler looks at it. */
  #admitted({ metadata, spec, status }: Pod): Pod {
    const priority = this.#priorities.get(spec.priorityClassName ?? "");
    const overhead = this.#overheads.get(spec.runtimeClassName ?? "");
    const withRequests = (containers: Pod["spec"]["containers"]): Pod["spec"]["containers"] =>
      containers.map((container) => {
        const { limits, requests } = container.resources ?? {};
        return limits === undefined ? container : { ...container, resources: { ...container.resources, requests: { ...limits, ...requests } } };
      });
    return {
      metadata: { namespace: this.#namespace, ...metadata },
      spec: {
        ...spec,
        containers: withRequests(spec.containers),
        ...(spec.initContainers === undefined ? {} : { initContainers: withRequests(spec.initContainers) }),
        ...(overhead === undefined ? {} : { overhead }),
        ...(priority === undefined ? {} : { priority: priority.value, preemptionPolicy: priority.policy as "Never" }),
      },
      status: status ?? {},
    };
  }

  #place(pod: Pod, node: string): void {
    const placed: Pod = { ...pod, spec: { ...pod.spec, nodeName: node }, status: { phase: "Running", startTime: STARTED } };
    this.#pods.set(pod.metadata.name ?? "", placed);
    this.#putOnNode(placed);
  }

  #setting(): CycleSetting {
    return {
      plugins: defaultPlugins,
      sight: { snapshot: this.#snapshot, collections: this.#collections },
      nominations: new Map(),
      start: 0,
      percentageOfNodesToScore: 0,
    };
  }

  /** Decides about the pod and follows the recording where chance had a choice. */
  #schedule(pod: Pod, recorded: string | undefined): string | undefined {
    this.#dropLeftovers(pod.metadata.name ?? "");
    const info = podInfoOf(pod);
    const setting = this.#setting();
    const decision = decide(info, setting, stream(7, "scheduler"));
    if (decision.kind === "none") return this.#refuse(pod, decision.search, recorded);
    const name = pod.metadata.name ?? "";
    if (recorded === undefined) return `${name}: expected no node, got ${decision.node}`;
    const best = decision.scores.length === 0 ? [decision.node] : bestOf(decision.scores);
    if (!best.includes(recorded)) return `${name}: expected ${recorded}, got ${best.join(" or ")} ${JSON.stringify(tableOf(decision))}`;
    if (decision.scores.length > 0) this.scores.set(`${pod.metadata.namespace}/${name}`, tableOf(decision));
    this.#bind(pod, recorded);
    return undefined;
  }

  #bind(pod: Pod, node: string): void {
    const info = nodeNamed(this.#snapshot, node);
    const name = pod.metadata.name ?? "";
    if (info !== undefined) {
      for (const { claim, volume } of volumePlanOf(podInfoOf(pod), info, this.#setting().sight).bindings) {
        const bound: PersistentVolumeClaim = {
          ...claim,
          metadata: { ...claim.metadata, annotations: { "pv.kubernetes.io/bind-completed": "yes" } },
          spec: { ...claim.spec, volumeName: volume.metadata.name ?? "" },
        };
        const reference = { namespace: claim.metadata.namespace ?? "", name: claim.metadata.name ?? "" };
        const taken: PersistentVolume = { ...volume, spec: { ...volume.spec, claimRef: reference }, status: { phase: "Bound" } };
        const { claims, volumes } = this.#collections;
        this.#collections = { ...this.#collections, claims: set(claims, keyOf(bound), bound), volumes: set(volumes, keyOf(taken), taken) };
      }
    }
    this.events.push(`Normal Scheduled Pod/${name}: Successfully assigned ${keyOf(pod)} to ${node}`);
    this.#place(pod, node);
  }

  #refuse(pod: Pod, found: Search, recorded: string | undefined): string | undefined {
    const name = pod.metadata.name ?? "";
    const setting = this.#setting();
    const info = podInfoOf(pod);
    const preemption =
      found.refusal === undefined ? preempt(info, { found, setting, prng: stream(7, "scheduler"), epochMillis: EPOCH }) : undefined;
    const message = unschedulableMessage(found, preemption, this.#snapshot.nodes.length);
    this.messages.set(name, [...(this.messages.get(name) ?? []), message]);
    this.events.push(`Warning FailedScheduling Pod/${name}: ${message}`);
    if (preemption?.kind !== "nominated") return recorded === undefined ? undefined : `${name}: expected ${recorded}, got ${message}`;
    if (recorded === undefined) return this.#waitForVictims(pod, preemption);
    if (!preemption.ties.includes(recorded)) {
      return `${name}: expected ${recorded}, got room by preemption on ${preemption.ties.join(" or ")}`;
    }
    return this.#evict(pod, { found, recorded });
  }

  /** The victims take their time: meanwhile the pod is nominated, and another attempt says that it waits for them. */
  #waitForVictims(pod: Pod, { node, victims }: Extract<Preemption, { readonly kind: "nominated" }>): string | undefined {
    const condition = { type: "DisruptionTarget", status: "True", reason: "PreemptionByScheduler" };
    for (const { pod: victim } of victims) {
      const going: Pod = {
        ...victim,
        metadata: { ...victim.metadata, deletionTimestamp: STARTED },
        status: { ...victim.status, conditions: [condition] },
      };
      this.events.push(`Normal Preempted Pod/${victim.metadata.name}: Preempted by pod UID on node ${node}`);
      this.#pods.set(victim.metadata.name ?? "", going);
      this.#putOnNode(going);
    }
    const nominated: Pod = { ...pod, status: { ...pod.status, nominatedNodeName: node } };
    this.#pods.set(pod.metadata.name ?? "", nominated);
    return this.#schedule(nominated, undefined);
  }

  /** The recording may have chosen another of several equal candidates: chance is asked until it agrees. */
  #evict(pod: Pod, { found, recorded }: { readonly found: Search; readonly recorded: string }): string | undefined {
    for (let seed = 0; seed < 1000; seed++) {
      const preemption = preempt(podInfoOf(pod), { found, setting: this.#setting(), prng: stream(seed, "scheduler"), epochMillis: EPOCH });
      if (preemption.kind !== "nominated" || preemption.node !== recorded) continue;
      for (const victim of preemption.victims) {
        this.events.push(`Normal Preempted Pod/${victim.pod.metadata.name}: Preempted by pod UID on node ${recorded}`);
        this.#deletePod(victim.pod.metadata.name ?? "");
      }
      return this.#schedule({ ...pod, status: { ...pod.status, nominatedNodeName: recorded } }, recorded);
    }
    return `${pod.metadata.name}: chance never chose ${recorded}`;
  }
}

function tableOf(decision: Extract<Decision, { readonly kind: "chosen" }>): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const rows = decision.scores.map(({ node, scores, total }) => {
    const cells = scores.map(({ plugin, weighted }) => [plugin, weighted] as const);
    return [node, { ...Object.fromEntries(cells), TOTAL: total }] as const;
  });
  return Object.fromEntries(rows);
}

function isWaiting({ spec }: Pod): boolean {
  return (spec.nodeName ?? "") === "" && (spec.schedulingGates ?? []).length === 0;
}

const CORDON_TAINT: Taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };

/** The node controller adds the taint to a cordoned node at once. */
function cordoned(node: Node): Node {
  return { ...node, spec: { ...node.spec, unschedulable: true, taints: [...(node.spec.taints ?? []), CORDON_TAINT] } };
}

function uncordoned(node: Node): Node {
  const { unschedulable: _, taints, ...spec } = node.spec;
  return { ...node, spec: { ...spec, taints: (taints ?? []).filter(({ key }) => key !== CORDON_TAINT.key) } };
}

/** The words of a shell line; quotes keep blanks together. */
function wordsOf(line: string): readonly string[] {
  const words = line.match(/(?:[^\s"']+|"(?:[^"\\]|\\.)*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ""));
}

/** `zone=a` sets, `zone-` removes. */
function labelsOf(words: readonly string[]): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    words.filter((word) => !word.startsWith("--")).map((word) => (word.endsWith("-") ? [word.slice(0, -1), null] : (word.split("=", 2) as [string, string]))),
  );
}

function patchOf(words: readonly string[]): string {
  const flag = words.findIndex((word) => word === "-p" || word === "--patch");
  if (flag >= 0) return words[flag + 1] ?? "{}";
  return words.find((word) => /^(-p=|--patch=)/.test(word))?.replace(/^(-p=|--patch=)/, "") ?? "{}";
}

function relabelled(node: Node, changes: Readonly<Record<string, string | null>>): Node {
  const labels: Record<string, string> = { ...node.metadata.labels };
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete labels[key];
    else labels[key] = value;
  }
  return { ...node, metadata: { ...node.metadata, labels } };
}

function withImage(node: Node, { name, size }: Step): Node {
  const images = name === undefined ? [] : [...(node.status.images ?? []), { names: [name], sizeBytes: size ?? 0 }];
  return { ...node, status: { ...node.status, images } };
}

/** `cpu=4&mem=8Gi&pods=2` */
function resourcesOf(query: string): Readonly<Record<string, string>> {
  const words = query.split("&").map((word) => word.split("="));
  return Object.fromEntries(words.flatMap(([key = "", value]) => (value === undefined ? [] : [[key === "mem" ? "memory" : key, value]])));
}

