/** The TFTP server as its thread runs it: files, limits and what is known of clients change while it serves. */
import type { SharedSockets } from '../net/ports.ts';
import type { EventBundle } from './event-bundle.ts';
import type { KnownHolders } from './known-holders.ts';
import type { LiveFiles } from './live-files.ts';
import { systemClock } from './system-clock.ts';
import type { TftpPackets } from './tftp-packets.ts';
import { TftpServer } from './tftp-server.ts';

export interface LiveTftpParts {
  readonly sockets: SharedSockets;
  readonly files: LiveFiles;
  readonly holders: KnownHolders;
  readonly bundle: EventBundle;
  readonly packets: TftpPackets;
  /** See `TftpParts`. */
  readonly hearsAfter?: Promise<void>;
}

export function liveTftpServer({ sockets, files, holders, bundle, packets, hearsAfter }: LiveTftpParts): TftpServer {
  return new TftpServer({
    sockets,
    packets,
    hearsAfter,
    clock: systemClock,
    tell: bundle.tell,
    whoHas: (address) => holders.whoHas(address),
    get catalog() {
      return files.catalog;
    },
    get settings() {
      return files.settings;
    },
  });
}
