/** A timeline in chapters: one for each time that the device began anew. */
import type { DecodedPacketShape, TimelineEntryShape } from '../../../../api/device-shapes.ts';
import type { Tone } from '../../parts/badge.tsx';
import type { IconName } from '../../parts/icons.tsx';

export interface Attempt {
  /** The id of its first entry. */
  readonly id: number;
  readonly at: number;
  /** In the order in which they happened. */
  readonly entries: readonly TimelineEntryShape[];
}

/** Silence after which whatever comes belongs to another attempt, in milliseconds. */
const PAUSE_MS = 10 * 60_000;

/** With these a device asks for its address: after files have been asked for, it has started again. */
const BEGINNINGS: ReadonlySet<string> = new Set(['dhcp.offered', 'boot.offered', 'pool.exhausted', 'dhcp.silent']);

/** The last attempt first. */
export function attemptsOf(entries: readonly TimelineEntryShape[]): readonly Attempt[] {
  const attempts: { id: number; at: number; entries: TimelineEntryShape[] }[] = [];
  let hasAskedForFiles = false;
  let lastAt = Number.NEGATIVE_INFINITY;
  for (const entry of entries) {
    const current = attempts.at(-1);
    const isNew = entry.at - lastAt > PAUSE_MS || (hasAskedForFiles && BEGINNINGS.has(entry.event));
    if (current === undefined || isNew) {
      attempts.push({ id: entry.id, at: entry.at, entries: [entry] });
      hasAskedForFiles = false;
    } else current.entries.push(entry);
    if (entry.event.startsWith('transfer.')) hasAskedForFiles = true;
    lastAt = Math.max(lastAt, entry.lastAt);
  }
  return attempts.reverse();
}

/** An entry that comes again has one more repeat; one that is new goes to the end. */
export function withEntry(entries: readonly TimelineEntryShape[], told: TimelineEntryShape): readonly TimelineEntryShape[] {
  const at = entries.findIndex(({ id }) => id === told.id);
  return at < 0 ? [...entries, told] : entries.with(at, told);
}

/** How far the clock of a packet and that of its event may differ, in milliseconds. */
const SLACK_MS = 1_500;

/** Packets that an entry is about. */
export function packetsOf(entry: TimelineEntryShape, packets: readonly DecodedPacketShape[]): readonly DecodedPacketShape[] {
  const isFile = entry.event.startsWith('transfer.');
  return packets.filter(
    ({ at, protocol }) => at >= entry.at - SLACK_MS && at <= entry.lastAt + SLACK_MS && (protocol === 'tftp') === isFile,
  );
}

const LOOKS: readonly (readonly [events: RegExp, icon: IconName, tone: Tone])[] = [
  [/^transfer\.(missed|failed|refused)$|^lease\.(refused|declined|conflict)$|^pool\.exhausted$|^device\.stuck$/, 'alert', 'bad'],
  [/^dhcp\.silent$/, 'info', 'warn'],
  [/^lease\.bound$/, 'check', 'good'],
  [/^transfer\.done$/, 'download', 'good'],
  [/^transfer\./, 'transfers', 'plain'],
  [/^backup\.|^upload\./, 'backups', 'good'],
  [/^boot\./, 'boot', 'plain'],
  [/^syslog\./, 'log', 'plain'],
  [/^wake\./, 'wake', 'plain'],
  [/^network\./, 'server', 'plain'],
  [/^dhcp\.|^lease\./, 'tag', 'plain'],
];

/** How an entry looks, by its kind of event. */
export function lookOf(event: string): { readonly icon: IconName; readonly tone: Tone } {
  const [, icon, tone] = LOOKS.find(([events]) => events.test(event)) ?? [undefined, 'info', 'plain'];
  return { icon, tone };
}
