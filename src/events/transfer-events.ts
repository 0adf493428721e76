/** Files on their way, and what became of names that were asked for. */
import type { StoredBackup } from './backup-events.ts';
import type { Subject } from './events.ts';

/** Which way a file goes, seen from the client. */
export type Direction = 'read' | 'write';

/** By what a file goes. */
export type Protocol = 'tftp' | 'http';

/** The file that a name led to, where it is not the one of that name. */
export interface Served {
  /** Below the root. */
  readonly servedAs?: string | undefined;
  /** What had to be overlooked in the name, if anything. */
  readonly tolerated?: string | undefined;
  /** For a file that lies nowhere: which key of the configuration it was made from. */
  readonly madeFrom?: string | undefined;
  /** The entry of its menu that the operator chose for this device. */
  readonly choice?: string | undefined;
  /** What a file of programs is by its own header, as `ProgramKind` of `src/files/program-header.ts`; absent where it was not looked at. */
  readonly program?: string | undefined;
  /** Octets that the file is shorter than its own header says. */
  readonly missingOctets?: number | undefined;
}

/** A file on its way to or from a device. `transfer` numbers those of a protocol since the start. */
export type TransferEvent =
  | (Subject &
      Served & {
        readonly type: 'transfer.started';
        readonly transfer: number;
        readonly protocol: Protocol;
        readonly direction: Direction;
        readonly path: string;
        /** Octets, when known beforehand. */
        readonly size?: number | undefined;
        /** TFTP's. */
        readonly blockSize?: number | undefined;
        readonly window?: number | undefined;
        /** Octets that are left out at the beginning, as the client has them already. */
        readonly resumedAt?: number | undefined;
        readonly claims?: string | undefined;
      })
  | (Subject &
      Served &
      Partial<StoredBackup> & {
        readonly type: 'transfer.done';
        readonly transfer: number;
        readonly protocol: Protocol;
        readonly direction: Direction;
        readonly path: string;
        readonly octets: number;
        readonly millis: number;
        /** TFTP's blocks or acknowledgements; absent elsewhere. */
        readonly resent?: number | undefined;
        readonly resumedAt?: number | undefined;
        /** Who the device says that it is, in its request by HTTP; proves nothing. */
        readonly claims?: string | undefined;
        /** Where an upload was stored. */
        readonly storedAs?: string | undefined;
        /** False when the client never acknowledged the last block, as some do not. */
        readonly confirmed?: boolean | undefined;
      })
  /** How far it is; a few times a second at most, and only for one that takes its time. */
  | (Subject & {
      readonly type: 'transfer.progressed';
      readonly transfer: number;
      readonly protocol: Protocol;
      readonly direction: Direction;
      readonly path: string;
      readonly octets: number;
      readonly size?: number | undefined;
    })
  | (Subject & {
      readonly type: 'transfer.failed';
      readonly transfer: number;
      readonly protocol: Protocol;
      readonly direction: Direction;
      readonly path: string;
      readonly octets: number;
      readonly millis: number;
      readonly reason: string;
      /** The client fell silent. */
      readonly isSilent?: boolean | undefined;
      /** Octets, when known beforehand. */
      readonly size?: number | undefined;
      /** TFTP's. */
      readonly blockSize?: number | undefined;
      readonly resumedAt?: number | undefined;
      /** Where what came of an upload is kept for a while. */
      readonly keptAs?: string | undefined;
    })
  | (Subject & {
      readonly type: 'transfer.declined';
      readonly transfer: number;
      readonly protocol: Protocol;
      readonly direction: Direction;
      readonly path: string;
      readonly reason: string;
    })
  | (Subject & {
      readonly type: 'transfer.missed';
      readonly protocol: Protocol;
      readonly path: string;
      readonly lookedFor: string;
      /** The last transfer of this protocol that had begun by then: the end of one may be told after what its client asked next. Absent by HTTP. */
      readonly lastTransfer?: number | undefined;
      /** A file that is there and may have been meant. */
      readonly nearest?: string | undefined;
      /** Whose habit it is to ask for it, where it is normal that there is none. */
      readonly expected?: string | undefined;
      /** Of a device whose habits are known: what it needs the file for, and what to do. */
      readonly advice?: string | undefined;
    })
  /** A device has gone through its list of names, and none of them is there. Each of them was a miss, too. */
  | (Subject & {
      readonly type: 'transfer.searched';
      readonly protocol: Protocol;
      /** `ONIE`. */
      readonly family: string;
      readonly names: number;
      /** Completes "none there: …". */
      readonly advice: string;
    })
  | (Subject & {
      readonly type: 'transfer.refused';
      readonly protocol: Protocol;
      readonly direction: Direction;
      readonly path: string;
      readonly reason: string;
    })
  /** A size that did not reach a client; its next transfer gets the smaller one. */
  | (Subject & {
      readonly type: 'tftp.learned';
      readonly path: string;
      /** `block` counts octets, `window` blocks. */
      readonly size: 'block' | 'window';
      readonly tooLarge: number;
      readonly next: number;
    })
  | (Subject & { readonly type: 'tftp.dropped'; readonly interface: string; readonly reason: string });
