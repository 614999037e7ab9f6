// The commit-msg hook: the first line is `room: what changes`, at most 60 characters, imperative, no full stop.
import { readFileSync } from "node:fs";

const subject = readFileSync(process.argv[2] ?? "", "utf8").split("\n", 1)[0] ?? "";
const automatic = /^(Merge|Revert|fixup!|squash!) /.test(subject);
if (!automatic && (!/^[a-z0-9/-]+: \S.*[^.\s]$/.test(subject) || subject.length > 60)) {
  console.error(`expected "room: what changes" in at most 60 characters, found (${subject.length}): ${subject}`);
  process.exitCode = 1;
}
