/** A changed configuration comes into force while real clients live by the one before. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { Appliance, bench, type LogLine } from '../support/appliance.ts';
import { Udhcpc } from '../support/dhcp-clients.ts';
import type { Namespace } from '../support/netns.ts';
import { eventually } from '../support/program.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { LAN, plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

const BEFORE = { networks: [bench({ guard: 'off', options: { domainName: 'before.lan' } })] };

describeWith(['busybox'], 'A reload', () => {
  let ethernet: VirtualSwitch;
  let laptop: Namespace;
  let appliance: Appliance;
  let machine: Namespace;
  let client: Udhcpc;
  let address: string;

  beforeAll(() => {
    ethernet = new VirtualSwitch();
    ({ laptop } = plugLaptop(ethernet));
  });

  beforeEach(async () => {
    appliance = new Appliance(laptop, BEFORE);
    await appliance.start();
    machine = ethernet.plug('client');
    client = new Udhcpc(machine);
    client.start();
    address = String((await appliance.event('lease.bound', { mac: machine.macOf(LAN) }))['address']);
  });

  afterEach(async () => {
    await client.vanish();
    machine.close();
    await appliance.stop();
    expect(laptop.addressesOf(LAN), 'the address is taken off again').toEqual([]);
  });

  afterAll(() => leaveNothing(ethernet));

  /** What the client was told last for this reason; nothing as long as its script has not run. */
  function told(reason: string): readonly string[] {
    try {
      return Object.values(client.variables(reason));
    } catch {
      return [];
    }
  }

  it('changes options, hosts and pools, and the client keeps its lease', async () => {
    const from = appliance.mark();
    appliance.configure({
      networks: [bench({ guard: 'off', pools: ['192.168.77.100-192.168.77.210'], options: { domainName: 'after.lan' } })],
      hosts: [{ mac: machine.macOf(LAN), name: 'first-machine' }],
      tftp: { maxWindow: 8 },
    });
    const { code, stdout, output } = await appliance.run('reload');
    expect(code, output).toBe(0);
    expect(stdout).toBe(
      [
        'network bench: pools 192.168.77.100-192.168.77.199 → 192.168.77.100-192.168.77.210',
        'network bench: option domainName before.lan → after.lan',
        'host first-machine is new',
        'tftp.maxWindow 64 → 8',
        '4 changes in force',
        '',
      ].join('\n'),
    );
    expect(appliance.events('config.changed', {}, from).map((line) => line.msg)).toEqual(stdout.split('\n').slice(0, 4));
    expect(appliance.events('network.down', {}, from)).toEqual([]);

    client.renew();
    const renewed = await appliance.event('lease.bound', { how: 'renewed' }, from);
    expect(renewed).toMatchObject({ address, name: 'first-machine' });
    await eventually('the new options', () => told('RENEW').includes('after.lan'));
  });

  it('refuses a wrong file as a whole, says all that is wrong with it, and goes on as before', async () => {
    const from = appliance.mark();
    appliance.configure({ networks: [bench({ guard: 'off', pools: ['10.0.0.1'], options: { domainName: 'after.lan' } })] });
    appendFileSync(join(appliance.directory, 'config.yaml'), 'nonsense: true\n');
    const { code, output, stdout } = await appliance.run('reload');
    expect([code, stdout], output).toEqual([1, '']);
    expect(output).toMatch(/the pool 10\.0\.0\.1 is not inside the subnet 192\.168\.77\.0\/24/);
    expect(output).toMatch(/unknown key `nonsense`/);
    expect(output).toMatch(/stays in force/);
    const [refused] = appliance.events('config.refused', {}, from);
    expect(refused?.['reasons']).toHaveLength(2);

    client.renew();
    await appliance.event('lease.bound', { how: 'renewed', address }, from);
    await eventually('the options of before', () => told('RENEW').includes('before.lan'));
  });

  it('refuses what takes a restart', async () => {
    const from = appliance.mark();
    appliance.configure({ ...BEFORE, server: { user: 'nobody' } });
    appliance.hangUp();
    const refused = await appliance.event('config.refused', {}, from);
    expect(refused.msg).toMatch(/server\.user cannot change from auto to nobody without a restart/);
  });

  it('opens a network anew that got another address, on SIGHUP, and the server is not stopped by it', async () => {
    const from = appliance.mark();
    appliance.configure({ networks: [bench({ guard: 'off', address: '10.20.30.1/24', pools: ['10.20.30.50-10.20.30.60'] })] });
    appliance.hangUp();
    await appliance.event('config.reloaded', {}, from);
    const events = appliance.log.slice(from).map((line: LogLine) => line.event);
    expect(events.indexOf('network.down')).toBeLessThan(events.indexOf('network.up'));
    expect(laptop.addressesOf(LAN)).toEqual(['10.20.30.1/24']);
    await client.vanish();
    client.start();
    const bound = await appliance.event('lease.bound', { how: 'new' }, from);
    expect(bound['address']).toMatch(/^10\.20\.30\.5\d$|^10\.20\.30\.60$/);
  });
});
