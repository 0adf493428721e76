/** Octets that are text, told from those that are not, and which encoding they are in. */

/** A file that was read. */
export interface Content {
  readonly octets: Uint8Array;
  /** Undefined for what is no text. */
  readonly text: string | undefined;
  /** The text's octets again, as the file has them. */
  encode(text: string): Uint8Array;
}

/** As much as is looked at for a NUL, which no text has. */
const LOOKED_AT = 8192;

/** What octets are. */
export function contentOf(octets: Uint8Array): Content {
  if (octets.subarray(0, LOOKED_AT).includes(0)) return { octets, text: undefined, encode: (text) => Buffer.from(text, 'latin1') };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
    return { octets, text, encode: (changed) => Buffer.from(changed, 'utf8') };
  } catch {
    // An older device writes ISO 8859-1; there every octet is a letter.
    return { octets, text: Buffer.from(octets).toString('latin1'), encode: (changed) => Buffer.from(changed, 'latin1') };
  }
}
