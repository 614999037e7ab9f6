import fc from "fast-check";
import { expect, test } from "vitest";
import {
  forRange,
  fromEntries,
  get,
  keys,
  remove,
  set,
  size,
  type SortedMap,
  values,
  valuesWithPrefix,
} from "./sorted-map.ts";

const edits = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 60 }), fc.integer()), { maxLength: 200 });

function heightIsRight(map: SortedMap<number, number>): boolean {
  if (map === null) return true;
  const left = map.left?.height ?? 0;
  const right = map.right?.height ?? 0;
  const isBalanced = Math.abs(left - right) <= 1 && map.height === Math.max(left, right) + 1;
  return isBalanced && heightIsRight(map.left) && heightIsRight(map.right);
}

test("it holds what a Map holds, in the order of the keys, and stays balanced", () => {
  fc.assert(
    fc.property(edits, (list) => {
      let map: SortedMap<number, number> = null;
      const model = new Map<number, number>();
      for (const [isRemoval, key, value] of list) {
        map = isRemoval ? remove(map, key) : set(map, key, value);
        if (isRemoval) model.delete(key);
        else model.set(key, value);
      }
      const expected = [...model].toSorted((one, other) => one[0] - other[0]);
      expect(keys(map)).toEqual(expected.map(([key]) => key));
      expect(values(map)).toEqual(expected.map(([, value]) => value));
      expect(size(map)).toBe(model.size);
      expect(heightIsRight(map)).toBe(true);
    }),
  );
});

test("a change leaves the old map as it was", () => {
  const old = fromEntries([
    ["a", 1],
    ["b", 2],
  ] as const);
  const changed = remove(set(old, "c", 3), "a");
  expect(keys(old)).toEqual(["a", "b"]);
  expect(keys(changed)).toEqual(["b", "c"]);
});

test("setting what is there already gives the same map", () => {
  const map = fromEntries([
    ["a", 1],
    ["b", 2],
  ] as const);
  expect(set(map, "b", 2)).toBe(map);
  expect(remove(map, "z")).toBe(map);
});

test("a range includes its start and excludes its end", () => {
  const map = fromEntries([1, 2, 3, 4, 5].map((key) => [key, key * 10] as const));
  const found: number[] = [];
  forRange(map, { from: 2, to: 4 }, (value) => found.push(value));
  expect(found).toEqual([20, 30]);
});

test("a prefix finds its keys and no other", () => {
  const map = fromEntries(["a/1", "b/1", "b/2", "bb/1", "c"].map((key) => [key, key] as const));
  expect(valuesWithPrefix(map, "b/")).toEqual(["b/1", "b/2"]);
  expect(get(map, "b")).toBeUndefined();
});
