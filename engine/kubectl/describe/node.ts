// After kubectl pkg/describe/describe.go NodeDescriber.
import { ageOf } from "../../api/time.ts";
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  milliValue,
  quantityOf,
  ZERO_QUANTITY,
  type Quantity,
} from "../../api/quantity.ts";
import { at, fieldsAt, rowsAt, sortedKeys, text, textAt, list, type Fields } from "../json.ts";
import { exchange, now, type Session, type Talk } from "../talk.ts";
import type { Info } from "../info.ts";
import { eventsOf, writeEvents } from "./events.ts";
import { entry, finished, newWriter, timeText, write, writeMetadata, type Writer } from "./writer.ts";

export function* describeNode(session: Session, info: Info): Talk<string> {
  const { object } = info;
  const pods = yield* podsOn(session, info.name);
  const lease = yield* leaseOf(session, info.name);
  const byUid = yield* eventsOf(session, info);
  const byName = yield* eventsOf(session, info, info.name);
  const writer = newWriter();
  entry(writer, 0, "Name", info.name);
  entry(writer, 0, "Roles", rolesOf(object).join(",") || "<none>");
  writeMetadata(writer, object);
  entry(writer, 0, "CreationTimestamp", timeText(at(object, "metadata", "creationTimestamp")));
  writeTaints(writer, rowsAt(object, "spec", "taints"));
  entry(writer, 0, "Unschedulable", String(at(object, "spec", "unschedulable") === true));
  writeLease(writer, lease, info.name);
  writeConditions(writer, rowsAt(object, "status", "conditions"));
  write(writer, 0, "Addresses:\n");
  for (const address of rowsAt(object, "status", "addresses"))
    entry(writer, 1, textAt(address, "type"), textAt(address, "address"));
  writeAmounts(writer, "Capacity", fieldsAt(object, "status", "capacity"));
  writeAmounts(writer, "Allocatable", fieldsAt(object, "status", "allocatable"));
  writeSystem(writer, object);
  writePods(writer, { pods, allocatable: amountsOf(object), date: yield* now() });
  yield* writeEvents(writer, byUid === undefined ? undefined : [...byUid, ...(byName ?? [])]);
  return finished(writer);
}

function* podsOn(session: Session, node: string): Talk<readonly Fields[]> {
  const fieldSelector = `spec.nodeName=${node},status.phase!=Failed,status.phase!=Succeeded`;
  const response = yield* exchange(session, {
    method: "GET",
    path: "/api/v1/pods",
    query: { fieldSelector, limit: "500" },
  });
  return response.code < 400 ? rowsAt(response.body, "items") : [];
}

function* leaseOf(session: Session, node: string): Talk<Fields | undefined> {
  const response = yield* exchange(session, {
    method: "GET",
    path: `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${node}`,
  });
  return response.code < 400 ? (response.body as Fields) : undefined;
}

const ROLE_PREFIX = "node-role.kubernetes.io/";

function rolesOf(node: Fields): readonly string[] {
  const labels = fieldsAt(node, "metadata", "labels");
  const roles = Object.keys(labels).flatMap((key) => {
    if (key.startsWith(ROLE_PREFIX) && key.length > ROLE_PREFIX.length) return [key.slice(ROLE_PREFIX.length)];
    return key === "kubernetes.io/role" && text(labels[key]) !== "" ? [text(labels[key])] : [];
  });
  return [...new Set(roles)].toSorted();
}

function writeTaints(writer: Writer, taints: readonly Fields[]): void {
  const lines = taints.map((taint) => {
    const [key, value, effect] = [textAt(taint, "key"), textAt(taint, "value"), textAt(taint, "effect")];
    return value === "" ? `${key}:${effect}` : `${key}=${value}:${effect}`;
  });
  const order = (taint: Fields): string => `${textAt(taint, "effect")}${textAt(taint, "key")}`;
  const sorted = taints
    .map((taint, index) => [order(taint), lines[index] ?? ""] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  entry(writer, 0, "Taints", lines.length === 0 ? "<none>" : sorted.map(([, line]) => line).join("\n\t"));
}

function writeLease(writer: Writer, lease: Fields | undefined, node: string): void {
  write(writer, 0, "Lease:\n");
  if (lease === undefined) {
    write(writer, 1, `Failed to get lease: leases.coordination.k8s.io "${node}" not found\n`);
    return;
  }
  const stamp = (part: string): string =>
    textAt(lease, "spec", part) === "" ? "<unset>" : timeText(textAt(lease, "spec", part).replace(/\.\d+Z$/, "Z"));
  entry(writer, 1, "HolderIdentity", textAt(lease, "spec", "holderIdentity") || "<unset>");
  entry(writer, 1, "AcquireTime", stamp("acquireTime"));
  entry(writer, 1, "RenewTime", stamp("renewTime"));
}

function writeConditions(writer: Writer, conditions: readonly Fields[]): void {
  if (conditions.length === 0) return;
  write(writer, 0, "Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage\n");
  write(writer, 1, "----\t------\t-----------------\t------------------\t------\t-------\n");
  for (const each of conditions) {
    write(
      writer,
      1,
      `${textAt(each, "type")} \t${textAt(each, "status")} \t${timeText(each["lastHeartbeatTime"])} \t${timeText(each["lastTransitionTime"])} \t${textAt(each, "reason")} \t${textAt(each, "message")}\n`,
    );
  }
}

function writeAmounts(writer: Writer, title: string, amounts: Fields): void {
  if (Object.keys(amounts).length === 0) return;
  write(writer, 0, `${title}:\n`);
  for (const name of sortedKeys(amounts)) entry(writer, 1, name, text(amounts[name]));
}

const SYSTEM = [
  ["Machine ID", "machineID"],
  ["System UUID", "systemUUID"],
  ["Boot ID", "bootID"],
  ["Kernel Version", "kernelVersion"],
  ["OS Image", "osImage"],
  ["Operating System", "operatingSystem"],
  ["Architecture", "architecture"],
  ["Container Runtime Version", "containerRuntimeVersion"],
  ["Kubelet Version", "kubeletVersion"],
] as const;

function writeSystem(writer: Writer, node: Fields): void {
  write(writer, 0, "System Info:\n");
  for (const [title, part] of SYSTEM) entry(writer, 1, title, textAt(node, "status", "nodeInfo", part));
  if (textAt(node, "spec", "podCIDR") !== "") entry(writer, 0, "PodCIDR", textAt(node, "spec", "podCIDR"));
  const ranges = list(at(node, "spec", "podCIDRs")).map(text);
  if (ranges.length > 0) entry(writer, 0, "PodCIDRs", ranges.join(","));
  if (textAt(node, "spec", "providerID") !== "") entry(writer, 0, "ProviderID", textAt(node, "spec", "providerID"));
}

type Amounts = Readonly<Record<string, Quantity>>;

function amountsOf(node: Fields): Fields {
  const allocatable = fieldsAt(node, "status", "allocatable");
  return Object.keys(allocatable).length > 0 ? allocatable : fieldsAt(node, "status", "capacity");
}

/** What a pod asks for: its containers together, or its largest init container where that is more. Source: component-helpers resource PodRequests. */
function podAmounts(pod: Fields, part: "requests" | "limits"): Amounts {
  const sum: Record<string, Quantity> = {};
  const add = (amounts: Fields): void => {
    for (const name of Object.keys(amounts))
      sum[name] = addQuantities(sum[name] ?? ZERO_QUANTITY, quantityOf(text(amounts[name])));
  };
  for (const container of rowsAt(pod, "spec", "containers")) add(fieldsAt(container, "resources", part));
  const raise = (amounts: Fields): void => {
    for (const name of Object.keys(amounts)) {
      const amount = quantityOf(text(amounts[name]));
      if (compareQuantities(amount, sum[name] ?? ZERO_QUANTITY) > 0) sum[name] = amount;
    }
  };
  for (const container of rowsAt(pod, "spec", "initContainers")) {
    (container["restartPolicy"] === "Always" ? add : raise)(fieldsAt(container, "resources", part));
  }
  add(fieldsAt(pod, "spec", "overhead"));
  return sum;
}

interface PodTable {
  readonly pods: readonly Fields[];
  readonly allocatable: Fields;
  readonly date: number;
}

function percent(amount: Quantity, whole: unknown): number {
  const total = whole === undefined ? 0 : milliValue(text(whole));
  return total === 0 ? 0 : Math.trunc((milliValue(formatQuantity(amount)) / total) * 100);
}

function writePods(writer: Writer, table: PodTable): void {
  const { pods, allocatable, date } = table;
  write(writer, 0, `Non-terminated Pods:\t(${pods.length} in total)\n`);
  write(writer, 1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge\n");
  write(writer, 1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---\n");
  const cell = (amounts: Amounts, name: string): string => {
    const amount = amounts[name] ?? ZERO_QUANTITY;
    return `${formatQuantity(amount)} (${percent(amount, allocatable[name])}%)`;
  };
  const totals: Record<"requests" | "limits", Record<string, Quantity>> = { requests: {}, limits: {} };
  for (const pod of pods) {
    const [requests, limits] = [podAmounts(pod, "requests"), podAmounts(pod, "limits")];
    for (const [part, amounts] of [
      ["requests", requests],
      ["limits", limits],
    ] as const) {
      for (const name of Object.keys(amounts))
        totals[part][name] = addQuantities(totals[part][name] ?? ZERO_QUANTITY, amounts[name] ?? ZERO_QUANTITY);
    }
    const age = ageOf(textAt(pod, "metadata", "creationTimestamp"), date);
    write(
      writer,
      1,
      `${textAt(pod, "metadata", "namespace")}\t${textAt(pod, "metadata", "name")}\t\t${cell(requests, "cpu")}\t${cell(limits, "cpu")}\t${cell(requests, "memory")}\t${cell(limits, "memory")}\t${age}\n`,
    );
  }
  write(writer, 0, "Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n");
  write(writer, 1, "Resource\tRequests\tLimits\n");
  write(writer, 1, "--------\t--------\t------\n");
  for (const name of ["cpu", "memory", "ephemeral-storage"])
    write(writer, 1, `${name}\t${cell(totals.requests, name)}\t${cell(totals.limits, name)}\n`);
  for (const name of sortedKeys(allocatable)) {
    if (name.startsWith("hugepages-"))
      write(writer, 1, `${name}\t${cell(totals.requests, name)}\t${cell(totals.limits, name)}\n`);
    else if (name.includes("/"))
      write(writer, 1, `${name}\t${canonicalOf(totals.requests[name])}\t${canonicalOf(totals.limits[name])}\n`);
  }
}

function canonicalOf(amount: Quantity | undefined): string {
  return canonicalQuantity(formatQuantity(amount ?? ZERO_QUANTITY));
}
