// After kubectl pkg/cmd/debug/debug.go, profiles.go; not modelled: attaching after creation from a terminal, custom profiles.
import { PATCH_MEDIA_TYPES } from "../../client/requests.ts";
import { failureOfResponse, refusal, thrown } from "../failure.ts";
import { boolFlag, isGiven, listFlag, textFlag } from "../flag-set.ts";
import { fieldsAt, rowsAt, textAt, type Fields } from "../json.ts";
import { utf8Bytes } from "../base64.ts";
import { collectionPath, mappingFor } from "../mapping.ts";
import { sha256 } from "../sha256.ts";
import { exchange, now, print, printLine, type Session, type Talk } from "../talk.ts";
import { infosOf } from "../visit.ts";
import { pathOf, type Info } from "../info.ts";
import { attachTo } from "./attach.ts";

export function* runDebug(session: Session): Talk<number> {
  const { flags, args, argsBeforeDash } = session;
  const targets = argsBeforeDash < 0 ? args : args.slice(0, argsBeforeDash);
  const command = argsBeforeDash < 0 ? [] : args.slice(argsBeforeDash);
  validate(session, targets, command);
  for (const target of targets) {
    const infos = yield* infosOf(session, { args: [target], namespace: session.config.namespace, typeOfNames: "pods" });
    for (const info of infos) {
      if (info.mapping.kind === "Node") yield* debugNode(session, info, command);
      else if (info.mapping.kind !== "Pod")
        throw refusal(
          `"${info.mapping.group === "" ? "" : `${info.mapping.group}/`}${info.mapping.version}, Kind=${info.mapping.kind}" not supported by debug`,
        );
      else
        yield* textFlag(flags, "copy-to") === ""
          ? debugInPlace(session, info, command)
          : debugCopy(session, info, command);
    }
  }
  return 0;
}

function validate(session: Session, targets: readonly string[], command: readonly string[]): void {
  const { flags } = session;
  const [image, copyTo] = [textFlag(flags, "image"), textFlag(flags, "copy-to")];
  const images = listFlag(flags, "set-image");
  if (copyTo === "" && image === "") throw refusal("you must specify --image when not using --copy-to.");
  if (targets.length === 0) throw refusal("NAME or TYPE/NAME is required for debug");
  if (copyTo !== "") {
    if (image === "" && images.length === 0 && command.length === 0)
      throw refusal("you must specify --image, --set-image or command arguments.");
    if (command.length > 0 && textFlag(flags, "container") === "" && image === "")
      throw refusal("you must specify an existing container or a new image when specifying args.");
    if (textFlag(flags, "target") !== "")
      throw refusal("--target is incompatible with --copy-to. Use --share-processes instead.");
    return;
  }
  if (boolFlag(flags, "replace")) throw refusal("--replace may only be used with --copy-to.");
  if (boolFlag(flags, "same-node")) throw refusal("--same-node may only be used with --copy-to.");
  if (images.length > 0) throw refusal("--set-image may only be used with --copy-to.");
}

/** Five letters that no other debugger of the pod has: drawn from what the pod is and when it is asked. */
function* suffix(seed: string): Talk<string> {
  const letters = "bcdfghjklmnpqrstvwxz2456789";
  const digits = sha256(utf8Bytes(`${seed}${yield* now()}`));
  return Array.from(
    { length: 5 },
    (_, index) => letters[Number.parseInt(digits.slice(index * 4, index * 4 + 4), 16) % letters.length] ?? "",
  ).join("");
}

function environment(session: Session): readonly Fields[] {
  return listFlag(session.flags, "env").map((pair) => ({
    name: pair.split("=")[0] ?? "",
    value: pair.slice(pair.indexOf("=") + 1),
  }));
}

function debugContainer(session: Session, name: string, command: readonly string[]): Fields {
  const { flags } = session;
  const words = command.length === 0 ? {} : boolFlag(flags, "arguments-only") ? { args: command } : { command };
  const env = environment(session);
  const pull = textFlag(flags, "image-pull-policy");
  return {
    name,
    image: textFlag(flags, "image"),
    ...words,
    ...(env.length > 0 ? { env } : {}),
    resources: {},
    terminationMessagePolicy: "File",
    ...(pull === "" ? {} : { imagePullPolicy: pull }),
    ...(boolFlag(flags, "stdin") ? { stdin: true } : {}),
    ...(boolFlag(flags, "tty") ? { tty: true } : {}),
  };
}

function* debugInPlace(session: Session, info: Info, command: readonly string[]): Talk<void> {
  const { flags } = session;
  const target = textFlag(flags, "target");
  if (target !== "") {
    yield* printLine(
      `Targeting container ${JSON.stringify(target)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.`,
    );
  }
  const name = yield* debuggerName(session, info);
  const container = {
    ...debugContainer(session, name, command),
    ...(target === "" ? {} : { targetContainerName: target }),
    ...profileOf(session),
  };
  const patch = {
    spec: {
      ephemeralContainers: [container],
      "$setElementOrder/ephemeralContainers": [
        ...rowsAt(info.object, "spec", "ephemeralContainers").map((each) => ({ name: each["name"] })),
        { name },
      ],
    },
  };
  const response = yield* exchange(session, {
    method: "PATCH",
    path: pathOf(info, "ephemeralcontainers"),
    headers: { "content-type": PATCH_MEDIA_TYPES.strategic },
    body: patch,
  });
  if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
  if (wantsAttach(session)) yield* attachTo(session, { ...info, object: response.body as Fields }, name);
}

function wantsAttach(session: Session): boolean {
  return isGiven(session.flags, "attach") ? boolFlag(session.flags, "attach") : boolFlag(session.flags, "stdin");
}

/** Source: profiles.go, what each profile adds to the debugging container. */
function profileOf(session: Session): Fields {
  switch (textFlag(session.flags, "profile")) {
    case "general":
      return { securityContext: { capabilities: { add: ["SYS_PTRACE"] } } };
    case "baseline":
      return {};
    case "restricted":
      return {
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
          runAsNonRoot: true,
          seccompProfile: { type: "RuntimeDefault" },
        },
      };
    case "netadmin":
      return { securityContext: { capabilities: { add: ["NET_ADMIN", "NET_RAW"] } } };
    case "sysadmin":
      return { securityContext: { privileged: true } };
    case "legacy":
      return {};
    default:
      throw refusal(`unknown profile: ${textFlag(session.flags, "profile")}`);
  }
}

function* debuggerName(session: Session, info: Info): Talk<string> {
  const given = textFlag(session.flags, "container");
  if (given !== "") return given;
  const name = `debugger-${yield* suffix(textAt(info.object, "metadata", "uid"))}`;
  if (!boolFlag(session.flags, "quiet")) yield* print(`Defaulting debug container name to ${name}.\n`);
  return name;
}

function* debugCopy(session: Session, info: Info, command: readonly string[]): Talk<void> {
  const { flags } = session;
  const spec = fieldsAt(info.object, "spec");
  const containers = rowsAt(spec, "containers").map((container) => changedContainer(session, container, command));
  const known = textFlag(flags, "container");
  const isExisting = containers.some((each) => each["name"] === known);
  if (textFlag(flags, "image") !== "" && !isExisting) {
    const name = yield* debuggerName(session, info);
    containers.push({ ...debugContainer(session, name, command), ...profileOf(session) });
  }
  const { ephemeralContainers: _ephemeral, nodeName, initContainers, ...rest } = spec;
  const pod = {
    kind: "Pod",
    apiVersion: "v1",
    metadata: {
      name: textFlag(flags, "copy-to"),
      namespace: info.namespace,
      ...(boolFlag(flags, "keep-labels") ? { labels: fieldsAt(info.object, "metadata", "labels") } : {}),
    },
    spec: {
      ...rest,
      containers,
      ...(boolFlag(flags, "keep-init-containers") && initContainers !== undefined ? { initContainers } : {}),
      ...(boolFlag(flags, "same-node") ? { nodeName } : {}),
      shareProcessNamespace: boolFlag(flags, "share-processes"),
    },
  };
  if (boolFlag(flags, "replace")) yield* exchange(session, { method: "DELETE", path: pathOf(info) });
  yield* createPod(session, pod, info.namespace);
}

function changedContainer(session: Session, container: Fields, command: readonly string[]): Fields {
  const { flags } = session;
  const images = listFlag(flags, "set-image").map(
    (pair) => [pair.split("=")[0] ?? "", pair.slice(pair.indexOf("=") + 1)] as const,
  );
  const image = images.find(([name]) => name === "*" || name === container["name"])?.[1];
  const { livenessProbe, readinessProbe, startupProbe, ...bare } = container;
  const kept = {
    ...bare,
    ...(boolFlag(flags, "keep-liveness") && livenessProbe !== undefined ? { livenessProbe } : {}),
    ...(boolFlag(flags, "keep-readiness") && readinessProbe !== undefined ? { readinessProbe } : {}),
    ...(boolFlag(flags, "keep-startup") && startupProbe !== undefined ? { startupProbe } : {}),
  };
  const isChosen = container["name"] === textFlag(flags, "container");
  const replaced = isChosen && textFlag(flags, "image") !== "" ? { ...kept, image: textFlag(flags, "image") } : kept;
  const words =
    isChosen && command.length > 0
      ? boolFlag(flags, "arguments-only")
        ? { args: command }
        : { command, args: [] }
      : {};
  return { ...replaced, ...(image === undefined ? {} : { image }), ...words };
}

function* debugNode(session: Session, info: Info, command: readonly string[]): Talk<void> {
  const { flags, config } = session;
  const container = textFlag(flags, "container") || "debugger";
  const name = `node-debugger-${info.name}-${yield* suffix(textAt(info.object, "metadata", "uid"))}`;
  yield* print(`Creating debugging pod ${name} with container ${container} on node ${info.name}.\n`);
  const pod = {
    kind: "Pod",
    apiVersion: "v1",
    metadata: { name, namespace: config.namespace, labels: { "app.kubernetes.io/managed-by": "kubectl-debug" } },
    spec: {
      containers: [
        { ...debugContainer(session, container, command), volumeMounts: [{ name: "host-root", mountPath: "/host" }] },
      ],
      hostIPC: true,
      hostNetwork: true,
      hostPID: true,
      nodeName: info.name,
      restartPolicy: "Never",
      tolerations: [{ operator: "Exists" }],
      volumes: [{ name: "host-root", hostPath: { path: "/" } }],
    },
  };
  yield* createPod(session, pod, config.namespace);
}

function* createPod(session: Session, pod: Fields, namespace: string): Talk<void> {
  const mapping = yield* mappingFor(session, "pods");
  const response = yield* exchange(session, { method: "POST", path: collectionPath(mapping, namespace), body: pod });
  if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
}
