// After kubectl pkg/cmd/auth/cani.go, whoami.go, reconcile.go.
import { rulesTable } from "../describe/rbac.ts";
import { dryRunOf, withDryRun } from "../dry-run.ts";
import { exit, failureOfResponse, refusal, thrown } from "../failure.ts";
import { boolFlag, listFlag, textFlag } from "../flag-set.ts";
import { fieldsAt, list, rowsAt, sameJson, text, textAt, type Fields } from "../json.ts";
import { collectionPath, discover } from "../mapping.ts";
import type { ResourceMapping } from "../resource-mapping.ts";
import { printerOf } from "../printers/printer.ts";
import { selectionOf } from "../select-flags.ts";
import { TABLE_LAYOUT, tabulate } from "../tabulate.ts";
import { complain, exchange, print, printLine, send, warn, type Session, type Talk } from "../talk.ts";
import { visit } from "../visit.ts";
import { pathOf, type Info } from "../info.ts";

const VERBS = [
  "get",
  "list",
  "watch",
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
  "use",
  "bind",
  "impersonate",
  "*",
  "approve",
  "sign",
  "escalate",
  "attest",
  "proxy",
];
const URL_VERBS = ["get", "put", "post", "head", "options", "delete", "patch", "*"];

export function* canI(session: Session): Talk<number> {
  const { args, flags } = session;
  if (boolFlag(flags, "list")) return yield* listRules(session);
  const [verb = "", what = ""] = args;
  if (args.length !== 2)
    throw refusal(
      "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
    );
  const spec = what.startsWith("/") ? yield* urlSpec(verb, what) : yield* resourceSpec(session, verb, what);
  const body = {
    kind: "SelfSubjectAccessReview",
    apiVersion: "authorization.k8s.io/v1",
    metadata: {},
    spec,
    status: { allowed: false },
  };
  const response = yield* send(session, {
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    body,
  });
  const status = fieldsAt(response.body, "status");
  const isAllowed = status["allowed"] === true;
  if (!boolFlag(flags, "quiet")) yield* printLine(isAllowed ? "yes" : answerNo(status));
  return isAllowed ? 0 : 1;
}

function answerNo(status: Fields): string {
  const [reason, problem] = [textAt(status, "reason"), textAt(status, "evaluationError")];
  return `no${reason === "" ? "" : ` - ${reason}`}${problem === "" ? "" : ` - ${problem}`}`;
}

function* urlSpec(verb: string, path: string): Talk<Fields> {
  if (!URL_VERBS.includes(verb)) yield* complain(`Warning: verb '${verb}' is not a known verb\n\n`);
  return { nonResourceAttributes: { path, verb } };
}

function* resourceSpec(session: Session, verb: string, what: string): Talk<Fields> {
  const { flags, config } = session;
  const [resource = "", name = ""] = what.split("/");
  const mapping = yield* attributesOf(session, resource);
  if (!VERBS.includes(verb)) yield* complain(`Warning: verb '${verb}' is not a known verb\n\n`);
  const namespace = boolFlag(flags, "all-namespaces") || mapping?.namespaced === false ? "" : config.namespace;
  const subresource = textFlag(flags, "subresource");
  return {
    resourceAttributes: {
      ...(namespace === "" ? {} : { namespace }),
      verb,
      ...(mapping === undefined || mapping.group === "" ? {} : { group: mapping.group }),
      resource: mapping?.plural ?? resource,
      ...(subresource === "" ? {} : { subresource }),
      ...(name === "" ? {} : { name }),
    },
  };
}

function* attributesOf(session: Session, word: string): Talk<ResourceMapping | undefined> {
  if (word === "*") return undefined;
  const mappings = yield* discover(session);
  const [name = "", ...group] = word.toLowerCase().split(".");
  const found = mappings.find(
    (each) =>
      [each.plural, each.singular, ...each.shortNames].includes(name) &&
      (group.length === 0 || each.group === group.join(".")),
  );
  if (found === undefined) {
    yield* complain(
      group.length === 0
        ? `Warning: the server doesn't have a resource type '${word}'\n\n`
        : `Warning: the server doesn't have a resource type '${name}' in group '${group.join(".")}'\n\n`,
    );
  } else if (!found.namespaced)
    yield* complain(
      `Warning: resource '${found.plural}' is not namespace scoped${found.group === "" ? "" : ` in group '${found.group}'`}\n\n`,
    );
  return found;
}

function* listRules(session: Session): Talk<number> {
  const body = {
    kind: "SelfSubjectRulesReview",
    apiVersion: "authorization.k8s.io/v1",
    metadata: {},
    spec: { namespace: session.config.namespace },
    status: {},
  };
  const response = yield* send(session, {
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
    body,
  });
  const status = fieldsAt(response.body, "status");
  if (textAt(status, "evaluationError") !== "")
    yield* warn(`the list may be incomplete: ${textAt(status, "evaluationError")}`);
  const rules = [...rowsAt(status, "resourceRules"), ...rowsAt(status, "nonResourceRules")];
  const headers = boolFlag(session.flags, "no-headers") ? "" : "Resources\tNon-Resource URLs\tResource Names\tVerbs\n";
  yield* print(tabulate(headers + rulesTable(rules).join(""), TABLE_LAYOUT));
  return 0;
}

export function* whoAmI(session: Session): Talk<number> {
  const body = {
    kind: "SelfSubjectReview",
    apiVersion: "authentication.k8s.io/v1",
    metadata: {},
    status: { userInfo: {} },
  };
  const response = yield* send(session, {
    method: "POST",
    path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
    body,
  });
  if (textFlag(session.flags, "output") !== "") {
    yield* print((yield* printerOf(session, {})).print({ ...(response.body as Fields), metadata: {} }));
    return 0;
  }
  const user = fieldsAt(response.body, "status", "userInfo");
  const rows: string[] = [`Username\t${textAt(user, "username")}\n`];
  if (textAt(user, "uid") !== "") rows.push(`UID\t${textAt(user, "uid")}\n`);
  const groups = list(user["groups"]).map(text);
  if (groups.length > 0) rows.push(`Groups\t[${groups.join(" ")}]\n`);
  const extra = fieldsAt(user, "extra");
  for (const key of Object.keys(extra).toSorted())
    rows.push(`Extra: ${key}\t[${list(extra[key]).map(text).join(" ")}]\n`);
  yield* print(tabulate(`ATTRIBUTE\tVALUE\n${rows.join("")}`, TABLE_LAYOUT));
  return 0;
}

/** Creates what is missing, and adds missing rules and subjects. Extra ones stay unless the flags say otherwise. */
export function* reconcile(session: Session): Talk<number> {
  const dryRun = yield* dryRunOf(session);
  const printer = yield* printerOf(session, { operation: withDryRun("reconciled", dryRun) });
  if (listFlag(session.flags, "filename").length === 0 && textFlag(session.flags, "kustomize") === "")
    throw exit("error: must specify one of -f and -k\n");
  yield* visit(session, { ...selectionOf(session), continueOnError: true }, function* reconcileOne(info) {
    const found = yield* exchange(session, { method: "GET", path: pathOf(info) });
    const desired = found.code === 404 ? info.object : reconciled(session, info, found.body as Fields);
    if (dryRun === "client" || (found.code !== 404 && sameJson(desired, found.body))) {
      yield* print(printer.print(desired));
      return;
    }
    const query: Readonly<Record<string, string>> = dryRun === "server" ? { dryRun: "All" } : {};
    const request =
      found.code === 404
        ? ({ method: "POST", path: collectionPath(info.mapping, info.namespace), query, body: desired } as const)
        : ({ method: "PUT", path: pathOf(info), query, body: desired } as const);
    const response = yield* exchange(session, request);
    if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
    yield* print(printer.print(response.body as Fields));
  });
  return 0;
}

function reconciled(session: Session, info: Info, live: Fields): Fields {
  const part = info.mapping.kind.endsWith("Binding") ? "subjects" : "rules";
  const [wanted, present] = [rowsAt(info.object, part), rowsAt(live, part)];
  const missing = wanted.filter((each) => !present.some((old) => sameJson(old, each)));
  const removes = boolFlag(session.flags, part === "subjects" ? "remove-extra-subjects" : "remove-extra-permissions");
  const kept = removes ? present.filter((old) => wanted.some((each) => sameJson(old, each))) : present;
  return missing.length === 0 && kept.length === present.length ? live : { ...live, [part]: [...kept, ...missing] };
}
