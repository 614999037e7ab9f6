// After kubectl pkg/describe/describe.go RoleDescriber, ClusterRoleDescriber, RoleBindingDescriber; component-helpers auth/rbac/validation BreakdownRule, CompactRules.
import { bracketed } from "../failure.ts";
import { list, rowsAt, sameJson, text, textAt, type Fields } from "../json.ts";
import type { Session, Talk } from "../talk.ts";
import type { Info } from "../info.ts";
import { entry, finished, newWriter, write, writeMetadata } from "./writer.ts";

interface SmallRule {
  readonly verbs: readonly string[];
  /** `deployments.apps/scale`. */
  readonly resource: string;
  readonly urls: readonly string[];
  readonly names: readonly string[];
}

function strings(rule: Fields, part: string): readonly string[] {
  return list(rule[part]).map(text);
}

/** One rule for each resource, or URL. */
function breakDown(rule: Fields): readonly SmallRule[] {
  const verbs = strings(rule, "verbs");
  const [groups, resources, names] = [
    strings(rule, "apiGroups"),
    strings(rule, "resources"),
    strings(rule, "resourceNames"),
  ];
  const small: SmallRule[] = [];
  for (const group of groups) {
    for (const resource of resources) {
      const qualified = combineResourceGroup(resource, group);
      if (names.length === 0) small.push({ verbs, resource: qualified, urls: [], names: [] });
      for (const name of names) small.push({ verbs, resource: qualified, urls: [], names: [name] });
    }
  }
  for (const url of strings(rule, "nonResourceURLs")) small.push({ verbs, resource: "", urls: [url], names: [] });
  return small;
}

function combineResourceGroup(resource: string, group: string): string {
  if (group === "") return resource;
  const [name = "", ...sub] = resource.split("/");
  return sub.length > 0 ? `${name}.${group}/${sub.join("/")}` : `${name}.${group}`;
}

/** Rules that differ in their verbs only become one. */
function compacted(rules: readonly Fields[]): readonly SmallRule[] {
  const merged: SmallRule[] = [];
  for (const rule of rules.flatMap(breakDown)) {
    const index = merged.findIndex(
      (each) => each.resource === rule.resource && sameJson(each.urls, rule.urls) && sameJson(each.names, rule.names),
    );
    const other = merged[index];
    if (other === undefined) merged.push(rule);
    else if (rule.resource !== "") merged[index] = { ...other, verbs: [...other.verbs, ...rule.verbs] };
    else merged.push(rule);
  }
  return merged;
}

/** The table of a role's rules, each line behind `indent` levels. */
export function rulesTable(rules: readonly Fields[]): readonly string[] {
  const sorted = compacted(rules).toSorted((one, other) =>
    sortKey(one) < sortKey(other) ? -1 : sortKey(one) === sortKey(other) ? 0 : 1,
  );
  return sorted.map(
    (rule) => `${rule.resource}\t${bracketed(rule.urls)}\t${bracketed(rule.names)}\t${bracketed(rule.verbs)}\n`,
  );
}

/** Source: rbac SortableRuleSlice: by the text that Go prints for the rule. */
function sortKey(rule: SmallRule): string {
  const [first = "", sub] = rule.resource.split("/");
  const [plural = "", ...group] = first.split(".");
  const resource = sub === undefined ? plural : `${plural}/${sub}`;
  return `Verbs:${bracketed(rule.verbs)},APIGroups:[${group.join(".")}],Resources:[${resource}],ResourceNames:${bracketed(rule.names)},NonResourceURLs:${bracketed(rule.urls)}`;
}

export function* describeRole(_session: Session, info: Info): Talk<string> {
  const writer = newWriter();
  entry(writer, 0, "Name", info.name);
  writeMetadata(writer, info.object);
  write(writer, 0, "PolicyRule:\n");
  write(writer, 1, "Resources\tNon-Resource URLs\tResource Names\tVerbs\n");
  write(writer, 1, "---------\t-----------------\t--------------\t-----\n");
  for (const line of rulesTable(rowsAt(info.object, "rules"))) write(writer, 1, line);
  return finished(writer);
}

export function* describeRoleBinding(_session: Session, info: Info): Talk<string> {
  const writer = newWriter();
  entry(writer, 0, "Name", info.name);
  writeMetadata(writer, info.object);
  write(writer, 0, "Role:\n");
  entry(writer, 1, "Kind", textAt(info.object, "roleRef", "kind"));
  entry(writer, 1, "Name", textAt(info.object, "roleRef", "name"));
  write(writer, 0, "Subjects:\n");
  write(writer, 1, "Kind\tName\tNamespace\n");
  write(writer, 1, "----\t----\t---------\n");
  for (const subject of rowsAt(info.object, "subjects")) {
    write(writer, 1, `${textAt(subject, "kind")}\t${textAt(subject, "name")}\t${textAt(subject, "namespace")}\n`);
  }
  return finished(writer);
}
