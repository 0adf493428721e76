/**
 * A DHCP server without sockets that ends itself by `kill -9` between two steps: `kill-at.ts FILE STEP`. Sixteen clients come in four
 * bursts: three are folded when it is quiet, the last one as the store is closed. It prints `ACK ADDRESS MAC` where the answer would leave, and `STEPS n` when it got to the end.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { showIpv4 } from '../../../src/base/addresses.ts';
import { type Clock, monoMs, wallMs } from '../../../src/base/clock.ts';
import type { DhcpEffect } from '../../../src/dhcp/effects.ts';
import { DhcpEngine } from '../../../src/dhcp/engine.ts';
import { GroupCommit } from '../../../src/leases/group-commit.ts';
import { openLeaseStore } from '../../../src/leases/open-store.ts';
import { LAN, message, sent } from '../../support/dhcp-client.ts';
import { site, subnet } from '../../support/dhcp-engine.ts';

const [file = '', lastStep = ''] = process.argv.slice(2);
const BURSTS = 4;
let steps = 0;
function step(): void {
  steps += 1;
  if (steps === Number(lastStep)) process.kill(process.pid, 'SIGKILL');
}

/** What is written by the system call itself has left, as a datagram has. */
const print = fs.writeSync;

// BEGIN, each row and COMMIT are statements that run.
const run = Reflect.get(StatementSync.prototype, 'run') as (...values: unknown[]) => unknown;
StatementSync.prototype.run = function (this: StatementSync, ...values: unknown[]) {
  step();
  return run.apply(this, values) as ReturnType<StatementSync['run']>;
};
const exec = Reflect.get(DatabaseSync.prototype, 'exec') as (sql: string) => void;
DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string) {
  step();
  exec.call(this, sql);
};
// The journal's writes and syncs, and those of the log.
for (const call of ['openSync', 'writeSync', 'fdatasyncSync', 'fsyncSync'] as const) {
  const act = fs[call] as (...values: unknown[]) => unknown;
  Object.assign(fs, {
    [call]: (...values: unknown[]) => {
      step();
      return act(...values);
    },
  });
}
let folds = 0;
const { fdatasync } = fs;
Object.assign(fs, {
  fdatasync: (descriptor: number, done: fs.NoParamCallback) => {
    step();
    fdatasync(descriptor, (fault) => {
      step();
      done(fault);
      folds += 1;
    });
  },
});
syncBuiltinESMExports();

// A second of quiet is over in ten milliseconds.
const SPEED = 100;
const wait = globalThis.setTimeout;
globalThis.setTimeout = ((act: () => void, ms: number) => wait(act, ms / SPEED)) as typeof setTimeout;
const clock: Clock = { wall: () => wallMs(1_800_000_000_000), mono: () => monoMs(performance.now() * SPEED) };

const { store, leases } = openLeaseStore(file, clock, (event) => console.log(JSON.stringify(event)));
const engine = new DhcpEngine({ plan: () => undefined });
engine.configure(site([subnet()]));
for (const lease of leases) engine.restore(lease, clock.wall());

const commits = new GroupCommit(store, clock, (event) => console.log(JSON.stringify(event)));

function perform(effects: readonly DhcpEffect[]): void {
  for (const effect of effects) {
    if (effect.do === 'commit') {
      step();
      commits.add(effect.lease, (outcome) => {
        step();
        perform(engine.settled(effect.ticket, outcome, clock.wall()));
      });
    }
    if (effect.do !== 'send') continue;
    const [answer] = sent([effect]);
    if (answer?.type !== 'ACK') continue;
    step();
    const mac = Buffer.from(effect.packet.hardwareAddress.subarray(0, 6)).toString('hex');
    print(1, `ACK ${showIpv4(effect.packet.yourAddress)} ${mac}\n`);
  }
}

for (let burst = 0; burst < BURSTS; burst += 1) {
  for (let number = 0; number < 4; number += 1) {
    const mac = `02:00:00:00:0${burst}:0${number}`;
    const [offer] = sent(engine.receive(message('DISCOVER', mac), LAN, clock.wall()));
    perform(engine.receive(message('REQUEST', mac, { requested: offer?.address, server: '10.0.0.1' }), LAN, clock.wall()));
  }
  await commits.drained();
  while (burst < BURSTS - 1 && folds <= burst) await new Promise((resolve) => wait(resolve, 1));
  step();
}
store.close();
print(1, `STEPS ${steps}\n`);
process.kill(process.pid, 'SIGKILL');
