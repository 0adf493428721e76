/** The parts of a DNS message (RFC 1035 §4.1) that are compared and copied octet by octet, so that not even the case of a letter is lost. */

export const HEADER_OCTETS = 12;

/** Longest name, §2.3.4. */
const LONGEST_NAME = 255;

/** The octets of the first question, which no name before it can be compressed to; undefined when there is none, or it is damaged. */
export function questionOctets(message: Uint8Array): Uint8Array | undefined {
  if (message.length < HEADER_OCTETS || u16(message, 4) !== 1) return undefined;
  let at = HEADER_OCTETS;
  for (;;) {
    const length = message[at];
    if (length === undefined || length > 63 || at - HEADER_OCTETS > LONGEST_NAME) return undefined;
    at += 1 + length;
    if (length === 0) break;
  }
  return at + 4 > message.length ? undefined : message.subarray(HEADER_OCTETS, at + 4);
}

/** QR: an answer. */
export function isResponse(message: Uint8Array): boolean {
  return ((message[2] ?? 0) & 0x80) !== 0;
}

export function idOf(message: Uint8Array): number {
  return u16(message, 0);
}

/** The same message with another id. */
export function withId(message: Uint8Array, id: number): Uint8Array {
  const copy = Uint8Array.from(message);
  copy[0] = id >> 8;
  copy[1] = id & 0xff;
  return copy;
}

/**
 * Whether `response` answers `query`: the same id, and the same question to the last capital (RFC 5452 §9.1). A server that cannot read the question leaves it
 * out, and then has an error to tell.
 */
export function answers(response: Uint8Array, query: Uint8Array): boolean {
  if (response.length < HEADER_OCTETS || !isResponse(response) || idOf(response) !== idOf(query)) return false;
  const asked = questionOctets(query);
  const repeated = questionOctets(response);
  if (repeated === undefined) return u16(response, 4) === 0 && ((response[3] ?? 0) & 0x0f) !== 0;
  return asked !== undefined && asked.length === repeated.length && asked.every((octet, at) => octet === repeated[at]);
}

function u16(message: Uint8Array, at: number): number {
  return ((message[at] ?? 0) << 8) | (message[at + 1] ?? 0);
}
