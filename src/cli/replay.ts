import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { digest, ENGINE_VERSION, replay as replayRecording } from "@workbook/engine";
import { InvalidInput } from "./invalid.ts";
import { readRecording } from "./read-recording.ts";
import { EXIT, type Terminal } from "./terminal.ts";

/** `workbook replay FILE`: runs a recording again and prints its digest; exit 4 when it is not the one that was kept. */
export function replay(args: readonly string[], terminal: Terminal): number {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new InvalidInput("usage: workbook replay FILE");
  const { recording, digest: kept } = readRecording(resolve(terminal.workingDirectory, file), file);
  const found = digest(replayRecording(recording));
  terminal.out(`${found}\n`);
  if (recording.engineVersion !== ENGINE_VERSION) {
    terminal.error(`workbook: recorded by engine ${recording.engineVersion}, replayed by ${ENGINE_VERSION}\n`);
  }
  if (kept === undefined || kept === found) return EXIT.passed;
  terminal.error(`workbook: the recording ended in ${kept}; this run ended in ${found}\n`);
  return EXIT.runsDiffer;
}
