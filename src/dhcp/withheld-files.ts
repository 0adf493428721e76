/** Takes names of files out of options that are ready to be sent: those that this client is not to be told of now. */
import { latin1Text } from '../base/bytes.ts';
import { OPTION } from './codes.ts';

/** ONIE's URL (114) and the script of Cumulus Linux and SONiC (239), which vendors took for themselves. */
const URL_OPTIONS = [OPTION.bootFileName, 114, 239] as const;

/** Changes `options`. @param isWithheld judges a name as it stands in the option. */
export function removeFiles(options: Map<number, Uint8Array>, isWithheld: (name: string) => boolean): void {
  for (const code of URL_OPTIONS) {
    const value = options.get(code);
    if (value !== undefined && isWithheld(latin1Text(value))) options.delete(code);
  }
  const vendor = options.get(OPTION.vendorSpecific);
  const rest = vendor && withoutFiles(vendor, isWithheld);
  if (rest === undefined) return;
  if (rest.length === 0) options.delete(OPTION.vendorSpecific);
  else options.set(OPTION.vendorSpecific, rest);
}

/** Without the sub-options that name such a file (RFC 2132 §8.4), as 43.0 of Junos does; undefined when there are none, or when these are no sub-options. */
function withoutFiles(octets: Uint8Array, isWithheld: (name: string) => boolean): Uint8Array | undefined {
  const kept: Uint8Array[] = [];
  let at = 0;
  let isSame = true;
  while (at < octets.length) {
    const length = octets[at + 1];
    // The end mark, or what only looks like sub-options.
    if (length === undefined || at + 2 + length > octets.length) {
      kept.push(octets.subarray(at));
      break;
    }
    const next = at + 2 + length;
    if (isWithheld(latin1Text(octets.subarray(at + 2, next)))) isSame = false;
    else kept.push(octets.subarray(at, next));
    at = next;
  }
  if (isSame) return undefined;
  const rest = new Uint8Array(kept.reduce((sum, piece) => sum + piece.length, 0));
  let end = 0;
  for (const piece of kept) {
    rest.set(piece, end);
    end += piece.length;
  }
  return rest;
}
