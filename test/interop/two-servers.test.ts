/** The whole appliance beside another DHCP server, and beside a device that has an address of its pool. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Appliance, bench } from '../support/appliance.ts';
import { Udhcpc } from '../support/dhcp-clients.ts';
import type { Namespace } from '../support/netns.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { LAN, plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

describeWith(['busybox'], 'a switch with somebody else on it', () => {
  let ethernet: VirtualSwitch;
  let ours: Appliance;
  let otherMachine: Namespace;
  let other: Appliance | undefined;

  beforeAll(() => {
    ethernet = new VirtualSwitch();
    ours = new Appliance(plugLaptop(ethernet).laptop, {});
    otherMachine = ethernet.plug('other');
  });

  afterEach(async () => {
    await other?.stop();
    other = undefined;
    await ours.stop();
  });

  afterAll(() => leaveNothing(ethernet));

  const plugIn = (name: string): { readonly mac: string; readonly client: Udhcpc } => {
    const machine = ethernet.plug(name);
    const client = new Udhcpc(machine);
    client.start();
    return { mac: machine.macOf(LAN), client };
  };

  it('looks first, and offers when nobody else does', async () => {
    ours.configure({ networks: [bench({ guard: 'refuse' })] });
    await ours.start();
    const { mac, client } = plugIn('first');
    await ours.event('guard.clear');
    await ours.event('lease.bound', { mac });
    await client.vanish();
    const told = ours.log.map((line) => line.event);
    expect(told.indexOf('guard.clear'), 'the look comes before the first offer').toBeLessThan(told.indexOf('dhcp.offered'));
  });

  it('names the other server and gives nobody an address, while the other one does', async () => {
    other = new Appliance(otherMachine, {
      networks: [bench({ interface: LAN, address: '10.66.0.1/24', pools: ['10.66.0.50-10.66.0.60'] })],
    });
    await other.start();
    ours.configure({ networks: [bench({ guard: 'refuse' })] });
    const from = ours.mark();
    await ours.start();
    const found = await ours.event('guard.found', {}, from);
    expect(found).toMatchObject({ level: 'warn', mac: otherMachine.macOf(LAN), address: '10.66.0.1', mode: 'refuse' });
    const { mac, client } = plugIn('second');
    const bound = await other.event('lease.bound', { mac });
    expect(bound['address']).toMatch(/^10\.66\.0\./);
    await client.vanish();
    expect(ours.events('dhcp.offered', {}, from)).toEqual([]);
    expect(ours.events('dhcp.silent', { mac }, from).length, 'it heard the client').toBeGreaterThan(0);
  });

  it('gives no address that a stranger uses, says who that is, and gives the next one', async () => {
    otherMachine.ip('address', 'add', '192.168.77.150/24', 'dev', LAN);
    ours.configure({ networks: [bench({ pools: ['192.168.77.150-192.168.77.160'] })] });
    const from = ours.mark();
    await ours.start();
    const { mac, client } = plugIn('third');
    const conflict = await ours.event('lease.conflict', {}, from);
    expect(conflict).toMatchObject({ address: '192.168.77.150', mac: otherMachine.macOf(LAN) });
    const bound = await ours.event('lease.bound', { mac }, from);
    expect(bound['address']).toBe('192.168.77.151');
    await client.vanish();
  });
});
