/**
 * Guards one interface: `guard.ts INTERFACE refuse|warn [quick]`. Says each event and what DHCP may do; `quick` looks often and soon
 * believes that a server is gone. SIGTERM stops it.
 */

import { invariant } from '../../../src/base/result.ts';
import { fieldsOf } from '../../../src/events/fields.ts';
import { openNetworkHost } from '../../../src/net/choose-host.ts';
import { GUARD_TIMES } from '../../../src/server/guard-rules.ts';
import { ServerGuard } from '../../../src/server/server-guard.ts';
import { systemClock } from '../../../src/server/system-clock.ts';

const [name, mode, pace] = process.argv.slice(2);
invariant(mode === 'refuse' || mode === 'warn', 'the second argument is a mode');
const { sockets, interfaces } = await openNetworkHost('linux');
const facts = interfaces.list().find((candidate) => candidate.name === name);
invariant(facts, 'the first argument is an interface');
const quick = { ...GUARD_TIMES, earlyLooksMs: [], lookEveryMs: 4_000, recheckEveryMs: 1_000, looksUntilGone: 4 };
const guard = new ServerGuard({
  mode,
  network: 'bench',
  facts,
  sockets,
  interfaces,
  clock: systemClock,
  tell: (event) => console.log(JSON.stringify({ event: event.type, ...fieldsOf(event) })),
  onService: (service) => console.log(`serves ${service}`),
  ...(pace === 'quick' ? { times: quick } : {}),
});
console.log(`begins with ${guard.service}`);
guard.start();
process.once('SIGTERM', () => guard.close());
