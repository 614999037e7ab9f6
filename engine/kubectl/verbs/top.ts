// After kubectl pkg/cmd/top/top_node.go, top_pod.go.
import { milliValue, wholeValue } from "../../api/quantity.ts";
import { failureOfResponse, refusal, thrown, usageRefusal } from "../failure.ts";
import { boolFlag, textFlag } from "../flag-set.ts";
import { rowsAt, textAt, type Fields } from "../json.ts";
import { discover } from "../mapping.ts";
import { TABLE_LAYOUT, tabulate } from "../tabulate.ts";
import { complain, exchange, print, send, type Session, type Talk } from "../talk.ts";

function* checkMetrics(session: Session): Talk<void> {
  const hasMetrics = (yield* discover(session)).some((mapping) => mapping.group === "metrics.k8s.io");
  if (!hasMetrics) throw refusal("Metrics API not available");
}

const MEBIBYTE = 1_048_576;

function cpuText(written: string): string {
  return `${milliValue(written)}m`;
}

function memoryText(written: string): string {
  return `${Math.floor(wholeValue(written) / MEBIBYTE)}Mi`;
}

export function* topNodes(session: Session): Talk<number> {
  const { args, flags } = session;
  if (args.length > 1) throw usageRefusal("kubectl top node", "node [NAME | -l label]");
  yield* checkMetrics(session);
  const [name] = args;
  const path = name === undefined ? "/apis/metrics.k8s.io/v1beta1/nodes" : `/apis/metrics.k8s.io/v1beta1/nodes/${name}`;
  const selector = textFlag(flags, "selector");
  const response = yield* exchange(session, {
    method: "GET",
    path,
    query: selector === "" ? {} : { labelSelector: selector },
  });
  if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
  const metrics = name === undefined ? rowsAt(response.body, "items") : [response.body as Fields];
  if (metrics.length === 0) throw refusal("metrics not available yet");
  const nodes = rowsAt((yield* send(session, { method: "GET", path: "/api/v1/nodes" })).body, "items");
  const part = boolFlag(flags, "show-capacity") ? "capacity" : "allocatable";
  const lines = sorted(metrics, textFlag(flags, "sort-by"), "usage").map((metric) => {
    const node = nodes.find((each) => textAt(each, "metadata", "name") === textAt(metric, "metadata", "name"));
    const [cpu, memory] = [textAt(metric, "usage", "cpu"), textAt(metric, "usage", "memory")];
    const share = (used: number, whole: string): string =>
      whole === "" ? "<unknown>" : `${Math.trunc((used / milliValue(whole)) * 100)}%`;
    return `${textAt(metric, "metadata", "name")}\t${cpuText(cpu)}\t${share(milliValue(cpu), textAt(node, "status", part, "cpu"))}\t${memoryText(memory)}\t${share(milliValue(memory), textAt(node, "status", part, "memory"))}\t\n`;
  });
  yield* print(
    tabulate(
      (boolFlag(flags, "no-headers") ? "" : "NAME\tCPU(cores)\tCPU(%)\tMEMORY(bytes)\tMEMORY(%)\t\n") + lines.join(""),
      TABLE_LAYOUT,
    ),
  );
  return 0;
}

function sorted(metrics: readonly Fields[], by: string, part: string): readonly Fields[] {
  const amount = (metric: Fields): number => milliValue(textAt(metric, part, by) || "0");
  if (by === "cpu" || by === "memory") return metrics.toSorted((one, other) => amount(other) - amount(one));
  return metrics.toSorted((one, other) =>
    textAt(one, "metadata", "name") < textAt(other, "metadata", "name") ? -1 : 1,
  );
}

export function* topPods(session: Session): Talk<number> {
  const { args, flags, config } = session;
  if (args.length > 1) throw usageRefusal("kubectl top pod", "pod [NAME | -l label]");
  yield* checkMetrics(session);
  const all = boolFlag(flags, "all-namespaces");
  const [name] = args;
  const root = `/apis/metrics.k8s.io/v1beta1${all ? "" : `/namespaces/${config.namespace}`}/pods`;
  const query: Record<string, string> = {};
  if (textFlag(flags, "selector") !== "") query["labelSelector"] = textFlag(flags, "selector");
  if (textFlag(flags, "field-selector") !== "") query["fieldSelector"] = textFlag(flags, "field-selector");
  const response = yield* exchange(session, {
    method: "GET",
    path: name === undefined ? root : `${root}/${name}`,
    query,
  });
  if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
  const metrics = name === undefined ? rowsAt(response.body, "items") : [response.body as Fields];
  if (metrics.length === 0) {
    yield* complain(all ? "No resources found\n" : `No resources found in ${config.namespace} namespace.\n`);
    return 0;
  }
  yield* print(podTable(session, sorted(metrics.map(withSum), textFlag(flags, "sort-by"), "usage"), all));
  return 0;
}

function withSum(metric: Fields): Fields {
  const containers = rowsAt(metric, "containers");
  const cpu = containers.reduce((sum, each) => sum + milliValue(textAt(each, "usage", "cpu") || "0"), 0);
  const memory = containers.reduce((sum, each) => sum + wholeValue(textAt(each, "usage", "memory") || "0"), 0);
  return { ...metric, usage: { cpu: `${cpu}m`, memory: String(memory) } };
}

function podTable(session: Session, metrics: readonly Fields[], all: boolean): string {
  const { flags } = session;
  const byContainer = boolFlag(flags, "containers");
  const space = all ? "NAMESPACE\t" : "";
  const headers = byContainer
    ? `${space}POD\tNAME\tCPU(cores)\tMEMORY(bytes)\t\n`
    : `${space}NAME\tCPU(cores)\tMEMORY(bytes)\t\n`;
  const lines = metrics.flatMap((metric) => {
    const lead = `${all ? `${textAt(metric, "metadata", "namespace")}\t` : ""}${textAt(metric, "metadata", "name")}\t`;
    const cells = (each: Fields): string =>
      `${cpuText(textAt(each, "usage", "cpu"))}\t${memoryText(textAt(each, "usage", "memory"))}\t\n`;
    return byContainer
      ? rowsAt(metric, "containers").map((each) => `${lead}${textAt(each, "name")}\t${cells(each)}`)
      : [lead + cells(metric)];
  });
  return tabulate((boolFlag(flags, "no-headers") ? "" : headers) + lines.join(""), TABLE_LAYOUT);
}
