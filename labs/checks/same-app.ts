import { objectAt, type World } from "@workbook/engine";
import type { Check, Failure } from "../lab.ts";
import { fromTheStart } from "./moment.ts";

/** The parts of a Deployment that a guard looks at. */
interface Deployment {
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: { readonly spec?: { readonly containers?: readonly Container[] } };
  };
}

interface Container {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly unknown[];
  readonly envFrom?: readonly unknown[];
  readonly lifecycle?: unknown;
}

/** What must still be there: the task is solved with it, not without it. */
export interface Guarded {
  readonly deployment: string;
  readonly replicas: number;
  readonly image: string;
  readonly service?: string;
}

/** A guard: the objects of the task are there, and run what they ran. It holds in the starter already. */
export function sameApps(named: { readonly id: string; readonly points: number }, apps: readonly Guarded[]): Check {
  return fromTheStart({ ...named, isInvariant: true }, ({ before }) => {
    const what = apps.flatMap((app) => difference(before, app) ?? [])[0];
    if (what === undefined) return undefined;
    const failure: Failure = { kind: "failed", reason: named.id, facts: { what } };
    return failure;
  });
}

function difference(world: World, app: Guarded): string | undefined {
  const { deployment, replicas, image, service } = app;
  const found = objectAt(world, { plural: "deployments", namespace: "default", name: deployment }) as
    | Deployment
    | undefined;
  if (found === undefined) return `there is no Deployment ${deployment}`;
  if (found.spec?.replicas !== replicas) return `${deployment} has ${found.spec?.replicas ?? 0} replicas`;
  if (
    service !== undefined &&
    objectAt(world, { plural: "services", namespace: "default", name: service }) === undefined
  ) {
    return `there is no Service ${service}`;
  }
  const containers = found.spec.template?.spec?.containers ?? [];
  const [container] = containers;
  if (container === undefined || repositoryOf(container.image ?? "") !== image) {
    return `${deployment} runs ${container?.image ?? "nothing"}`;
  }
  return disguise(deployment, container);
}

/** Anything that would make the program another one. */
function disguise(deployment: string, container: Container): string | undefined {
  const changed = (["command", "args", "env", "envFrom"] as const).find((field) => (container[field]?.length ?? 0) > 0);
  return changed === undefined ? undefined : `${deployment} has ${changed} of its own`;
}

function repositoryOf(image: string): string {
  const colon = image.lastIndexOf(":");
  return colon > image.lastIndexOf("/") ? image.slice(0, colon) : image;
}
