/**
 * The few bytes of protocol buffers that an ONNX file needs, written by hand: fields of varints,
 * 32-bit floats, texts and nested messages (protobuf.dev/programming-guides/encoding).
 */
export type Message = readonly Uint8Array[];

const encoder = new TextEncoder();

/** Base-128, least significant group first. Only whole numbers from 0 to 2⁵³ − 1. */
function varint(value: number): number[] {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no varint.`);
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

const tag = (field: number, wire: number): number[] => varint(field * 8 + wire);

export function integer(field: number, value: number): Uint8Array {
  return Uint8Array.from([...tag(field, 0), ...varint(value)]);
}

export function bytes(field: number, content: Uint8Array): Uint8Array {
  const head = [...tag(field, 2), ...varint(content.length)];
  const out = new Uint8Array(head.length + content.length);
  out.set(head);
  out.set(content, head.length);
  return out;
}

export function text(field: number, value: string): Uint8Array {
  return bytes(field, encoder.encode(value));
}

export function message(field: number, parts: Message): Uint8Array {
  return bytes(field, join(parts));
}

export function join(parts: Message): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
