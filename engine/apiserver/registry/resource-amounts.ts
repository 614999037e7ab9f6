// After kubernetes v1.36 pkg/apis/core/v1/defaults.go SetDefaults_ResourceList.
import { formatQuantity, quantityOf, roundUpQuantity } from "../../api/quantity.ts";
import { mapValuesShared } from "./shared-change.ts";

type Amounts = Readonly<Record<string, string>>;

/** The smallest part of a resource is a thousandth. */
const MILLI_SCALE = -3;

/** Amounts of resources, rounded up to thousandths. */
export function roundAmounts(amounts: Amounts): Amounts {
  return mapValuesShared(amounts, roundAmount);
}

/** Only these suffixes can be finer than a thousandth. */
const fine = /[.nue]/;

function roundAmount(amount: string): string {
  return fine.test(amount) ? formatQuantity(roundUpQuantity(quantityOf(amount), MILLI_SCALE)) : amount;
}
