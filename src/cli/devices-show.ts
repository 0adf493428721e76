/** `bootlace devices [DEVICE]`: the list, a timeline, and both as they go on. */
import type { Config } from '../config/config.ts';
import type { Timeline } from '../devices/api.ts';
import { vendorLookup } from '../observe/vendors.ts';
import { controlPath } from '../server/control.ts';
import { followServer } from '../server/control-stream.ts';
import type { DeviceNews } from '../server/device-orders.ts';
import { configOf } from './config-option.ts';
import { type PacketFlags, showPackets } from './devices-packets.ts';
import { type DeviceSource, openDeviceSource } from './devices-source.ts';
import { showDeviceName, showEntry, showList, showTimeline, verdictLine } from './devices-text.ts';
import type { Output } from './output.ts';

interface Flags extends PacketFlags {
  readonly config?: string;
  readonly follow?: true;
}

export async function showDevices(called: string | undefined, flags: Flags, output: Output): Promise<void> {
  const config = await configOf(flags.config, output, 'errors');
  if (config === undefined) return;
  const source = await openDeviceSource(config);
  if (source.asOf !== undefined && source.asOf > 0 && flags.json !== true)
    output.note(
      `no Bootlace is running with ${config.server.dataDir}: this is what it stored until ${new Date(source.asOf).toLocaleString()}`,
    );
  if (flags.packets === true || flags.pcap !== undefined) {
    await showPackets(source, called, flags, output);
    return;
  }
  if (called === undefined) await list(source, flags, output);
  else await one(source, called, flags, output);
  if (flags.follow === true) await follow(config, called, flags, output);
}

async function list(source: DeviceSource, { json }: Flags, output: Output): Promise<void> {
  const devices = await source.list();
  const vendorOf = vendorLookup();
  if (json === true) {
    const rows = devices.map((device) => ({ ...device, vendor: device.mac === undefined ? undefined : vendorOf(device.mac) }));
    output.line(JSON.stringify(rows, undefined, 2));
  } else if (devices.length === 0) output.line('no device has been heard of');
  else output.line(showList(devices, source.asOf ?? Date.now(), vendorOf, output.colour.line));
}

async function one(source: DeviceSource, called: string, { json, follow: goesOn }: Flags, output: Output): Promise<void> {
  const timeline: Timeline | undefined = await source.timeline(called);
  if (timeline === undefined) {
    // One that is waited for may come yet.
    if (goesOn === true) return;
    throw new Error(`no device called ${JSON.stringify(called)} has been heard of; bootlace devices lists all`);
  }
  if (json === true) output.line(JSON.stringify(timeline, undefined, 2));
  else output.line(showTimeline(timeline, source.asOf ?? Date.now(), vendorLookup(), output.colour.line));
}

async function follow({ server }: Config, called: string | undefined, { json }: Flags, output: Output): Promise<void> {
  const verdicts = new Map<string, string>();
  const show = (news: DeviceNews): void => {
    if (json === true) {
      output.line(JSON.stringify(news));
      return;
    }
    const { device, entry, missed } = news;
    const who = called === undefined ? `${showDeviceName(device)}: ` : '';
    if (missed > 0) output.note(`${missed} changes came too fast and are not shown`);
    if (entry !== undefined) output.line(`${who}${showEntry(entry, Date.now())}`);
    const verdict = verdictLine(device, output.colour.line);
    if (verdicts.get(device.id) === verdict) return;
    verdicts.set(device.id, verdict);
    output.line(`${who}${verdict}`);
  };
  const order = { do: 'follow', ...(called !== undefined && { device: called }) } as const;
  const stream = await followServer(controlPath(server.dataDir), order, show);
  if (stream === undefined) throw new Error('no Bootlace is running that could be followed');
  await stream.ended;
}
