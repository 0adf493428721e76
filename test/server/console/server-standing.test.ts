import { beforeEach, describe, expect, it } from 'vitest';
import { monoMs, wallMs } from '../../../src/base/clock.ts';
import type { AppEvent } from '../../../src/events/events.ts';
import { ServerStanding } from '../../../src/server/console/server-standing.ts';
import type { ServedNetwork } from '../../../src/server/site.ts';
import { cidr, ip, mac } from '../../support/addresses.ts';
import { configFrom } from '../../support/config-text.ts';
import { card } from '../../support/interfaces.ts';

const CONFIG = configFrom(`
networks:
  - { name: bench, interface: eth1, address: 192.168.77.1/24, pools: [192.168.77.100-192.168.77.199] }
  - { name: floor, subnet: 10.88.0.0/24, pools: [10.88.0.100-10.88.0.149] }
  - { name: spare, interface: eth2, address: 10.99.0.1/24, mode: off }
http: { port: 8080 }
services: { ntp: true }
`);
const BENCH: ServedNetwork = { network: 'bench', facts: card('eth1', 4), address: cidr('192.168.77.1/24') };
const PLACE = { interface: 'eth1', address: ip('192.168.77.1') } as const;

let up: ServedNetwork[];
let standing: ServerStanding;
beforeEach(() => {
  up = [];
  standing = standingAfter();
});

function standingAfter(...before: readonly AppEvent[]): ServerStanding {
  return new ServerStanding(
    {
      version: '1.2.3',
      clock: { wall: () => wallMs(5), mono: () => monoMs(5) },
      config: () => CONFIG,
      served: () => up,
      occupancy: () => Promise.resolve([{ network: 'bench', bound: 7, quarantined: 1 }]),
    },
    before,
  );
}

const waiting: AppEvent = { type: 'network.waiting', network: 'bench', why: 'eth1 has no cable' };
const isUp: AppEvent = { type: 'network.up', network: 'bench', interface: 'eth1', address: BENCH.address, serving: 'DHCP and TFTP' };
const bringUp = (): void => {
  up = [BENCH];
  standing.listener(isUp);
};

describe('how the server stands', () => {
  it('says why nothing is served', async () => {
    standing.listener(waiting);
    const { networks, services } = await standing.state();
    expect(networks).toMatchObject([
      { name: 'bench', interface: 'eth1', mode: 'server', isServed: false, why: 'eth1 has no cable', size: 100, taken: 7, quarantined: 1 },
      { name: 'floor', isServed: false, why: 'no network is up', size: 50, taken: 0 },
      { name: 'spare', isServed: false, why: 'its mode is off' },
    ]);
    expect(services).toEqual([
      { name: 'DHCP', isServed: false, why: 'no network is up' },
      { name: 'TFTP', isServed: false, why: 'no network is up' },
      { name: 'HTTP', isServed: false, why: 'no network is up' },
      { name: 'syslog', isServed: false, why: 'it is switched off in the configuration' },
      { name: 'NTP', isServed: false, why: 'no network is up' },
      { name: 'DNS', isServed: false, why: 'it is switched off in the configuration' },
    ]);
  });

  it('says what is served where, what is not there, and forgets it with the cable', async () => {
    standing.listener(waiting);
    bringUp();
    standing.listener({ type: 'http.ready', ...PLACE, port: 8080 });
    standing.listener({ type: 'service.unavailable', service: 'ntp', ...PLACE, port: 123, why: 'chronyd has it' });
    const { networks, services } = await standing.state();
    expect(networks.slice(0, 2)).toEqual([
      { name: 'bench', interface: 'eth1', address: '192.168.77.1/24', mode: 'server', isServed: true, size: 100, taken: 7, quarantined: 1 },
      { name: 'floor', mode: 'server', isServed: true, size: 50, taken: 0, quarantined: 0 },
    ]);
    expect(services).toMatchObject([
      { name: 'DHCP', isServed: true, where: '192.168.77.1:67' },
      { name: 'TFTP', isServed: true, where: '192.168.77.1:69' },
      { name: 'HTTP', isServed: true, where: '192.168.77.1:8080' },
      {},
      { name: 'NTP', isServed: false, why: 'not at 192.168.77.1:123: chronyd has it' },
      {},
    ]);
    up = [];
    standing.listener({ type: 'network.down', network: 'bench', interface: 'eth1', why: 'its cable was pulled' });
    const after = await standing.state();
    expect(after.networks[0]).toMatchObject({ isServed: false, why: 'its cable was pulled' });
    expect(after.services[2]).toEqual({ name: 'HTTP', isServed: false, why: 'no network is up' });
  });

  it('says that another DHCP server is there, until all of them are gone', async () => {
    const rival = { network: 'bench', interface: 'eth1', mac: mac('00:00:5e:00:53:01') } as const;
    bringUp();
    for (const address of [ip('192.168.77.2'), ip('192.168.77.3')])
      standing.listener({ type: 'guard.found', ...rival, address, offered: ip('192.168.77.50'), mode: 'refuse' });
    const why = async (): Promise<string | undefined> => (await standing.state()).networks[0]?.why;
    expect(await why()).toMatch(/^another DHCP server offers 192\.168\.77\.50 on eth1: no new device/);
    standing.listener({ type: 'guard.gone', ...rival, address: ip('192.168.77.2') });
    expect(await why()).toBeDefined();
    standing.listener({ type: 'guard.gone', ...rival, address: ip('192.168.77.3') });
    expect(await why()).toBeUndefined();
  });

  it('knows what was told before, and each limit once', async () => {
    standing = standingAfter({ type: 'server.limited', detail: 'no kernel calls' }, waiting);
    standing.listener({ type: 'server.limited', detail: 'no kernel calls' });
    expect(await standing.state()).toMatchObject({
      version: '1.2.3',
      config: 'built-in defaults',
      limits: ['no kernel calls'],
      networks: [{ why: 'eth1 has no cable' }, {}, {}],
    });
  });

  it('tells its readers of what concerns it alone', async () => {
    let calls = 0;
    const feed = standing.subscribe(() => {
      calls += 1;
    });
    standing.listener({ type: 'tftp.dropped', interface: 'eth1', reason: 'short' });
    expect(calls).toBe(0);
    bringUp();
    expect([calls, await feed.take()]).toMatchObject([1, { networks: [{ isServed: true }, {}, {}] }]);
  });
});
