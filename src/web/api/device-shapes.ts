/** Devices, their timelines and their packets, as they go over the API. `src/devices/api.ts` says what the fields are. */
import { z } from 'zod';
import { wallTime } from './plain-shapes.ts';

export const deviceSummary = z
  .object({
    id: z.string().describe('Its MAC; for one of which only an address is known, that address.'),
    mac: z.string().optional(),
    address: z.string().optional(),
    name: z.string().optional(),
    vendor: z.string().optional().describe('Who made its network interface.'),
    profile: z.string().optional().describe('Its family, where it was recognised.'),
    state: z.enum(['waiting', 'addressing', 'loading', 'booted', 'provisioned', 'stuck']),
    percent: z.number().optional().describe('Of the file that is on its way.'),
    verdict: z.string().describe('The name of the verdict, as in docs/devices.md.'),
    sentence: z.string().describe('Where it stands, why, and what to do.'),
    since: wallTime.describe('Since when it is in this state.'),
    seenAt: wallTime,
  })
  .meta({ id: 'DeviceSummary' });

export const timelineEntry = z
  .object({
    id: z.number().describe('Grows with time, over all devices.'),
    at: wallTime,
    lastAt: wallTime.describe('When it happened the last time, if it did so several times in a row.'),
    count: z.number().describe('How many times in a row.'),
    event: z.string().describe('The kind of event, as in docs/messages.md.'),
    what: z.string().describe('In a word or two.'),
    text: z.string(),
  })
  .meta({ id: 'TimelineEntry' });

export const timeline = z.object({ device: deviceSummary, entries: z.array(timelineEntry) }).meta({ id: 'Timeline' });

export const deviceChange = z.object({ device: deviceSummary, entry: timelineEntry.optional() }).meta({ id: 'DeviceChange' });

/** A part of a packet in words. `octets` is where it lies in the packet: its first octet, and the one behind its last. */
export const packetField = z
  .object({
    name: z.string().describe('As the RFC calls it: `secs`, `option 60 (vendor-class-identifier)`.'),
    value: z.string(),
    octets: z.tuple([z.number(), z.number()]).optional(),
  })
  .meta({ id: 'PacketField' });

export const decodedPacket = z
  .object({
    at: wallTime,
    direction: z.enum(['in', 'out']),
    protocol: z.enum(['dhcp', 'tftp']),
    from: z.string().describe('Address and port.'),
    to: z.string(),
    summary: z.string().describe('`DISCOVER`, `RRQ pxelinux.0`.'),
    fields: z.array(packetField),
    hex: z.string().describe('Its octets, two digits each.'),
  })
  .meta({ id: 'DecodedPacket' });

export const devicePackets = z
  .object({ packets: z.array(decodedPacket).describe('The last ones of this device that are still in memory, oldest first.') })
  .meta({ id: 'DevicePackets' });

export type DeviceSummaryShape = z.infer<typeof deviceSummary>;
export type TimelineEntryShape = z.infer<typeof timelineEntry>;
export type TimelineShape = z.infer<typeof timeline>;
export type DeviceChangeShape = z.infer<typeof deviceChange>;
export type PacketFieldShape = z.infer<typeof packetField>;
export type DecodedPacketShape = z.infer<typeof decodedPacket>;
