// After kubectl pkg/cmd/util GetResourcesAndPairs.
import { refusal } from "./failure.ts";

export interface ResourcesAndPairs {
  readonly resources: readonly string[];
  /** `key=value` and `key-`. */
  readonly pairs: readonly string[];
}

export function resourcesAndPairs(args: readonly string[], what: string): ResourcesAndPairs {
  const start = args.findIndex(isPair);
  if (start < 0) return { resources: args, pairs: [] };
  const late = args.slice(start).find((arg) => !isPair(arg));
  if (late !== undefined) throw refusal(`all resources must be specified before ${what} changes: ${late}`);
  return { resources: args.slice(0, start), pairs: args.slice(start) };
}

function isPair(arg: string): boolean {
  return (arg.includes("=") && !arg.startsWith("=")) || (arg.endsWith("-") && arg !== "-");
}
