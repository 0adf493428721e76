/** The hardware addresses that a file's name holds: `SEP001B54AABBCC.cnf.xml` is one phone's own. */
import { type Mac, parseMac } from '../base/addresses.ts';

/** Beside which no other hexadecimal digit stands. PXELINUX and GRUB put the hardware type before the six octets. */
const NOTATIONS = [
  /(?<![0-9a-f])(?:[0-9a-f]{2}-)?((?:[0-9a-f]{2}-){5}[0-9a-f]{2})(?![0-9a-f-])/gi,
  /(?<![0-9a-f])((?:[0-9a-f]{2}:){5}[0-9a-f]{2})(?![0-9a-f:])/gi,
  /(?<![0-9a-f])([0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})(?![0-9a-f])/gi,
  /(?<![0-9a-f])(?:spa|ata)?([0-9a-f]{12})(?![0-9a-f])/gi,
] as const;

/** Its last group would pass for a MAC. */
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** What stands for all devices of a kind: `000000000000.cfg`, Yealink's `y000000000065.cfg`. */
const COMMON = '00:00:00:00:';

/**
 * All of them, in every notation that devices use (`001b54aabbcc`, `00-1b-…`, `00:1b:…`, `001b.54aa.bbcc`), each once. Twelve digits
 * that mean something else, such as a date with its time, pass for one.
 */
export function macsInName(name: string): readonly Mac[] {
  const text = name.replace(UUID, '/');
  const found = NOTATIONS.flatMap((notation) => Array.from(text.matchAll(notation), ([, digits]) => parseMac(digits ?? '')));
  return [...new Set(found.filter((mac): mac is Mac => mac !== undefined && !mac.startsWith(COMMON)))];
}
