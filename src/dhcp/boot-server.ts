/**
 * Booting beside another DHCP server (PXE 2.1 §2.2.3): as a proxyDHCP server, whose OFFER has a boot file and no address, and as a boot server
 * on port 4011, which tells the file to who has an address already. Neither knows leases.
 */
import { type Ipv4, NO_ADDRESS } from '../base/addresses.ts';
import { latin1Bytes } from '../base/bytes.ts';
import type { DhcpEvent } from '../events/events.ts';
import { OPTION } from './codes.ts';
import { type DhcpEffect, silent, tell } from './effects.ts';
import type { Inquiry } from './inquiry.ts';
import { BROADCAST_FLAG, CLIENT_PORT, type DhcpPacket, SERVER_PORT } from './packet.ts';
import { type BootPlan, buildBootAnswer } from './reply.ts';
import type { DhcpRequest } from './request.ts';
import { askingOf, classesOf, subjectOfRequest } from './subjects.ts';

/** UDP port of a boot server (PXE 2.1 §2.2.3). */
export const BOOT_SERVER_PORT = 4011;

const PXE_CLASS = latin1Bytes('PXEClient');
const BOOT_ITEM = 71;
const END = 255;

/**
 * True for a REQUEST to a boot server: what came to its port, and what was broadcast to all servers with the item that was chosen from
 * a menu (option 43.71, PXE 2.1 §2.2.5).
 */
export function isForBootServer({ type, via, packet }: DhcpRequest): boolean {
  if (via.asker !== undefined) return true;
  if (type !== 'REQUEST' || !startsWith(packet.options.get(OPTION.vendorClass), PXE_CLASS)) return false;
  return bootItemOf(packet) !== undefined;
}

/** The item of a menu that a client asks for, its type (option 43.71, PXE 2.1 §2.2.5); undefined when it asks for none. */
export function bootItemOf({ options }: DhcpPacket): number | undefined {
  const value = options.get(OPTION.vendorSpecific);
  for (let at = 0; value !== undefined && at + 1 < value.length && value[at] !== END; ) {
    const length = value[at + 1] ?? 0;
    if (value[at] === BOOT_ITEM && length >= 2) return ((value[at + 2] ?? 0) << 8) | (value[at + 3] ?? 0);
    at += value[at] === 0 ? 1 : 2 + length;
  }
  return undefined;
}

function startsWith(value: Uint8Array | undefined, beginning: Uint8Array): boolean {
  return value !== undefined && beginning.every((octet, at) => value[at] === octet);
}

/** The answer to a DISCOVER; nothing for who does not boot, and nothing is said about it: it is another server's client. */
export function answerAsProxy(inquiry: Inquiry, boot: BootPlan | undefined): DhcpEffect[] {
  const { request } = inquiry;
  if (request.type !== 'DISCOVER' || boot === undefined) return [];
  // A plan that says nothing to firmware is one that found no file.
  if (boot.file === undefined && boot.options.size === 0) return [silent(request, inquiry.subnet, boot.why)];
  const packet = buildBootAnswer(inquiry, boot, 'OFFER');
  const isRelayed = request.packet.relayAddress !== NO_ADDRESS;
  return [
    tell(eventOf('boot.offered', inquiry, boot)),
    {
      do: 'send',
      // It has no address that we know, so that nothing else can reach it.
      packet: { ...packet, flags: packet.flags | BROADCAST_FLAG },
      to: isRelayed ? { way: 'relay', address: request.packet.relayAddress, port: SERVER_PORT } : { way: 'broadcast', port: CLIENT_PORT },
      via: request.via,
    },
  ];
}

/** The answer to a REQUEST or an INFORM to a boot server. */
export function answerAsBootServer(inquiry: Inquiry, boot: BootPlan | undefined): DhcpEffect[] {
  const { request, subnet } = inquiry;
  if (request.type !== 'REQUEST' && request.type !== 'INFORM') return [silent(request, subnet, 'a boot server answers REQUESTs')];
  if (boot?.file === undefined) return [silent(request, subnet, boot?.why ?? 'it does not boot over the network')];
  const { asker } = request.via;
  const { clientAddress } = request.packet;
  const address: Ipv4 = clientAddress === NO_ADDRESS ? (asker?.address ?? NO_ADDRESS) : clientAddress;
  if (address === NO_ADDRESS) return [silent(request, subnet, 'it names no address')];
  return [
    tell({ ...eventOf('boot.answered', inquiry, boot), address }),
    {
      do: 'send',
      packet: buildBootAnswer(inquiry, boot, 'ACK'),
      // To the port that it asked from: EDK2 listens on 4011, ROMs on 68.
      to: { way: 'client', address, port: asker?.port ?? CLIENT_PORT },
      via: request.via,
    },
  ];
}

function eventOf(
  type: 'boot.offered' | 'boot.answered',
  inquiry: Inquiry,
  boot: BootPlan,
): Extract<DhcpEvent, { type: 'boot.offered' | 'boot.answered' }> {
  const { request, subnet, host } = inquiry;
  const asking = type === 'boot.offered' ? askingOf(request, boot) : undefined;
  return {
    type,
    network: subnet.name,
    bootFile: boot.file,
    why: boot.why,
    ...asking,
    ...subjectOfRequest(request, host),
    ...classesOf(inquiry),
  };
}
