// After kubernetes v1.36 pkg/controller/controller_utils.go, UIDTrackingControllerExpectations.
import type { Millis } from "../kernel/process.ts";
import { get, remove, set, type SortedMap } from "../kernel/sorted-map.ts";

/**
 * What a controller has asked for and not yet seen come true. Its view of the world is late, so until its own creations
 * and deletions have shown up in it, it must not count on it and ask again.
 */
export type Expectations = SortedMap<string, Expectation>;

export interface Expectation {
  readonly creations: number;
  readonly deletions: number;
  /** Keys of the objects whose deletion is awaited, where they are told apart. */
  readonly deleted: SortedMap<string, true>;
  readonly at: Millis;
}

/** After this time what was expected is believed to be lost. Source: controller_utils.go ExpectationsTimeout. */
export const EXPECTATIONS_TIMEOUT_MILLIS: Millis = 300_000;

export function areSatisfied(expectations: Expectations, key: string, now: Millis): boolean {
  const found = get(expectations, key);
  if (found === undefined) return true;
  return (found.creations <= 0 && found.deletions <= 0) || now - found.at > EXPECTATIONS_TIMEOUT_MILLIS;
}

export function expectCreations(
  expectations: Expectations,
  key: string,
  wanted: { readonly count: number; readonly now: Millis },
): Expectations {
  return set(expectations, key, { creations: wanted.count, deletions: 0, deleted: null, at: wanted.now });
}

export function expectDeletions(
  expectations: Expectations,
  key: string,
  wanted: { readonly objects: readonly string[]; readonly now: Millis },
): Expectations {
  let deleted: SortedMap<string, true> = null;
  for (const object of wanted.objects) deleted = set(deleted, object, true);
  return set(expectations, key, { creations: 0, deletions: wanted.objects.length, deleted, at: wanted.now });
}

export function expectBoth(
  expectations: Expectations,
  key: string,
  wanted: { readonly creations: number; readonly deletions: number; readonly now: Millis },
): Expectations {
  const { creations, deletions, now } = wanted;
  return set(expectations, key, { creations, deletions, deleted: null, at: now });
}

export function sawCreation(expectations: Expectations, key: string, count = 1): Expectations {
  const found = get(expectations, key);
  if (found === undefined) return expectations;
  return set(expectations, key, { ...found, creations: found.creations - count });
}

/** A deletion came true; one that nobody waits for, or that was counted already, changes nothing. */
export function sawDeletion(expectations: Expectations, key: string, object: string): Expectations {
  const found = get(expectations, key);
  if (found === undefined || get(found.deleted, object) === undefined) return expectations;
  const deleted = remove(found.deleted, object);
  return set(expectations, key, { ...found, deleted, deletions: found.deletions - 1 });
}

/** A deletion came true, where deletions are only counted. */
export function sawAnyDeletion(expectations: Expectations, key: string, count = 1): Expectations {
  const found = get(expectations, key);
  if (found === undefined) return expectations;
  return set(expectations, key, { ...found, deletions: found.deletions - count });
}

export function forgetExpectations(expectations: Expectations, key: string): Expectations {
  return remove(expectations, key);
}
