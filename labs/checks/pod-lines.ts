import { objectsIn, type TraceLine, type World } from "@workbook/engine";

/** The kubelet's decision to kill a container because of a probe. */
export interface Kill {
  readonly line: TraceLine;
  readonly pod: string;
  readonly probe: "liveness" | "startup";
}

/** Source of the words: golden/g-kubelet/12-liveness-failing: "Container c failed liveness probe, will be restarted". */
const KILLED_BY = /failed (liveness|startup) probe/;

/** Every kill because of a probe, of Pods whose name starts with `prefix`. */
export function killsIn(lines: readonly TraceLine[], prefix = ""): readonly Kill[] {
  return lines.flatMap((line) => {
    if (line.reason !== "Killing" || !isAbout(line, prefix)) return [];
    const probe = KILLED_BY.exec(String(line.facts?.["message"] ?? ""))?.[1];
    return probe === "liveness" || probe === "startup" ? [{ line, pod: line.object?.name ?? "", probe }] : [];
  });
}

/** Every start of a container, of Pods whose name starts with `prefix`. */
export function startsIn(lines: readonly TraceLine[], prefix = ""): readonly TraceLine[] {
  return lines.filter((line) => line.reason === "Started" && isAbout(line, prefix));
}

/** Every time that something else is believed of a container, by one kind of probe. */
export function resultsIn(lines: readonly TraceLine[], probe: string, prefix = ""): readonly TraceLine[] {
  return lines.filter(
    (line) => line.reason === "ProbeResultChanged" && line.facts?.["probe"] === probe && isAbout(line, prefix),
  );
}

function isAbout(line: TraceLine, prefix: string): boolean {
  return line.object?.kind === "Pod" && line.object.name.startsWith(prefix);
}

interface Pod {
  readonly metadata: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly status?: {
    readonly containerStatuses?: readonly {
      readonly restartCount?: number;
      readonly ready?: boolean;
      readonly state?: { readonly running?: unknown };
    }[];
  };
}

/** The Pods of an app that are not being deleted, by name. */
export function podsOf(world: World, app: string): readonly Pod[] {
  const pods = objectsIn(world, { plural: "pods", namespace: "default" }) as readonly Pod[];
  return pods.filter((pod) => pod.metadata.labels?.["app"] === app && pod.metadata.deletionTimestamp === undefined);
}

export function podNamesOf(world: World, app: string): readonly string[] {
  return podsOf(world, app).map((pod) => pod.metadata.name ?? "");
}

/** Whether `count` Pods of the app run their container. */
export function areRunning(world: World, app: string, count: number): boolean {
  const running = podsOf(world, app).filter((pod) => pod.status?.containerStatuses?.[0]?.state?.running !== undefined);
  return running.length === count;
}

/** Whether `count` Pods of the app are ready. */
export function areReady(world: World, app: string, count: number): boolean {
  return podsOf(world, app).filter((pod) => pod.status?.containerStatuses?.[0]?.ready === true).length === count;
}
