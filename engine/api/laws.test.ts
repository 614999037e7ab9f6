import fc from "fast-check";
import { expect, test } from "vitest";
import { applyJsonPatch } from "./json-patch.ts";
import { formatSelector, matchesLabels, parseLabelSelector, type Selector } from "./label-selector.ts";
import { applyMergePatch, createMergePatch } from "./merge-patch.ts";
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  milliValue,
  quantityOf,
  subtractQuantities,
  wholeValue,
} from "./quantity.ts";
import { schemaNamed } from "./schema.ts";
import { isEqual } from "./semantic-equal.ts";
import { applyStrategicMergePatch } from "./strategic-merge-patch.ts";
import { civilOf, parseTime, rfc3339, rfc3339Micro } from "./time.ts";
import { parseYaml } from "./yaml.ts";
import { printYaml } from "./yaml-print.ts";

const quantityText = fc
  .tuple(
    fc.constantFrom("", "-", "+"),
    fc.stringMatching(/^[0-9]{1,12}$/),
    fc.constantFrom("", ".5", ".25", ".125", "."),
    fc.constantFrom("", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "e3", "E6", "e-3"),
  )
  .map((parts) => parts.join(""));

test("a canonical quantity means the same as the text, and is canonical", () => {
  fc.assert(
    fc.property(quantityText, (text) => {
      const canonical = canonicalQuantity(text);
      expect(compareQuantities(quantityOf(text), quantityOf(canonical))).toBe(0);
      // "953.125Ki" is 976000 bytes and keeps no suffix; read again, 976000 is a decimal number, 976k. So it is in Kubernetes.
      const isStillBinary = !text.includes("i") || canonical.includes("i");
      if (isStillBinary) expect(canonicalQuantity(canonical)).toBe(canonical);
    }),
    { examples: [["953.125Ki"], ["0.5Ki"], ["100u"]] },
  );
});

test("what is added to a quantity can be taken away again", () => {
  fc.assert(
    fc.property(quantityText, quantityText, (one, other) => {
      const back = subtractQuantities(addQuantities(quantityOf(one), quantityOf(other)), quantityOf(other));
      expect(compareQuantities(back, quantityOf(one))).toBe(0);
    }),
  );
});

test("the quick numbers of a quantity are its exact value, rounded away from zero", () => {
  fc.assert(
    fc.property(quantityText, (text) => {
      const { value, scale } = quantityOf(text);
      const micro = value * 10n ** BigInt(scale + 9);
      const up = (unit: bigint): number => Number(micro / unit) + (micro % unit === 0n ? 0 : micro < 0n ? -1 : 1);
      fc.pre(micro < 10n ** 24n && micro > -(10n ** 24n));
      expect(wholeValue(text)).toBe(up(10n ** 9n) + 0);
      expect(milliValue(text)).toBe(up(10n ** 6n) + 0);
    }),
  );
});

const word = fc.stringMatching(/^[a-z]([-a-z0-9]{0,5}[a-z0-9])?$/);
const labels = fc.dictionary(word, word, { maxKeys: 4 });
const requirement = fc.oneof(
  fc.record({ key: word, operator: fc.constantFrom("exists", "!"), values: fc.constant([]) }),
  fc.record({ key: word, operator: fc.constantFrom("=", "==", "!="), values: word.map((one) => [one]) }),
  fc.record({
    key: word,
    operator: fc.constantFrom("in", "notin"),
    values: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }).map((all) => all.toSorted()),
  }),
);

test("a selector that is printed and read again selects the same", () => {
  fc.assert(
    fc.property(fc.array(requirement, { maxLength: 4 }), labels, (requirements, object) => {
      const selector = { requirements } as Selector;
      const again = parseLabelSelector(formatSelector(selector));
      if (typeof again === "string") throw new Error(again);
      expect(matchesLabels(again, object)).toBe(matchesLabels(selector, object));
    }),
  );
});

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.boolean(),
    fc.integer(),
    fc.string(),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("record"),
  ),
  record: fc.dictionary(word, tie("value"), { maxKeys: 4 }),
}));

test("a merge patch made from two values turns the one into the other", () => {
  fc.assert(
    fc.property(json.record, json.record, (from, to) => {
      expect(isEqual(applyMergePatch(from, createMergePatch(from, to)), to)).toBe(true);
    }),
  );
});

test("a patch that changes nothing gives the very same object back", () => {
  fc.assert(
    fc.property(json.record, (value) => {
      expect(applyMergePatch(value, JSON.parse(JSON.stringify(value)))).toBe(value);
      expect(applyMergePatch(value, {})).toBe(value);
    }),
  );
  const deployment = {
    metadata: { name: "a" },
    spec: { template: { spec: { containers: [{ name: "c", image: "x" }] } } },
  };
  const schema = schemaNamed("Deployment");
  if (schema === undefined) throw new Error("Deployment has a schema");
  const same = applyStrategicMergePatch(deployment, JSON.parse(JSON.stringify(deployment)), schema);
  expect(same.kind === "patched" && same.value === deployment).toBe(true);
});

test("an added member can be tested and removed again", () => {
  fc.assert(
    fc.property(json.record, word, json.value, (document, key, value) => {
      fc.pre(!Object.hasOwn(document, key));
      const path = `/${key}`;
      const patched = applyJsonPatch(document, [
        { op: "add", path, value },
        { op: "test", path, value },
        { op: "remove", path },
      ]);
      expect(patched).toEqual({ kind: "patched", value: document });
    }),
  );
});

test("a value that is printed as YAML and read again is the same", () => {
  fc.assert(
    fc.property(json.record, (value) => {
      const parsed = parseYaml(printYaml(value));
      if (parsed.kind === "error") throw new Error(`${parsed.error.message}\n${printYaml(value)}`);
      expect(parsed.documents[0]?.value).toEqual(value);
    }),
    { numRuns: 300 },
  );
});

test("a date that is written and read again is the same", () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }), fc.nat(999), (seconds, millis) => {
      const at = seconds * 1000 + millis;
      expect(parseTime(rfc3339(at))).toBe(seconds * 1000);
      expect(parseTime(rfc3339Micro(at))).toBe(at);
      expect(civilOf(at).weekday).toBe(new Date(at).getUTCDay());
    }),
  );
});

test("a canonical quantity is printed as it was written", () => {
  expect(["1", "100m", "1Gi", "1536Mi", "5.", "1e3"].map((text) => formatQuantity(quantityOf(text)))).toEqual([
    "1",
    "100m",
    "1Gi",
    "1536Mi",
    "5.",
    "1e3",
  ]);
});
