// After kubectl pkg/cmd/drain/drain.go.
import { sendPatch } from "../change.ts";
import { dryRunOf, withDryRun, type DryRun } from "../dry-run.ts";
import { evictionsOf, removePods } from "../eviction.ts";
import { exit, failureOf, messageOf, thrown, together, usageRefusal, type Failure } from "../failure.ts";
import { boolFlag, durationFlag, intFlag, textFlag } from "../flag-set.ts";
import { at } from "../json.ts";
import { selectionOf } from "../select-flags.ts";
import { complain, printLine, type Session, type Talk } from "../talk.ts";
import { infosOf } from "../visit.ts";
import type { Info } from "../info.ts";

export function cordon(unschedulable: boolean): (session: Session) => Talk<number> {
  return function* run(session) {
    const dryRun = yield* dryRunOf(session);
    const nodes = yield* nodesOf(session);
    const failures: Failure[] = [];
    for (const node of nodes) {
      try {
        yield* cordonOne(session, node, { unschedulable, dryRun });
      } catch (caught) {
        failures.push(failureOf(caught));
      }
    }
    const failure = together(failures);
    if (failure !== undefined) throw thrown(failure);
    return 0;
  };
}

function* nodesOf(session: Session): Talk<readonly Info[]> {
  const { args, flags, path } = session;
  const selector = textFlag(flags, "selector");
  if (args.length === 0 && selector === "") throw usageRefusal(`kubectl ${path}`, `USAGE: ${path} NODE [flags]`);
  if (args.length > 0 && selector !== "")
    throw usageRefusal(`kubectl ${path}`, "cannot specify both a node name and a --selector option");
  const selection = { ...selectionOf(session, args), typeOfNames: "nodes" };
  return yield* infosOf(session, selection);
}

interface Cordoning {
  readonly unschedulable: boolean;
  readonly dryRun: DryRun;
}

function* cordonOne(session: Session, node: Info, { unschedulable, dryRun }: Cordoning): Talk<void> {
  const operation = unschedulable ? "cordoned" : "uncordoned";
  if ((at(node.object, "spec", "unschedulable") === true) === unschedulable) {
    yield* printLine(`node/${node.name} ${withDryRun(`already ${operation}`, dryRun)}`);
    return;
  }
  if (dryRun !== "client") {
    yield* sendPatch(session, {
      info: node,
      patch: { spec: { unschedulable: unschedulable ? true : null } },
      dialect: "strategic",
      dryRun,
    });
  }
  yield* printLine(`node/${node.name} ${withDryRun(operation, dryRun)}`);
}

export function* runDrain(session: Session): Talk<number> {
  const dryRun = yield* dryRunOf(session);
  const nodes = yield* nodesOf(session);
  for (const node of nodes) yield* cordonOne(session, node, { unschedulable: true, dryRun });
  const failures: Failure[] = [];
  const pending = new Set(nodes.map((node) => node.name));
  for (const node of nodes) {
    try {
      yield* drainNode(session, node, dryRun);
      pending.delete(node.name);
      yield* printLine(`node/${node.name} ${withDryRun("drained", dryRun)}`);
    } catch (caught) {
      const failure = failureOf(caught);
      failures.push(failure);
      yield* complain(
        `error: unable to drain node ${JSON.stringify(node.name)} due to error: ${messageOf(failure)}, continuing command...\n`,
      );
      yield* complain(`There are pending nodes to be drained:\n${[...pending].map((name) => ` ${name}\n`).join("")}`);
    }
  }
  const all = failures.flatMap((failure) => (failure.kind === "several" ? failure.failures : [failure]));
  if (all.length > 0) throw exit(all.map(messageOf).join("\n"));
  return 0;
}

function* drainNode(session: Session, node: Info, dryRun: DryRun): Talk<void> {
  const { flags } = session;
  const options = {
    force: boolFlag(flags, "force"),
    ignoreDaemonSets: boolFlag(flags, "ignore-daemonsets"),
    deleteEmptyDir: boolFlag(flags, "delete-emptydir-data"),
    podSelector: textFlag(flags, "pod-selector"),
    disableEviction: boolFlag(flags, "disable-eviction"),
    grace: intFlag(flags, "grace-period"),
    timeoutMillis: durationFlag(flags, "timeout"),
    dryRun,
  };
  const pods = yield* evictionsOf(session, node.name, options);
  yield* removePods(session, pods, options);
}
