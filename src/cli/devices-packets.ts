/** `bootlace devices DEVICE --packets`: the last packets of a device in words, or as a capture. */
import { writeFile } from 'node:fs/promises';
import type { PacketField } from '../base/packet-field.ts';
import { faultText } from '../base/result.ts';
import type { DecodedPacket } from '../devices/api.ts';
import { showCount } from '../events/quantities.ts';
import type { DeviceSource } from './devices-source.ts';
import { clockOf } from './devices-text.ts';
import { type Output, paint } from './output.ts';
import { captureOf } from './packet-capture.ts';

export interface PacketFlags {
  readonly packets?: true;
  /** A file for the capture. */
  readonly pcap?: string;
  readonly follow?: true;
  readonly json?: true;
}

/** Longest name of a field that is lined up with the others, in characters. */
const NAME_WIDTH = 40;

export async function showPackets(
  source: Pick<DeviceSource, 'packets'>,
  called: string | undefined,
  { pcap, follow, json, packets: isShown }: PacketFlags,
  output: Output,
): Promise<void> {
  if (called === undefined) throw new Error('say whose packets: bootlace devices DEVICE --packets');
  if (follow === true) throw new Error('packets cannot be followed; leave out --follow');
  const packets = await source.packets(called);
  if (packets === undefined) throw new Error(`no device called ${JSON.stringify(called)} has been heard of; bootlace devices lists all`);
  if (pcap !== undefined) {
    await writeFile(pcap, captureOf(packets)).catch((fault: unknown) => {
      throw new Error(`the capture cannot be written: ${faultText(fault)}`, { cause: fault });
    });
    output.note(`${showCount(packets.length, 'packet')} in ${pcap}; their IP and UDP headers are made anew`);
    if (isShown !== true) return;
  }
  if (json === true) output.line(JSON.stringify(packets, undefined, 2));
  else if (packets.length === 0) output.line('none of its packets are in memory any more');
  else output.line(packets.map((packet) => showPacket(packet, output.colour.line)).join('\n\n'));
}

function showPacket({ at, direction, from, to, summary, fields }: DecodedPacket, colour: boolean): string {
  const millis = String(Math.floor(at % 1000)).padStart(3, '0');
  const title = `${clockOf(at, Date.now())}.${millis}  ${direction.padEnd(3)}  ${from} → ${to}  ${summary}`;
  return [paint('bold', title, colour), ...fields.map(showField)].join('\n');
}

/** Parts of an option stand further in. */
function showField({ name, value }: PacketField): string {
  const indent = /^option \d+\.\d/.test(name) ? '      ' : '    ';
  return `${indent}${name.padEnd(NAME_WIDTH + 4 - indent.length)}  ${value}`;
}
