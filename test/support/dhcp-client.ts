/** A DHCP client of a test: makes the messages that a real one would send and reads the effects that come back. */
import { ipv4At, ipv4Bytes, macBytes, NO_ADDRESS, showIpv4 } from '../../src/base/addresses.ts';
import { latin1Bytes } from '../../src/base/bytes.ts';
import { MESSAGE_CODES, MESSAGE_TYPES, type MessageType, OPTION } from '../../src/dhcp/codes.ts';
import type { Destination } from '../../src/dhcp/destination.ts';
import type { DhcpEffect } from '../../src/dhcp/effects.ts';
import { BROADCAST_FLAG, type DhcpPacket } from '../../src/dhcp/packet.ts';
import type { Arrival } from '../../src/dhcp/request.ts';
import type { DhcpEvent } from '../../src/events/events.ts';
import { ip, mac } from './addresses.ts';

/** What a message of a test may say beside its type. */
export interface MessageParts {
  readonly requested?: string | undefined;
  readonly server?: string | undefined;
  readonly ciaddr?: string | undefined;
  readonly giaddr?: string | undefined;
  readonly broadcast?: boolean;
  readonly list?: readonly number[];
  readonly options?: readonly (readonly [number, Uint8Array])[];
  readonly packet?: Partial<DhcpPacket>;
}

/** Where messages arrive in tests: our address on `lan0`. */
export const LAN: Arrival = { interface: 'lan0', server: ip('10.0.0.1'), cast: 'broadcast', mtu: 1500 };
export const LAN_UNICAST: Arrival = { ...LAN, cast: 'unicast' };

/** A client's message; without a `type` it is BOOTP. */
export function message(type: MessageType | undefined, from: string, parts: MessageParts = {}): DhcpPacket {
  const address = (text: string | undefined) => (text === undefined ? NO_ADDRESS : ip(text));
  const hardwareAddress = new Uint8Array(16);
  hardwareAddress.set(macBytes(mac(from)));
  const options = new Map<number, Uint8Array>();
  if (type !== undefined) options.set(OPTION.messageType, Uint8Array.of(MESSAGE_CODES[type]));
  if (parts.requested !== undefined) options.set(OPTION.requestedAddress, ipv4Bytes(ip(parts.requested)));
  if (parts.server !== undefined) options.set(OPTION.serverIdentifier, ipv4Bytes(ip(parts.server)));
  if (parts.list !== undefined) options.set(OPTION.parameterRequestList, Uint8Array.from(parts.list));
  for (const [code, value] of parts.options ?? []) options.set(code, value);
  return {
    operation: 1,
    hardwareType: 1,
    hardwareLength: 6,
    hops: 0,
    transactionId: 0x12345678,
    seconds: 3,
    flags: parts.broadcast === true ? BROADCAST_FLAG : 0,
    clientAddress: address(parts.ciaddr),
    yourAddress: NO_ADDRESS,
    nextServer: NO_ADDRESS,
    relayAddress: address(parts.giaddr),
    hardwareAddress,
    serverName: new Uint8Array(),
    bootFile: new Uint8Array(),
    options,
    ...parts.packet,
  };
}

/** A reply in the words of a test. */
export interface Seen {
  readonly type: string;
  readonly address: string;
  readonly to: Destination;
  readonly packet: DhcpPacket;
}

export function sent(effects: readonly DhcpEffect[]): readonly Seen[] {
  return effects.flatMap((effect) => {
    if (effect.do !== 'send') return [];
    const type = effect.packet.options.get(OPTION.messageType)?.[0];
    return [{ type: typeName(type), address: showIpv4(effect.packet.yourAddress), to: effect.to, packet: effect.packet }];
  });
}

function typeName(code: number | undefined): string {
  return code === undefined ? 'BOOTREPLY' : ((MESSAGE_TYPES as Readonly<Record<number, string>>)[code] ?? `type ${code}`);
}

export function told(effects: readonly DhcpEffect[]): readonly DhcpEvent[] {
  return effects.flatMap((effect) => (effect.do === 'tell' ? [effect.event] : []));
}

/** Option values as people write them. */
export function addressOption(packet: DhcpPacket, code: number): string | undefined {
  const value = packet.options.get(code);
  return value === undefined ? undefined : showIpv4(ipv4At(value));
}

export function secondsOption(packet: DhcpPacket, code: number): number | undefined {
  return packet.options.get(code)?.reduce((sum, octet) => sum * 256 + octet, 0);
}

export function text(value: string): Uint8Array {
  return latin1Bytes(value);
}
