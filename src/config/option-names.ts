/**
 * What `options:` calls DHCP options: the names of node-dhcp's registry, ours for codes that it lacks, and plain numbers.
 * Only names and codes are taken from that registry. Its types are not, as some are wrong on the wire; see `option-table.ts`.
 */
import registry from 'dhcp/lib/options.js';
import { nearestName } from '../base/near-name.ts';
import { err, ok, type Result } from '../base/result.ts';
import { OPTION_TABLE } from '../dhcp/option-table.ts';

/** Codes 0 and 255 are pad and end; what the registry numbers above that are settings of its server, not options. */
const LAST_CODE = 254;

/** What other servers and their manuals call options whose own names are long (RFC 3925). */
export const SHORT_NAMES: ReadonlyMap<string, number> = new Map([
  ['vivco', 124],
  ['vivso', 125],
]);

const CODE_BY_NAME: ReadonlyMap<string, number> = new Map([
  ...SHORT_NAMES,
  ...OPTION_TABLE.map((row): [string, number] => [row.configName, row.code]),
  ...Object.entries(registry.opts).flatMap(([code, row]): [string, number][] => {
    const name = row.config ?? row.attr;
    return name === undefined || Number(code) > LAST_CODE ? [] : [[name, Number(code)]];
  }),
]);

/** The code of a name or of a number as text. */
export function findOption(name: string): Result<number, { readonly message: string; readonly hint?: string }> {
  if (/^\d+$/.test(name)) {
    const code = Number(name);
    return code >= 1 && code <= LAST_CODE
      ? ok(code)
      : err({ message: `there is no DHCP option ${name}`, hint: `options have numbers from 1 to ${LAST_CODE}` });
  }
  const code = CODE_BY_NAME.get(name);
  if (code !== undefined) return ok(code);
  const near = nearestName(name, [...CODE_BY_NAME.keys()]) ?? nameByTitle(name);
  const hint = near === undefined ? '`bootlace options` lists all names; a number works too' : `did you mean \`${near}\`?`;
  return err({ message: `unknown DHCP option \`${name}\``, hint });
}

/** Finds `Domain Name Server`, `domain-name-server` and `domain-name-servers`, as RFCs and other servers say. */
function nameByTitle(name: string): string | undefined {
  const wanted = squeezed(name);
  return OPTION_TABLE.find((row) => squeezed(row.name) === wanted)?.configName;
}

function squeezed(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/s$/, '');
}
