const INT32_MAX = 2_147_483_647;

/** Whether JSON's number is one of Go's: an integer in range. */
export function isInteger(value: unknown, format: string | undefined): boolean {
  if (typeof value !== "number" || !Number.isInteger(value)) return false;
  return format !== "int32" || (value <= INT32_MAX && value >= -INT32_MAX - 1);
}
