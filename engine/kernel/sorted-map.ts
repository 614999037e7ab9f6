/**
 * A persistent sorted map: an AVL tree with path copying.
 *
 * Every change returns a new root and shares all untouched nodes with the old one, so keeping an old root is a
 * bookmark that costs nothing. Keys are compared with `<`, that is by number or by UTF-16 code unit, never by locale.
 * An empty map is `null`. Reading costs O(log n); a write allocates O(log n) nodes.
 */
export type SortedMap<Key extends string | number, Value> = SortedMapNode<Key, Value> | null;

/** A node of the tree; callers treat it as opaque and use the functions of this file. */
export interface SortedMapNode<Key extends string | number, Value> {
  readonly key: Key;
  readonly value: Value;
  readonly left: SortedMap<Key, Value>;
  readonly right: SortedMap<Key, Value>;
  readonly height: number;
  readonly size: number;
}

/** The value at `key`, or undefined. */
export function get<Key extends string | number, Value>(map: SortedMap<Key, Value>, key: Key): Value | undefined {
  let node = map;
  while (node !== null) {
    if (key === node.key) return node.value;
    node = key < node.key ? node.left : node.right;
  }
  return undefined;
}

/** Whether `key` is present. */
export function has<Key extends string | number, Value>(map: SortedMap<Key, Value>, key: Key): boolean {
  let node = map;
  while (node !== null) {
    if (key === node.key) return true;
    node = key < node.key ? node.left : node.right;
  }
  return false;
}

/** The map with `key` bound to `value`; the same map when it is bound to that very value already. */
export function set<Key extends string | number, Value>(
  map: SortedMap<Key, Value>,
  key: Key,
  value: Value,
): SortedMapNode<Key, Value> {
  if (map === null) return { key, value, left: null, right: null, height: 1, size: 1 };
  if (key === map.key) {
    if (value === map.value) return map;
    const { left, right, height, size } = map;
    return { key, value, left, right, height, size };
  }
  if (key < map.key) {
    const left = set(map.left, key, value);
    return left === map.left ? map : balance(map, left, map.right);
  }
  const right = set(map.right, key, value);
  return right === map.right ? map : balance(map, map.left, right);
}

/** The map without `key`; the same map when it was not there. */
export function remove<Key extends string | number, Value>(
  map: SortedMap<Key, Value>,
  key: Key,
): SortedMap<Key, Value> {
  if (map === null) return null;
  if (key === map.key) return join(map.left, map.right);
  if (key < map.key) {
    const left = remove(map.left, key);
    return left === map.left ? map : balance(map, left, map.right);
  }
  const right = remove(map.right, key);
  return right === map.right ? map : balance(map, map.left, right);
}

/** How many entries the map has. */
export function size<Key extends string | number, Value>(map: SortedMap<Key, Value>): number {
  return map === null ? 0 : map.size;
}

/** The node with the smallest key, or undefined. */
export function first<Key extends string | number, Value>(
  map: SortedMap<Key, Value>,
): SortedMapNode<Key, Value> | undefined {
  if (map === null) return undefined;
  let node = map;
  while (node.left !== null) node = node.left;
  return node;
}

/** Calls `visit` for each entry in the order of the keys. */
export function forEach<Key extends string | number, Value>(
  map: SortedMap<Key, Value>,
  visit: (value: Value, key: Key) => void,
): void {
  let node = map;
  while (node !== null) {
    if (node.left !== null) forEach(node.left, visit);
    visit(node.value, node.key);
    node = node.right;
  }
}

/** The values in the order of their keys. */
export function values<Key extends string | number, Value>(map: SortedMap<Key, Value>): Value[] {
  const found: Value[] = [];
  forEach(map, (value) => found.push(value));
  return found;
}

/** The keys in order. */
export function keys<Key extends string | number, Value>(map: SortedMap<Key, Value>): Key[] {
  const found: Key[] = [];
  forEach(map, (_, key) => found.push(key));
  return found;
}

/** Calls `visit` for each entry with `from <= key < to`, in order. */
export function forRange<Key extends string | number, Value>(
  map: SortedMap<Key, Value>,
  bounds: { readonly from: Key; readonly to: Key },
  visit: (value: Value, key: Key) => void,
): void {
  if (map === null) return;
  if (bounds.from < map.key) forRange(map.left, bounds, visit);
  if (bounds.from <= map.key && map.key < bounds.to) visit(map.value, map.key);
  if (map.key < bounds.to) forRange(map.right, bounds, visit);
}

/** The values whose keys start with `prefix`, in the order of the keys. */
export function valuesWithPrefix<Value>(map: SortedMap<string, Value>, prefix: string): Value[] {
  const found: Value[] = [];
  forRange(map, { from: prefix, to: `${prefix}\uffff` }, (value) => found.push(value));
  return found;
}

/** A map of the given entries; later entries win. */
export function fromEntries<Key extends string | number, Value>(
  entries: Iterable<readonly [Key, Value]>,
): SortedMap<Key, Value> {
  let map: SortedMap<Key, Value> = null;
  for (const [key, value] of entries) map = set(map, key, value);
  return map;
}

function heightOf<Key extends string | number, Value>(map: SortedMap<Key, Value>): number {
  return map === null ? 0 : map.height;
}

function node<Key extends string | number, Value>(
  entry: SortedMapNode<Key, Value>,
  left: SortedMap<Key, Value>,
  right: SortedMap<Key, Value>,
): SortedMapNode<Key, Value> {
  const leftHeight = heightOf(left);
  const rightHeight = heightOf(right);
  return {
    key: entry.key,
    value: entry.value,
    left,
    right,
    height: (leftHeight > rightHeight ? leftHeight : rightHeight) + 1,
    size: size(left) + size(right) + 1,
  };
}

function balance<Key extends string | number, Value>(
  entry: SortedMapNode<Key, Value>,
  left: SortedMap<Key, Value>,
  right: SortedMap<Key, Value>,
): SortedMapNode<Key, Value> {
  const lean = heightOf(left) - heightOf(right);
  if (left !== null && lean > 1) {
    if (left.right === null || heightOf(left.left) >= left.right.height) {
      return node(left, left.left, node(entry, left.right, right));
    }
    const middle = left.right;
    return node(middle, node(left, left.left, middle.left), node(entry, middle.right, right));
  }
  if (right !== null && lean < -1) {
    if (right.left === null || heightOf(right.right) >= right.left.height) {
      return node(right, node(entry, left, right.left), right.right);
    }
    const middle = right.left;
    return node(middle, node(entry, left, middle.left), node(right, middle.right, right.right));
  }
  return node(entry, left, right);
}

function join<Key extends string | number, Value>(
  left: SortedMap<Key, Value>,
  right: SortedMap<Key, Value>,
): SortedMap<Key, Value> {
  if (left === null) return right;
  if (right === null) return left;
  const successor = first(right);
  return successor === undefined ? left : balance(successor, left, remove(right, successor.key));
}
