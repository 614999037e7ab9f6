// After kubernetes v1.36 pkg/registry/*/*/strategy.go: what the strategies of the built-in kinds have in common.
import type { KubernetesObject, ObjectMeta } from "../../api/object.ts";
import { type ResourceKind, resourceKindAt } from "../../api/resource-kind.ts";
import { isSemanticallyEqual } from "../../api/semantic-equal.ts";
import { ageOf } from "../../api/time.ts";
import { invariant } from "../../kernel/invariant.ts";
import type { FieldError } from "./field-error.ts";
import { type NameRule, subdomainName, validateMetadata, validateMetadataUpdate } from "./metadata.ts";
import { emptyRecord, planNamed } from "./plan.ts";
import type { Cell, Context, DeletionRules, ScaleAccess, StoredAs, Strategy, UpdateStrategy } from "./strategy.ts";

/** What a kind says of itself; what it leaves out is as most kinds have it. `Kind` is the decoded view of the object. */
export interface KindRules<Kind extends KubernetesObject> {
  /** `["apps", "v1", "deployments"]`. */
  readonly place: readonly [group: string, version: string, plural: string];
  readonly stored?: StoredAs;
  readonly nameRule?: NameRule;
  defaults?(object: Kind): Kind;
  prepareForCreate?(object: Kind, context: Context): Kind;
  /** A client may give the status with a new object: nodes. */
  readonly keepsStatusOnCreate?: boolean;
  /** Beyond keeping the status and counting the generation. */
  prepareForUpdate?(object: Kind, old: Kind, context: Context): Kind;
  validate?(object: Kind): readonly FieldError[];
  /** The rules of an update; absent: `validate` again. Rules for the metadata are added before these. */
  validateUpdate?(object: Kind, old: Kind): readonly FieldError[];
  /** Rules of the status subresource beyond those for metadata. */
  validateStatus?(object: Kind, old: Kind): readonly FieldError[];
  /** What a status update takes from the old metadata besides what no update may change. */
  readonly statusKeeps?: readonly (keyof ObjectMeta)[];
  warnings?(object: Kind, old?: Kind): readonly string[];
  /** Parts (`spec`, `metadata.annotations`) whose change counts as a new generation; empty: the kind has no generation. */
  readonly generationOf?: readonly string[];
  /** More subresources that carry the whole object. */
  readonly subresources?: Readonly<Record<string, UpdateStrategy<Kind>>>;
  readonly scale?: ScaleAccess<Kind>;
  readonly createOnUpdate?: boolean;
  readonly unconditionalUpdate?: boolean;
  readonly deletion?: DeletionRules<Kind>;
  allocate?: Strategy<Kind>["allocate"];
  cells?(object: Kind, now: number): readonly Cell[];
  readonly fields?: Strategy<Kind>["fields"];
}

/** The whole strategy of a kind from what it says of itself. */
export function kindStrategy<Kind extends KubernetesObject>(rules: KindRules<Kind>): Strategy<Kind> {
  const [group, version, plural] = rules.place;
  const resource = resourceKindAt(group, version, plural);
  invariant(resource !== undefined, `${group}/${version} ${plural} is a built-in kind`);
  return strategyOfKind(resource, rules);
}

/** The strategy of a kind without rules of its own: its metadata is checked, and the status is kept apart where there is one. */
export function plainStrategy(resource: ResourceKind): Strategy {
  return strategyOfKind(resource, { place: [resource.group, resource.version, resource.plural] });
}

function strategyOfKind<Kind extends KubernetesObject>(resource: ResourceKind, rules: KindRules<Kind>): Strategy<Kind> {
  const { stored, scale, allocate } = rules;
  const hasStatus = resource.subresources.some((one) => one.name === "status");
  const emptyStatus = emptyStatusOf(resource);
  const validate = (object: Kind): readonly FieldError[] => rules.validate?.(object) ?? [];
  return {
    resource: { ...resource, listKind: `${resource.kind}List` },
    ...(stored === undefined ? {} : { stored }),
    ...(scale === undefined ? {} : { scale }),
    ...(allocate === undefined ? {} : { allocate }),
    defaults: (object) => rules.defaults?.(object) ?? object,
    prepareForCreate: (object, context) =>
      prepareCreate(object, {
        rules,
        emptyStatus: hasStatus && rules.keepsStatusOnCreate !== true ? emptyStatus : undefined,
        context,
      }),
    validate,
    warnings: (object, old) => rules.warnings?.(object, old) ?? [],
    nameRule: rules.nameRule ?? subdomainName,
    update: updateOf(resource, rules, hasStatus),
    subresources: { ...(hasStatus ? { status: statusOf(rules) } : {}), ...rules.subresources },
    createOnUpdate: rules.createOnUpdate ?? false,
    unconditionalUpdate: rules.unconditionalUpdate ?? true,
    deletion: rules.deletion ?? { propagation: "Background" },
    columns: resource.columns,
    cells: (object, now) => rules.cells?.(object, now) ?? nameAndAge(object, now),
    fields: rules.fields ?? {},
  };
}

/** The cells of a kind whose table has no columns of its own. */
export function nameAndAge(object: KubernetesObject, now: number): readonly Cell[] {
  return [object.metadata.name ?? "", ageOf(object.metadata.creationTimestamp, now)];
}

/** What Go prints for a status of which nothing is known. */
function emptyStatusOf(resource: ResourceKind): object | undefined {
  const status = planNamed(resource.schema)?.fields.get("status");
  return status?.field.ref === undefined || !status.isAlways ? undefined : emptyRecord(status.field.ref);
}

interface Creation<Kind extends KubernetesObject> {
  readonly rules: KindRules<Kind>;
  /** What a client's status is replaced by; undefined: the kind keeps what it is given. */
  readonly emptyStatus: object | undefined;
  readonly context: Context;
}

function prepareCreate<Kind extends KubernetesObject>(
  object: Kind,
  { rules, emptyStatus, context }: Creation<Kind>,
): Kind {
  const cleared = emptyStatus === undefined ? object : { ...object, status: emptyStatus };
  const counted = (rules.generationOf ?? []).length > 0 ? withGeneration(cleared, 1) : cleared;
  return rules.prepareForCreate?.(counted, context) ?? counted;
}

export function withGeneration<Kind extends KubernetesObject>(object: Kind, generation: number): Kind {
  if (object.metadata.generation === generation) return object;
  return { ...object, metadata: { ...object.metadata, generation } };
}

function updateOf<Kind extends KubernetesObject>(
  resource: ResourceKind,
  rules: KindRules<Kind>,
  hasStatus: boolean,
): UpdateStrategy<Kind> {
  return {
    prepareForUpdate(object, old, context) {
      const kept = hasStatus ? withMember(object, "status", old.status) : object;
      const changed = rules.prepareForUpdate?.(kept, old, context) ?? kept;
      return counted(shareWith(changed, old), old, rules.generationOf ?? []);
    },
    validateUpdate(object, old) {
      const metadata = object.metadata === old.metadata ? [] : validateMetadataUpdate(object.metadata, old.metadata);
      const own = rules.validateUpdate?.(object, old) ?? revalidate(object, old, { resource, rules });
      return own.length === 0 ? metadata : [...metadata, ...own];
    },
  };
}

interface Revalidation<Kind extends KubernetesObject> {
  readonly resource: ResourceKind;
  readonly rules: KindRules<Kind>;
}

/** Most kinds check the whole object again. What has not changed was right before. */
function revalidate<Kind extends KubernetesObject>(
  object: Kind,
  old: Kind,
  { resource, rules }: Revalidation<Kind>,
): readonly FieldError[] {
  if (rules.validate === undefined || hasSameParts(object, old)) return [];
  const metadata = isSameNaming(object.metadata, old.metadata)
    ? []
    : validateMetadata(object, resource.namespaced, rules.nameRule ?? subdomainName);
  return [...metadata, ...rules.validate(object)];
}

function isSameNaming(metadata: ObjectMeta, old: ObjectMeta): boolean {
  return (
    metadata.labels === old.labels &&
    metadata.annotations === old.annotations &&
    metadata.finalizers === old.finalizers &&
    metadata.ownerReferences === old.ownerReferences &&
    metadata.name === old.name
  );
}

/** Whether nothing but the metadata differs. */
export function hasSameParts(object: KubernetesObject, old: KubernetesObject): boolean {
  const one = object as unknown as Readonly<Record<string, unknown>>;
  const other = old as unknown as Readonly<Record<string, unknown>>;
  for (const key in one) if (key !== "metadata" && one[key] !== other[key]) return false;
  for (const key in other) if (!(key in one)) return false;
  return true;
}

/** Takes the old reference of each part that means the same, so that `===` tells what has changed. */
export function shareWith<Kind extends KubernetesObject>(object: Kind, old: Kind): Kind {
  if (object === old) return object;
  const one = object as unknown as Readonly<Record<string, unknown>>;
  const other = old as unknown as Readonly<Record<string, unknown>>;
  let copy: Record<string, unknown> | undefined;
  for (const key in one) {
    if (key === "metadata" || one[key] === other[key] || !isSemanticallyEqual(one[key], other[key])) continue;
    if (other[key] === undefined) continue;
    copy ??= { ...one };
    copy[key] = other[key];
  }
  return (copy ?? object) as Kind;
}

function counted<Kind extends KubernetesObject>(object: Kind, old: Kind, keys: readonly string[]): Kind {
  if (keys.length === 0) return object;
  const isChanged = keys.some((key) => !isSemanticallyEqual(partOf(object, key), partOf(old, key)));
  return isChanged ? withGeneration(object, (old.metadata.generation ?? 0) + 1) : object;
}

function partOf(object: KubernetesObject, key: string): unknown {
  if (key === "metadata.annotations") return object.metadata.annotations;
  if (key === "metadata.labels") return object.metadata.labels;
  return (object as unknown as Readonly<Record<string, unknown>>)[key];
}

/** The object with that part, or without it. */
export function withMember<Kind extends KubernetesObject>(object: Kind, key: "spec" | "status", value: unknown): Kind {
  if (object[key] === value) return object;
  if (value !== undefined) return { ...object, [key]: value };
  const { [key]: _, ...rest } = object;
  return rest as Kind;
}

function statusOf<Kind extends KubernetesObject>(rules: KindRules<Kind>): UpdateStrategy<Kind> {
  return {
    prepareForUpdate: (object, old) => takeStatus(object, old, rules.statusKeeps ?? []),
    validateUpdate(object, old) {
      const metadata = object.metadata === old.metadata ? [] : validateMetadataUpdate(object.metadata, old.metadata);
      if (object.status === old.status) return metadata;
      const own = rules.validateStatus?.(object, old) ?? [];
      return own.length === 0 ? metadata : [...metadata, ...own];
    },
  };
}

/** The old object with the status of the new one; of the new metadata all but `keeps` is taken. */
export function takeStatus<Kind extends KubernetesObject>(
  object: Kind,
  old: Kind,
  keeps: readonly (keyof ObjectMeta)[],
): Kind {
  const metadata = keepMetadata(object.metadata, old.metadata, keeps);
  const status = isSemanticallyEqual(object.status, old.status) ? old.status : object.status;
  if (metadata === old.metadata && status === old.status) return old;
  return withMember({ ...old, metadata }, "status", status);
}

function keepMetadata(metadata: ObjectMeta, old: ObjectMeta, keeps: readonly (keyof ObjectMeta)[]): ObjectMeta {
  let copy: Record<string, unknown> | undefined;
  for (const key of keeps) {
    if (metadata[key] === old[key]) continue;
    copy ??= { ...metadata };
    if (old[key] === undefined) delete copy[key];
    else copy[key] = old[key];
  }
  return copy ?? metadata;
}
