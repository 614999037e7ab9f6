/**
 * The natural logarithm of a positive number from the four basic operations alone, so that it is the same on every machine:
 * `x = m × 2^k` with m near 1, and `ln m = 2 artanh((m - 1) / (m + 1))`.
 */
export function naturalLogarithm(x: number): number {
  let mantissa = x;
  let exponent = 0;
  while (mantissa > SQRT_2) {
    mantissa /= 2;
    exponent += 1;
  }
  while (mantissa < SQRT_2 / 2) {
    mantissa *= 2;
    exponent -= 1;
  }
  const ratio = (mantissa - 1) / (mantissa + 1);
  let term = ratio;
  let sum = 0;
  for (let power = 1; power <= TERMS; power += 2) {
    sum += term / power;
    term *= ratio * ratio;
  }
  return 2 * sum + exponent * LN_2;
}

const SQRT_2 = 1.4142135623730951;
const LN_2 = 0.6931471805599453;

/** Beyond this power the terms are below the precision of a double: 0.172^27 < 2^-64. */
const TERMS = 27;
