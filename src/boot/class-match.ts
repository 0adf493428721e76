/** Which clients belong to a class: from what the configuration says of them to a question that a request answers. */
import type { Mac } from '../base/addresses.ts';
import { hex, textBeforeNuls } from '../base/bytes.ts';
import { OPTION } from '../dhcp/codes.ts';
import type { DhcpRequest } from '../dhcp/request.ts';
import type { ClientClass } from '../dhcp/subnet.ts';
import type { Architecture } from './architecture.ts';
import { clientFactsOf } from './client-facts.ts';
import { fitsGlob } from './glob.ts';

/**
 * What clients have in common. Every list that is there has to hold something that fits. All but `arch` are patterns with `*` and
 * `?`; those of octets (`vendorClass` to `subscriberId`) mean text, or hexadecimal when they are written in its digits.
 * Plain data: it crosses threads.
 */
export interface ClassMatch {
  readonly arch?: readonly Architecture[] | undefined;
  /** Option 60. */
  readonly vendorClass?: readonly string[] | undefined;
  /** Option 77, one of its names or all of it. */
  readonly userClass?: readonly string[] | undefined;
  /** In any notation, `00:1b:54:*` or `001b.54??.*`. */
  readonly mac?: readonly string[] | undefined;
  /** Option 61. */
  readonly clientId?: readonly string[] | undefined;
  /** Option 82.1 and 82.2 (RFC 3046), 82.6 (RFC 3993). */
  readonly circuitId?: readonly string[] | undefined;
  readonly remoteId?: readonly string[] | undefined;
  readonly subscriberId?: readonly string[] | undefined;
  /** The name of the network that the request is for. */
  readonly network?: readonly string[] | undefined;
}

type Fits = ClientClass['fits'];

/** The question that a description asks; one that describes nothing fits all. */
export function classFits(match: ClassMatch): Fits {
  const asked = [
    ...ask(
      match.network,
      globs,
      (fits): Fits =>
        (_request, subnet) =>
          fits(subnet.name),
    ),
    ...ask(
      match.mac,
      macGlobs,
      (fits): Fits =>
        ({ mac }) =>
          mac !== undefined && fits(mac),
    ),
    ...ask(
      match.arch,
      names,
      (fits): Fits =>
        ({ packet }) => {
          const { architecture } = clientFactsOf(packet);
          return architecture !== undefined && fits(architecture);
        },
    ),
    ...ask(match.vendorClass, octetGlobs, (fits) => octetsFit(fits, ({ packet }) => packet.options.get(OPTION.vendorClass))),
    ...ask(
      match.userClass,
      octetGlobs,
      (fits): Fits =>
        ({ packet }) =>
          userClassesOf(packet.options.get(OPTION.userClass)).some(fits),
    ),
    ...ask(match.clientId, octetGlobs, (fits) => octetsFit(fits, ({ packet }) => packet.options.get(OPTION.clientIdentifier))),
    ...ask(match.circuitId, octetGlobs, (fits) => octetsFit(fits, ({ relay }) => octetsOf(relay?.circuitId))),
    ...ask(match.remoteId, octetGlobs, (fits) => octetsFit(fits, ({ relay }) => octetsOf(relay?.remoteId))),
    ...ask(match.subscriberId, octetGlobs, (fits) => octetsFit(fits, ({ relay }) => octetsOf(relay?.subscriberId))),
  ];
  return (request, subnet) => asked.every((fits) => fits(request, subnet));
}

/** Nothing is asked about a key that is not there. */
function ask<Item extends string, Value>(
  patterns: readonly Item[] | undefined,
  anyOf: (patterns: readonly Item[]) => (value: Value) => boolean,
  of: (fits: (value: Value) => boolean) => Fits,
): readonly Fits[] {
  return patterns === undefined ? [] : [of(anyOf(patterns))];
}

function names(wanted: readonly Architecture[]): (name: Architecture) => boolean {
  return (name) => wanted.includes(name);
}

function globs(patterns: readonly string[]): (text: string) => boolean {
  return (text) => patterns.some((pattern) => fitsGlob(pattern, text));
}

/** Whether a MAC fits one of these patterns. Upper and lower case and the marks between the digits are notation, no meaning. */
export function macGlobs(patterns: readonly string[]): (mac: Mac) => boolean {
  const bare = globs(patterns.map((pattern) => pattern.replace(/[:.-]/g, '').toLowerCase()));
  return (mac) => bare(mac.replaceAll(':', ''));
}

/** A pattern of nothing but hexadecimal digits, marks between them and wildcards can mean octets as well as text. */
function octetGlobs(patterns: readonly string[]): (octets: Uint8Array) => boolean {
  const asText = globs(patterns);
  const asHex = globs(
    patterns
      .filter((pattern) => /^(?:0x)?[0-9a-f\s:*?-]+$/i.test(pattern))
      .map((pattern) => pattern.replace(/^0x|[\s:-]/gi, '').toLowerCase()),
  );
  return (octets) => textsOf(octets).some(asText) || asHex(hex(octets));
}

/** Without NULs at the end, which some clients send (RFC 2132 §2), and without the type 0 that stands before a client identifier of text. */
function textsOf(octets: Uint8Array): readonly string[] {
  const text = textBeforeNuls(octets);
  return text.startsWith('\0') ? [text, text.slice(1)] : [text];
}

function octetsFit(fits: (octets: Uint8Array) => boolean, read: (request: DhcpRequest) => Uint8Array | undefined): Fits {
  return (request) => {
    const octets = read(request);
    return octets !== undefined && fits(octets);
  };
}

function octetsOf(hexadecimal: string | undefined): Uint8Array | undefined {
  return hexadecimal === undefined ? undefined : Uint8Array.from(hexadecimal.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** All of option 77, and each of its names where it is written as RFC 3004 wants it. iPXE and SONiC send bare text. */
export function userClassesOf(octets: Uint8Array | undefined): readonly Uint8Array[] {
  if (octets === undefined) return [];
  const classes = [octets];
  for (let at = 0; at < octets.length; ) {
    const length = octets[at] ?? 0;
    if (length === 0 || at + 1 + length > octets.length) return [octets];
    classes.push(octets.subarray(at + 1, at + 1 + length));
    at += 1 + length;
  }
  return classes;
}
