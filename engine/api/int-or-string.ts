// After kubernetes v1.36 apimachinery/pkg/util/intstr/intstr.go.

export type IntOrString = number | string;

export const NOT_A_PERCENTAGE_PROBLEM = "invalid value for IntOrString: invalid type: string is not a percentage";

/** The number, or the percentage of `total`, rounded up; the sentence that says what is wrong otherwise. */
export function scaledValueUp(value: IntOrString, total: number): number | string {
  const percent = percentOf(value);
  if (percent === undefined) return typeof value === "number" ? value : NOT_A_PERCENTAGE_PROBLEM;
  return Math.ceil((percent * total) / 100);
}

/** The number before the `%`, or undefined for a plain number and for other text. */
export function percentOf(value: IntOrString): number | undefined {
  return typeof value === "string" && /^[-+]?[0-9]+%$/.test(value) ? Number(value.slice(0, -1)) : undefined;
}
