/**
 * The natural logarithm of a positive number from the four basic operations alone, so that it is the same on every machine:
 * `x = m × 2^k` with m near 1, `ln x = ln m + k ln 2`, and `ln m = 2 artanh((m - 1) / (m + 1))`.
 */
export function naturalLogarithm(x: number): number {
  let mantissa = x;
  let exponent = 0;
  for (; mantissa > 1.5; exponent++) mantissa /= 2;
  for (; mantissa < 0.75; exponent--) mantissa *= 2;
  return logarithmNearOne(mantissa) + exponent * logarithmNearOne(2);
}

/** The series of artanh, smallest terms first; after 60 terms none counts any more for ratios up to a third. */
function logarithmNearOne(x: number): number {
  const ratio = (x - 1) / (x + 1);
  const square = ratio * ratio;
  let sum = 0;
  for (let power = 59; power >= 1; power -= 2) sum = sum * square + 1 / power;
  return 2 * ratio * sum;
}
