// After kubectl pkg/cmd/scale/scale.go, pkg/scale/scale.go, pkg/cmd/autoscale/autoscale.go.
import { PATCH_MEDIA_TYPES } from "../../client/requests.ts";
import { goQuote } from "../../api/go-quote.ts";
import { dryRunOf, withDryRun, writeQuery, type DryRun } from "../dry-run.ts";
import { failureOfResponse, refusal, thrown } from "../failure.ts";
import { durationFlag, intFlag, isGiven, textFlag } from "../flag-set.ts";
import { at, number, textAt, type Fields } from "../json.ts";
import { apiVersionOf } from "../mapping.ts";
import { printerOf } from "../printers/printer.ts";
import { selectionOf } from "../select-flags.ts";
import { exchange, now, print, send, type Session, type Talk } from "../talk.ts";
import { infosOf, visit } from "../visit.ts";
import { pathOf, type Info } from "../info.ts";
import { untilHolds } from "../waiting.ts";
import { createGenerated } from "./create/generate.ts";

export function* runScale(session: Session): Talk<number> {
  const { flags } = session;
  const dryRun = yield* dryRunOf(session);
  const replicas = intFlag(flags, "replicas");
  if (replicas < 0)
    throw refusal("The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0");
  if (isGiven(flags, "current-replicas") && intFlag(flags, "current-replicas") < -1)
    throw refusal("The --current-replicas must specify an integer of -1 or greater");
  const infos = yield* infosOf(session, { ...selectionOf(session), continueOnError: true });
  if (infos.length > 1 && textFlag(flags, "resource-version") !== "")
    throw refusal("cannot use --resource-version with multiple resources");
  const printer = yield* printerOf(session, { operation: withDryRun("scaled", dryRun) });
  let count = 0;
  for (const info of infos) {
    count++;
    if (dryRun !== "client") yield* scaleOne(session, info, { replicas, dryRun });
    yield* print(printer.print(info.object));
  }
  if (count === 0) throw refusal("no objects passed to scale");
  return 0;
}

function* scaleOne(
  session: Session,
  info: Info,
  target: { readonly replicas: number; readonly dryRun: DryRun },
): Talk<void> {
  const { flags } = session;
  if (intFlag(flags, "current-replicas") >= 0 || textFlag(flags, "resource-version") !== "")
    yield* checkCurrent(session, info);
  const patch = { spec: { replicas: target.replicas } };
  const response = yield* exchange(session, {
    method: "PATCH",
    path: pathOf(info, "scale"),
    headers: { "content-type": PATCH_MEDIA_TYPES.merge },
    query: writeQuery({ dryRun: target.dryRun }),
    body: patch,
  });
  if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
  const timeout = durationFlag(flags, "timeout");
  if (timeout === 0 || target.dryRun !== "none") return;
  const end = (yield* now()) + timeout;
  yield* untilHolds(session, { info, end }, (object) => number(at(object, "status", "replicas")) === target.replicas);
}

function* checkCurrent(session: Session, info: Info): Talk<void> {
  const scale = (yield* send(session, { method: "GET", path: pathOf(info, "scale") })).body as Fields;
  const expected = intFlag(session.flags, "current-replicas");
  const actual = number(at(scale, "spec", "replicas"));
  if (expected >= 0 && expected !== actual) throw refusal(`Expected replicas to be ${expected}, was ${actual}`);
  const version = textFlag(session.flags, "resource-version");
  const found = textAt(scale, "metadata", "resourceVersion");
  if (version !== "" && version !== found) throw refusal(`Expected resource version to be ${version}, was ${found}`);
}

export function* runAutoscale(session: Session): Talk<number> {
  const { flags } = session;
  const [min, max] = [intFlag(flags, "min"), intFlag(flags, "max")];
  if (isGiven(flags, "cpu-percent"))
    throw refusal(
      "failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: empty input",
    );
  if (max < 1) throw refusal(`--max=MAXPODS is required and must be at least 1, max: ${max}`);
  if (max < min) throw refusal(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`);
  let count = 0;
  yield* visit(session, { ...selectionOf(session), continueOnError: true }, function* autoscaleOne(info) {
    count++;
    const { kind, namespaced } = info.mapping;
    if (!namespaced || !info.mapping.subresources.includes("scale"))
      throw refusal(`cannot autoscale a ${kind}: ${kind}.${info.mapping.group} does not support scaling`);
    yield* createGenerated(session, scalerOf(session, info), { operation: "autoscaled" });
  });
  if (count === 0) throw refusal("no objects passed to autoscale");
  return 0;
}

function scalerOf(session: Session, info: Info): Fields {
  const { flags } = session;
  const name = textFlag(flags, "name") || info.name;
  const [min, max] = [intFlag(flags, "min"), intFlag(flags, "max")];
  const metrics = [...metricOf("cpu", textFlag(flags, "cpu")), ...metricOf("memory", textFlag(flags, "memory"))];
  return {
    kind: "HorizontalPodAutoscaler",
    apiVersion: "autoscaling/v2",
    metadata: { name },
    spec: {
      scaleTargetRef: { kind: info.mapping.kind, name: info.name, apiVersion: apiVersionOf(info.mapping) },
      ...(min > 0 ? { minReplicas: min } : {}),
      maxReplicas: max,
      ...(metrics.length > 0 ? { metrics } : {}),
    },
    status: { desiredReplicas: 0, currentMetrics: null },
  };
}

function metricOf(name: string, written: string): readonly Fields[] {
  if (written === "") return [];
  const percent = /^(\d+)%$/.exec(written)?.[1];
  const target =
    percent === undefined
      ? quantityTarget(name, written)
      : { type: "Utilization", averageUtilization: Number(percent) };
  return [{ type: "Resource", resource: { name, target } }];
}

function quantityTarget(name: string, written: string): Fields {
  if (!/^[\d.]+[A-Za-z]*$/.test(written)) throw refusal(`invalid value for --${name}: ${goQuote(written)}`);
  return { type: "AverageValue", averageValue: written };
}
