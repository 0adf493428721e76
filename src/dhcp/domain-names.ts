/** Domain names as labels with a length before each, and pointers to labels that stand further left (RFC 1035 §3.1, §4.1.4). */
import { ByteWriter } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';

/** The two upper bits of a length octet that make it the first half of a pointer. */
const POINTER = 0xc0;
const LONGEST_LABEL = 63;
/** A whole name on the wire, with length octets and the root. */
const LONGEST_NAME = 255;

/** One name without compression. */
export function encodeDomainName(value: unknown): Result<Uint8Array, string> {
  const labels = labelsOf(value);
  if (!labels.ok) return labels;
  const writer = new ByteWriter(LONGEST_NAME);
  for (const label of labels.value) writer.u8(label.length).bytes(asciiBytes(label));
  return ok(writer.u8(0).done());
}

/** One name or a list of them; endings that stand further left already are pointed to (RFC 3397 §2). */
export function encodeDomainNames(value: unknown): Result<Uint8Array, string> {
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (names.length === 0) return err('must not be an empty list');
  const writer = new ByteWriter();
  const written = new Map<string, number>();
  for (const name of names) {
    const labels = labelsOf(name);
    if (!labels.ok) return labels;
    writeCompressed(writer, labels.value, written);
  }
  return ok(writer.done());
}

function writeCompressed(writer: ByteWriter, labels: readonly string[], written: Map<string, number>): void {
  for (const [at, label] of labels.entries()) {
    const ending = labels.slice(at).join('.').toLowerCase();
    const known = written.get(ending);
    if (known !== undefined) {
      writer.u16((POINTER << 8) | known);
      return;
    }
    // A pointer has 14 bits for its offset.
    if (writer.length < 0x4000) written.set(ending, writer.length);
    writer.u8(label.length).bytes(asciiBytes(label));
  }
  writer.u8(0);
}

/** All names, with pointers followed. A pointer must lead to the left, so that none can lead in a circle. */
export function decodeDomainNames(bytes: Uint8Array): Result<string[], string> {
  const names: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const name = readName(bytes, at);
    if (!name.ok) return name;
    names.push(name.value.text);
    at = name.value.end;
  }
  return names.length === 0 ? err('is empty') : ok(names);
}

function readName(bytes: Uint8Array, start: number): Result<{ readonly text: string; readonly end: number }, string> {
  const labels: string[] = [];
  let length = 1;
  let at = start;
  let leftmost = start;
  let end: number | undefined;
  for (;;) {
    const octet = bytes[at];
    if (octet === undefined) return err('ends within a domain name');
    if (octet === 0) return labels.length === 0 ? err('has an empty domain name') : ok({ text: labels.join('.'), end: end ?? at + 1 });
    if ((octet & POINTER) === POINTER) {
      const low = bytes[at + 1];
      if (low === undefined) return err('ends within a domain name');
      const target = ((octet & ~POINTER) << 8) | low;
      if (target >= leftmost) return err('has a domain name that points to itself or forward');
      end ??= at + 2;
      leftmost = target;
      at = target;
      continue;
    }
    if (octet > LONGEST_LABEL) return err('has a label of an unknown kind in a domain name');
    const label = bytes.subarray(at + 1, at + 1 + octet);
    length += label.length + 1;
    if (label.length < octet) return err('ends within a domain name');
    if (length > LONGEST_NAME) return err('has a domain name of more than 255 octets');
    if (label.some((byte) => byte <= 0x20 || byte > 0x7e || byte === 0x2e))
      return err('has a domain name with characters that no domain name has');
    labels.push(String.fromCharCode(...label));
    at += 1 + octet;
  }
}

/** The labels of a name as people write it; a dot at the end is allowed. */
function labelsOf(value: unknown): Result<string[], string> {
  if (typeof value !== 'string') return err('must be a domain name such as bench.lan');
  const labels = value.trim().replace(/\.$/, '').split('.');
  const areGood = labels.every((label) => label.length > 0 && label.length <= LONGEST_LABEL && /^[\x21-\x7e]+$/.test(label));
  if (!areGood) return err('must be a domain name such as bench.lan: parts of 1 to 63 ASCII characters with dots between them');
  if (labels.reduce((length, label) => length + label.length + 1, 1) > LONGEST_NAME)
    return err('must be a domain name of at most 255 octets');
  return ok(labels);
}

function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
