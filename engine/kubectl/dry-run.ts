// After kubectl pkg/cmd/util/helpers.go GetDryRunStrategy, GetValidationDirective.
import { goQuote } from "../api/go-quote.ts";
import { refusal } from "./failure.ts";
import { parseBool, textFlag, type Flags } from "./flag-set.ts";
import { complain, type Session, type Talk } from "./talk.ts";

export type DryRun = "none" | "client" | "server";

export function* dryRunOf(session: Session): Talk<DryRun> {
  const value = textFlag(session.flags, "dry-run");
  if (value === "none" || value === "client" || value === "server" || value === "")
    return value === "" ? "none" : value;
  if (value === "unchanged") {
    yield* complain(
      "W0101 00:00:00.000000       1 helpers.go:719] --dry-run is deprecated and can be replaced with --dry-run=client.\n",
    );
    return "client";
  }
  const flag = parseBool(value);
  if (flag === undefined) throw refusal(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
  const instead = flag ? "client" : "none";
  yield* complain(
    `W0101 00:00:00.000000       1 helpers.go:${flag ? 733 : 736}] --dry-run=${value} is deprecated (boolean value) and can be replaced with --dry-run=${instead}.\n`,
  );
  return instead;
}

/** `created`, `created (dry run)`, `created (server dry run)`. */
export function withDryRun(operation: string, dryRun: DryRun): string {
  if (dryRun === "client") return `${operation} (dry run)`;
  return dryRun === "server" ? `${operation} (server dry run)` : operation;
}

export type Validation = "Strict" | "Warn" | "Ignore";

export function validationOf(flags: Flags): Validation {
  const value = textFlag(flags, "validate").toLowerCase();
  if (value === "strict" || value === "true") return "Strict";
  if (value === "warn") return "Warn";
  if (value === "ignore" || value === "false") return "Ignore";
  throw refusal(
    `invalid - validate option ${goQuote(textFlag(flags, "validate"))}; must be one of: strict (or true), warn, ignore (or false)`,
  );
}

/** The parameters that writes carry. */
export function writeQuery(options: {
  readonly dryRun?: DryRun;
  readonly fieldManager?: string;
  readonly validation?: Validation;
}): Readonly<Record<string, string>> {
  const query: Record<string, string> = {};
  if (options.dryRun === "server") query["dryRun"] = "All";
  if (options.fieldManager !== undefined && options.fieldManager !== "") query["fieldManager"] = options.fieldManager;
  if (options.validation !== undefined) query["fieldValidation"] = options.validation;
  return query;
}
