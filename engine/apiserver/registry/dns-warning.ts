// After kubernetes v1.36 pkg/registry/{core/pod,apps/*,batch/*}/strategy.go WarningsOnCreate.
import { dnsLabelProblems } from "../../api/names.ts";

/** A name that no host can have. */
export function podNameWarnings(name: string): readonly string[] {
  return warningsOf(name, "the Pod's hostname");
}

/** A name from which names of pods are made. */
export function workloadNameWarnings(name: string): readonly string[] {
  return warningsOf(name, "Pod names and hostnames");
}

function warningsOf(name: string, where: string): readonly string[] {
  const problems = dnsLabelProblems(name);
  if (problems.length === 0) return [];
  return [
    `metadata.name: this is used in ${where}, which can result in surprising behavior; a DNS label is recommended: [${problems.join(" ")}]`,
  ];
}
