import { exec, type World } from "@workbook/engine";
import type { Editing } from "../session/session.ts";

/** What kubectl puts above the object. Source: kubectl pkg/cmd/util/editor/editoptions.go, cmdutil.ManualStrip header. */
const HEADER = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

/**
 * The text that a line of `kubectl edit` opens, or undefined when the line opens no editor. It is what `kubectl get -o yaml` prints, asked
 * in a fork of the world, so that looking leaves no trace.
 */
export function editingOf(world: World, line: string): Editing | undefined {
  if (!/^\s*(kubectl|k)\s+edit\s/.test(line) || /[|;&<>]/.test(line)) return undefined;
  const { stdout, exitCode } = exec(world, `${line.replace(/\bedit\b/, "get")} -o yaml`);
  return exitCode === 0 ? { line, text: HEADER + stdout } : undefined;
}
