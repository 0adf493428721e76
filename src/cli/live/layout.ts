/** The live area as lines: files on their way, devices with what is the matter with them, and the state of the server. A function of what is shown. */
import type { DeviceState } from '../../devices/verdict.ts';
import { percentOf, showCount, showSeconds, showSize } from '../../events/quantities.ts';
import { STATE_STYLES } from '../devices-text.ts';
import { paint } from '../output.ts';
import { cutEnd, cutStart, pad, padStart, widthOf, wrap } from './screen-text.ts';

/** A file on its way. */
export interface LiveTransfer {
  /** Name, address or MAC of the device. */
  readonly who: string;
  readonly path: string;
  /** Seen from the device. */
  readonly direction: 'read' | 'write';
  readonly octets: number;
  readonly size: number | undefined;
  /** Octets a second. */
  readonly rate: number;
}

/** A device that does not go on, or that is on its way. */
export interface LiveDevice {
  readonly who: string;
  readonly state: DeviceState;
  readonly sentence: string;
}

export interface LiveNetwork {
  readonly name: string;
  readonly isUp: boolean;
  readonly leased: number;
  /** Addresses of its pools; undefined before its interface is up, and where no addresses are given. */
  readonly addresses: number | undefined;
}

export interface LiveState {
  /** Those that began first come first. */
  readonly transfers: readonly LiveTransfer[];
  /** Those that are stuck first. */
  readonly devices: readonly LiveDevice[];
  /** How many devices are in the states that nobody needs to look at. */
  readonly counts: Readonly<Partial<Record<DeviceState, number>>>;
  readonly networks: readonly LiveNetwork[];
  /** The address of the console's page. */
  readonly page: string | undefined;
}

export interface AreaSize {
  readonly columns: number;
  readonly rows: number;
}

/** Of a higher terminal the log gets more. */
const MOST_LINES = 16;
/** Lines of the sentence of a device that is stuck. */
const MOST_SENTENCE_LINES = 3;
const WIDEST_NAME = 24;
const GAP = '  ';

/** At most a third of the rows, and at least one line; none is wider than the terminal. */
export function liveLines(state: LiveState, { columns, rows }: AreaSize, hasColours: boolean): readonly string[] {
  const room = Math.max(1, Math.min(MOST_LINES, Math.floor(rows / 3)));
  const lastLines = [...countLine(state, columns), stateLine(state, columns, hasColours)].slice(-room);
  const rule = room > lastLines.length ? [paint('dim', '─'.repeat(columns), hasColours)] : [];
  const shares = share(state, room - lastLines.length - rule.length);
  return [
    ...rule,
    ...transferLines(state.transfers, shares.transfers, columns, hasColours),
    ...deviceLines(state.devices, shares.devices, columns, hasColours),
    ...lastLines,
  ];
}

/** Each gets what it needs; where that is too much, half of it, and what the other leaves. */
function share({ transfers, devices }: LiveState, room: number): { readonly transfers: number; readonly devices: number } {
  const half = Math.ceil(room / 2);
  const forTransfers = Math.min(transfers.length, Math.max(half, room - devices.length));
  return { transfers: forTransfers, devices: room - forTransfers };
}

function transferLines(transfers: readonly LiveTransfer[], room: number, columns: number, hasColours: boolean): readonly string[] {
  const { shown, more } = within(transfers, room);
  const name = nameWidth(
    shown.map(({ who }) => who),
    columns,
  );
  const lines = shown.map((transfer) => transferLine(transfer, name, columns, hasColours));
  return more === 0 || room === 0 ? lines : [...lines, cutEnd(`  and ${showCount(more, 'more file')} on the way`, columns)];
}

function transferLine(transfer: LiveTransfer, name: number, columns: number, hasColours: boolean): string {
  const { who, path, direction, octets, size, rate } = transfer;
  const bar = columns < 60 ? 8 : Math.min(24, Math.floor(columns / 5));
  const known = size === undefined || size <= 0 ? undefined : size;
  const [drawn, figure] =
    known === undefined ? [pad('', bar), showSize(octets)] : [drawBar(octets / known, bar, hasColours), `${percentOf(octets, known)} %`];
  const left = known === undefined || rate <= 0 ? '' : `${showSeconds((known - octets) / rate)} left`;
  const figures = [
    // Octets of a file of unknown size are longer than a share: they may begin where the bar would be.
    known === undefined ? padStart(figure, bar + 7) : `${drawn}${GAP}${padStart(figure, 5)}`,
    ...(columns < 56 ? [] : [padStart(rate > 0 ? `${showSize(rate)}/s` : '', 12)]),
    ...(columns < 76 ? [] : [pad(left, 15)]),
  ].join(GAP);
  const beginning = `${direction === 'read' ? '↓' : '↑'} ${pad(cutEnd(who, name), name)}${GAP}`;
  const room = columns - widthOf(beginning) - widthOf(figures) - GAP.length;
  const file = room < 4 ? '' : pad(cutStart(path, room), room) + GAP;
  return `${beginning}${file}${figures}`.trimEnd();
}

function drawBar(part: number, columns: number, hasColours: boolean): string {
  const full = Math.min(columns, Math.max(0, Math.floor(part * columns)));
  return `${paint('green', '█'.repeat(full), hasColours)}${paint('dim', '░'.repeat(columns - full), hasColours)}`;
}

function deviceLines(devices: readonly LiveDevice[], room: number, columns: number, hasColours: boolean): readonly string[] {
  const { shown, more } = within(devices, room);
  const name = nameWidth(
    shown.map(({ who }) => who),
    columns,
  );
  let spare = room - shown.length - (more > 0 ? 1 : 0);
  const lines = shown.flatMap(({ who, state, sentence }) => {
    const beginning = `${paint(STATE_STYLES[state], pad(state, 10), hasColours)}${GAP}${pad(cutEnd(who, name), name)}${GAP}`;
    const indent = widthOf(beginning);
    const isStuck = state === 'stuck';
    const [first = '', ...others] = wrap(sentence, Math.max(1, columns - indent), isStuck ? Math.min(MOST_SENTENCE_LINES, 1 + spare) : 1);
    spare -= others.length;
    return [beginning + first, ...others.map((line) => ' '.repeat(indent) + line)];
  });
  const rest = devices.slice(shown.length);
  return more === 0 || room === 0 ? lines : [...lines, cutEnd(`  and ${restOf(rest)}`, columns)];
}

function restOf(devices: readonly LiveDevice[]): string {
  const stuck = devices.filter(({ state }) => state === 'stuck').length;
  const others = devices.length - stuck;
  return [...(stuck > 0 ? [`${stuck} more stuck`] : []), ...(others > 0 ? [`${others} more on the way`] : [])].join(', ');
}

/** As many as there is room for, one line for the number of the others included. */
function within<Item>(all: readonly Item[], room: number): { readonly shown: readonly Item[]; readonly more: number } {
  if (all.length <= room) return { shown: all, more: 0 };
  const shown = all.slice(0, Math.max(0, room - 1));
  return { shown, more: all.length - shown.length };
}

/** Names have a quarter of the line at most. */
function nameWidth(names: readonly string[], columns: number): number {
  const widest = Math.max(0, ...names.map((name) => Math.min(WIDEST_NAME, widthOf(cutEnd(name, WIDEST_NAME)))));
  return Math.min(widest, Math.max(6, Math.floor(columns / 4)));
}

function countLine({ counts }: LiveState, columns: number): readonly string[] {
  const parts = (['booted', 'provisioned', 'waiting'] as const).flatMap((state) => {
    const count = counts[state] ?? 0;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  return parts.length === 0 ? [] : [cutEnd(parts.join(', '), columns)];
}

/** What there is no room for goes: first how to stop, which most know, then the networks but the first, then the page. */
function stateLine({ networks, page }: LiveState, columns: number, hasColours: boolean): string {
  const [first = 'no network', ...others] = networks.map(networkText);
  const more = others.length === 0 ? [] : [showCount(others.length, 'more network')];
  const pages = page === undefined ? [] : [page];
  const choices = [
    [first, ...others, ...pages, 'Ctrl-C ends'],
    [first, ...others, ...pages],
    [first, ...more, ...pages],
    [first, ...pages],
    [first],
  ].map((parts) => parts.join(' · '));
  return paint('bold', cutEnd(choices.find((text) => widthOf(text) <= columns) ?? first, columns), hasColours);
}

function networkText({ name, isUp, leased, addresses }: LiveNetwork): string {
  if (!isUp) return `${name} is not served`;
  return addresses === undefined ? `${name} is served` : `${name}: ${leased} of ${addresses} leased`;
}
