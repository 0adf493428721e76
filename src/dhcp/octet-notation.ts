/** Octets as people write and read them. */

/** Octets as people read them: `01 0a ff`. */
export function showHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** Octets as text in quotes where all of them can be printed, else as hexadecimal. */
export function showOctets(bytes: Uint8Array): string {
  const isPrintable = bytes.length > 0 && bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isPrintable ? `"${String.fromCharCode(...bytes)}"` : showHex(bytes);
}

/** As `showOctets`, and text with NULs behind it as text, as many devices end theirs so: `"ccp" and a NUL`. */
export function showText(bytes: Uint8Array): string {
  const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
  const text = showOctets(bytes.subarray(0, end));
  if (end === bytes.length || !text.startsWith('"')) return showOctets(bytes);
  return `${text} and ${bytes.length - end === 1 ? 'a NUL' : `${bytes.length - end} NULs`}`;
}

/** Octets of `01 0a ff`, `01:0a:ff`, `0x010aff`; undefined for anything else. */
export function parseHex(text: string): Uint8Array | undefined {
  const digits = text.replace(/[\s:-]/g, '').replace(/^0x/i, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) return undefined;
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Octets of base64 with its padding; undefined for anything else. */
export function parseBase64(text: string): Uint8Array | undefined {
  const digits = text.replace(/\s/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(digits)) return undefined;
  return Uint8Array.from(atob(digits), (character) => character.charCodeAt(0));
}
