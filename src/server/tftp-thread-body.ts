/** What the TFTP thread does: its sockets, transfers and files. Nobody else waits for a disk here, and a boot storm stops nobody else. */
import { workerData } from 'node:worker_threads';
import { openNetworkHost } from '../net/choose-host.ts';
import { makeRoomForDescriptors } from '../net/linux/descriptor-room.ts';
import { EventBundle } from './event-bundle.ts';
import { KnownHolders } from './known-holders.ts';
import { LiveFiles } from './live-files.ts';
import { liveTftpServer } from './live-tftp.ts';
import { systemClock } from './system-clock.ts';
import type { TftpNews, TftpOrder, TftpThreadStart } from './tftp-messages.ts';
import { TftpPackets } from './tftp-packets.ts';
import { warmUpTftp } from './tftp-warm-up.ts';
import { obeyOrders, sayToMain } from './thread-orders.ts';

/** Sockets, files that are kept open, and uploads. */
const MOST_DESCRIPTORS = 2048;
/** A storm of small files is told in this many milliseconds' parts. */
const EVENT_INTERVAL_MS = 5;

const start = workerData as TftpThreadStart;
const say: (news: TftpNews) => void = sayToMain;
const bundle = new EventBundle(systemClock, EVENT_INTERVAL_MS, (events) => say({ say: 'events', events }));
const holders = new KnownHolders((address) => say({ say: 'who', address }));
const files = await LiveFiles.open(start.config);
const { sockets } = await openNetworkHost(start.host);
const packets = new TftpPackets(systemClock);
makeRoomForDescriptors(MOST_DESCRIPTORS);
const rehearsed = warmUpTftp(sockets, start.config, (events) => say({ say: 'rehearsed', events }));
// Whoever has its address already finds an open door, and its request waits for the end of the rehearsal.
const server = liveTftpServer({ sockets, files, holders, bundle, packets, hearsAfter: rehearsed });
obeyOrders<TftpOrder>(obey, rehearsed);

async function obey(order: TftpOrder): Promise<undefined> {
  switch (order.do) {
    case 'listen':
      await server.listen(order.network);
      return;
    case 'unlisten':
      await server.unlisten(order.interface);
      return;
    case 'configure':
      await files.configure(order.config);
      return;
    case 'choose':
      files.choose(order.choices);
      return;
    case 'learn':
      holders.learn(order.address, order.holder);
      return;
    case 'packets':
      say({ say: 'packets', request: order.request, packets: packets.of(order.addresses) });
      return;
    case 'close':
      await server.close();
      bundle.flush();
  }
}
