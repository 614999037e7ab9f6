import {
  alternatives as databaseDown,
  harmless as databaseDownHarmless,
} from "../probes/database-down/alternatives.ts";
import { mistakes as databaseDownMistakes } from "../probes/database-down/mistakes.ts";
import {
  alternatives as detectionTime,
  harmless as detectionTimeHarmless,
} from "../probes/detection-time/alternatives.ts";
import { mistakes as detectionTimeMistakes } from "../probes/detection-time/mistakes.ts";
import {
  alternatives as fourMechanisms,
  harmless as fourMechanismsHarmless,
} from "../probes/four-mechanisms/alternatives.ts";
import { mistakes as fourMechanismsMistakes } from "../probes/four-mechanisms/mistakes.ts";
import {
  alternatives as notReadyNotUnreachable,
  harmless as notReadyNotUnreachableHarmless,
} from "../probes/not-ready-not-unreachable/alternatives.ts";
import { mistakes as notReadyNotUnreachableMistakes } from "../probes/not-ready-not-unreachable/mistakes.ts";
import { alternatives as slowStarter, harmless as slowStarterHarmless } from "../probes/slow-starter/alternatives.ts";
import { mistakes as slowStarterMistakes } from "../probes/slow-starter/mistakes.ts";
import type { Mistake, Variant } from "./mistake.ts";

/** What a lab's grader is tried with. */
export interface Cases {
  readonly mistakes: readonly Mistake[];
  readonly alternatives: readonly Variant[];
  readonly harmless: readonly Variant[];
}

/** The register: one line per lab. */
export const cases: Readonly<Record<string, Cases>> = {
  "probes/not-ready-not-unreachable": {
    mistakes: notReadyNotUnreachableMistakes,
    alternatives: notReadyNotUnreachable,
    harmless: notReadyNotUnreachableHarmless,
  },
  "probes/slow-starter": { mistakes: slowStarterMistakes, alternatives: slowStarter, harmless: slowStarterHarmless },
  "probes/detection-time": {
    mistakes: detectionTimeMistakes,
    alternatives: detectionTime,
    harmless: detectionTimeHarmless,
  },
  "probes/four-mechanisms": {
    mistakes: fourMechanismsMistakes,
    alternatives: fourMechanisms,
    harmless: fourMechanismsHarmless,
  },
  "probes/database-down": {
    mistakes: databaseDownMistakes,
    alternatives: databaseDown,
    harmless: databaseDownHarmless,
  },
};
