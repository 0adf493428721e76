/**
 * Which options fit into a reply, in which order, and where: the options field first, then, where the client's limit forces it,
 * the fields `file` and `sname` (option 52, RFC 2131 §4.1). What was asked for last is left out first.
 */
import { OPTION } from './codes.ts';
import { BARE_PACKET_OCTETS, encodeOptions, NO_OCTETS, type Options, octetsOf, optionOctets } from './packet.ts';
import type { DhcpRequest } from './request.ts';

/** IP and UDP headers, which option 57 counts too (RFC 2132 §9.10). */
const IP_UDP_OCTETS = 28;
/** The IP datagram that every client has to take (RFC 2131 §2). */
const MINIMUM_MAXIMUM_SIZE = 576;
/** A BOOTP message has one size (RFC 951 §3). */
const BOOTP_OCTETS = 300;
const BOOT_FILE_OCTETS = 128;
const SERVER_NAME_OCTETS = 64;
const OVERLOAD_OPTION_OCTETS = 3;
const IN_BOOT_FILE = 1;
const IN_SERVER_NAME = 2;

/** Firmware takes the first piece of these and stops (GRUB, EDK2): they are sent whole or not at all. */
const NEVER_SPLIT: ReadonlySet<number> = new Set([OPTION.vendorSpecific, OPTION.vendorClass, OPTION.bootFileName]);
const LONGEST_PIECE = 255;
/** Whatever is asked for, and before it. */
const ALWAYS_FIRST = [OPTION.messageType, OPTION.serverIdentifier, OPTION.leaseTime, OPTION.rapidCommit] as const;

export interface SpaceWanted {
  readonly request: DhcpRequest;
  /** All that could be sent. */
  readonly available: Options;
  /** Codes that the firmware cannot do without, asked for or not. */
  readonly demanded: readonly number[];
  /** What comes back at the end, whatever else fits. */
  readonly echoed: Options;
  readonly mayOverload: boolean;
}

export interface FittedOptions {
  readonly options: Options;
  /** Options in the fields; undefined when the field is none's. */
  readonly bootFile?: Uint8Array;
  readonly serverName?: Uint8Array;
}

export function fitOptions(wanted: SpaceWanted): FittedOptions {
  const budget = replyBudget(wanted.request) - BARE_PACKET_OCTETS;
  const all = choose(wanted, budget);
  if (all.left.length === 0 || !wanted.mayOverload) return { options: withEchoes(all.chosen, wanted.echoed) };
  const { chosen, left } = choose(wanted, budget - OVERLOAD_OPTION_OCTETS);
  const inFile = takeUpTo(left, BOOT_FILE_OCTETS);
  const inName = takeUpTo(
    left.filter(([code]) => !inFile.has(code)),
    SERVER_NAME_OCTETS,
  );
  const overload = (inFile.size > 0 ? IN_BOOT_FILE : 0) + (inName.size > 0 ? IN_SERVER_NAME : 0);
  if (overload === 0) return { options: withEchoes(all.chosen, wanted.echoed) };
  chosen.set(OPTION.overload, Uint8Array.of(overload));
  return {
    options: withEchoes(chosen, wanted.echoed),
    ...(inFile.size > 0 && { bootFile: encodeOptions(inFile) }),
    ...(inName.size > 0 && { serverName: encodeOptions(inName) }),
  };
}

/** The same map, with what comes back behind the rest. */
function withEchoes(chosen: Map<number, Uint8Array>, echoed: Options): Options {
  echoed.forEach((value, code) => {
    chosen.set(code, value);
  });
  return chosen;
}

type Entry = readonly [code: number, value: Uint8Array];

/** What goes into the options field, in order, and what is left over. */
function choose(
  { request, available, demanded, echoed }: SpaceWanted,
  octets: number,
): { chosen: Map<number, Uint8Array>; left: readonly Entry[] } {
  let budget = octets - octetsOf(echoed);
  const chosen = new Map<number, Uint8Array>();
  const left: Entry[] = [];
  const take = (code: number): void => {
    const value = available.get(code);
    if (value === undefined || chosen.has(code) || echoed.has(code)) return;
    if (NEVER_SPLIT.has(code) && value.length > LONGEST_PIECE) return;
    const needed = optionOctets(value);
    if (needed > budget) left.push([code, value]);
    else {
      budget -= needed;
      chosen.set(code, value);
    }
  };
  for (const code of ALWAYS_FIRST) take(code);
  // What the firmware cannot do without is counted before what it would like, and stands behind it.
  const demandedOctets = demanded.reduce((sum, code) => sum + optionOctets(available.get(code) ?? NO_OCTETS), 0);
  budget -= demandedOctets;
  for (const code of wantedCodes(request, available)) if (!demanded.includes(code)) take(code);
  budget += demandedOctets;
  for (const code of demanded) take(code);
  return { chosen, left };
}

/** As many of the entries as a field holds whole, with the END that it needs. */
function takeUpTo(entries: readonly Entry[], octets: number): Map<number, Uint8Array> {
  let budget = octets - 1;
  const taken = new Map<number, Uint8Array>();
  for (const [code, value] of entries) {
    if (optionOctets(value) > budget) continue;
    budget -= optionOctets(value);
    taken.set(code, value);
  }
  return taken;
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

/** Octets of UDP payload that the client takes: option 57 less the headers, never under the legal minimum, never over the interface's MTU. */
function replyBudget(request: DhcpRequest): number {
  if (request.type === 'BOOTP') return BOOTP_OCTETS;
  const wanted = Math.max(request.maximumSize ?? MINIMUM_MAXIMUM_SIZE, MINIMUM_MAXIMUM_SIZE);
  return Math.min(wanted, request.via.mtu) - IP_UDP_OCTETS;
}
