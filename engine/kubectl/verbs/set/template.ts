// After kubectl pkg/cmd/set/set_image.go, set_resources.go, set_serviceaccount.go, set_selector.go, set_subject.go.
import { refusal, thrown, together, type Failure } from "../../failure.ts";
import { listFlag, textFlag } from "../../flag-set.ts";
import { fieldsAt, put, rowsAt, sameJson, textAt, type Fields } from "../../json.ts";
import { resourcesAndPairs } from "../../pairs.ts";
import { mapContainers, podSpecOf, selectsContainer, withPodSpec } from "../../pod-template.ts";
import type { Session, Talk } from "../../talk.ts";
import { quantities, selectorObject } from "../create/policies.ts";
import { checkAll, setTargets, updateAll } from "./update.ts";

const NO_TEMPLATE = "the object is not a pod or does not have a pod template";

function specOf(object: Fields): Fields {
  const spec = podSpecOf(object);
  if (spec === undefined) throw refusal(`${NO_TEMPLATE}: ${textAt(object, "kind")}`);
  return spec;
}

export function* setImage(session: Session): Talk<number> {
  const { resources, pairs } = resourcesAndPairs(session.args, "image");
  const images = pairs.map((pair) => {
    const equals = pair.indexOf("=");
    if (equals < 0) throw refusal(`invalid parameter "${pair}" in image`);
    return [pair.slice(0, equals), pair.slice(equals + 1)] as const;
  });
  const infos = yield* setTargets(session, resources);
  checkAll(session);
  if (images.length === 0) throw refusal("at least one image update is required");
  if (images.length > 1 && images.some(([name]) => name === "*")) {
    throw refusal(
      "all containers are already specified by *, but saw more than one container_name=container_image pairs",
    );
  }
  const change = (object: Fields): Fields => withPodSpec(object, withImages(specOf(object), images));
  return yield* updateAll(session, infos, { operation: "image updated", what: "image update to pod template", change });
}

function withImages(spec: Fields, images: readonly (readonly [string, string])[]): Fields {
  let changed = spec;
  const missing: Failure[] = [];
  for (const [name, image] of images) {
    const matches = (container: Fields): boolean => name === "*" || container["name"] === name;
    const found = ["containers", "initContainers"].some((part) => rowsAt(spec, part).some(matches));
    if (!found) missing.push({ kind: "text", message: `error: unable to find container named "${name}"` });
    changed = mapContainers(changed, (container) => (matches(container) ? { ...container, image } : container));
  }
  const failure = together(missing);
  if (failure !== undefined) throw thrown(failure);
  return changed;
}

export function* setResources(session: Session): Talk<number> {
  const { flags } = session;
  const infos = yield* setTargets(session, session.args);
  checkAll(session);
  const [limits, requests] = [textFlag(flags, "limits"), textFlag(flags, "requests")];
  if (limits === "" && requests === "")
    throw refusal("you must specify an update to requests or limits (in the form of --requests/--limits)");
  const [limit, request] = [quantities(limits), quantities(requests)];
  const pattern = textFlag(flags, "containers");
  const change = (object: Fields): Fields => {
    const spec = specOf(object);
    const chosen = ["containers", "initContainers"]
      .flatMap((part) => rowsAt(spec, part))
      .filter((each) => selectsContainer(pattern, textAt(each, "name")));
    if (chosen.length === 0) throw refusal(`error: unable to find container named ${pattern}`);
    return withPodSpec(
      object,
      mapContainers(spec, (container) =>
        chosen.includes(container) ? withResources(container, limit, request) : container,
      ),
    );
  };
  return yield* updateAll(session, infos, {
    operation: "resource requirements updated",
    what: "resources update to pod template",
    change,
  });
}

function withResources(container: Fields, limits: Fields, requests: Fields): Fields {
  let resources = fieldsAt(container, "resources");
  if (Object.keys(limits).length > 0)
    resources = { ...resources, limits: { ...fieldsAt(resources, "limits"), ...limits } };
  if (Object.keys(requests).length > 0)
    resources = { ...resources, requests: { ...fieldsAt(resources, "requests"), ...requests } };
  return { ...container, resources };
}

export function* setServiceAccount(session: Session): Talk<number> {
  const { args } = session;
  const account = args.at(-1);
  if (account === undefined) throw refusal("serviceaccount is required");
  const infos = yield* setTargets(session, args.slice(0, -1));
  const change = (object: Fields): Fields =>
    withPodSpec(object, { ...specOf(object), serviceAccountName: account, serviceAccount: account });
  return yield* updateAll(session, infos, { operation: "serviceaccount updated", what: "ServiceAccountName", change });
}

export function* setSelector(session: Session): Talk<number> {
  const { args } = session;
  const written = args.at(-1);
  const hasFiles = listFlag(session.flags, "filename").length > 0;
  if (written === undefined || (!hasFiles && args.length < 2))
    throw refusal("one or more resources must be specified as <resource> <name> or <resource>/<name>");
  const selector = selectorObject(written);
  const infos = yield* setTargets(session, args.slice(0, -1));
  const change = (object: Fields): Fields => {
    if (object["kind"] !== "Service") throw refusal("setting a selector is only supported for Services");
    return put(object, ["spec", "selector"], fieldsAt(selector, "matchLabels"));
  };
  return yield* updateAll(session, infos, { operation: "selector updated", what: "selector", change });
}

export function* setSubject(session: Session): Talk<number> {
  const { flags } = session;
  const [users, groups, accounts] = [
    listFlag(flags, "user"),
    listFlag(flags, "group"),
    listFlag(flags, "serviceaccount"),
  ];
  if (users.length + groups.length + accounts.length === 0)
    throw refusal("you must specify at least one value of user, group or serviceaccount");
  const apiGroup = "rbac.authorization.k8s.io";
  const added: readonly Fields[] = [
    ...users.map((name) => ({ apiGroup, kind: "User", name })),
    ...groups.map((name) => ({ apiGroup, kind: "Group", name })),
    ...accounts.map((written) => {
      const [namespace = "", name = "", ...rest] = written.split(":");
      if (namespace === "" || name === "" || rest.length > 0)
        throw refusal("serviceaccount must be <namespace>:<name>");
      return { kind: "ServiceAccount", name, namespace };
    }),
  ];
  const infos = yield* setTargets(session, session.args);
  const change = (object: Fields): Fields => {
    if (!["RoleBinding", "ClusterRoleBinding"].includes(textAt(object, "kind")))
      throw refusal("setting subjects is only supported for RoleBinding/ClusterRoleBinding");
    const before = rowsAt(object, "subjects");
    return { ...object, subjects: [...before, ...added.filter((each) => !before.some((old) => sameJson(old, each)))] };
  };
  return yield* updateAll(session, infos, { operation: "subjects updated", what: "subjects update", change });
}
