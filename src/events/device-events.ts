/**
 * What events say so that a device can be told what is wrong with it: what its messages hold beside who it is, what others answer it, and
 * the verdict itself. Only what the engines have at hand anyway: an exchange is told for a few microseconds.
 */
import type { Ipv4, Mac } from '../base/addresses.ts';
import type { Subject } from './events.ts';

/** What a DISCOVER says. */
export interface Asking {
  /** How long it has been asking, by its own clock, in seconds (`secs`, RFC 2131 §2); some clients always say 0. */
  readonly seconds?: number | undefined;
  /** Option 60. */
  readonly vendorClass?: string | undefined;
  /** How it loads its boot file, and for which firmware: names of `src/boot/`. */
  readonly loader?: string | undefined;
  readonly architecture?: string | undefined;
  /** The form of this answer, and that of the next one if it is not taken, where its firmware is known to take one or the other. */
  readonly form?: string | undefined;
  readonly nextForm?: string | undefined;
  /** Made from the machine identifier (option 97): another number is another machine. */
  readonly machine?: number | undefined;
  /** The port of its switch, as the relay agent says (option 82.1), in hexadecimal. */
  readonly circuit?: string | undefined;
}

/** Where a message went, when it is not answered. */
export interface Unanswered {
  /** The server that it chose instead of this one (option 54). */
  readonly chosen?: Ipv4 | undefined;
  /** The relay agent that it came by. */
  readonly relay?: Ipv4 | undefined;
}

export type DeviceEvent =
  /** Another server's answer to this device, as far as it is heard here. `address` is what it gives. */
  | (Subject & {
      readonly type: 'dhcp.overheard';
      readonly interface: string;
      readonly message: 'OFFER' | 'ACK' | 'NAK';
      readonly server: Ipv4;
      readonly serverMac: Mac;
    })
  /** It does not go on, for this reason; told once. */
  | (Subject & { readonly type: 'device.stuck'; readonly verdict: string; readonly sentence: string });
