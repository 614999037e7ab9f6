/** Changes that keep the reference when nothing changes: the ground on which defaulting costs nothing the second time. */

/** The record with `value` at `key`; the same record when it has that very value. Undefined takes the key away. */
export function withField<Fields extends object, Key extends keyof Fields>(
  fields: Fields,
  key: Key,
  value: Fields[Key] | undefined,
): Fields {
  if (fields[key] === value) return fields;
  if (value !== undefined) return { ...fields, [key]: value };
  const { [key]: _, ...rest } = fields;
  return rest as Fields;
}

/** The record with those values where it has none. Empty text counts as none, as in Go. */
export function withDefaults<Fields extends object>(fields: Fields, defaults: Partial<Fields>): Fields {
  let copy: Record<string, unknown> | undefined;
  for (const key in defaults) {
    const value = fields[key];
    if (value !== undefined && value !== null && value !== "") continue;
    copy ??= { ...fields } as Record<string, unknown>;
    copy[key] = defaults[key];
  }
  return (copy ?? fields) as Fields;
}

/** The record with each listed part put through its function; absent parts stay absent. */
export function withParts<Fields extends object>(
  fields: Fields,
  parts: { readonly [Key in keyof Fields]?: (value: NonNullable<Fields[Key]>) => Fields[Key] },
): Fields {
  let copy: Record<string, unknown> | undefined;
  for (const key in parts) {
    const before = fields[key];
    const change = parts[key];
    if (before === undefined || before === null || change === undefined) continue;
    const after: unknown = change(before);
    if (after === before) continue;
    copy ??= { ...fields } as Record<string, unknown>;
    copy[key] = after;
  }
  return (copy ?? fields) as Fields;
}

/** The list with each element put through the function. */
export function mapShared<Element>(
  list: readonly Element[],
  change: (element: Element) => Element,
): readonly Element[] {
  let copy: Element[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const before = list[index] as Element;
    const after = change(before);
    if (after === before) continue;
    copy ??= [...list];
    copy[index] = after;
  }
  return copy ?? list;
}

/** The map with each value put through the function. */
export function mapValuesShared<Value>(
  map: Readonly<Record<string, Value>>,
  change: (value: Value, key: string) => Value,
): Readonly<Record<string, Value>> {
  let copy: Record<string, Value> | undefined;
  for (const key in map) {
    const before = map[key] as Value;
    const after = change(before, key);
    if (after === before) continue;
    copy ??= { ...map };
    copy[key] = after;
  }
  return copy ?? map;
}
