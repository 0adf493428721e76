/** Building OFFER, ACK, NAK and BOOTREPLY (RFC 2131 §4.3.1 and table 3): which options, in which order, and what is left out when space ends. */
import { broadcastOf, type Ipv4, ipv4Bytes, maskOf, NO_ADDRESS, showIpv4 } from '../base/addresses.ts';
import { latin1Bytes } from '../base/bytes.ts';
import type { WallMs } from '../base/clock.ts';
import { MESSAGE_CODES, OPTION } from './codes.ts';
import { addDefaultRoutes } from './default-route.ts';
import type { Inquiry, InquiryDevice } from './inquiry.ts';
import { INFINITE_SECONDS } from './lease.ts';
import { BROADCAST_FLAG, type DhcpPacket, NO_OCTETS, type Options } from './packet.ts';
import { fitOptions } from './reply-space.ts';
import type { DhcpRequest } from './request.ts';
import type { Subnet } from './subnet.ts';
import { removeFiles } from './withheld-files.ts';

/**
 * Whose place we take for a client: the DHCP server's, that of a proxyDHCP server beside another DHCP server, or that of a boot server on
 * port 4011 (PXE 2.1 §2.2.3).
 */
export type BootRole = 'dhcp' | 'proxy' | 'boot-server';

/** What a client boots, decided by `BootPolicy`. */
export interface BootPlan {
  /** Name under the TFTP root, or a URL. */
  readonly file: string | undefined;
  /** Options that this kind of firmware needs, asked for or not. */
  readonly options: Options;
  /** Why this file, for the log. */
  readonly why: string;
  /** How the client loads, in the words of `boot/`; for events. */
  readonly loader?: string | undefined;
  readonly architecture?: string | undefined;
  /** The form of this answer and of the next, where its firmware may take one or the other. */
  readonly form?: string | undefined;
  readonly nextForm?: string | undefined;
}

/** Where a device fetches its configuration, in the words of its vendor, decided by `BootPolicy`. */
export interface Provisioning {
  /** The family that it belongs to. */
  readonly profile: string;
  /** What it says of itself. */
  readonly model: string | undefined;
  readonly serial: string | undefined;
  /** Which device it was taken for, for the log. */
  readonly why: string;
  /** What the configuration's own options say goes before these. */
  readonly options: Options;
  /** Of these, the codes that go out asked for or not. */
  readonly unasked: readonly number[];
  /** True for a device that is told its file by these options: then its boot file is told in no other way. */
  readonly tellsFile: boolean;
  /** It takes no shorter lease; 0 for one that takes any. */
  readonly leastLeaseSeconds: number;
}

/** Decides what a client boots, and where it fetches its configuration. Implemented by `boot/`, so that DHCP knows no firmware. */
export interface BootPolicy {
  plan(inquiry: Inquiry, now: WallMs, role?: BootRole): BootPlan | undefined;
  provision?(inquiry: Inquiry): Provisioning | undefined;
  /** What the sender says that it is, and what it is not to be told of; undefined where there is neither. */
  deviceOf?(inquiry: Inquiry): InquiryDevice | undefined;
}

/** What a reply says beside its options. */
export interface Answer {
  readonly type: 'OFFER' | 'ACK' | 'BOOTREPLY';
  readonly yourAddress: Ipv4;
  /** Undefined in the ACK to an INFORM, which gives no lease (RFC 2131 §4.3.5). */
  readonly leaseSeconds: number | undefined;
  readonly boot: BootPlan | undefined;
  readonly provisioning?: Provisioning | undefined;
  /** The ACK to a DISCOVER (RFC 4039 §4). */
  readonly isRapid?: boolean;
}

/** Its magic, configuration file, path prefix and reboot time (RFC 5071). */
const PXELINUX_OPTIONS = [208, 209, 210, 211] as const;

/** What stands in `file`, less its NUL. */
const LONGEST_BOOT_FILE_FIELD = 127;

/** Never taken from the configuration: not in a reply at all (RFC 2131 table 3), set by the rules themselves, or an echo. */
const NEVER_SENT: ReadonlySet<number> = new Set([
  OPTION.requestedAddress,
  OPTION.parameterRequestList,
  OPTION.maximumMessageSize,
  OPTION.leaseTime,
  OPTION.messageType,
  OPTION.serverIdentifier,
  OPTION.renewalTime,
  OPTION.rebindingTime,
  OPTION.overload,
  OPTION.rapidCommit,
  OPTION.relayAgentInformation,
  OPTION.subnetSelection,
]);
/** An OFFER, ACK or BOOTREPLY. */
export function buildAnswer(inquiry: Inquiry, answer: Answer): DhcpPacket {
  const { packet, via } = inquiry.request;
  const boot = bootOf(answer);
  const file = fileOf(answer);
  const fitsField = file.length <= LONGEST_BOOT_FILE_FIELD;
  const available = availableOptions(inquiry, answer);
  const fitted = fitOptions({
    request: inquiry.request,
    available,
    demanded: [...demandedCodes(boot, available, fitsField), ...unaskedCodes(answer.provisioning, available)],
    echoed: echoesOf(inquiry.request),
    // A boot file needs its field, and firmware is not trusted with options in the others.
    mayOverload: answer.type !== 'BOOTREPLY' && boot === undefined && answer.provisioning?.tellsFile !== true,
  });
  return {
    ...echoed(packet),
    clientAddress: answer.type === 'ACK' ? packet.clientAddress : NO_ADDRESS,
    yourAddress: answer.yourAddress,
    nextServer: via.server,
    bootFile: fitted.bootFile ?? (fitsField ? file : NO_OCTETS),
    serverName: fitted.serverName ?? NO_OCTETS,
    options: fitted.options,
  };
}

/** What the client boots; nothing for a device that is told its file in its vendor's words. */
function bootOf({ boot, provisioning }: Answer): BootPlan | undefined {
  return provisioning?.tellsFile === true ? undefined : boot;
}

/** What stands in `file`: some gear reads it, and no option 67. */
function fileOf(answer: Answer): Uint8Array {
  const { provisioning } = answer;
  if (provisioning?.tellsFile === true) return provisioning.options.get(OPTION.bootFileName) ?? NO_OCTETS;
  return latin1Bytes(answer.boot?.file ?? '');
}

/**
 * What the firmware cannot do without, asked for or not. PXELINUX reads its options out of the answer that its ROM got, and no ROM asks
 * for them (RFC 5071).
 */
function demandedCodes(boot: BootPlan | undefined, available: Options, fitsField: boolean): readonly number[] {
  if (boot === undefined) return [];
  const ofLoader = boot.file === undefined ? [] : PXELINUX_OPTIONS.filter((code) => available.has(code));
  return [...boot.options.keys(), ...(fitsField ? [] : [OPTION.bootFileName]), ...ofLoader];
}

function unaskedCodes(provisioning: Provisioning | undefined, available: Options): readonly number[] {
  return provisioning === undefined ? [] : provisioning.unasked.filter((code) => available.has(code));
}

/**
 * What a proxyDHCP or boot server says: a boot file and what the firmware needs, and nothing of an address (PXE 2.1 §2.2.3). Asked for or not: such
 * a client reads nothing else in it.
 */
export function buildBootAnswer({ request }: Inquiry, boot: BootPlan, type: 'OFFER' | 'ACK'): DhcpPacket {
  const { packet, via } = request;
  const file = latin1Bytes(boot.file ?? '');
  const fitsField = file.length <= LONGEST_BOOT_FILE_FIELD;
  const options = new Map<number, Uint8Array>([
    [OPTION.messageType, Uint8Array.of(MESSAGE_CODES[type])],
    [OPTION.serverIdentifier, ipv4Bytes(serverIdentifierOf(request))],
  ]);
  boot.options.forEach((value, code) => {
    options.set(code, value);
  });
  const asked = (code: number): boolean => request.parameterList?.includes(code) === true;
  if (asked(OPTION.tftpServerName)) options.set(OPTION.tftpServerName, latin1Bytes(showIpv4(via.server)));
  if (boot.file !== undefined && (!fitsField || asked(OPTION.bootFileName)))
    options.set(OPTION.bootFileName, latin1Bytes(`${boot.file}\0`));
  echoesOf(request).forEach((value, code) => {
    options.set(code, value);
  });
  return {
    ...echoed(packet),
    clientAddress: type === 'ACK' ? packet.clientAddress : NO_ADDRESS,
    nextServer: via.server,
    bootFile: fitsField ? file : NO_OCTETS,
    options,
  };
}

/** A NAK: no address, no lease, no parameters (RFC 2131 table 3). `reason` goes into option 56. */
export function buildNak(request: DhcpRequest, reason: string): DhcpPacket {
  const { packet } = request;
  const options = new Map([
    [OPTION.messageType as number, Uint8Array.of(MESSAGE_CODES.NAK)],
    [OPTION.serverIdentifier, ipv4Bytes(serverIdentifierOf(request))],
    [OPTION.message, latin1Bytes(reason)],
    ...echoesOf(request),
  ]);
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
    serverName: NO_OCTETS,
    bootFile: NO_OCTETS,
  };
}

/** What comes back as it was sent: the client identifier (RFC 6842 §3), the selected subnet (RFC 3011 §2) and, last of all, the relay's information (RFC 3046 §2.2). */
function echoesOf({ packet, selectedSubnet }: DhcpRequest): Options {
  const echoes = new Map<number, Uint8Array>();
  const echo = (code: number): void => {
    const value = packet.options.get(code);
    if (value !== undefined) echoes.set(code, value);
  };
  echo(OPTION.clientIdentifier);
  if (selectedSubnet !== undefined) echo(OPTION.subnetSelection);
  echo(OPTION.relayAgentInformation);
  return echoes;
}

/** Every option that could be sent. What comes later goes before: the server's own, what tells a device its server, the network's, the boot plan's, the classes' (the first before the others), the host's. */
export function availableOptions(inquiry: Inquiry, answer: Answer): Options {
  const { request, subnet, host, classes } = inquiry;
  const boot = bootOf(answer);
  const { server } = request.via;
  const available = new Map(networkOptions(subnet, server));
  if (answer.provisioning !== undefined) addProvisioning(available, answer.provisioning, subnet.options(server));
  if (host?.name !== undefined) available.set(OPTION.hostName, latin1Bytes(host.name));
  // EDK2 writes a NUL behind the name, onto the next option's code, unless there is one already; receivers strip it (RFC 2132 §2).
  if (boot?.file !== undefined) available.set(OPTION.bootFileName, latin1Bytes(`${boot.file}\0`));
  // What a network says to all gives way to what this firmware needs; what is said to a class or a host was meant for it.
  const add = (value: Uint8Array, code: number): void => {
    if (!NEVER_SENT.has(code)) available.set(code, value);
  };
  boot?.options.forEach(add);
  for (const one of classes.toReversed()) one.options(server).forEach(add);
  host?.options(server).forEach(add);
  if (inquiry.withholds !== undefined) removeFiles(available, inquiry.withholds);
  addDefaultRoutes(available);
  // A BOOTP client knows none of what follows (RFC 1534 §2).
  if (answer.type === 'BOOTREPLY') return available;
  available.set(OPTION.messageType, Uint8Array.of(MESSAGE_CODES[answer.type]));
  available.set(OPTION.serverIdentifier, ipv4Bytes(serverIdentifierOf(request)));
  if (answer.leaseSeconds !== undefined) addTimes(available, answer.leaseSeconds);
  if (answer.isRapid === true) available.set(OPTION.rapidCommit, NO_OCTETS);
  return available;
}

/** Our own address as its TFTP server gives way as a whole: a device that takes option 150 before 66 would never look for a server named there. */
function addProvisioning(options: Map<number, Uint8Array>, { options: told }: Provisioning, ofNetwork: Options): void {
  for (const code of [OPTION.tftpServerName, OPTION.tftpServerAddresses]) if (!ofNetwork.has(code)) options.delete(code);
  told.forEach((value, code) => {
    if (!ofNetwork.has(code) && !NEVER_SENT.has(code)) options.set(code, value);
  });
}

/** The same for every client of a network, and so made once for each of our addresses. */
const madeForNetworks = new WeakMap<Subnet, Map<Ipv4, Options>>();

/** What every client of a network could be sent: the server's own options, and before them the network's. */
function networkOptions(subnet: Subnet, server: Ipv4): Options {
  let made = madeForNetworks.get(subnet);
  if (made === undefined) {
    made = new Map();
    madeForNetworks.set(subnet, made);
  }
  let options = made.get(server);
  if (options === undefined) {
    const all = new Map<number, Uint8Array>([
      [OPTION.subnetMask, ipv4Bytes(maskOf(subnet.network.prefix))],
      [OPTION.broadcastAddress, ipv4Bytes(broadcastOf(subnet.network))],
      [OPTION.tftpServerName, latin1Bytes(showIpv4(server))],
      [OPTION.tftpServerAddresses, ipv4Bytes(server)],
      ...subnet.options(server),
    ]);
    for (const code of NEVER_SENT) all.delete(code);
    options = all;
    made.set(server, options);
  }
  return options;
}

/** Lease time with T1 and T2 at their usual shares (RFC 2131 §4.4.5); a lease without an end is never renewed. */
function addTimes(options: Map<number, Uint8Array>, leaseSeconds: number): void {
  options.set(OPTION.leaseTime, secondsBytes(leaseSeconds));
  if (leaseSeconds === INFINITE_SECONDS) return;
  options.set(OPTION.renewalTime, secondsBytes(Math.floor(leaseSeconds * 0.5)));
  options.set(OPTION.rebindingTime, secondsBytes(Math.floor(leaseSeconds * 0.875)));
}

/** A time as it stands on the wire. */
export function secondsBytes(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

/** Option 54 of our replies: what the relay agent says it is to be (RFC 5107 §4), else our address on the interface that was reached. */
export function serverIdentifierOf({ relay, via }: DhcpRequest): Ipv4 {
  return relay?.serverIdentifier ?? via.server;
}
