// After kubectl pkg/cmd/completion, options, plugin, proxy, port-forward, kustomize: commands whose work is outside the API.
import { bracketed, exit, failureOfResponse, refusal, thrown, usageRefusal } from "../failure.ts";
import { textFlag } from "../flag-set.ts";
import { number, rowsAt, at, text, textAt, type Fields } from "../json.ts";
import { buildKustomization } from "../kustomize/build.ts";
import { attachablePod } from "../pods-of.ts";
import { arrival, open, print, printLine, writeFile, type Session, type Talk } from "../talk.ts";
import { infosOf } from "../visit.ts";
import { pathOf, type Info } from "../info.ts";

const SHELLS = ["bash", "fish", "powershell", "zsh"];

export function* runCompletion(session: Session): Talk<number> {
  const { args } = session;
  const [shell = ""] = args;
  if (args.length === 0) throw usageRefusal("kubectl completion", "Shell not specified.");
  if (args.length > 1) throw usageRefusal("kubectl completion", "Too many arguments. Expected only the shell type.");
  if (!SHELLS.includes(shell))
    throw usageRefusal("kubectl completion", `Unsupported shell type ${JSON.stringify(shell)}.`);
  yield* print(`# ${shell} completion for kubectl                                 -*- shell-script -*-\n`);
  return 0;
}

export function* listPlugins(_session: Session): Talk<number> {
  throw refusal("unable to find any kubectl plugins in your PATH");
}

export function* runKustomize(session: Session): Talk<number> {
  const { args } = session;
  if (args.length > 1) throw refusal("specify one path to a kustomization directory");
  const [path = "."] = args;
  const built = yield* buildKustomization(session, path);
  const output = textFlag(session.flags, "output");
  if (output === "") yield* print(built);
  else yield* writeFile(session, output, built);
  return 0;
}

/** Forwards nothing by itself: the host of the command carries the connections; here the pod and the ports are resolved. */
export function* runPortForward(session: Session): Talk<number> {
  const { args } = session;
  if (args.length < 2)
    throw usageRefusal("kubectl port-forward", "TYPE/NAME and list of ports are required for port-forward");
  const [target = "", ...ports] = args;
  const [info] = yield* infosOf(session, { args: [target], namespace: session.config.namespace, typeOfNames: "pods" });
  if (info === undefined) throw refusal("no resource found");
  const pod = yield* attachablePod(session, info);
  const phase = textAt(pod.object, "status", "phase");
  const pairs = ports.map((written) => portPair(written, info, pod));
  if (phase !== "Running") throw refusal(`unable to forward port because pod is not running. Current status=${phase}`);
  const opened = yield* open(session, {
    method: "POST",
    path: pathOf(pod, "portforward"),
    query: { ports: pairs.map((pair) => pair.remote).join(",") },
  });
  if (opened.response.code >= 400) throw thrown(failureOfResponse(opened.response.code, opened.response.body));
  for (const { local, remote } of pairs) {
    yield* printLine(`Forwarding from 127.0.0.1:${local} -> ${remote}`);
    yield* printLine(`Forwarding from [::1]:${local} -> ${remote}`);
  }
  for (;;) {
    const arrived = yield* arrival(opened.stream);
    if (arrived.kind === "closed") return 0;
  }
}

interface PortPair {
  readonly local: number;
  readonly remote: number;
}

function portPair(written: string, info: Info, pod: Info): PortPair {
  const [first = "", second] = written.split(":");
  const wanted = second ?? first;
  const remote = targetPort(wanted, info, pod);
  const local =
    second === undefined ? (/^\d+$/.test(first) ? Number(first) : remote) : first === "" ? remote : Number(first);
  if (!/^\d*$/.test(second === undefined ? "" : first))
    throw refusal(
      `error parsing local port '${first}': strconv.ParseUint: parsing ${JSON.stringify(first)}: invalid syntax`,
    );
  return { local, remote };
}

/** A service's port is translated into the pod's; a name into its number. */
function targetPort(wanted: string, info: Info, pod: Info): number {
  if (info.mapping.kind === "Service") {
    const port = rowsAt(info.object, "spec", "ports").find(
      (each) => text(each["port"]) === wanted || each["name"] === wanted,
    );
    if (port === undefined) throw refusal(`Service ${info.name} does not have a service port ${wanted}`);
    const target = port["targetPort"];
    if (typeof target === "number" && target !== 0) return target;
    return typeof target === "string" ? containerPort(target, pod) : number(port["port"]);
  }
  return /^\d+$/.test(wanted) ? Number(wanted) : containerPort(wanted, pod);
}

function containerPort(name: string, pod: Info): number {
  const ports = rowsAt(pod.object, "spec", "containers").flatMap((container) => rowsAt(container, "ports"));
  const found = ports.find((each) => each["name"] === name);
  if (found === undefined) throw refusal(`Pod '${pod.name}' does not have a named port '${name}'`);
  return number(at(found as Fields, "containerPort"));
}

export function* runProxy(session: Session): Talk<number> {
  const port = textFlag(session.flags, "port");
  yield* print(`Starting to serve on 127.0.0.1:${port}\n`);
  throw exit("error: this kubectl has no sockets of its own: use `workbook serve`\n");
}

/** Where a `cp` argument points: `pod:path`, `namespace/pod:path`, or a file of our own. */
interface Place {
  readonly pod: string;
  readonly namespace: string;
  readonly path: string;
}

function placeOf(session: Session, written: string): Place {
  const colon = written.indexOf(":");
  if (colon < 0) return { pod: "", namespace: "", path: written };
  if (colon === 0) throw refusal("filespec must match the canonical format: [[namespace/]pod:]file/path");
  const [pod, path] = [written.slice(0, colon), written.slice(colon + 1)];
  const parts = pod.split("/");
  if (parts.length > 2) throw refusal("filespec must match the canonical format: [[namespace/]pod:]file/path");
  return parts.length === 2
    ? { namespace: parts[0] ?? "", pod: parts[1] ?? "", path }
    : { namespace: session.config.namespace, pod, path };
}

export function* runCopy(session: Session): Talk<number> {
  const { args } = session;
  if (args.length !== 2) throw refusal("source and destination are required");
  const [from, to] = args.map((written) => placeOf(session, written));
  if (from === undefined || to === undefined) throw refusal("source and destination are required");
  if (from.pod !== "" && to.pod !== "") throw refusal("one of src or dest must be a local file specification");
  if (from.path === "" || to.path === "") throw refusal("filepath can not be empty");
  if (from.pod === "" && to.pod === "") throw refusal("one of src or dest must be a remote file specification");
  const remote = from.pod === "" ? to : from;
  yield* infosOf(session, { args: [remote.pod], namespace: remote.namespace, typeOfNames: "pods" });
  throw refusal(`exec: "tar": executable file not found in $PATH ${bracketed([])}`.replace(" []", ""));
}
