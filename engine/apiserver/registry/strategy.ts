// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/registry/rest/{create,update,delete,table}.go; not modelled: reset fields of server-side apply.
import type { KubernetesObject } from "../../api/object.ts";
import type { ColumnDefinition, ResourceKind } from "../../api/resource-kind.ts";
import type { FieldError } from "./field-error.ts";

/**
 * What the API server knows about one kind in one version: everything between the decoded body and the store.
 *
 * A strategy is a set of pure functions; it reads no other object. Every function that answers with an object answers
 * with the very same reference when nothing changes, and keeps the references of all unchanged parts. Objects that reach
 * a strategy are decoded: each field has the type of the schema or is absent, and there is no null outside free-form JSON.
 *
 * The pipeline calls, for a create: `defaults` on the decoded body, mutating admission, `beforeCreate` (before-create.ts),
 * validating admission, the store. For an update: `defaults`, mutating admission, `beforeUpdate` (before-update.ts) and so on.
 */
export interface Strategy<Kind extends KubernetesObject = KubernetesObject> {
  readonly resource: ServedKind;
  /** How the kind is kept when it is not kept as it is served (HPA v1, events.k8s.io, old versions of a CRD). */
  readonly stored?: StoredAs;

  /** Fills in what was left out. Runs on every decoded body, so it is idempotent; admission comes after it. */
  defaults(object: Kind): Kind;
  /** Clears what a client may not set (status), and sets what the server sets. Metadata is done by `beforeCreate`. */
  prepareForCreate(object: Kind, context: Context): Kind;
  /** The rules for a new object, beyond those of its metadata, which `beforeCreate` checks by `nameRule`. */
  validate(object: Kind): readonly FieldError[];
  /** The `Warning` headers of a create or (with `old`) of an update. */
  warnings(object: Kind, old?: Kind): readonly string[];

  /** The rule for `metadata.name` and, with `isPrefix`, `metadata.generateName`: details of what is wrong, as Kubernetes words them. */
  nameRule(name: string, isPrefix: boolean): readonly string[];

  /** PUT and PATCH of the object itself. */
  readonly update: UpdateStrategy<Kind>;
  /** PUT and PATCH of the subresources that carry the whole object: status, finalize, approval, resize, ephemeralcontainers. */
  readonly subresources: Readonly<Record<string, UpdateStrategy<Kind>>>;
  /** The scale subresource, where there is one. */
  readonly scale?: ScaleAccess<Kind>;

  /** A PUT of what does not exist creates it. */
  readonly createOnUpdate: boolean;
  /** A PUT without resourceVersion is taken. */
  readonly unconditionalUpdate: boolean;

  readonly deletion: DeletionRules<Kind>;

  /** Numbers that only one object may hold (a Service's addresses and ports). It runs after the name is known and before the validation. */
  allocate?(object: Kind, old: Kind | undefined, supply: Supply): Allocated<Kind>;

  /** The columns of the server-side table; `priority` above 0 is shown with `-o wide` only. */
  readonly columns: readonly ColumnDefinition[];
  /** The cells of one row. `now` is in milliseconds since 1970. */
  cells(object: Kind, now: number): readonly Cell[];

  /** Field selectors beyond metadata.name and metadata.namespace: the label and the value that an object has for it. */
  readonly fields: Readonly<Record<string, (object: Kind) => string>>;
}

/** A built-in or custom kind as it is served. */
export interface ServedKind extends ResourceKind {
  /** `PodList`. */
  readonly listKind: string;
}

/** Where an object is kept, when it is served in several shapes. */
export interface StoredAs {
  /** The group-version-resource whose strategy keeps the objects. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  toStored(object: KubernetesObject): KubernetesObject;
  fromStored(object: KubernetesObject): KubernetesObject;
}

/** What the strategies may know about the request. */
export interface Context {
  readonly user: User;
  /** The namespace of the request's path; absent for what has none. */
  readonly namespace?: string;
  /** The time of the request as objects show it: RFC 3339, whole seconds. */
  readonly time: string;
  /** The same in milliseconds since 1970. */
  readonly now: number;
  /** A fresh uid for an object that is created. */
  readonly uid: string;
  /** Five characters for generateName, from the alphabet bcdfghjklmnpqrstvwxz2456789. */
  readonly suffix: string;
}

export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export interface UpdateStrategy<Kind extends KubernetesObject = KubernetesObject> {
  /**
   * Takes from `old` what this side may not change (for the object its status, for the status its spec), and raises
   * `metadata.generation` when the spec has changed. Unchanged parts of the answer are the references of `old`.
   */
  prepareForUpdate(object: Kind, old: Kind, context: Context): Kind;
  /** All rules for the new object and for the step from the old one. A part that is the old one's reference is not looked at again. */
  validateUpdate(object: Kind, old: Kind): readonly FieldError[];
}

/** What the cluster can give out. The store behind it records what the returned object holds. */
export interface Supply {
  /** A free address of the service range, or undefined when there is none. */
  freeAddress(): string | undefined;
  addressState(address: string): "free" | "taken" | "outside" | "reserved";
  freePort(): number | undefined;
  portState(port: number): "free" | "taken" | "outside";
  /** `30000-32767`. */
  readonly portRange: string;
}

export type Allocated<Kind> =
  | { readonly kind: "allocated"; readonly object: Kind }
  | { readonly kind: "refused"; readonly errors: readonly FieldError[] };

/** The scale subresource of a kind: autoscaling/v1 Scale. */
export interface ScaleAccess<Kind extends KubernetesObject = KubernetesObject> {
  replicas(object: Kind): number;
  statusReplicas(object: Kind): number;
  /** The selector of the pods in the text form of `status.selector`. */
  selector(object: Kind): string;
  withReplicas(object: Kind, replicas: number): Kind;
}

export interface DeletionRules<Kind extends KubernetesObject = KubernetesObject> {
  /** What happens to dependents when the client does not say. */
  readonly propagation: "Background" | "Orphan";
  /**
   * For kinds that die in two steps: the grace period in seconds for a delete with the requested one (absent: not said).
   * Kinds without it are removed at once.
   */
  gracePeriodSeconds?(object: Kind, requested: number | undefined): number;
}

/** Cells are JSON scalars; a date is the text that is printed (an age). */
export type Cell = string | number | boolean | null;
