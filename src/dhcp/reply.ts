/** Building OFFER, ACK, NAK and BOOTREPLY (RFC 2131 §4.3.1 and table 3): which options, in which order, and what is left out when space ends. */
import { broadcastOf, type Ipv4, ipv4Bytes, maskOf, NO_ADDRESS, showIpv4 } from '../base/addresses.ts';
import { latin1Bytes } from '../base/bytes.ts';
import { MESSAGE_CODES, OPTION } from './codes.ts';
import { INFINITE_SECONDS } from './lease.ts';
import { BARE_PACKET_OCTETS, BROADCAST_FLAG, type DhcpPacket, type Options, optionOctets } from './packet.ts';
import type { DhcpRequest } from './request.ts';
import type { Host, Subnet } from './subnet.ts';

/** What a client boots, decided by `BootPolicy`. */
export interface BootPlan {
  /** Name under the TFTP root, or a URL. */
  readonly file: string | undefined;
  /** Options that this kind of firmware needs, asked for or not. */
  readonly options: Options;
  /** Why this file, for the log. */
  readonly why: string;
}

/** Decides what a client boots. Implemented by `boot/`, so that DHCP knows no firmware. */
export interface BootPolicy {
  plan(request: DhcpRequest, subnet: Subnet, host: Host | undefined): BootPlan | undefined;
}

/** What a reply says beside its options. */
export interface Answer {
  readonly type: 'OFFER' | 'ACK' | 'BOOTREPLY';
  readonly yourAddress: Ipv4;
  /** Undefined in the ACK to an INFORM, which gives no lease (RFC 2131 §4.3.5). */
  readonly leaseSeconds: number | undefined;
  readonly subnet: Subnet;
  readonly host: Host | undefined;
  readonly boot: BootPlan | undefined;
}

/** IP and UDP headers, which option 57 counts too (RFC 2132 §9.10). */
const IP_UDP_OCTETS = 28;
/** The IP datagram that every client has to take (RFC 2131 §2). */
const MINIMUM_MAXIMUM_SIZE = 576;
const BOOT_FILE_FIELD_OCTETS = 128;

/** Never in a reply, whatever is asked or configured (RFC 2131 table 3); 82 only as an echo (RFC 3046 §2.2). */
const NEVER_SENT: ReadonlySet<number> = new Set([
  OPTION.requestedAddress,
  OPTION.parameterRequestList,
  OPTION.maximumMessageSize,
  OPTION.relayAgentInformation,
]);
/** DHCP's own options, which a BOOTP client does not know (RFC 1534 §2). */
const DHCP_ONLY: ReadonlySet<number> = new Set([
  OPTION.leaseTime,
  OPTION.messageType,
  OPTION.serverIdentifier,
  OPTION.renewalTime,
  OPTION.rebindingTime,
]);

/** An OFFER, ACK or BOOTREPLY. */
export function buildAnswer(request: DhcpRequest, answer: Answer): DhcpPacket {
  const { packet, via } = request;
  const file = latin1Bytes(answer.boot?.file ?? '');
  const fitsField = file.length < BOOT_FILE_FIELD_OCTETS;
  return {
    ...echoed(packet),
    clientAddress: answer.type === 'ACK' ? packet.clientAddress : NO_ADDRESS,
    yourAddress: answer.yourAddress,
    nextServer: via.server,
    bootFile: fitsField ? file : new Uint8Array(),
    options: chooseOptions(request, answer, !fitsField),
  };
}

/** A NAK: no address, no lease, no parameters (RFC 2131 table 3). `reason` goes into option 56. */
export function buildNak(request: DhcpRequest, serverIdentifier: Ipv4, reason: string): DhcpPacket {
  const { packet } = request;
  const options = new Map([
    [OPTION.messageType as number, Uint8Array.of(MESSAGE_CODES.NAK)],
    [OPTION.serverIdentifier, ipv4Bytes(serverIdentifier)],
    [OPTION.message, latin1Bytes(reason)],
  ]);
  for (const code of [OPTION.clientIdentifier, OPTION.relayAgentInformation]) echo(packet, code, options);
  const isRelayed = packet.relayAddress !== NO_ADDRESS;
  // The relay has to broadcast a NAK: the client's address is just what is wrong (RFC 2131 §4.3.2).
  return { ...echoed(packet), flags: isRelayed ? packet.flags | BROADCAST_FLAG : packet.flags, options };
}

/** The header fields that come back as they were (RFC 2131 table 3). */
function echoed(packet: DhcpPacket): DhcpPacket {
  return {
    ...packet,
    operation: 2,
    hops: 0,
    seconds: 0,
    clientAddress: NO_ADDRESS,
    yourAddress: NO_ADDRESS,
    nextServer: NO_ADDRESS,
    serverName: new Uint8Array(),
    bootFile: new Uint8Array(),
  };
}

/** Copies an option of the request into a reply, if the request had it. */
function echo(from: DhcpPacket, code: number, into: Map<number, Uint8Array>): void {
  const value = from.options.get(code);
  if (value !== undefined) into.set(code, value);
}

function chooseOptions(request: DhcpRequest, answer: Answer, needsBootFileOption: boolean): Options {
  const { packet } = request;
  const available = availableOptions(request, answer);
  const first = [OPTION.messageType, OPTION.serverIdentifier, OPTION.leaseTime];
  const demanded = [...(answer.boot?.options.keys() ?? []), ...(needsBootFileOption ? [OPTION.bootFileName] : [])];
  const last = new Map<number, Uint8Array>();
  // RFC 6842 §3 has the client identifier come back; RFC 3046 §2.2 wants the relay's information last of all.
  for (const code of [OPTION.clientIdentifier, OPTION.relayAgentInformation]) echo(packet, code, last);

  let budget = replyBudget(request) - BARE_PACKET_OCTETS;
  for (const value of last.values()) budget -= optionOctets(value);
  const chosen = new Map<number, Uint8Array>();
  const take = (code: number): void => {
    const value = available.get(code);
    if (value === undefined || chosen.has(code) || last.has(code)) return;
    const octets = optionOctets(value);
    if (octets > budget) return;
    budget -= octets;
    chosen.set(code, value);
  };
  for (const code of first) take(code);
  // What the firmware cannot do without is counted before what it would like, and stands behind it.
  const demandedOctets = demanded.reduce((sum, code) => sum + optionOctets(available.get(code) ?? new Uint8Array()), 0);
  budget -= demandedOctets;
  for (const code of wantedCodes(request, available)) if (!demanded.includes(code)) take(code);
  budget += demandedOctets;
  for (const code of demanded) take(code);
  return new Map([...chosen, ...last]);
}

/** The codes that the client asked for, in its order, the subnet mask before the router (RFC 2132 §3.3); all that there are when it did not say. */
function wantedCodes(request: DhcpRequest, available: Options): readonly number[] {
  const asked = request.parameterList ?? [...available.keys()];
  const maskAt = asked.indexOf(OPTION.subnetMask);
  const routerAt = asked.indexOf(OPTION.router);
  if (maskAt < 0 || routerAt < 0 || maskAt < routerAt) return asked;
  const others = asked.filter((code) => code !== OPTION.subnetMask);
  return [...others.slice(0, routerAt), OPTION.subnetMask, ...others.slice(routerAt)];
}

/** Every option that could be sent, later sources before earlier ones: the server's own, the network's, the host's, the boot plan's. */
function availableOptions(request: DhcpRequest, answer: Answer): Options {
  const { subnet, host, boot } = answer;
  const { server } = request.via;
  const available = new Map<number, Uint8Array>([
    [OPTION.subnetMask, ipv4Bytes(maskOf(subnet.network.prefix))],
    [OPTION.broadcastAddress, ipv4Bytes(broadcastOf(subnet.network))],
    [OPTION.tftpServerName, latin1Bytes(showIpv4(server))],
    [OPTION.tftpServerAddresses, ipv4Bytes(server)],
  ]);
  if (host?.name !== undefined) available.set(OPTION.hostName, latin1Bytes(host.name));
  // EDK2 writes a NUL behind the name, onto the next option's code, unless there is one already; receivers strip it (RFC 2132 §2).
  if (boot?.file !== undefined) available.set(OPTION.bootFileName, latin1Bytes(`${boot.file}\0`));
  for (const options of [subnet.options(server), host?.options(server), boot?.options]) {
    for (const [code, value] of options ?? []) available.set(code, value);
  }
  for (const code of NEVER_SENT) available.delete(code);
  if (answer.type === 'BOOTREPLY') {
    for (const code of DHCP_ONLY) available.delete(code);
    return available;
  }
  available.set(OPTION.messageType, Uint8Array.of(MESSAGE_CODES[answer.type]));
  available.set(OPTION.serverIdentifier, ipv4Bytes(serverIdentifierOf(request)));
  for (const code of [OPTION.leaseTime, OPTION.renewalTime, OPTION.rebindingTime]) available.delete(code);
  if (answer.leaseSeconds !== undefined) addTimes(available, answer.leaseSeconds);
  return available;
}

/** Lease time with T1 and T2 at their usual shares (RFC 2131 §4.4.5); a lease without an end is never renewed. */
function addTimes(options: Map<number, Uint8Array>, leaseSeconds: number): void {
  options.set(OPTION.leaseTime, seconds(leaseSeconds));
  if (leaseSeconds === INFINITE_SECONDS) return;
  options.set(OPTION.renewalTime, seconds(Math.floor(leaseSeconds * 0.5)));
  options.set(OPTION.rebindingTime, seconds(Math.floor(leaseSeconds * 0.875)));
}

function seconds(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

/** Option 54 of our replies: our address on the interface that the client, or its relay, reached. */
export function serverIdentifierOf(request: DhcpRequest): Ipv4 {
  return request.via.server;
}

/** Octets of UDP payload that the client takes: option 57 less the headers, never under the legal minimum, never over the interface's MTU. */
function replyBudget(request: DhcpRequest): number {
  const wanted = Math.max(request.maximumSize ?? MINIMUM_MAXIMUM_SIZE, MINIMUM_MAXIMUM_SIZE);
  return Math.min(wanted, request.via.mtu) - IP_UDP_OCTETS;
}
