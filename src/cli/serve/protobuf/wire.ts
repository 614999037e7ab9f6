// After protobuf's encoding specification (protobuf.dev/programming-guides/encoding): varint, 64-bit, length-delimited and 32-bit fields.

/** One field as it stands in the bytes. */
export interface Chunk {
  readonly number: number;
  /** The value of a varint field; 0 for others. */
  readonly varint: bigint;
  /** The content of a length-delimited or fixed field; empty for varints. */
  readonly bytes: Uint8Array;
}

const EMPTY = new Uint8Array();

/** The fields of a message in their order; undefined when the bytes are no message. */
export function readChunks(bytes: Uint8Array): readonly Chunk[] | undefined {
  const chunks: Chunk[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = readVarint(bytes, at);
    if (tag === undefined) return undefined;
    const field = readField(bytes, tag.end, Number(tag.value & 7n));
    if (field === undefined) return undefined;
    chunks.push({ number: Number(tag.value >> 3n), varint: field.varint, bytes: field.bytes });
    at = field.end;
  }
  return chunks;
}

interface Read {
  readonly varint: bigint;
  readonly bytes: Uint8Array;
  readonly end: number;
}

function readField(bytes: Uint8Array, at: number, wireType: number): Read | undefined {
  if (wireType === 1 || wireType === 5) return readBytes(bytes, at, wireType === 1 ? 8 : 4);
  const varint = readVarint(bytes, at);
  if (varint === undefined) return undefined;
  if (wireType === 0) return { varint: varint.value, bytes: EMPTY, end: varint.end };
  return wireType === 2 ? readBytes(bytes, varint.end, Number(varint.value)) : undefined;
}

function readBytes(bytes: Uint8Array, at: number, length: number): Read | undefined {
  const end = at + length;
  return end > bytes.length ? undefined : { varint: 0n, bytes: bytes.subarray(at, end), end };
}

/** A varint has at most ten bytes. */
const VARINT_BYTES_MAX = 10;

function readVarint(bytes: Uint8Array, start: number): { readonly value: bigint; readonly end: number } | undefined {
  let value = 0n;
  for (let index = 0; index < VARINT_BYTES_MAX; index++) {
    const byte = bytes[start + index];
    if (byte === undefined) return undefined;
    value |= BigInt(byte & 0x7f) << BigInt(index * 7);
    if (byte < 0x80) return { value, end: start + index + 1 };
  }
  return undefined;
}
