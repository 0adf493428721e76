/**
 * Reading and writing of network byte order (big-endian) octets.
 * A read past the end never throws and never returns less: it gives the one fault `Short`, with its offset.
 */
import { err, invariant, ok, type Result } from './result.ts';

/** The datagram ended before a field did. `offset` is where the field began, `wanted` its octets, `left` what was there. */
export interface Short {
  readonly fault: 'short';
  readonly offset: number;
  readonly wanted: number;
  readonly left: number;
}

/** A cursor over octets that somebody else wrote. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Octets read so far. */
  get offset(): number {
    return this.#offset;
  }

  /** Octets not yet read. */
  get left(): number {
    return this.#bytes.length - this.#offset;
  }

  u8(): Result<number, Short> {
    return this.#take(1, (at) => this.#view.getUint8(at));
  }

  u16(): Result<number, Short> {
    return this.#take(2, (at) => this.#view.getUint16(at));
  }

  u32(): Result<number, Short> {
    return this.#take(4, (at) => this.#view.getUint32(at));
  }

  /** The next `length` octets as a view into the datagram, not a copy. */
  bytes(length: number): Result<Uint8Array, Short> {
    return this.#take(length, (at) => this.#bytes.subarray(at, at + length));
  }

  /** Everything that is left, as a view. */
  rest(): Uint8Array {
    const rest = this.#bytes.subarray(this.#offset);
    this.#offset = this.#bytes.length;
    return rest;
  }

  #take<Value>(wanted: number, read: (at: number) => Value): Result<Value, Short> {
    if (wanted > this.left) return err({ fault: 'short', offset: this.#offset, wanted, left: this.left });
    const value = read(this.#offset);
    this.#offset += wanted;
    return ok(value);
  }
}

/** Writes octets one after another; grows as needed. */
export class ByteWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(capacity = 576) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Octets written so far. */
  get length(): number {
    return this.#length;
  }

  u8(value: number): this {
    this.#reserve(1);
    this.#view.setUint8(this.#length, value);
    this.#length += 1;
    return this;
  }

  u16(value: number): this {
    this.#reserve(2);
    this.#view.setUint16(this.#length, value);
    this.#length += 2;
    return this;
  }

  u32(value: number): this {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value);
    this.#length += 4;
    return this;
  }

  bytes(value: Uint8Array): this {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** Writes `value` into a field of `width` octets, filled up with zeros. */
  field(value: Uint8Array, width: number): this {
    invariant(value.length <= width, `a value of ${value.length} octets in a field of ${width}`);
    return this.bytes(value).zeros(width - value.length);
  }

  zeros(count: number): this {
    if (count <= 0) return this;
    this.#reserve(count);
    this.#bytes.fill(0, this.#length, this.#length + count);
    this.#length += count;
    return this;
  }

  /** What was written. The writer must not be used any more. */
  done(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** The octets of a text in ISO 8859-1: names on the wire are octets, and none may be lost on the way to a log and back. */
export function latin1Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i) & 0xff;
  return bytes;
}

/** Octets as ISO 8859-1 text, one character an octet. */
export function latin1Text(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/**
 * Octets as `latin1Text`, without the NULs at their end that many clients send (RFC 2132 §2). Not by a regular expression: an option of
 * 60,000 octets, NULs and one other behind them, would keep that busy for seconds.
 */
export function textBeforeNuls(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return latin1Text(bytes.subarray(0, end));
}

/** `00` to `ff`: looked up, as every message is named by its hardware address. */
const HEX_OCTETS = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

/** Octets in lower-case hexadecimal, e.g. `0a4d0001`. */
export function hex(bytes: Uint8Array, separator = ''): string {
  let text = '';
  for (let at = 0; at < bytes.length; at++) text += (at === 0 ? '' : separator) + HEX_OCTETS[bytes[at] ?? 0];
  return text;
}
