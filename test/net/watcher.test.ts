import { describe, expect, test } from 'vitest';
import type { Mac } from '../../src/base/addresses.ts';
import type { WatchedNetwork } from '../../src/net/network-plan.ts';
import type { InterfaceFacts } from '../../src/net/ports.ts';
import type { NetworkWatcher } from '../../src/net/watcher.ts';
import { cidr } from '../support/addresses.ts';
import { card } from '../support/interfaces.ts';
import { Bench } from './watcher-bench.ts';

const openOn1 = 'bench open on eth1/4 as 192.168.77.1/24';
const chose1 = 'bench chose eth1: the only free wired interface with a cable';
const put1 = 'bench put 192.168.77.1/24 on eth1';

async function started(bench: Bench, ...networks: readonly Partial<WatchedNetwork>[]): Promise<NetworkWatcher> {
  const watcher = bench.watch(...(networks.length === 0 ? [{}] : networks));
  await watcher.start();
  return watcher;
}

/** A bench whose network is up on eth1, with what led there forgotten. */
async function running(network: Partial<WatchedNetwork> = {}, facts: InterfaceFacts[] = [card('eth1', 4)]) {
  const bench = new Bench();
  bench.interfaces = facts;
  const watcher = await started(bench, network);
  bench.heard();
  return { bench, watcher };
}

describe('start and stop', () => {
  test('puts the address on, opens, and takes it off at the end', async () => {
    const bench = new Bench();
    bench.interfaces = [card('eth1', 4)];
    const watcher = await started(bench);
    expect(bench.heard()).toEqual([chose1, put1, openOn1]);
    expect(bench.addressesOn(4)).toEqual(['192.168.77.1/24']);
    await watcher.stop();
    expect(bench.heard()).toEqual(['bench closed: the server stops', 'bench took 192.168.77.1/24 off eth1']);
    expect(bench.addressesOn(4)).toEqual([]);
    expect(bench.isTimerRunning).toBe(false);
    expect(await bench.tick()).toEqual([]);
  });

  test('an address that was there already stays there', async () => {
    const { bench, watcher } = await running({}, [card('eth1', 4, { addresses: [cidr('192.168.77.1/24')] })]);
    await watcher.stop();
    expect(bench.addressesOn(4)).toEqual(['192.168.77.1/24']);
  });

  test('an end without time takes the address off at once, and only once', async () => {
    const { bench, watcher } = await running();
    watcher.releaseAddresses();
    watcher.releaseAddresses();
    expect(bench.heard()).toEqual(['bench took 192.168.77.1/24 off eth1']);
  });

  test('quiet as long as nothing happens', async () => {
    const { bench } = await running();
    expect(await bench.tick()).toEqual([]);
    expect(await bench.tick()).toEqual([]);
  });
});

describe('waiting', () => {
  test('for a cable, saying so once, then serving', async () => {
    const bench = new Bench();
    bench.interfaces = [card('eth1', 4, { hasCarrier: false })];
    await started(bench);
    expect(bench.heard()).toEqual(['bench waits: eth1 has no cable']);
    expect(await bench.tick()).toEqual([]);
    bench.change(4, () => ({ hasCarrier: true }));
    expect(await bench.tick()).toEqual([chose1, put1, openOn1]);
  });

  test('without assign, for the address, with the remedy', async () => {
    const bench = new Bench();
    bench.interfaces = [card('eth1', 4)];
    await started(bench, { assign: false });
    expect(bench.heard()).toEqual([
      "bench waits: eth1 does not have 192.168.77.1/24; put it on, or set 'assign: true' for the network bench",
    ]);
    bench.change(4, () => ({ addresses: [cidr('192.168.77.1/24')] }));
    expect(await bench.tick()).toEqual(['bench chose eth1: it has an address in 192.168.77.1/24', openOn1]);
  });

  test('without a configured address, for any', async () => {
    const bench = new Bench();
    bench.interfaces = [card('eth1', 4, { addresses: [cidr('169.254.3.4/16')] })];
    await started(bench, { address: undefined });
    expect(bench.heard()).toEqual(["bench waits: eth1 has no IPv4 address; give the network bench an 'address' and 'assign: true'"]);
    bench.change(4, ({ addresses }) => ({ addresses: [...addresses, cidr('10.1.2.3/8')] }));
    expect(await bench.tick()).toEqual([chose1, 'bench open on eth1/4 as 10.1.2.3/8']);
  });

  test('when the system refuses the address', async () => {
    const bench = new Bench();
    bench.interfaces = [card('eth1', 4)];
    bench.refusal = 'EPERM: operation not permitted';
    await started(bench);
    expect(bench.heard()).toEqual([chose1, 'bench waits: EPERM: operation not permitted']);
    expect(await bench.tick()).toEqual([]);
    bench.refusal = undefined;
    expect(await bench.tick()).toEqual([put1, openOn1]);
  });

  test('when a port cannot be opened; tried again each second, told once', async () => {
    const bench = new Bench();
    bench.interfaces = [card('eth1', 4)];
    bench.openFault = 'EADDRINUSE on port 67';
    const watcher = await started(bench);
    expect(bench.heard()).toEqual([chose1, put1, 'bench waits: EADDRINUSE on port 67']);
    expect(await bench.tick()).toEqual([]);
    bench.openFault = undefined;
    expect(await bench.tick()).toEqual([openOn1]);
    await watcher.stop();
    expect(bench.addressesOn(4)).toEqual([]);
  });

  test.each([
    {
      title: 'the address is on another interface',
      other: card('eth0', 2, { hasDefaultRoute: true, addresses: [cidr('192.168.77.1/16')] }),
      why: 'eth0 has the address 192.168.77.1 already; eth1 cannot have it too',
    },
    {
      title: 'the network is the one behind which the rest of the world lies',
      other: card('eth0', 2, { hasDefaultRoute: true, addresses: [cidr('192.168.77.40/24')] }),
      why: '192.168.77.1/24 on eth1 would cut off eth0, which carries the default route and has 192.168.77.40/24; choose another address',
    },
  ])('rather than do harm: $title', async ({ other, why }) => {
    const bench = new Bench();
    bench.interfaces = [other, card('eth1', 4)];
    await started(bench);
    expect(bench.heard()).toEqual([`bench waits: ${why}`]);
    expect(bench.addressesOn(4)).toEqual([]);
  });

  test('a card that is down is set up once; who sets it down again means it', async () => {
    const bench = new Bench();
    bench.interfaces = [card('eth1', 4, { isUp: false, hasCarrier: false })];
    await started(bench);
    expect(bench.heard()).toEqual(['set eth1 up', 'bench waits: eth1 is down']);
    expect(await bench.tick()).toEqual([chose1, put1, openOn1]);
    bench.change(4, () => ({ isUp: false, hasCarrier: false }));
    expect(await bench.tick()).toEqual(['bench closed: eth1 is down', 'bench down on eth1: eth1 is down']);
    expect(await bench.tick()).toEqual([]);
  });

  test('without assign nothing is set up', async () => {
    const bench = new Bench();
    bench.interfaces = [card('eth1', 4, { isUp: false, hasCarrier: false })];
    await started(bench, { interface: 'eth1', assign: false });
    expect(bench.heard()).toEqual(['bench waits: eth1 is down']);
  });
});

describe('while serving', () => {
  test('a cable is pulled and put back; the address stays on', async () => {
    const { bench } = await running();
    bench.change(4, () => ({ hasCarrier: false }));
    expect(await bench.tick()).toEqual(['bench closed: eth1 has no cable', 'bench down on eth1: eth1 has no cable']);
    expect(bench.addressesOn(4)).toEqual(['192.168.77.1/24']);
    bench.change(4, () => ({ hasCarrier: true }));
    expect(await bench.tick()).toEqual(['bench chose eth1: it has an address in 192.168.77.1/24', openOn1]);
  });

  test('our address taken off by others is put back without closing', async () => {
    const { bench, watcher } = await running();
    bench.change(4, () => ({ addresses: [] }));
    expect(await bench.tick()).toEqual([put1]);
    await watcher.stop();
    expect(bench.addressesOn(4)).toEqual([]);
  });

  test('it cannot be put back: down', async () => {
    const { bench } = await running();
    bench.change(4, () => ({ addresses: [] }));
    bench.refusal = 'no';
    expect(await bench.tick()).toEqual(['bench closed: no', 'bench down on eth1: no']);
  });

  test('without assign an address taken off means down', async () => {
    const { bench } = await running({ assign: false }, [card('eth1', 4, { addresses: [cidr('192.168.77.1/24')] })]);
    bench.change(4, () => ({ addresses: [] }));
    const why = "eth1 does not have 192.168.77.1/24; put it on, or set 'assign: true' for the network bench";
    expect(await bench.tick()).toEqual([`bench closed: ${why}`, `bench down on eth1: ${why}`]);
  });

  test('the interface is deleted and made anew under its name', async () => {
    const { bench, watcher } = await running({ interface: 'eth1' });
    bench.interfaces = [];
    const why = 'there is no interface eth1 (there is none besides the loopback)';
    expect(await bench.tick()).toEqual([`bench closed: ${why}`, `bench down on eth1: ${why}`]);
    bench.interfaces = [card('eth1', 9)];
    expect(await bench.tick()).toEqual(['bench chose eth1: named in the configuration', put1, 'bench open on eth1/9 as 192.168.77.1/24']);
    await watcher.stop();
    expect(bench.addressesOn(9)).toEqual([]);
  });

  test('the same between two looks', async () => {
    const { bench } = await running({ interface: 'eth1' });
    bench.interfaces = [card('eth1', 9)];
    expect(await bench.tick()).toEqual([
      'bench closed: eth1 was made anew',
      'bench down on eth1: eth1 was made anew',
      'bench chose eth1: named in the configuration',
      put1,
      'bench open on eth1/9 as 192.168.77.1/24',
    ]);
  });

  test('auto follows a new name; the address is not put on twice', async () => {
    const { bench } = await running();
    bench.change(4, () => ({ name: 'lan7' }));
    expect(await bench.tick()).toEqual([
      'bench closed: eth1 is now called lan7',
      'bench down on eth1: eth1 is now called lan7',
      'bench chose lan7: served there already',
      'bench open on lan7/4 as 192.168.77.1/24',
    ]);
    expect(bench.addressesOn(4)).toEqual(['192.168.77.1/24']);
  });

  test('a new hardware address, which raw frames are sent from', async () => {
    const { bench } = await running();
    bench.change(4, () => ({ mac: '02:00:00:00:00:99' as Mac }));
    expect((await bench.tick())[0]).toBe('bench closed: the hardware address of eth1 changed');
  });

  test('auto stays where it is when a better one comes', async () => {
    const { bench } = await running();
    bench.interfaces = [card('eth0', 2), ...bench.interfaces];
    expect(await bench.tick()).toEqual([]);
  });

  test('auto leaves an interface that became the way to the rest of the world', async () => {
    const { bench } = await running();
    bench.change(4, () => ({ hasDefaultRoute: true }));
    const why = 'eth1 carries the default route (name it in the configuration to serve there)';
    expect(await bench.tick()).toEqual([`bench closed: ${why}`, `bench down on eth1: ${why}`]);
  });

  test('auto goes on where the cable is now, and the address goes with it', async () => {
    const { bench, watcher } = await running({}, [card('eth1', 4), card('eth2', 5, { hasCarrier: false })]);
    bench.change(4, () => ({ hasCarrier: false }));
    bench.change(5, () => ({ hasCarrier: true }));
    expect(await bench.tick()).toEqual([
      'bench closed: served on eth2 instead',
      'bench down on eth1: served on eth2 instead',
      'bench took 192.168.77.1/24 off eth1',
      'bench chose eth2: the only free wired interface with a cable',
      'bench put 192.168.77.1/24 on eth2',
      'bench open on eth2/5 as 192.168.77.1/24',
    ]);
    await watcher.stop();
    expect([...bench.addressesOn(4), ...bench.addressesOn(5)]).toEqual([]);
  });

  test('the address that the interface had by itself changes', async () => {
    const { bench } = await running({ address: undefined }, [card('eth1', 4, { addresses: [cidr('10.0.0.1/8')] })]);
    bench.change(4, () => ({ addresses: [cidr('10.0.0.2/8')] }));
    expect(await bench.tick()).toEqual([
      'bench closed: the address of eth1 is now 10.0.0.2',
      'bench down on eth1: the address of eth1 is now 10.0.0.2',
      'bench chose eth1: served there already',
      'bench open on eth1/4 as 10.0.0.2/8',
    ]);
  });

  test('an address more changes nothing', async () => {
    const { bench } = await running({ address: undefined }, [card('eth1', 4, { addresses: [cidr('10.0.0.1/8')] })]);
    bench.change(4, ({ addresses }) => ({ addresses: [cidr('10.0.0.2/8'), ...addresses] }));
    expect(await bench.tick()).toEqual([]);
  });

  test('a system that does not answer is told once and asked again', async () => {
    const { bench } = await running();
    bench.listFault = 'ENOBUFS';
    expect(await bench.tick()).toEqual(['fault listing the interfaces: ENOBUFS']);
    expect(await bench.tick()).toEqual([]);
    bench.listFault = undefined;
    expect(await bench.tick()).toEqual([]);
  });
});

describe('several networks', () => {
  test('auto takes what no other network names, whatever the order', async () => {
    const bench = new Bench();
    bench.interfaces = [card('eth1', 4), card('eth2', 5)];
    await started(bench, { name: 'a' }, { name: 'b', interface: 'eth1', address: cidr('10.0.0.1/8') });
    expect(bench.heard().filter((line) => line.includes('open'))).toEqual([
      'a open on eth2/5 as 192.168.77.1/24',
      'b open on eth1/4 as 10.0.0.1/8',
    ]);
  });

  test('two that are auto do not meet', async () => {
    const bench = new Bench();
    bench.interfaces = [card('eth1', 4), card('eth2', 5)];
    await started(bench, { name: 'a' }, { name: 'b', address: cidr('10.0.0.1/8') });
    expect(bench.heard().filter((line) => line.includes('open'))).toEqual([
      'a open on eth1/4 as 192.168.77.1/24',
      'b open on eth2/5 as 10.0.0.1/8',
    ]);
  });
});

describe('another configuration', () => {
  const bench77: WatchedNetwork = { name: 'bench', interface: 'auto', address: cidr('192.168.77.1/24'), assign: true };
  const lab: WatchedNetwork = { name: 'lab', interface: 'eth2', address: cidr('10.0.0.1/8'), assign: true };

  test('leaves alone what stays as it is, and opens what is new after the change', async () => {
    const { bench, watcher } = await running({}, [card('eth1', 4), card('eth2', 5)]);
    await watcher.update([lab, { ...bench77 }], async () => {
      await Promise.resolve();
      bench.said.push('changed');
    });
    expect(bench.heard()).toEqual([
      'changed',
      'lab chose eth2: named in the configuration',
      'lab put 10.0.0.1/8 on eth2',
      'lab open on eth2/5 as 10.0.0.1/8',
    ]);
    await watcher.stop();
    expect([...bench.addressesOn(4), ...bench.addressesOn(5)]).toEqual([]);
  });

  test('closes what is gone or different before the change, and takes its address off', async () => {
    const { bench, watcher } = await running();
    await watcher.update([{ ...bench77, address: cidr('10.0.0.1/8') }], async () => {
      await Promise.resolve();
      bench.said.push('changed');
    });
    expect(bench.heard()).toEqual([
      'bench closed: the configuration has changed',
      'bench down on eth1: the configuration has changed',
      'bench took 192.168.77.1/24 off eth1',
      'changed',
      chose1,
      'bench put 10.0.0.1/8 on eth1',
      'bench open on eth1/4 as 10.0.0.1/8',
    ]);
    await watcher.update([], () => Promise.resolve());
    expect(bench.addressesOn(4)).toEqual([]);
    bench.heard();
    expect(await bench.tick()).toEqual([]);
  });

  test('nothing is opened while it changes, and a change that fails leaves the new networks watched', async () => {
    const { bench, watcher } = await running({}, [card('eth1', 4), card('eth2', 5)]);
    const update = watcher.update([bench77, lab], async () => {
      expect(await bench.tick()).toEqual([]);
      throw new Error('no');
    });
    await expect(update).rejects.toThrow('no');
    expect((await bench.tick()).at(-1)).toBe('lab open on eth2/5 as 10.0.0.1/8');
  });
});
