/** The scenarios of e-scheduler: the pure scheduling cycle, step by step, against what kube-scheduler decided and scored. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Cases, difference, type ParityCase } from "./parity-case.ts";
import { type Leftover, type Scenario, Stage } from "./scheduler-stage.ts";

/** The scenarios were recorded one after another on one cluster: what one leaves behind, the next ones find. */
export const cases: Cases = (directory) => {
  let leftovers: readonly Leftover[] = [];
  const files = readdirSync(directory).filter((file) => file.endsWith(".json"));
  return files.toSorted().map((file): ParityCase => {
    const scenario = JSON.parse(readFileSync(join(directory, file), "utf8")) as Scenario;
    const namespace = `e${file.slice(0, file.indexOf("-"))}`;
    const compare = (): string | undefined => {
      const stage = new Stage(namespace, scenario, leftovers);
      const found = compareScenario(stage, scenario);
      leftovers = stage.leftovers();
      return found;
    };
    return { name: file.replace(/\.json$/, ""), compare };
  });
};

function compareScenario(stage: Stage, scenario: Scenario): string | undefined {
  for (const step of scenario.steps) {
    const trouble = stage.play(step);
    if (trouble !== undefined) return trouble;
  }
  return stage.settle() ?? compareScores(stage, scenario) ?? compareEvents(stage, scenario) ?? compareFinal(stage, scenario);
}

/** For each pod with scores on record: the same nodes, the same plugins, the same weighted scores. */
function compareScores(stage: Stage, { scores }: Scenario): string | undefined {
  for (const [key, recorded] of Object.entries(scores)) {
    const own = stage.scores.get(key);
    if (own === undefined) return `scores of ${key}: expected some, got none`;
    const found = difference(recorded, own, `scores of ${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Each Event of the scheduler is one that we say too; ours that the recording lacks were said on a retry there. */
function compareEvents(stage: Stage, { events }: Scenario): string | undefined {
  for (const event of events) {
    if (event.component !== "default-scheduler") continue;
    const line = `${event.type} ${event.reason} ${event.obj}: ${mask(event.message)}`;
    if (!stage.events.includes(line)) return `events: expected ${JSON.stringify(line)}, got ${JSON.stringify(stage.events)}`;
  }
  return undefined;
}

/** The uid of the preemptor differs from run to run. */
function mask(message: string): string {
  return message.replace(/Preempted by pod \S+ on/, "Preempted by pod UID on");
}

function compareFinal(stage: Stage, { finalPods }: Scenario): string | undefined {
  for (const { name, node, conditions } of finalPods) {
    const own = stage.podNamed(name);
    if (own === undefined) continue;
    const place = own.spec.nodeName ?? "";
    if (place !== (node ?? "")) return `final pod ${name}: expected node ${node ?? "none"}, got ${place === "" ? "none" : place}`;
    const message = conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False")?.message;
    const found = message === undefined ? undefined : difference(message, stage.messages.get(name)?.at(-1), `final message of ${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
