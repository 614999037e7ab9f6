import { record, type World } from "@workbook/engine";

/** What a learner downloads or shares: the lab and everything that was done in it. `workbook replay` runs it again. */
export function recordingOf(lab: string, world: World): string {
  return `${JSON.stringify({ schema: "workbook.recording/v1", lab, ...record(world) }, null, 2)}\n`;
}
