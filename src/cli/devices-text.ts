/** Devices and timelines as a terminal shows them. */
import type { DeviceSummary, Timeline, TimelineEntry } from '../devices/api.ts';
import { showMillis } from '../events/quantities.ts';
import type { VendorOf } from '../observe/vendors.ts';
import { paint, showTable } from './output.ts';

const HEADING = ['NAME', 'DEVICE', 'ADDRESS', 'STATE', 'SEEN', 'VERDICT'];

/** The colour of a state. */
export const STATE_STYLES = {
  stuck: 'red',
  loading: 'cyan',
  addressing: 'cyan',
  waiting: 'dim',
  provisioned: 'green',
  booted: 'green',
} as const;

/** The list, one line a device. */
export function showList(devices: readonly DeviceSummary[], now: number, vendorOf: VendorOf, colour: boolean): string {
  const rows = devices.map((device) => [
    device.name ?? '-',
    whoIs(device, vendorOf),
    device.address ?? '-',
    stateOf(device),
    ago(device.seenAt, now),
    device.sentence,
  ]);
  const [heading = '', ...lines] = showTable([HEADING, ...rows]).split('\n');
  return [heading, ...lines.map((line, at) => (devices[at]?.state === 'stuck' ? paint('red', line, colour) : line))].join('\n');
}

/** All that one device did. */
export function showTimeline({ device, entries }: Timeline, now: number, vendorOf: VendorOf, colour: boolean): string {
  const who = whoIs(device, vendorOf);
  const title = `${device.name === undefined ? who : `${device.name} (${who})`}${device.address === undefined ? '' : ` at ${device.address}`}`;
  const table = showTable(entries.map((entry) => cellsOf(entry, now)));
  return [paint('bold', title, colour), verdictLine(device, colour), '', ...(table === '' ? [] : [table, '']), quiet(device, now)].join(
    '\n',
  );
}

/** `stuck: It …`. */
export function verdictLine(device: DeviceSummary, colour: boolean): string {
  return `${paint(STATE_STYLES[device.state], stateOf(device), colour)}: ${device.sentence}`;
}

/** One line of what is followed. */
export function showEntry(entry: TimelineEntry, now: number): string {
  const [time = '', what = '', text = ''] = cellsOf(entry, now);
  return `${time}  ${what.padEnd(22)}  ${text}`;
}

export function showDeviceName({ name, id }: DeviceSummary): string {
  return name ?? id;
}

function cellsOf({ at, lastAt, count, what, text }: TimelineEntry, now: number): readonly string[] {
  const repeats = count === 1 ? '' : ` ×${count}`;
  const until = count === 1 ? '' : ` (until ${clockOf(lastAt, now)})`;
  return [clockOf(at, now), `${what}${repeats}`, `${text}${until}`];
}

function whoIs({ id, mac }: DeviceSummary, vendorOf: VendorOf): string {
  const vendor = mac === undefined ? undefined : vendorOf(mac);
  return vendor === undefined ? id : `${id} ${vendor}`;
}

function stateOf({ state, percent }: DeviceSummary): string {
  return percent === undefined ? state : `${state} ${percent} %`;
}

function quiet({ seenAt }: DeviceSummary, now: number): string {
  return `heard of last ${ago(seenAt, now)}`;
}

function ago(at: number, now: number): string {
  return now - at < 1_000 ? 'now' : `${showMillis(now - at)} ago`;
}

/** `12:04:05`, and the day before it where it is not today; in the time of this machine. */
function clockOf(at: number, now: number): string {
  const [date, today] = [new Date(at), new Date(now)];
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  if (date.toDateString() === today.toDateString()) return time;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}
