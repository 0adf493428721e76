/** Where a device looks for its server: options and fields of the answer, in its own order. */
import { showIpv4 } from '../base/addresses.ts';
import { optionRow } from '../dhcp/option-table.ts';
import { failed, type Verdict } from './device.ts';
import type { Life } from './life.ts';
import { type Place, placeAt, readPlace } from './place.ts';
import type { Lease } from './reply.ts';

/** An option, or a field of the message. */
export type Source = number | 'siaddr' | 'sname';

/** Options that hold addresses instead of a text. */
const ADDRESS_OPTIONS: ReadonlySet<number> = new Set([72, 150]);

/** The place that the first of these sources names; what cannot be gone to is said and passed over. */
export function locate(
  life: Life,
  { ack }: Pick<Lease, 'ack'>,
  sources: readonly Source[],
  bare: Place['scheme'] = 'tftp',
): Place | undefined {
  for (const source of sources) {
    const text = textOf(source, { ack });
    if (text === undefined) continue;
    const place = readPlace(text, bare);
    if (place.ok) {
      life.thinks(`takes the server from ${sourceName(source)}: ${text}`);
      return place.value;
    }
    life.thinks(`cannot use ${sourceName(source)}: ${place.error}`);
  }
  return undefined;
}

/** siaddr as a TFTP server. */
export function nextServerPlace(life: Life, { ack }: Lease, path: string): Place | undefined {
  const server = ack.nextServer;
  if (server !== undefined) life.thinks(`takes the server from siaddr: ${showIpv4(server)}`);
  return server && placeAt(server, path);
}

/** None of these sources is there. */
export function nowhere(sources: readonly Source[], advice: string): Verdict {
  const options = sources.filter((source) => typeof source === 'number');
  const fields = sources.filter((source) => typeof source === 'string');
  const parts = [...(options.length === 0 ? [] : [`option ${orList(options)}`]), ...fields];
  return failed(`no ${orList(parts)} in the answer: ${advice}`);
}

/** Advice where a TFTP server is missing. */
export const SET_TFTP_SERVER = 'set provision or options.tftpServer';

function textOf(source: Source, { ack }: Pick<Lease, 'ack'>): string | undefined {
  if (source === 'siaddr') return ack.nextServer === undefined ? undefined : showIpv4(ack.nextServer);
  if (source === 'sname') return ack.serverName;
  if (!ADDRESS_OPTIONS.has(source)) return ack.text(source);
  const address = ack.address(source);
  return address === undefined ? undefined : showIpv4(address);
}

function sourceName(source: Source): string {
  if (typeof source === 'string') return source;
  return `option ${source}${optionRow(source) === undefined ? '' : ` (${optionRow(source)?.name})`}`;
}

function orList(words: readonly (string | number)[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
