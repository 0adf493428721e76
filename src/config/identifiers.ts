/** Client identifiers and relay agents' identifiers as people write them. */
import { hex } from '../base/bytes.ts';
import { parseHex } from '../dhcp/octet-notation.ts';
import { OPTION_SHAPES } from '../dhcp/option-types.ts';
import { typedValue } from './typed-value.ts';

/** An option, and a sub-option of 82, has at most this many octets (RFC 2132 §2, RFC 3046 §2). */
const MOST_OCTETS = 255;

/**
 * Octets in lower-case hexadecimal. Pairs of digits with marks between them (`01:00:1b:54:aa:bb:cc`, `00 04 00 0a`) and what begins
 * with 0x are octets, all other text is itself; a type before the value leaves no doubt: `{ text: "ab:cd" }`, `{ hex: "abcd" }`.
 * Undefined for what is no such value, and for an empty one.
 */
export function parseIdentifier(written: unknown): string | undefined {
  const octets = octetsOf(written);
  return octets === undefined || octets.length === 0 || octets.length > MOST_OCTETS ? undefined : hex(octets);
}

function octetsOf(written: unknown): Uint8Array | undefined {
  if (typeof written === 'string') {
    const isInDigits = /^(?:0x[0-9a-f]+|[0-9a-f]{2}(?:[\s:-][0-9a-f]{2})+)$/i.test(written.trim());
    // NULs are octets like others here: Cisco's identifiers begin with one.
    return isInDigits ? parseHex(written) : new TextEncoder().encode(written);
  }
  const typed = typedValue(written);
  const encoded = typed === undefined ? OPTION_SHAPES.bytes.encode(written) : typed.shape.encode(typed.value);
  return encoded.ok ? encoded.value : undefined;
}
