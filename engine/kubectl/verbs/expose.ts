// After kubectl pkg/cmd/expose/expose.go.
import { goQuote } from "../../api/go-quote.ts";
import { refusal } from "../failure.ts";
import { textFlag } from "../flag-set.ts";
import { at, fieldsAt, rowsAt, text, textAt, type Fields } from "../json.ts";
import { override } from "../overrides.ts";
import { podSpecOf } from "../pod-template.ts";
import { selectionOf } from "../select-flags.ts";
import type { Session, Talk } from "../talk.ts";
import { visit } from "../visit.ts";
import type { Info } from "../info.ts";
import { createGenerated } from "./create/generate.ts";

const EXPOSABLE = ["ReplicationController", "Service", "Pod", "Deployment", "ReplicaSet"];

export function* runExpose(session: Session): Talk<number> {
  const selection = { ...selectionOf(session), continueOnError: true };
  const { labelSelector: _selector, ...named } = selection;
  yield* visit(session, named, function* exposeOne(info) {
    const service = override(session, serviceOf(session, info));
    yield* createGenerated(session, service, { operation: "exposed" });
  });
  return 0;
}

function serviceOf(session: Session, info: Info): Fields {
  const { flags } = session;
  if (!EXPOSABLE.includes(info.mapping.kind)) {
    const group = info.mapping.group === "" ? info.mapping.kind : `${info.mapping.kind}.${info.mapping.group}`;
    throw refusal(`cannot expose a ${group}`);
  }
  const selector = textFlag(flags, "selector") === "" ? selectorOf(info) : labelsOf(textFlag(flags, "selector"));
  const written = textFlag(flags, "labels");
  const labels = written === "" ? fieldsAt(info.object, "metadata", "labels") : labelsOf(written);
  const name = (textFlag(flags, "name") || info.name).slice(0, 63);
  return {
    kind: "Service",
    apiVersion: "v1",
    metadata: { name, ...(Object.keys(labels).length > 0 ? { labels } : {}) },
    spec: { ports: portsOf(session, info), selector, ...optionsOf(session) },
    status: { loadBalancer: {} },
  };
}

function optionsOf(session: Session): Fields {
  const { flags } = session;
  const options: Record<string, unknown> = {};
  const clusterIp = textFlag(flags, "cluster-ip");
  if (clusterIp !== "") options["clusterIP"] = clusterIp;
  const type = textFlag(flags, "type");
  if (type !== "") options["type"] = type;
  const external = textFlag(flags, "external-ip");
  if (external !== "") options["externalIPs"] = [external];
  const affinity = textFlag(flags, "session-affinity");
  if (affinity !== "") options["sessionAffinity"] = affinity;
  const balancer = textFlag(flags, "load-balancer-ip");
  if (type === "LoadBalancer" && balancer !== "") options["loadBalancerIP"] = balancer;
  return options;
}

/** Source: kubectl pkg/polymorphichelpers/mapbasedselectorforobject.go. */
function selectorOf(info: Info): Fields {
  const { object } = info;
  switch (info.mapping.kind) {
    case "Pod": {
      const labels = fieldsAt(object, "metadata", "labels");
      if (Object.keys(labels).length === 0)
        throw refusal(
          "couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed",
        );
      return labels;
    }
    case "Deployment":
    case "ReplicaSet": {
      if (at(object, "spec", "selector", "matchExpressions") !== undefined) {
        throw refusal(
          `couldn't retrieve selectors via --selector flag or introspection: couldn't convert expressions - "${rowsAt(
            object,
            "spec",
            "selector",
            "matchExpressions",
          )
            .map((each) => text(each["key"]))
            .join(", ")}" to map-based selector format`,
        );
      }
      return fieldsAt(object, "spec", "selector", "matchLabels");
    }
    default: {
      const selector = fieldsAt(object, "spec", "selector");
      if (Object.keys(selector).length === 0)
        throw refusal(
          "couldn't retrieve selectors via --selector flag or introspection: the service has no pod selector set",
        );
      return selector;
    }
  }
}

function labelsOf(written: string): Fields {
  return Object.fromEntries(
    written.split(",").map((pair) => {
      const [key = "", value, ...rest] = pair.split("=");
      if (value === undefined || rest.length > 0) throw refusal(`unexpected label spec: ${pair}`);
      return [key, value] as const;
    }),
  );
}

interface KnownPort {
  readonly port: number;
  readonly protocol: string;
}

function knownPorts(info: Info): readonly KnownPort[] {
  const container = (each: Fields): KnownPort => ({
    port: Number(each["containerPort"] ?? each["port"]),
    protocol: textAt(each, "protocol") || "TCP",
  });
  if (info.mapping.kind === "Service") return rowsAt(info.object, "spec", "ports").map(container);
  return rowsAt(podSpecOf(info.object), "containers")
    .flatMap((each) => rowsAt(each, "ports"))
    .map(container);
}

function portsOf(session: Session, info: Info): readonly Fields[] {
  const { flags } = session;
  const known = knownPorts(info);
  const given = textFlag(flags, "port");
  const ports = given === "" ? [...new Set(known.map((each) => String(each.port)))] : given.split(",");
  const isHeadless = textFlag(flags, "cluster-ip") === "None";
  if (ports.length === 0 && !isHeadless) throw refusal("couldn't find port via --port flag or introspection");
  const target = textFlag(flags, "target-port");
  return ports.map((port, index) => {
    if (!/^-?\d+$/.test(port)) throw refusal(`strconv.Atoi: parsing ${goQuote(port)}: invalid syntax`);
    const protocol = textFlag(flags, "protocol") || known.find((each) => each.port === Number(port))?.protocol || "TCP";
    const targetPort = target === "" ? Number(port) : /^\d+$/.test(target) ? Number(target) : target;
    return { ...(ports.length > 1 ? { name: `port-${index + 1}` } : {}), protocol, port: Number(port), targetPort };
  });
}
