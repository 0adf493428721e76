/**
 * The DHCP thread: sockets, engine, lease book and embedded store. A commit stops this thread until it is on the disk, and
 * nobody else; files, log and page live in the main thread.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../base/result.ts';
import { bootPolicyOf } from '../boot/boot-plan.ts';
import { DhcpEngine } from '../dhcp/engine.ts';
import { isInForce } from '../dhcp/lease.ts';
import type { AppEvent, Subject } from '../events/events.ts';
import { GroupCommit } from '../leases/group-commit.ts';
import { SqliteLeaseStore } from '../leases/sqlite-store.ts';
import { openNetworkHost } from '../net/choose-host.ts';
import type { DhcpCommand, DhcpNews, DhcpThreadStart } from './dhcp-messages.ts';
import { DhcpServer } from './dhcp-server.ts';
import { systemClock } from './system-clock.ts';

invariant(parentPort !== null, 'the DHCP thread was started as a program');
const main = parentPort;
const start = workerData as DhcpThreadStart;
const say = (news: DhcpNews): void => main.postMessage(news);

let untold: AppEvent[] = [];
/** Events cross to the main thread in one message a turn, however many a burst of clients makes. */
function tell(event: AppEvent): void {
  if (untold.push(event) > 1) return;
  setImmediate(flushEvents);
}
function flushEvents(): void {
  if (untold.length === 0) return;
  say({ say: 'events', events: untold });
  untold = [];
}

const beganAt = systemClock.mono();
const store = new SqliteLeaseStore(start.storeFile);
const engine = new DhcpEngine(bootPolicyOf(start.boot));
const holders: Subject[] = [];
let restored = 0;
for (const lease of store.load()) {
  engine.restore(lease, systemClock.wall());
  restored += 1;
  if (lease.state === 'bound' && isInForce(lease, systemClock.wall()))
    holders.push({ address: lease.address, mac: lease.mac, hostName: lease.hostName });
}
tell({ type: 'store.opened', leases: restored, millis: Math.round(systemClock.mono() - beganAt), where: store.description });

const server = new DhcpServer({
  config: start.config,
  engine,
  commits: new GroupCommit(store, systemClock, tell),
  sockets: (await openNetworkHost(start.host)).sockets,
  clock: systemClock,
  tell,
});

main.on('message', (command: DhcpCommand) => {
  obey(command)
    .then(
      (found) => say({ say: 'done', id: command.id, ...(found === undefined ? {} : { found }) }),
      (fault: unknown) => say({ say: 'done', id: command.id, fault: fault instanceof Error ? fault.message : String(fault) }),
    )
    .finally(() => {
      // With the port closed nothing keeps this thread.
      if (command.do === 'close') main.close();
    });
});
say({ say: 'holders', holders });
say({ say: 'ready' });

async function obey(command: DhcpCommand): Promise<boolean | undefined> {
  switch (command.do) {
    case 'serve':
      await server.serve(command.networks);
      return undefined;
    case 'release': {
      const effects = engine.release(command.address, systemClock.wall());
      server.perform(effects);
      return effects.length > 0;
    }
    case 'close':
      await server.close();
      store.close();
      flushEvents();
      return undefined;
  }
}
