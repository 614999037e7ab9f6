import { addQuantities, formatQuantity, quantityOf, ZERO_QUANTITY } from "../../api/quantity.ts";

/** Amounts by resource: `{ cpu: "100m" }`. */
export type Quantities = Readonly<Record<string, string | number>>;

/** The sum of several amounts, resource by resource. */
export function totalOf(all: readonly Quantities[]): Readonly<Record<string, string>> {
  const sums: Record<string, string> = {};
  for (const one of all) {
    for (const name in one) {
      const before = sums[name] === undefined ? ZERO_QUANTITY : quantityOf(sums[name]);
      sums[name] = formatQuantity(addQuantities(before, quantityOf(one[name] ?? 0)));
    }
  }
  return sums;
}
