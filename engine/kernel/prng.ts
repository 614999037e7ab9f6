/**
 * Seeded chance as a value: a counter and a key. Drawing returns the next generator beside the number, so a component
 * that keeps its generator in its state can be stopped, forked and replayed.
 *
 * Each component draws from a stream of its own name; a new component never changes what the others draw. The mixer is
 * the 32-bit finaliser of MurmurHash3 (Austin Appleby, public domain), applied twice to key and counter.
 */
export interface Prng {
  readonly key: number;
  readonly counter: number;
}

/** A number drawn, and the generator to draw the next one from. */
export interface Draw {
  readonly value: number;
  readonly prng: Prng;
}

const GOLDEN = 0x9e3779b9;

/** The stream that belongs to `name` under `seed`. */
export function stream(seed: number, name: string): Prng {
  let key = mix((seed | 0) ^ GOLDEN) ^ mix(Math.trunc(seed / 0x1_0000_0000));
  for (let index = 0; index < name.length; index++) {
    key = mix(Math.imul(key, 31) + name.charCodeAt(index));
  }
  return { key, counter: 0 };
}

/** Draws an integer in [0, 2^32). */
export function drawUint32(prng: Prng): Draw {
  return { value: uint32At(prng.key, prng.counter), prng: { key: prng.key, counter: prng.counter + 1 } };
}

/** The `counter`-th number of a stream, without drawing it: for choices that are numbered, such as requests. */
export function uint32At(key: number, counter: number): number {
  return mix(mix(key + Math.imul(counter, GOLDEN)) ^ counter) >>> 0;
}

/** Draws an integer in [0, bound), for a bound of 1 to 2^21. */
export function drawBelow(prng: Prng, bound: number): Draw {
  const draw = drawUint32(prng);
  return { value: Math.floor((draw.value * bound) / 0x1_0000_0000), prng: draw.prng };
}

/** The alphabet of generated names. Source: k8s.io/apimachinery/pkg/util/rand, which leaves out vowels and 0, 1, 3. */
const NAME_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** Draws a name suffix of `length` characters, as the API server's generateName does. */
export function drawName(prng: Prng, length: number): { readonly value: string; readonly prng: Prng } {
  let value = "";
  let next = prng;
  for (let index = 0; index < length; index++) {
    const draw = drawBelow(next, NAME_ALPHABET.length);
    value += NAME_ALPHABET[draw.value];
    next = draw.prng;
  }
  return { value, prng: next };
}

const HEX = "0123456789abcdef";

/** Draws a version 4 UUID (RFC 9562), the form of every uid in the API. */
export function drawUuid(prng: Prng): { readonly value: string; readonly prng: Prng } {
  let value = "";
  let next = prng;
  for (let word = 0; word < 4; word++) {
    const draw = drawUint32(next);
    next = draw.prng;
    for (let digit = 0; digit < 8; digit++) {
      const position = word * 8 + digit;
      if (position === 8 || position === 12 || position === 16 || position === 20) value += "-";
      const nibble = (draw.value >>> (28 - digit * 4)) & 15;
      value += position === 12 ? "4" : HEX[position === 16 ? (nibble & 3) | 8 : nibble];
    }
  }
  return { value, prng: next };
}

function mix(word: number): number {
  let hash = word | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
