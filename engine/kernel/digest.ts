/**
 * A fingerprint of any plain value: 64 bits as 16 hexadecimal digits. Two values with the same content have the same
 * digest whatever the order of their keys and however their trees are balanced, on every machine.
 */
export function digestOf(value: unknown): string {
  const hash: Hash = { high: 0xdeadbeef, low: 0x41c6ce57 };
  absorb(hash, value);
  return hex(finish(hash.high, hash.low)) + hex(finish(hash.low, hash.high));
}

/** Mutable while one digest is computed; never leaves this file. */
interface Hash {
  high: number;
  low: number;
}

function absorb(hash: Hash, value: unknown): void {
  if (typeof value === "object" && value !== null) {
    if (Array.isArray(value)) absorbArray(hash, value);
    else if (isTree(value)) absorbTree(hash, value);
    else absorbObject(hash, value as Readonly<Record<string, unknown>>);
    return;
  }
  text(hash, value === undefined ? "u" : `${typeof value} ${JSON.stringify(value)}`);
}

function absorbArray(hash: Hash, items: readonly unknown[]): void {
  text(hash, "[");
  for (const item of items) absorb(hash, item);
  text(hash, "]");
}

function absorbObject(hash: Hash, object: Readonly<Record<string, unknown>>): void {
  text(hash, "{");
  for (const key of Object.keys(object).toSorted()) {
    if (object[key] === undefined) continue;
    text(hash, key);
    absorb(hash, object[key]);
  }
  text(hash, "}");
}

interface Tree {
  readonly key: string | number;
  readonly value: unknown;
  readonly left: Tree | null;
  readonly right: Tree | null;
}

function isTree(value: object): value is Tree {
  return "height" in value && "left" in value && "right" in value && "key" in value;
}

/** A sorted map counts as its entries, so that two trees of different shape are equal. */
function absorbTree(hash: Hash, tree: Tree): void {
  let node: Tree | null = tree;
  while (node !== null) {
    if (node.left !== null) absorbTree(hash, node.left);
    absorb(hash, node.key);
    absorb(hash, node.value);
    node = node.right;
  }
}

/** The mixing step of cyrb53 (bryc, public domain). */
function text(hash: Hash, characters: string): void {
  let { high, low } = hash;
  for (let index = 0; index < characters.length; index++) {
    const code = characters.charCodeAt(index);
    high = Math.imul(high ^ code, 0x9e3779b1);
    low = Math.imul(low ^ code, 0x5f356495);
  }
  hash.high = Math.imul(high ^ 0x1f, 0x9e3779b1);
  hash.low = Math.imul(low ^ 0x1f, 0x5f356495);
}

function finish(one: number, other: number): number {
  const mixed = Math.imul(one ^ (one >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35);
  return mixed >>> 0;
}

function hex(word: number): string {
  return word.toString(16).padStart(8, "0");
}
