/**
 * The life of one simulated device while it runs: what it has said, done and learnt. A course of action is a generator that yields until when it
 * waits and is resumed with what happened; so that it reads from top to bottom, and does no I/O and reads no clock all the same.
 */
import { type Ipv4, type Mac, NO_ADDRESS } from '../base/addresses.ts';
import { after, type MonoMs, monoMs } from '../base/clock.ts';
import { MESSAGE_TYPES, OPTION } from '../dhcp/codes.ts';
import { showOctets } from '../dhcp/octet-notation.ts';
import { optionRow, optionShape } from '../dhcp/option-table.ts';
import type { Options } from '../dhcp/packet.ts';
import type { Endpoint } from '../net/ports.ts';
import type { Device, Verdict } from './device.ts';

/** A request by HTTP. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD';
  readonly server: Endpoint;
  /** With its leading `/`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What came of it; `fault` is why there is no answer at all. */
export type HttpAnswer =
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly octets: Uint8Array }
  | { readonly fault: string };

/** Octets of a file that are taken: what is larger than a boot image is no boot file. */
export const MOST_OCTETS = 512 * 1024 * 1024;
/** What is said of one that is larger. */
export const TOO_LARGE = { fault: 'the file is larger than 512 MiB, which is more than a simulation takes' } as const;

/** One option of an answer, for people. */
export interface ShownOption {
  readonly code: number;
  readonly name: string;
  readonly value: string;
}

/** One line of the dialogue: what the device says, what it hears, or what it makes of it. */
export interface Line {
  /** Milliseconds since it was switched on. */
  readonly atMs: number;
  readonly way: 'says' | 'hears' | 'thinks';
  readonly text: string;
  readonly options?: readonly ShownOption[];
}

/** What the shell has to do, in the order given. */
export type Action =
  /** To a DHCP server, from an address that may be none yet. */
  | { readonly do: 'dhcp'; readonly octets: Uint8Array; readonly from: Ipv4; readonly to: Endpoint }
  | { readonly do: 'udp'; readonly octets: Uint8Array; readonly fromPort: number; readonly to: Endpoint }
  /** Ends as the event `http` with the same number. */
  | { readonly do: 'http'; readonly id: number; readonly request: HttpRequest }
  /** From here on it has this address. */
  | { readonly do: 'address'; readonly address: Ipv4; readonly mask: Ipv4; readonly router: Ipv4 | undefined }
  | { readonly do: 'line'; readonly line: Line }
  /** Comes once, last. */
  | { readonly do: 'end'; readonly verdict: Verdict };

/** What happens to a device. */
export type ProbeEvent =
  | { readonly on: 'start' }
  | { readonly on: 'datagram'; readonly octets: Uint8Array; readonly from: Endpoint; readonly toPort: number }
  | { readonly on: 'http'; readonly id: number; readonly answer: HttpAnswer }
  | { readonly on: 'timeout' };

/** Yields the moment until which it waits, and is given what happened. */
export type Course<Outcome> = Generator<MonoMs, Outcome, ProbeEvent>;

export interface LifeParts {
  readonly mac: Mac;
  /** Draws a number of 32 bits. */
  readonly random: () => number;
  /** MD5 as hexadecimal text: NX-OS checks its script by it. */
  readonly md5: (octets: Uint8Array) => string;
  /** The relay agent that it is behind. */
  readonly relay?: Ipv4 | undefined;
  /** It gives its address back in the end, which real ones do not. */
  readonly releases?: boolean | undefined;
}

/** First port of transfers (RFC 6335 §6: dynamic ports). */
const FIRST_PORT = 49152;
const PORTS = 16384;

export class Life {
  readonly mac: Mac;
  readonly relay: Ipv4 | undefined;
  readonly releases: boolean;
  readonly random: () => number;
  readonly md5: (octets: Uint8Array) => string;
  now: MonoMs = monoMs(0);
  /** Its address; none before it has a lease. */
  address: Ipv4 = NO_ADDRESS;
  /** What it is now. */
  device: Device;
  /** Why the last file that it asked for brought no answer at all; undefined after one that did. */
  silence: string | undefined;
  #beganAt: MonoMs | undefined;
  #actions: Action[] = [];
  #requests = 0;
  #port: number;

  constructor({ mac, random, md5, relay, releases = false }: LifeParts, device: Device) {
    this.mac = mac;
    this.random = random;
    this.md5 = md5;
    this.relay = relay;
    this.releases = releases;
    this.device = device;
    this.#port = random() % PORTS;
  }

  /** What has gathered since the last time. */
  takeActions(): Action[] {
    const taken = this.#actions;
    this.#actions = [];
    return taken;
  }

  act(action: Action): void {
    this.#actions.push(action);
  }

  says(text: string, options?: Options): void {
    this.#line('says', text, options);
  }

  hears(text: string, options?: Options): void {
    this.#line('hears', text, options);
  }

  thinks(text: string): void {
    this.#line('thinks', text);
  }

  /** A moment from now. */
  in(ms: number): MonoMs {
    return after(this.now, ms);
  }

  /** A port that it has not used lately. */
  nextPort(): number {
    this.#port = (this.#port + 1) % PORTS;
    return FIRST_PORT + this.#port;
  }

  nextRequest(): number {
    this.#requests += 1;
    return this.#requests;
  }

  #line(way: Line['way'], text: string, options?: Options): void {
    this.#beganAt ??= this.now;
    const atMs = Math.round(this.now - this.#beganAt);
    const shown = options === undefined ? undefined : { options: [...options].map(([code, octets]) => shownOption(code, octets)) };
    this.act({ do: 'line', line: { atMs, way, text, ...shown } });
  }
}

function shownOption(code: number, octets: Uint8Array): ShownOption {
  return { code, name: optionRow(code)?.name ?? `option ${code}`, value: valueText(code, octets) };
}

/** A value as people read it: names for numbers that have some, text for octets that are text. */
function valueText(code: number, octets: Uint8Array): string {
  if (code === OPTION.messageType) return (MESSAGE_TYPES as Readonly<Record<number, string>>)[octets[0] ?? 0] ?? String(octets[0]);
  if (code === OPTION.parameterRequestList) return Array.from(octets, (wanted) => namedCode(wanted)).join(', ');
  const shape = optionShape(code);
  return shape.name === 'bytes' ? showOctets(withoutNuls(octets)) : shape.show(octets);
}

function namedCode(code: number): string {
  const row = optionRow(code);
  return row === undefined ? String(code) : `${code} ${row.configName}`;
}

function withoutNuls(octets: Uint8Array): Uint8Array {
  let end = octets.length;
  while (end > 1 && octets[end - 1] === 0) end -= 1;
  return octets.subarray(0, end);
}
