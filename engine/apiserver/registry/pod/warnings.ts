// After kubernetes v1.36 pkg/api/pod/warnings.go; not modelled: removed volume plugins, AppArmor, overlapping paths.
import { milliValue, quantityOf, type Quantity } from "../../../api/quantity.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import type { Container, Pod, PodSpec, Template } from "./scope.ts";

/** What a pod's author should know. Nothing is said again of a spec that has not changed. */
export function podWarnings(pod: Pod, old?: Pod): readonly string[] {
  if (old !== undefined && pod.spec === old.spec) return [];
  return specWarnings(pod.spec ?? {}, "spec");
}

export function templateWarnings(template: Template | undefined, path: string, old?: Template): readonly string[] {
  if (template === undefined || (old !== undefined && isSemanticallyEqual(template, old))) return [];
  return specWarnings(template.spec ?? {}, `${path}.spec`);
}

function specWarnings(spec: PodSpec, path: string): readonly string[] {
  return [
    ...nodeWarnings(spec, path),
    ...aliasWarnings(spec, path),
    ...listWarnings(spec, path),
    ...containerWarnings(spec, path),
  ];
}

/** Source: pkg/api/node/util.go deprecatedNodeLabels. */
const deprecatedLabels: Readonly<Record<string, string>> = {
  "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
  "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

function nodeWarnings(spec: PodSpec, path: string): readonly string[] {
  const warnings: string[] = [];
  for (const key of Object.keys(spec.nodeSelector ?? {})) {
    const text = deprecatedLabels[key];
    if (text !== undefined) warnings.push(`${path}.nodeSelector[${key}]: ${text}`);
  }
  const grace = spec.terminationGracePeriodSeconds;
  if (grace !== undefined && grace < 0) {
    warnings.push(
      `${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
    );
  }
  return warnings;
}

function aliasWarnings(spec: PodSpec, path: string): readonly string[] {
  const seen = new Set<string>();
  const warnings: string[] = [];
  for (const [index, { ip = "" }] of (spec.hostAliases ?? []).entries()) {
    if (seen.has(ip)) warnings.push(`${path}.hostAliases[${index}].ip: duplicate ip "${ip}"`);
    seen.add(ip);
  }
  return warnings;
}

function listWarnings(spec: PodSpec, path: string): readonly string[] {
  const warnings: string[] = [];
  const seen = new Set<string>();
  for (const [index, { name = "" }] of (spec.imagePullSecrets ?? []).entries()) {
    if (name === "") warnings.push(`${path}.imagePullSecrets[${index}].name: invalid empty name ""`);
    else if (seen.has(name)) warnings.push(`${path}.imagePullSecrets[${index}].name: duplicate name "${name}"`);
    seen.add(name);
  }
  for (const [index, { emptyDir, gitRepo }] of (spec.volumes ?? []).entries()) {
    const at = `${path}.volumes[${index}]`;
    const { sizeLimit } = emptyDir ?? {};
    if (sizeLimit !== undefined && isFractional(sizeLimit)) {
      warnings.push(`${at}.emptyDir.sizeLimit: fractional byte value "${sizeLimit}" is invalid, must be an integer`);
    }
    if (gitRepo !== undefined) warnings.push(`${at}.gitRepo: deprecated in v1.11, and disabled by default in v1.33+`);
  }
  return warnings;
}

function containerWarnings(spec: PodSpec, path: string): readonly string[] {
  const warnings: string[] = [];
  for (const list of ["initContainers", "containers"] as const) {
    for (const [index, container] of (spec[list] ?? []).entries()) {
      const at = `${path}.${list}[${index}]`;
      warnings.push(
        ...amountWarnings(container, at),
        ...environmentWarnings(container, at),
        ...portWarnings(container, at),
      );
    }
  }
  return warnings;
}

const FRACTION_RESOURCES = ["memory", "ephemeral-storage"] as const;

function amountWarnings({ resources }: Container, path: string): readonly string[] {
  const warnings: string[] = [];
  for (const name of FRACTION_RESOURCES) {
    for (const list of ["requests", "limits"] as const) {
      const amount = resources?.[list]?.[name];
      if (amount === undefined || !isFractional(amount)) continue;
      warnings.push(
        `${path}.resources.${list}[${name}]: fractional byte value "${amount}" is invalid, must be an integer`,
      );
    }
  }
  return warnings;
}

function isFractional(amount: string): boolean {
  const quantity: Quantity = quantityOf(amount);
  return quantity.scale < 0 && milliValue(amount) % 1000 !== 0;
}

function environmentWarnings({ env = [] }: Container, path: string): readonly string[] {
  const seen = new Map<string, number>();
  const warnings: string[] = [];
  for (const [index, { name = "" }] of env.entries()) {
    const first = seen.get(name);
    if (first === undefined) seen.set(name, index);
    else if (!refersTo(env, index, name)) {
      const at = `${path}.env[${index}]`;
      warnings.push(`${at}: hides previous definition of "${name}", which may be dropped when using apply`);
    }
  }
  return warnings;
}

/** A variable may build on its own earlier value. */
function refersTo(env: NonNullable<Container["env"]>, index: number, name: string): boolean {
  return env[index]?.value?.includes(`$(${name})`) === true;
}

function portWarnings({ ports = [] }: Container, path: string): readonly string[] {
  const seen = new Map<string, number>();
  const warnings: string[] = [];
  for (const [index, { containerPort = 0, protocol = "TCP" }] of ports.entries()) {
    const key = `${protocol}/${containerPort}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    else warnings.push(`${path}.ports[${index}]: duplicate port definition with ${path}.ports[${first}]`);
  }
  return warnings;
}
