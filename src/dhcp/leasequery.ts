/** Answers of RFC 4388: who has which address, for relay agents and access concentrators that lost their own record. */
import { type Ipv4, ipv4Bytes, isInside, macBytes, NO_ADDRESS } from '../base/addresses.ts';
import type { WallMs } from '../base/clock.ts';
import { MESSAGE_CODES, OPTION } from './codes.ts';
import { type DhcpEffect, silent } from './effects.ts';
import { INFINITE_SECONDS, isInForce, type Lease, NEVER } from './lease.ts';
import type { LeaseBook } from './lease-book.ts';
import type { DhcpPacket, Options } from './packet.ts';
import { SERVER_PORT } from './packet.ts';
import { secondsBytes } from './reply.ts';
import { type DhcpRequest, identifierOf } from './request.ts';
import { isInPools, type Site } from './subnet.ts';

const ETHERNET = 1;

/** The reply to a LEASEQUERY; silence for who may not ask. */
export function answerLeasequery(request: DhcpRequest, site: Site, book: LeaseBook, now: WallMs): DhcpEffect {
  const { packet, via } = request;
  // §6.3: the asker is whoever giaddr names, and the answer goes there: nobody learns anything by making one up.
  const asker = packet.relayAddress;
  if (asker === NO_ADDRESS) return silent(request, undefined, 'a lease query has to name its asker in giaddr');
  if (!site.leasequeryFrom.some((network) => isInside(network, asker)))
    return silent(request, undefined, 'this address may not ask for leases');
  const found = find(request, book, now);
  const reply = found.length > 0 ? active(request, found, now) : absent(request, site);
  return { do: 'send', packet: reply, to: { way: 'relay', address: asker, port: SERVER_PORT }, via };
}

/** §6.2: by address, by client identifier or by hardware address, in this order; the latest lease first. */
function find({ packet, identifier, mac }: DhcpRequest, book: LeaseBook, now: WallMs): readonly Lease[] {
  if (packet.clientAddress !== NO_ADDRESS) {
    const lease = book.at(packet.clientAddress);
    return lease !== undefined && lease.state === 'bound' && isInForce(lease, now) ? [lease] : [];
  }
  const isIt = (lease: Lease): boolean => (identifier === undefined ? mac !== undefined && lease.mac === mac : lease.client === identifier);
  return [...book.ofDevice((lease) => lease.state === 'bound' && isInForce(lease, now) && isIt(lease))].sort((a, b) => b.since - a.since);
}

/** §6.4.1: LEASEACTIVE with what was asked for in option 55 of the lease. */
function active(request: DhcpRequest, [lease, ...others]: readonly Lease[], now: WallMs): DhcpPacket {
  const options = new Map<number, Uint8Array>();
  if (lease === undefined) return packetOf(request, 'LEASEUNKNOWN', NO_ADDRESS, options);
  const left = lease.expiresAt === NEVER ? INFINITE_SECONDS : Math.max(Math.floor((lease.expiresAt - now) / 1000), 0);
  const identifier = identifierOf(lease.client);
  const available: readonly (readonly [number, Uint8Array | undefined])[] = [
    [OPTION.leaseTime, secondsBytes(left)],
    [OPTION.clientIdentifier, identifier],
    [OPTION.associatedAddresses, others.length === 0 ? undefined : joined([lease, ...others].map(({ address }) => ipv4Bytes(address)))],
  ];
  // The identifier tells the asker whom it has found, and the time for how long; the rest only when asked for.
  for (const [code, value] of available) {
    const isAsked = code !== OPTION.associatedAddresses || (request.parameterList?.includes(code) ?? false);
    if (value !== undefined && isAsked) options.set(code, value);
  }
  const hardwareAddress = new Uint8Array(16);
  if (lease.mac !== undefined) hardwareAddress.set(macBytes(lease.mac));
  const reply = packetOf(request, 'LEASEACTIVE', lease.address, options);
  return { ...reply, hardwareType: ETHERNET, hardwareLength: lease.mac === undefined ? 0 : 6, hardwareAddress };
}

/** §6.4: an address of ours that nobody has is unassigned; all else is unknown. */
function absent(request: DhcpRequest, site: Site): DhcpPacket {
  const { clientAddress } = request.packet;
  const isOurs =
    site.subnets.some((subnet) => isInPools(subnet.pools, clientAddress)) ||
    site.hosts.some((host) => host.address === clientAddress && clientAddress !== NO_ADDRESS);
  return packetOf(request, isOurs ? 'LEASEUNASSIGNED' : 'LEASEUNKNOWN', clientAddress, new Map());
}

function packetOf(
  request: DhcpRequest,
  type: 'LEASEACTIVE' | 'LEASEUNASSIGNED' | 'LEASEUNKNOWN',
  address: Ipv4,
  options: Options,
): DhcpPacket {
  return {
    ...request.packet,
    operation: 2,
    hops: 0,
    seconds: 0,
    clientAddress: address,
    yourAddress: NO_ADDRESS,
    nextServer: NO_ADDRESS,
    serverName: new Uint8Array(),
    bootFile: new Uint8Array(),
    options: new Map([
      [OPTION.messageType as number, Uint8Array.of(MESSAGE_CODES[type])],
      [OPTION.serverIdentifier, ipv4Bytes(request.via.server)],
      ...options,
    ]),
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
