// After kubectl pkg/cmd/run/run.go.
import { refusal, thrown, failureOfResponse, usageRefusal } from "../failure.ts";
import { boolFlag, intFlag, isGiven, listFlag, textFlag } from "../flag-set.ts";
import { at, put, rowsAt, textAt, type Fields } from "../json.ts";
import { collectionPath, mappingFor } from "../mapping.ts";
import { override } from "../overrides.ts";
import { createGenerated } from "./create/generate.ts";
import { complain, exchange, now, printLine, type Session, type Talk } from "../talk.ts";
import { untilHolds } from "../waiting.ts";
import { attachTo } from "./attach.ts";

const RESTART_POLICIES = ["Always", "OnFailure", "Never"];
const PULL_POLICIES = ["Always", "IfNotPresent", "Never", ""];

export function* runRun(session: Session): Talk<number> {
  const { flags } = session;
  const [name] = session.args;
  if (name === undefined || session.argsBeforeDash === 0) throw usageRefusal("kubectl run", "NAME is required for run");
  validate(session);
  const pod = override(session, podOf(session, name));
  if (boolFlag(flags, "expose")) {
    yield* createGenerated(session, serviceFor(session, name), undefined);
    if (textFlag(flags, "output") === "yaml") yield* printLine("---");
  }
  yield* createGenerated(session, pod, undefined);
  const attach = isGiven(flags, "attach") ? boolFlag(flags, "attach") : boolFlag(flags, "stdin");
  return attach && textFlag(flags, "dry-run") === "none" ? yield* attachAndReap(session, name) : 0;
}

function validate(session: Session): void {
  const { flags } = session;
  const image = textFlag(flags, "image");
  if (image === "") throw usageRefusal("kubectl run", "--image is required");
  if (/[A-Z\s]/.test(image.split(":")[0] ?? ""))
    throw refusal(`Invalid image name "${image}": invalid reference format`);
  if (boolFlag(flags, "tty") && !boolFlag(flags, "stdin"))
    throw usageRefusal("kubectl run", "-i/--stdin is required for containers with -t/--tty=true");
  if (boolFlag(flags, "expose") && textFlag(flags, "port") === "")
    throw usageRefusal("kubectl run", "--port must be set when exposing a service");
  const attach = isGiven(flags, "attach") ? boolFlag(flags, "attach") : boolFlag(flags, "stdin");
  if (boolFlag(flags, "rm") && !attach)
    throw usageRefusal("kubectl run", "--rm should only be used for attached containers");
  if (attach && textFlag(flags, "dry-run") !== "none")
    throw usageRefusal(
      "kubectl run",
      "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
    );
  validatePolicies(session);
}

function validatePolicies(session: Session): void {
  const { flags } = session;
  if (!RESTART_POLICIES.includes(textFlag(flags, "restart")))
    throw usageRefusal("kubectl run", `invalid restart policy: ${textFlag(flags, "restart")}`);
  if (!PULL_POLICIES.includes(textFlag(flags, "image-pull-policy")))
    throw usageRefusal("kubectl run", `invalid image pull policy: ${textFlag(flags, "image-pull-policy")}`);
  if (intFlag(flags, "grace-period") >= 0 && !boolFlag(flags, "rm"))
    throw usageRefusal("kubectl run", "--grace-period can only be used with --rm");
}

function podOf(session: Session, name: string): Fields {
  const { flags } = session;
  const words = session.args.slice(1);
  const written = textFlag(flags, "labels");
  const labels = written === "" ? { run: name } : pairs(written.split(","), "label");
  const annotations = pairs(listFlag(flags, "annotations"), "annotation");
  const env = listFlag(flags, "env").map(variable);
  const port = textFlag(flags, "port");
  const pull = textFlag(flags, "image-pull-policy");
  const [stdin, tty] = [boolFlag(flags, "stdin"), boolFlag(flags, "tty")];
  const container = {
    name,
    image: textFlag(flags, "image"),
    ...(words.length > 0 && boolFlag(flags, "command") ? { command: words } : {}),
    ...(words.length > 0 && !boolFlag(flags, "command") ? { args: words } : {}),
    ...(port === "" ? {} : { ports: [{ containerPort: Number(port) }] }),
    ...(env.length > 0 ? { env } : {}),
    resources: {},
    ...(pull === "" ? {} : { imagePullPolicy: pull }),
    ...(boolFlag(flags, "privileged") ? { securityContext: { privileged: true } } : {}),
    ...(stdin ? { stdin: true, stdinOnce: !boolFlag(flags, "leave-stdin-open") } : {}),
    ...(tty ? { tty: true } : {}),
  };
  return {
    kind: "Pod",
    apiVersion: "v1",
    metadata: { name, labels, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
    spec: { containers: [container], restartPolicy: textFlag(flags, "restart"), dnsPolicy: "ClusterFirst" },
    status: {},
  };
}

function pairs(written: readonly string[], what: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    written.map((pair) => {
      const equals = pair.indexOf("=");
      if (equals < 0) throw refusal(`unexpected ${what} spec: ${pair}`);
      return [pair.slice(0, equals), pair.slice(equals + 1)] as const;
    }),
  );
}

function variable(written: string): Fields {
  const equals = written.indexOf("=");
  if (equals <= 0) throw refusal(`invalid env: ${written}`);
  return { name: written.slice(0, equals), value: written.slice(equals + 1) };
}

function serviceFor(session: Session, name: string): Fields {
  const port = Number(textFlag(session.flags, "port"));
  return {
    kind: "Service",
    apiVersion: "v1",
    metadata: { name },
    spec: { ports: [{ protocol: "TCP", port, targetPort: port }], selector: { run: name } },
    status: { loadBalancer: {} },
  };
}

/** Attaches to the new pod, or shows its log when it is over already; with --rm it is deleted afterwards. */
function* attachAndReap(session: Session, name: string): Talk<number> {
  const { flags, config } = session;
  const mapping = yield* mappingFor(session, "pods");
  const place = { mapping, namespace: config.namespace, name };
  const info = { ...place, source: "", object: {} };
  const end = (yield* now()) + 60_000;
  const pod = yield* untilHolds(session, { info, end }, (object) =>
    ["Running", "Succeeded", "Failed"].includes(textAt(object, "status", "phase")),
  );
  if (!boolFlag(flags, "quiet") && boolFlag(flags, "stdin"))
    yield* complain("If you don't see a command prompt, try pressing enter.\n");
  const code = yield* attachTo(session, { ...info, object: pod }, textAt(at(pod, "spec", "containers"), 0, "name"));
  const remains = textFlag(flags, "restart") === "Always" && !boolFlag(flags, "quiet");
  if (remains && boolFlag(flags, "leave-stdin-open")) {
    yield* printLine(
      `Session ended, resume using 'kubectl attach ${name} -c ${textAt(rowsAt(pod, "spec", "containers")[0], "name")} -i -t' command when the pod is running`,
    );
  }
  if (boolFlag(flags, "rm")) {
    const body = put({ kind: "DeleteOptions", apiVersion: "v1" }, ["propagationPolicy"], "Background");
    const response = yield* exchange(session, {
      method: "DELETE",
      path: `${collectionPath(mapping, config.namespace)}/${name}`,
      body,
    });
    if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
    yield* printLine(`pod "${name}" deleted from ${config.namespace} namespace`);
  }
  return code;
}
