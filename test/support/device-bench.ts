/** The book of devices in virtual time, fed by a real DHCP engine and by whatever else a test lets happen. */
import type { WallMs } from '../../src/base/clock.ts';
import { invariant } from '../../src/base/result.ts';
import type { DeviceSummary } from '../../src/devices/api.ts';
import { DeviceBook } from '../../src/devices/device-book.ts';
import { OPTION } from '../../src/dhcp/codes.ts';
import type { DhcpPacket } from '../../src/dhcp/packet.ts';
import type { Arrival } from '../../src/dhcp/request.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { DeviceDirectory } from '../../src/observe/directory.ts';
import { LAN, type MessageParts, message, type Seen, sent, text, told } from './dhcp-client.ts';
import { EngineBench } from './dhcp-engine.ts';

export const PC = '00:1b:54:00:00:01';

/** What firmware says beside its type. */
export function firmware(vendorClass: string, architecture: number, seconds = 0): MessageParts {
  return {
    list: [1, 3, 6, 43, 54, 60, 66, 67],
    options: [
      [OPTION.vendorClass, text(vendorClass)],
      [OPTION.clientArchitecture, Uint8Array.of(architecture >> 8, architecture & 255)],
    ],
    packet: { seconds },
  };
}

export const UEFI = firmware('PXEClient:Arch:00007:UNDI:003016', 7);
export const BIOS = firmware('PXEClient:Arch:00000:UNDI:002001', 0);
export const HTTP_BOOT = firmware('HTTPClient:Arch:00016:UNDI:003016', 16);
/** iPXE says so in option 77 (and 175). */
export const IPXE: MessageParts = { ...UEFI, options: [...(UEFI.options ?? []), [77, text('iPXE')]] };

export class DeviceBench {
  readonly directory = new DeviceDirectory();
  readonly book: DeviceBook;
  readonly engine: EngineBench;
  /** What the book told. */
  readonly told: AppEvent[] = [];

  constructor(engine = new EngineBench()) {
    this.engine = engine;
    this.book = new DeviceBook({
      identify: (subject) => this.directory.identify(subject),
      tell: (event) => this.told.push(event),
      now: () => this.now,
    });
  }

  get now(): WallMs {
    return this.engine.now;
  }

  set now(at: WallMs) {
    this.engine.now = at;
  }

  /** Lets it happen, as the bus would. */
  happen(...events: readonly AppEvent[]): void {
    for (const event of events) {
      this.directory.listener(event);
      this.book.take(event);
    }
  }

  /** A message to the engine; what it answers. */
  say(packet: DhcpPacket, via: Arrival = LAN): readonly Seen[] {
    const effects = this.engine.receive(packet, via);
    this.happen(...told(effects));
    return sent(effects);
  }

  discover(from: string, parts: MessageParts = {}, via: Arrival = LAN): Seen | undefined {
    return this.say(message('DISCOVER', from, parts), via)[0];
  }

  /** DISCOVER, OFFER, REQUEST, ACK; gives the address. */
  bind(from: string, parts: MessageParts = {}): string {
    const offer = this.discover(from, parts);
    invariant(offer !== undefined, 'an offer');
    this.say(message('REQUEST', from, { ...parts, requested: offer.address, server: '10.0.0.1' }));
    return offer.address;
  }

  /** Lets time pass, second by second, as the server does. */
  pass(seconds: number): void {
    for (let second = 0; second < seconds; second += 1) {
      this.happen(...told(this.engine.pass(1)));
      this.book.tick(this.now);
    }
  }

  /** What is the matter with it now. */
  verdict(device: string): DeviceSummary {
    const timeline = this.book.timeline(device);
    invariant(timeline !== undefined, `${device} was heard of`);
    return timeline.device;
  }

  /** Its timeline, a line each. */
  lines(device: string): string[] {
    return (this.book.timeline(device)?.entries ?? []).map(
      ({ what, count, text: line }) => `${what}${count > 1 ? ` ×${count}` : ''}: ${line}`,
    );
  }
}
