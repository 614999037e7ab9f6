import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { firstWorld, play, type Score } from "./kubectl.ts";

const FOLDER = join(import.meta.dirname, "data/kubectl");

/** Commands of each transcript that are equal. It may only rise: a lower number is a step back. */
const FLOORS: Readonly<Record<string, number>> = {
  "001-get-pods-empty": 4,
  "006-get-raw": 5,
  "010-describe-deployment": 3,
  "014-create-configmap": 11,
  "019-create-service": 10,
  "020-create-misc-generators": 14,
  "023-expose": 12,
  "024-apply-basic": 8,
  "025-apply-three-way": 9,
  "028-apply-dir-prune": 6,
  "030-patch": 14,
  "038-delete": 22,
  "042-taint": 12,
  "045-config": 17,
  "047-logs-exec": 12,
  "048-wait": 11,
  "063-diff-dryrun-output": 9,
  "069-generate-name": 3,
  "070-namespaces-flags": 11,
  "071-patch-list-merge": 16,
  "072-patch-env-and-containers": 8,
  "082-record-flag": 3,
  "086-ingress-create-variants": 8,
  "098-owner-refs-cascade": 7,
  "109-label-node-roles": 10,
};

const base = firstWorld();

/** The score of one recorded transcript in a fork of the same world. */
function scoreOf(id: string): Score {
  expect(readdirSync(FOLDER)).toContain(`${id}.json`);
  const transcript = JSON.parse(readFileSync(join(FOLDER, `${id}.json`), "utf8")) as { readonly steps: Parameters<typeof play>[2] };
  return play(base, id, transcript.steps);
}

test.each(Object.entries(FLOORS))("transcript %s: at least %i commands print what kubectl 1.36 printed", { timeout: 60_000 }, (id, floor) => {
  const score = scoreOf(id);
  expect(score.equal, JSON.stringify(score.different, null, 1)).toBeGreaterThanOrEqual(floor);
});
