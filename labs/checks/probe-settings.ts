import { objectAt, type World } from "@workbook/engine";

/** A probe as the API server stores it, defaults filled in. */
export interface ProbeSettings {
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
  readonly mechanism: "exec" | "httpGet" | "tcpSocket" | "grpc" | "none";
  /** The path of httpGet. */
  readonly path: string;
}

/** The probes of a Deployment's first container; undefined where there is none. Read from the object, never from the text. */
export interface Probes {
  readonly liveness: ProbeSettings | undefined;
  readonly readiness: ProbeSettings | undefined;
  readonly startup: ProbeSettings | undefined;
}

type StoredProbe = Readonly<Record<string, unknown>>;

interface Stored {
  readonly spec?: {
    readonly template?: {
      readonly spec?: {
        readonly containers?: readonly {
          readonly livenessProbe?: StoredProbe;
          readonly readinessProbe?: StoredProbe;
          readonly startupProbe?: StoredProbe;
        }[];
      };
    };
  };
}

export function probesOf(world: World, deployment: string): Probes {
  const found = objectAt(world, { plural: "deployments", namespace: "default", name: deployment }) as
    | Stored
    | undefined;
  const container = found?.spec?.template?.spec?.containers?.[0];
  return {
    liveness: settingsOf(container?.livenessProbe),
    readiness: settingsOf(container?.readinessProbe),
    startup: settingsOf(container?.startupProbe),
  };
}

/** Source of the defaults: Kubernetes docs, configure-liveness-readiness-startup-probes. */
function settingsOf(probe: StoredProbe | undefined): ProbeSettings | undefined {
  if (probe === undefined) return undefined;
  const mechanism =
    (["exec", "httpGet", "tcpSocket", "grpc"] as const).find((name) => probe[name] !== undefined) ?? "none";
  const httpGet = probe["httpGet"] as { readonly path?: string } | undefined;
  return {
    initialDelaySeconds: numberIn(probe, "initialDelaySeconds", 0),
    periodSeconds: numberIn(probe, "periodSeconds", 10),
    timeoutSeconds: numberIn(probe, "timeoutSeconds", 1),
    successThreshold: numberIn(probe, "successThreshold", 1),
    failureThreshold: numberIn(probe, "failureThreshold", 3),
    mechanism,
    path: httpGet?.path ?? "/",
  };
}

function numberIn(probe: StoredProbe, name: string, standard: number): number {
  const value = probe[name];
  return typeof value === "number" ? value : standard;
}

/** The longest time from a hang to the decision to kill, in seconds. */
export function patienceOf(probe: ProbeSettings): number {
  return probe.periodSeconds * probe.failureThreshold + probe.timeoutSeconds;
}
