// After cli-runtime pkg/resource/builder.go: which objects a command line is about.
import { refusal, thrown, type Failure } from "./failure.ts";
import { expandCategories, mappingFor } from "./mapping.ts";
import type { ResourceMapping } from "./resource-mapping.ts";
import type { Session, Talk } from "./talk.ts";

/** What a command says about its objects before anything is asked of the server. */
export interface Selection {
  readonly args: readonly string[];
  /** Empty: all namespaces. */
  readonly namespace: string;
  readonly allNamespaces?: boolean;
  /** Files that name another namespace than `namespace` are refused. */
  readonly enforceNamespace?: boolean;
  readonly filenames?: readonly string[];
  readonly kustomize?: string;
  readonly recursive?: boolean;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** `--all`. */
  readonly all?: boolean;
  /** A resource type without a name means all of its objects. */
  readonly typeMeansAll?: boolean;
  readonly singleResourceType?: boolean;
  /** The type of names given without one: `nodes` for drain. */
  readonly typeOfNames?: string;
  readonly continueOnError?: boolean;
  /** Objects read from files are fetched anew. */
  readonly latest?: boolean;
  /** Objects named on the line are not fetched. */
  readonly unfetched?: boolean;
  /** Nothing is asked of the server. */
  readonly local?: boolean;
  readonly subresource?: string;
  readonly chunkSize?: number;
  /** Answers are tables; with the whole objects in the rows or not. */
  readonly table?: "metadata" | "objects";
  /** `--validate`: only `ignore` lets a manifest without a kind pass. */
  readonly unvalidated?: boolean;
}

export interface NamedObject {
  readonly mapping: ResourceMapping;
  readonly namespace: string;
  readonly name: string;
}

/** How the objects are found. */
export type Plan =
  | {
      readonly kind: "paths";
      readonly paths: readonly string[];
      readonly labelSelector: string | undefined;
      readonly single: boolean;
    }
  | {
      readonly kind: "lists";
      readonly mappings: readonly ResourceMapping[];
      readonly labelSelector: string;
      readonly fieldSelector: string;
    }
  | { readonly kind: "named"; readonly objects: readonly NamedObject[]; readonly single: boolean };

export const MISSING_RESOURCE = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;

interface Words {
  readonly types: readonly string[];
  readonly names: readonly string[];
  /** `type/name` pairs. */
  readonly pairs: readonly (readonly [string, string])[];
  /** Asked for by type alone. */
  readonly everything: boolean;
}

/** The files to read: -f, or -k. */
function pathsOf(selection: Selection): readonly string[] {
  const paths = selection.filenames ?? [];
  if (selection.kustomize === undefined || selection.kustomize === "") return paths;
  if (paths.length > 0) throw refusal("only one of -f or -k can be specified");
  return [selection.kustomize];
}

export function* planOf(session: Session, selection: Selection): Talk<Plan> {
  const paths = pathsOf(selection);
  if (selection.all === true && (selection.labelSelector ?? "") !== "")
    throw refusal("setting 'all' parameter but found a non empty selector. ");
  const words = yield* wordsOf(session, selection);
  const labelSelector = selection.all === true ? "" : selection.labelSelector;
  const hasSelector = labelSelector !== undefined || (selection.fieldSelector ?? "") !== "";
  if (paths.length > 0) {
    checkPathsAlone(words);
    return { kind: "paths", paths, labelSelector: selection.labelSelector, single: paths.length === 1 };
  }
  if (hasSelector || words.everything) return yield* listPlan(session, selection, words);
  if (words.pairs.length > 0) return yield* pairPlan(session, selection, words);
  if (words.names.length > 0) return yield* namePlan(session, selection, words);
  for (const type of words.types) yield* mappingFor(session, type);
  throw refusal(words.types.length > 0 ? "resource(s) were provided, but no name was specified" : MISSING_RESOURCE);
}

function checkPathsAlone(words: Words): void {
  if (words.types.length > 0)
    throw refusal("when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well");
  if (words.names.length > 0) throw refusal("name cannot be provided when a path is specified");
  if (words.pairs.length > 0) throw refusal("resource/name arguments cannot be provided when a path is specified");
}

function* wordsOf(session: Session, selection: Selection): Talk<Words> {
  const nothing: Words = { types: [], names: [], pairs: [], everything: false };
  const args = joinSpacedCommas(selection.args);
  if (args.length === 0) return nothing;
  const withSlash = args.filter((arg) => arg.includes("/")).length;
  if (withSlash > 0) return { ...nothing, pairs: pairsOf(args, withSlash, selection.typeOfNames) };
  if (selection.typeOfNames !== undefined) return { ...nothing, types: [selection.typeOfNames], names: args };
  const [first = "", ...names] = args;
  const types = (yield* expandCategories(session, first)).split(",").filter((type) => type !== "");
  if (names.length > 0 && types.length > 1)
    return { ...nothing, pairs: types.flatMap((type) => names.map((name) => [type, name] as const)) };
  if (names.length > 0) return { ...nothing, types, names };
  const hasSelector = selection.labelSelector !== undefined || selection.all === true;
  return { ...nothing, types, everything: selection.typeMeansAll === true && !hasSelector };
}

/** `pods, services` is meant as `pods,services`. */
function joinSpacedCommas(args: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const last = joined.at(-1);
    if (last !== undefined && (last.endsWith(",") || arg.startsWith(",")) && !last.includes("/"))
      joined[joined.length - 1] = last + arg;
    else joined.push(arg);
  }
  return joined;
}

function pairsOf(
  args: readonly string[],
  withSlash: number,
  typeOfNames: string | undefined,
): readonly (readonly [string, string])[] {
  if (withSlash !== args.length && typeOfNames === undefined) {
    throw refusal(
      "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
    );
  }
  return args.map((arg) => {
    if (!arg.includes("/")) return [typeOfNames ?? "", arg] as const;
    const parts = arg.split("/");
    const [type = "", name = ""] = parts;
    if (parts.length !== 2) throw refusal("arguments in resource/name form may not have more than one slash");
    if (type === "" || name === "" || type.includes(","))
      throw refusal("arguments in resource/name form must have a single resource and name");
    return [type, name] as const;
  });
}

function* listPlan(session: Session, selection: Selection, words: Words): Talk<Plan> {
  if (words.names.length > 0) throw refusal("name cannot be provided when a selector is specified");
  if (words.pairs.length > 0)
    throw refusal("selectors and the all flag cannot be used when passing resource/name arguments");
  const types = words.types.length === 0 && selection.typeOfNames !== undefined ? [selection.typeOfNames] : words.types;
  if (types.length === 0) throw refusal("at least one resource must be specified to use a selector");
  if ((selection.subresource ?? "") !== "")
    throw refusal("subresource cannot be used when bulk resources are specified");
  if (types.length > 1 && selection.singleResourceType === true)
    throw refusal("you may only specify a single resource type");
  const mappings: ResourceMapping[] = [];
  for (const type of types) {
    const mapping = yield* mappingFor(session, type);
    if (!mappings.includes(mapping)) mappings.push(mapping);
  }
  const labelSelector = selection.all === true ? "" : (selection.labelSelector ?? "");
  return { kind: "lists", mappings, labelSelector, fieldSelector: selection.fieldSelector ?? "" };
}

function* pairPlan(session: Session, selection: Selection, words: Words): Talk<Plan> {
  if (words.types.length > 0)
    throw refusal("you may not specify individual resources and bulk resources in the same call");
  const objects: NamedObject[] = [];
  for (const [type, name] of words.pairs) objects.push(namedObject(selection, yield* mappingFor(session, type), name));
  if (selection.singleResourceType === true && new Set(objects.map((each) => each.mapping)).size > 1) {
    throw refusal("you may only specify a single resource type");
  }
  return { kind: "named", objects, single: objects.length === 1 };
}

function* namePlan(session: Session, selection: Selection, words: Words): Talk<Plan> {
  const [type] = words.types;
  if (type === undefined) throw refusal("you must provide a resource and a resource name together");
  if (words.types.length > 1) throw refusal("you must specify only one resource");
  const mapping = yield* mappingFor(session, type);
  return {
    kind: "named",
    objects: words.names.map((name) => namedObject(selection, mapping, name)),
    single: words.names.length === 1,
  };
}

function namedObject(selection: Selection, mapping: ResourceMapping, name: string): NamedObject {
  if (!mapping.namespaced) return { mapping, namespace: "", name };
  if (selection.namespace === "") {
    throw refusal(
      selection.allNamespaces === true
        ? "a resource cannot be retrieved by name across all namespaces"
        : "namespace may not be empty when retrieving a resource by name",
    );
  }
  return { mapping, namespace: selection.namespace, name };
}

/** The failures of a plan that names several missing paths come together. */
export function throwTogether(failures: readonly Failure[]): void {
  const [first] = failures;
  if (first !== undefined) throw thrown(failures.length === 1 ? first : { kind: "several", failures });
}
