/**
 * The DHCP thread: sockets, engine, lease book and embedded store. A commit stops this thread until it is on the disk, and
 * nobody else; files, log and page live in the main thread.
 */
import { workerData } from 'node:worker_threads';
import { after } from '../base/clock.ts';
import { SitePolicy } from '../boot/site-policy.ts';
import { DhcpEngine } from '../dhcp/engine.ts';
import { isInForce, type Lease } from '../dhcp/lease.ts';
import type { Subject } from '../events/events.ts';
import { GroupCommit } from '../leases/group-commit.ts';
import { openLeaseStore } from '../leases/open-store.ts';
import { openNetworkHost } from '../net/choose-host.ts';
import { runAtOnce } from '../net/linux/real-time.ts';
import { giveUp } from '../net/privileges.ts';
import type { DhcpNews, DhcpOrder, DhcpThreadStart } from './dhcp-messages.ts';
import { DhcpPackets } from './dhcp-packets.ts';
import { DhcpServer } from './dhcp-server.ts';
import { warmUpDhcp } from './dhcp-warm-up.ts';
import { EventBundle } from './event-bundle.ts';
import type { SiteConfig } from './site.ts';
import { systemClock } from './system-clock.ts';
import { obeyOrders, sayToMain } from './thread-orders.ts';

/** A boot storm is told in this many milliseconds' parts: less than a client needs from its ACK to its first file. */
const EVENT_INTERVAL_MS = 5;
/** How often the time is stored, and the store looked after. */
const KEEP_TIME_MS = 60_000;
/** Clients are believed no longer than this, however long leases are. */
const LONGEST_TRUST_MS = 7 * 86_400_000;

/** Leases that are told to the main thread in one message. */
const HOLDERS_A_MESSAGE = 4096;

await warmUpDhcp(systemClock);
// Cloned behind the warm-up, and the leases are read behind it: V8 lays out objects of one kind anew when larger numbers come into them, and code that
// was made for the new ones would be thrown away at the first old one.
const start = structuredClone(workerData as DhcpThreadStart);
const say: (news: DhcpNews) => void = sayToMain;

const bundle = new EventBundle(systemClock, EVENT_INTERVAL_MS, (events) => say({ say: 'events', events }));
const { tell } = bundle;

const beganAt = systemClock.mono();
const { store, leases, knowsAll, clock } = openLeaseStore(start.storeFile, systemClock, tell);
const policy = new SitePolicy(start.config);
const engine = new DhcpEngine(policy);
const openedAt = clock.wall();
takeUp(leases);
// By then everybody whose lease we do not know has renewed it, or lost it.
if (!knowsAll) engine.trustClientsUntil(after(openedAt, longestLeaseMs(start.config)));
tell({ type: 'store.opened', leases: leases.length, millis: Math.round(systemClock.mono() - beganAt), where: store.description });

const commits = new GroupCommit(store, clock, tell, { leases: () => engine.leases(), mark: () => clock.mark() });
clock.onJump = () => commits.keepTime();
const timeKeeper = setInterval(() => commits.keepTime(), KEEP_TIME_MS);
timeKeeper.unref();
commits.keepTime();

const packets = new DhcpPackets(systemClock);
const server = new DhcpServer({
  config: start.config,
  engine,
  commits,
  sockets: (await openNetworkHost(start.host)).sockets,
  clock,
  tell,
  packets,
});

// Not before the warm-up, which waits for V8's compilers: they are ordinary threads.
runAtOnce();
giveUp('CAP_SYS_NICE');
obeyOrders<DhcpOrder>(obey);

async function obey(order: DhcpOrder): Promise<boolean | undefined> {
  switch (order.do) {
    case 'serve':
      await server.serve(order.networks);
      return undefined;
    case 'configure':
      policy.configure(order.config);
      await server.serve(order.networks, order.config);
      return undefined;
    case 'release': {
      const effects = engine.release(order.address, clock.wall());
      server.perform(effects);
      return effects.length > 0;
    }
    case 'occupancy':
      say({ say: 'occupancy', networks: engine.occupancy() });
      return undefined;
    case 'packets':
      say({ say: 'packets', request: order.request, packets: packets.of(order.client) });
      return undefined;
    case 'tell':
      bundle.flush();
      return undefined;
    case 'stand':
      policy.stand(order.standing);
      return undefined;
    case 'close':
      clearInterval(timeKeeper);
      commits.keepTime();
      await server.close();
      store.close();
      bundle.flush();
      return undefined;
  }
}

function longestLeaseMs({ networks }: SiteConfig): number {
  return Math.min(Math.max(...networks.map(({ leaseTime }) => leaseTime.max * 1000)), LONGEST_TRUST_MS);
}

/** Gives the engine its leases, and the main thread the names of those who have them: piece by piece, so that there is never a second copy of all. */
function takeUp(all: readonly Lease[]): void {
  let holders: Subject[] = [];
  for (const lease of all) {
    engine.restore(lease, openedAt);
    if (lease.state !== 'bound' || !isInForce(lease, openedAt)) continue;
    if (holders.push({ address: lease.address, mac: lease.mac, hostName: lease.hostName }) < HOLDERS_A_MESSAGE) continue;
    say({ say: 'holders', holders });
    holders = [];
  }
  say({ say: 'holders', holders });
}
