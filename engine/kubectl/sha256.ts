// After FIPS 180-4, section 6.2: SHA-256, for the name suffixes of generated ConfigMaps and Secrets.

/** The constants are the fractions of the cube roots of the first 64 primes, as FIPS 180-4 lists them. */
const ROUND =
  "428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5 d807aa98 12835b01 243185be 550c7dc3 72be5d74 80deb1fe 9bdc06a7 c19bf174 e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da 983e5152 a831c66d b00327c8 bf597fc7 c6e00bf3 d5a79147 06ca6351 14292967 27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e 92722c85 a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070 19a4c116 1e376c08 2748774c 34b0bcb5 391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3 748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2"
    .split(" ")
    .map((word) => Number.parseInt(word, 16));
const INITIAL = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

/** The digest as hexadecimal digits. */
export function sha256(bytes: readonly number[]): string {
  const words = padded(bytes);
  let state: readonly number[] = INITIAL;
  for (let offset = 0; offset < words.length; offset += 16) state = block(state, words.slice(offset, offset + 16));
  return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

function padded(bytes: readonly number[]): readonly number[] {
  const whole = [...bytes, 0x80];
  while (whole.length % 64 !== 56) whole.push(0);
  const words: number[] = [];
  for (let index = 0; index < whole.length; index += 4) {
    words.push(
      ((whole[index] ?? 0) << 24) |
        ((whole[index + 1] ?? 0) << 16) |
        ((whole[index + 2] ?? 0) << 8) |
        (whole[index + 3] ?? 0),
    );
  }
  return [...words, Math.floor(bytes.length / 0x20000000), bytes.length << 3];
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

type Eight = readonly [number, number, number, number, number, number, number, number];

function block(state: readonly number[], chunk: readonly number[]): readonly number[] {
  const w = [...chunk];
  for (let index = 16; index < 64; index++) {
    const [early = 0, late = 0] = [w[index - 15], w[index - 2]];
    const low = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const high = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    w.push(((w[index - 16] ?? 0) + low + (w[index - 7] ?? 0) + high) | 0);
  }
  let [a, b, c, d, e, f, g, h] = state as Eight;
  for (let index = 0; index < 64; index++) {
    const high = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const one = (h + high + ((e & f) ^ (~e & g)) + (ROUND[index] ?? 0) + (w[index] ?? 0)) | 0;
    const low = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const two = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  return [a, b, c, d, e, f, g, h].map((word, index) => (word + (state[index] ?? 0)) | 0);
}

/** Source: kubectl pkg/util/hash/hash.go encode: ten digits, with letters for those that could form words. */
export function nameHash(text: readonly number[]): string {
  const letters: Readonly<Record<string, string>> = { "0": "g", "1": "h", "3": "k", a: "m", e: "t" };
  return Array.from(sha256(text).slice(0, 10), (digit) => letters[digit] ?? digit).join("");
}
