// After kubectl pkg/cmd/create/create_service.go, create_ingress.go.
import { refusal } from "../../failure.ts";
import { intFlag, listFlag, textFlag } from "../../flag-set.ts";
import type { Fields } from "../../json.ts";
import type { Session, Talk } from "../../talk.ts";
import { createGenerated, nameArgument } from "./generate.ts";

type ServiceType = "ClusterIP" | "NodePort" | "LoadBalancer" | "ExternalName";

export function createService(type: ServiceType): (session: Session) => Talk<number> {
  return function* create(session) {
    const { flags } = session;
    const name = nameArgument(session);
    const tcp = listFlag(flags, "tcp");
    const clusterIp = textFlag(flags, "clusterip");
    if (tcp.length === 0 && type !== "ExternalName" && clusterIp !== "None")
      throw refusal("at least one tcp port specifier must be provided");
    const nodePort = type === "NodePort" ? intFlag(flags, "node-port") : 0;
    const ports = tcp.map((written) => servicePort(written, nodePort));
    const labels = { app: name };
    const externalName = textFlag(flags, "external-name");
    const service = {
      kind: "Service",
      apiVersion: "v1",
      metadata: { name, labels },
      spec: {
        ...(ports.length > 0 ? { ports } : {}),
        selector: labels,
        ...(clusterIp === "" ? {} : { clusterIP: clusterIp }),
        type,
        ...(externalName === "" ? {} : { externalName }),
      },
      status: { loadBalancer: {} },
    };
    return yield* createGenerated(session, service, `failed to create ${type} service: `);
  };
}

function servicePort(written: string, nodePort: number): Fields {
  const [first = "", ...rest] = written.split(":");
  const second = rest.join(":");
  if (!/^\d+$/.test(first)) throw refusal(`strconv.ParseUint: parsing ${JSON.stringify(first)}: invalid syntax`);
  if (Number(first) > 65535) throw refusal(`strconv.ParseUint: parsing ${JSON.stringify(first)}: value out of range`);
  const target = second === "" ? Number(first) : /^\d+$/.test(second) ? Number(second) : second;
  return {
    name: written.replaceAll(":", "-"),
    protocol: "TCP",
    port: Number(first),
    targetPort: target,
    ...(nodePort > 0 ? { nodePort } : {}),
  };
}

/** Source: create_ingress.go ruleRegex. */
const RULE = /^([^=]*?)\/?((?:\/)[^=]*)?=([^:=,]+):([^,]+)(,.*)?$/;

interface IngressRule {
  readonly host: string;
  readonly path: string;
  readonly pathType: string;
  readonly backend: Fields;
  /** The secret of `tls=secret`; empty for `tls`; undefined without. */
  readonly tls: string | undefined;
}

export function* createIngress(session: Session): Talk<number> {
  const { flags } = session;
  const name = nameArgument(session);
  const [rules, backend] = [listFlag(flags, "rule"), textFlag(flags, "default-backend")];
  if (rules.length === 0 && backend === "")
    throw refusal(
      "not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)",
    );
  const parsed = rules.map(ruleOf);
  const annotations = annotationsOf(listFlag(flags, "annotation"));
  const className = textFlag(flags, "class");
  const ingress = {
    kind: "Ingress",
    apiVersion: "networking.k8s.io/v1",
    metadata: { name, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
    spec: {
      ...(className === "" ? {} : { ingressClassName: className }),
      ...(backend === "" ? {} : { defaultBackend: defaultBackend(backend) }),
      ...tlsOf(parsed),
      ...(parsed.length > 0 ? { rules: hostsOf(parsed) } : {}),
    },
    status: { loadBalancer: {} },
  };
  return yield* createGenerated(session, ingress, "failed to create ingress: ");
}

function annotationsOf(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((annotation) => {
      const [key = "", ...value] = annotation.split("=");
      if (value.length === 0) throw refusal(`annotation ${annotation} is invalid and should be in format key=[value]`);
      return [key, value.join("=")] as const;
    }),
  );
}

function defaultBackend(written: string): Fields {
  const parts = written.split(":");
  const [service = "", port = ""] = parts;
  if (parts.length !== 2 || service === "" || port === "")
    throw refusal(`default-backend should be in format servicename:serviceport`);
  return backendOf(service, port);
}

function backendOf(name: string, port: string): Fields {
  return { service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } };
}

function ruleOf(written: string): IngressRule {
  const match = RULE.exec(written);
  if (match === null)
    throw refusal(`rule ${written} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`);
  const [, host = "", path, service = "", port = "", rest = ""] = match;
  const given = path ?? "/";
  const isPrefix = given.endsWith("*");
  const tls = /^,tls(?:=(.*))?$/.exec(rest);
  return {
    host,
    path: isPrefix ? given.slice(0, -1) || "/" : given,
    pathType: isPrefix ? "Prefix" : "Exact",
    backend: backendOf(service, port),
    tls: tls === null ? undefined : (tls[1] ?? ""),
  };
}

function tlsOf(rules: readonly IngressRule[]): Fields {
  const entries: { readonly hosts?: readonly string[]; readonly secretName?: string }[] = [];
  for (const { host, tls } of rules) {
    if (tls === undefined) continue;
    const entry = { ...(host === "" ? {} : { hosts: [host] }), ...(tls === "" ? {} : { secretName: tls }) };
    if (!entries.some((each) => each.hosts?.[0] === entry.hosts?.[0] && each.secretName === entry.secretName))
      entries.push(entry);
  }
  return entries.length > 0 ? { tls: entries } : {};
}

function hostsOf(rules: readonly IngressRule[]): readonly Fields[] {
  const hosts = [...new Set(rules.map((rule) => rule.host))];
  return hosts.map((host) => ({
    ...(host === "" ? {} : { host }),
    http: {
      paths: rules
        .filter((rule) => rule.host === host)
        .map(({ path, pathType, backend }) => ({ path, pathType, backend })),
    },
  }));
}
