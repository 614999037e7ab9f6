// After kubernetes v1.36 pkg/registry/core/node/strategy.go, pkg/apis/core/validation ValidateNode; not modelled: dynamic kubelet configuration.
import type * as api from "../../../api/generated/types.ts";
import { labelValueProblems } from "../../../api/names.ts";
import { nodeCells } from "../../../api/node.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { duplicate, type FieldError, forbidden, invalid } from "../field-error.ts";
import { goStruct } from "../go-struct.ts";
import { isIpv4, validateCidr } from "../ip-address.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { validateLabelName } from "../metadata.ts";
import { validateTaintEffect } from "../pod/affinity.ts";
import { roundAmounts } from "../resource-amounts.ts";
import { validateResourceValue } from "../resource-names.ts";
import type { Errors } from "../rules.ts";
import { withField, withParts } from "../shared-change.ts";
import type { Cell, Strategy } from "../strategy.ts";

type Node = DecodedObject<api.Node>;
type Spec = Decoded<api.NodeSpec>;

export const nodes: Strategy<Node> = kindStrategy<Node>({
  place: ["", "v1", "nodes"],
  keepsStatusOnCreate: true,
  defaults: (node) =>
    withParts(node, {
      spec: withBothCidrs,
      status: (status) => withParts(status, { capacity: roundAmounts, allocatable: roundAmounts }),
    }),
  validate: (node) => [...validateSpec(node.spec ?? {}), ...validateResources(node)],
  validateUpdate,
  validateStatus: (node) => [...validateResources(node), ...validateAddresses(node)],
  cells,
  fields: { "spec.unschedulable": (node) => String(node.spec?.unschedulable === true) },
});

/** The older `podCIDR` says what the first of `podCIDRs` says. */
function withBothCidrs(spec: Spec): Spec {
  const { podCIDR, podCIDRs } = spec;
  if (podCIDRs !== undefined && podCIDRs.length > 0) return withField(spec, "podCIDR", podCIDRs[0]);
  return podCIDR === undefined ? spec : { ...spec, podCIDRs: [podCIDR] };
}

function validateSpec(spec: Spec): readonly FieldError[] {
  const errors: Errors = [];
  validateTaints(spec, errors);
  const { podCIDRs: ranges = [] } = spec;
  for (const [index, range] of ranges.entries()) validateCidr(range, `spec.podCIDRs[${index}]`, errors);
  if (
    ranges.length > 2 ||
    (ranges.length === 2 && new Set(ranges.map((range) => isIpv4(range.split("/")[0] ?? ""))).size < 2)
  ) {
    errors.push(invalid("spec.podCIDRs", ranges, "may specify no more than one CIDR for each IP family"));
  }
  return errors;
}

function validateTaints({ taints = [] }: Spec, errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, taint] of taints.entries()) {
    const path = `metadata.taints[${index}]`;
    const { key = "", value = "", effect = "" } = taint;
    validateLabelName(key, `${path}.key`, errors);
    const problems = labelValueProblems(value);
    if (problems.length > 0) errors.push(invalid(`${path}.value`, value, problems.join(";")));
    validateTaintEffect(effect, `${path}.effect`, errors);
    const pair = `${effect}/${key}`;
    if (seen.has(pair)) {
      errors.push({
        ...duplicate(path, goStruct("Taint", taint)),
        detail: "taints must be unique by key and effect pair",
      });
    }
    seen.add(pair);
  }
}

function validateResources({ status }: Node): readonly FieldError[] {
  const errors: Errors = [];
  for (const list of ["capacity", "allocatable"] as const) {
    const amounts = status?.[list];
    for (const name in amounts) validateResourceValue(name, amounts[name] ?? "0", `status.${list}.${name}`, errors);
  }
  return errors;
}

function validateAddresses({ status }: Node): readonly FieldError[] {
  const errors: Errors = [];
  const seen = new Set<string>();
  for (const [index, address] of (status?.addresses ?? []).entries()) {
    const key = `${address.type}/${address.address}`;
    if (seen.has(key)) errors.push(duplicate(`status.addresses[${index}]`, goStruct("NodeAddress", address)));
    seen.add(key);
  }
  return errors;
}

function validateUpdate(node: Node, old: Node): readonly FieldError[] {
  if (node.spec === old.spec) return [];
  const errors: Errors = [];
  const { spec = {} } = node;
  const { podCIDRs: before = [], providerID = "", externalID = "" } = old.spec ?? {};
  const detail = 'node updates may not change podCIDR except from "" to valid';
  if (before.length > 0 && before.join() !== (spec.podCIDRs ?? []).join())
    errors.push(forbidden("spec.podCIDRs", detail));
  if (providerID !== "" && providerID !== spec.providerID) {
    errors.push(forbidden("spec.providerID", 'node updates may not change providerID except from "" to valid'));
  }
  validateTaints(spec, errors);
  if (externalID !== (spec.externalID ?? "")) errors.push(forbidden("spec.externalID", "may not be updated"));
  return errors;
}

function cells(node: Node, now: number): readonly Cell[] {
  const row = nodeCells(node as unknown as api.Node, now);
  const { name, status, roles, age, version, internalIp, externalIp, osImage, kernelVersion, containerRuntime } = row;
  return [name, status, roles, age, version, internalIp, externalIp, osImage, kernelVersion, containerRuntime];
}
