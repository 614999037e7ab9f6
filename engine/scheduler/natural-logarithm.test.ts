import { expect, test } from "vitest";
import { naturalLogarithm } from "./natural-logarithm.ts";

test("the logarithm agrees with the machine's to the last digits, for every size of a topology", () => {
  for (let size = 2; size <= 5002; size++) {
    expect(Math.abs(naturalLogarithm(size) - Math.log(size))).toBeLessThan(4e-15);
  }
});
