/** Real DHCP clients on a switch with the appliance as its only server. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Appliance, bench, SERVER } from '../support/appliance.ts';
import { Capture } from '../support/capture.ts';
import { Dhclient, type DhcpClient, Dhcpcd, Udhcpc } from '../support/dhcp-clients.ts';
import type { Namespace } from '../support/netns.ts';
import { eventually } from '../support/program.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { LAN, plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

const OPTIONS = { router: '192.168.77.254', dns: ['192.168.77.53'], domainName: 'bench.lan' };
const SITE = { networks: [bench({ options: OPTIONS })], boot: { files: { bios: 'pxelinux.0' } } };
/** Twenty seconds is the shortest lease that all of the clients keep to. */
const SHORT = { networks: [bench({ leaseTime: { default: '20s', min: '20s', max: '20s' } })] };
/** Where the clients were before, as far as they know, is now another network. */
const MOVED = { networks: [bench({ address: '10.20.30.1/24', pools: ['10.20.30.50-10.20.30.60'] })] };

const CLIENTS = [
  { name: 'dhclient', remembers: true, create: (machine: Namespace) => new Dhclient(machine) },
  { name: 'udhcpc', remembers: false, create: (machine: Namespace) => new Udhcpc(machine) },
  { name: 'dhcpcd', remembers: true, create: (machine: Namespace) => new Dhcpcd(machine) },
];

describeWith(['dhclient', 'busybox', 'dhcpcd', 'tcpdump', 'tshark'], 'DHCP clients', () => {
  let ethernet: VirtualSwitch;
  let laptop: Namespace;
  let wifi: Namespace;
  let air: Capture;
  let appliance: Appliance;

  beforeAll(async () => {
    ethernet = new VirtualSwitch();
    ({ laptop, wifi } = plugLaptop(ethernet));
    air = await Capture.start(wifi, 'air0');
    appliance = new Appliance(laptop, SITE);
  });

  afterEach(async () => {
    await appliance.stop();
    expect(laptop.addressesOf(LAN), 'the address is taken off again').toEqual([]);
  });

  afterAll(() => leaveNothing(ethernet));

  describe.each(CLIENTS)('by $name', ({ name, remembers, create }) => {
    let machine: Namespace;
    let client: DhcpClient;
    let mac: string;

    beforeAll(() => {
      machine = ethernet.plug(name);
      mac = machine.macOf(LAN);
      client = create(machine);
    });

    afterAll(() => machine.close());

    it('is bound and gives its address back (RFC 2131 §3.1, §4.4.6)', async () => {
      appliance.configure(SITE);
      await appliance.start();
      const from = appliance.mark();
      client.start();
      const bound = await appliance.event('lease.bound', { mac, how: 'new' }, from);
      expect(bound['address']).toMatch(/^192\.168\.77\.1\d\d$/);
      await eventually('the address on the interface', () => client.addresses.includes(`${bound['address']}/24`));
      const { new_routers, router, new_domain_name, domain, new_dhcp_server_identifier, serverid } = client.variables('BOUND');
      expect([new_routers ?? router, new_domain_name ?? domain]).toEqual(['192.168.77.254', 'bench.lan']);
      expect(new_dhcp_server_identifier ?? serverid).toBe(SERVER);
      expect(await leasesOf(mac)).toEqual([bound['address']]);

      await client.release();
      await appliance.event('lease.released', { mac, address: bound['address'], by: 'client' }, from);
      expect(await leasesOf(mac)).toEqual([]);
    });

    it('renews in time, by unicast (RFC 2131 §4.4.5)', async () => {
      appliance.configure(SHORT);
      await appliance.start();
      const from = appliance.mark();
      const wire = await Capture.start(laptop, LAN, 'udp port 67');
      client.start();
      const { address } = await appliance.event('lease.bound', { mac, how: 'new' }, from);
      await appliance.event('lease.bound', { mac, how: 'renewed', address }, from, 40_000);
      await wire.stop();
      const fields = ['ip.src', 'ip.dst'] as const;
      const renewals = await wire.packets(fields, `dhcp.option.dhcp == 3 && dhcp.ip.client == ${String(address)}`);
      expect(renewals).toContainEqual({ 'ip.src': address, 'ip.dst': SERVER });
      expect(client.addresses).toEqual([`${String(address)}/24`]);
    });

    // The client of the test before is still there, or remembers: what it knows is now wrong.
    it('is told off when it comes to another network, and gets an address of that one (RFC 2131 §3.2, DHCPNAK)', async () => {
      if (remembers) await client.vanish();
      appliance.configure(MOVED);
      await appliance.start();
      const from = appliance.mark();
      if (remembers) client.start();
      await appliance.event('lease.refused', { mac }, from, 40_000);
      const bound = await appliance.event('lease.bound', { mac, how: 'new' }, from, 30_000);
      expect(bound['address']).toMatch(/^10\.20\.30\.\d+$/);
      await eventually('the address on the interface', () => client.addresses.join() === `${String(bound['address'])}/24`);
      await client.vanish();
    });

    // A client without a memory cannot do this.
    if (!remembers) return;
    it('comes back after a restart with a single REQUEST (RFC 2131 §3.2, INIT-REBOOT)', async () => {
      appliance.configure(MOVED);
      await appliance.start();
      const from = appliance.mark();
      client.start();
      const bound = await appliance.event('lease.bound', { mac }, from);
      expect(bound['how']).toBe('renewed');
      expect(appliance.events('dhcp.offered', { mac }, from)).toEqual([]);
      await eventually('the address on the interface', () => client.addresses.includes(`${String(bound['address'])}/24`));
      await client.vanish();
    });
  });

  it('serves the wired interface, says why, and lets not one DHCP packet out on the Wi-Fi', async () => {
    appliance.configure(SITE);
    await appliance.start();
    const [chosen] = appliance.events('network.interface-chosen').slice(-1);
    expect(chosen).toMatchObject({ interface: LAN, network: 'bench' });
    expect(chosen?.['why']).toMatch(/wired/);

    const stray = wifi.start(['busybox', 'udhcpc', '-f', '-n', '-q', '-i', 'air0', '-s', '/bin/true', '-t', '2', '-T', '1']);
    expect((await stray.finished()).code, 'somebody on the Wi-Fi asks and gets no answer').not.toBe(0);

    await air.stop();
    const heard = await air.packets(['eth.src'], 'dhcp');
    expect(new Set(heard.map((packet) => packet['eth.src']))).toEqual(new Set([wifi.macOf('air0')]));
  });

  it('gives a known device its own address and name', async () => {
    const machine = ethernet.plug('phone', { mac: '00:1b:54:aa:bb:cc' });
    appliance.configure({ networks: [bench()], hosts: [{ mac: '00:1b:54:aa:bb:cc', name: 'desk-101', address: '192.168.77.21' }] });
    await appliance.start();
    const client = new Udhcpc(machine);
    client.start();
    const bound = await appliance.event('lease.bound', { address: '192.168.77.21' });
    expect(bound).toMatchObject({ mac: '00:1b:54:aa:bb:cc', name: 'desk-101' });
    expect(bound['vendor']).toMatch(/Cisco/);
    await eventually('the address on the interface', () => client.addresses.includes('192.168.77.21/24'));
    expect(client.variables('BOUND')['hostname']).toBe('desk-101');
    machine.close();
  });

  it('keeps a lease when it is killed right after the ACK', async () => {
    const [first, second] = [ethernet.plug('first'), ethernet.plug('second')];
    const twoAddresses = { networks: [bench({ pools: ['192.168.77.100-192.168.77.101'] })] };
    appliance = new Appliance(laptop, twoAddresses);
    await appliance.start();
    const client = new Udhcpc(first);
    client.start();
    // The client has it as soon as the interface has it: nothing is awaited of the server.
    const address = await eventually('a lease', () => client.addresses[0]);
    await appliance.kill();
    laptop.ip('-4', 'address', 'flush', 'dev', LAN);

    await appliance.start();
    const from = appliance.mark();
    expect(await leasesOf(first.macOf(LAN))).toEqual([address.replace('/24', '')]);
    new Udhcpc(second).start();
    const other = await appliance.event('lease.bound', { mac: second.macOf(LAN) }, from);
    expect(`${String(other['address'])}/24`).not.toBe(address);
    client.renew();
    await appliance.event('lease.bound', { mac: first.macOf(LAN), how: 'renewed' }, from);
    first.close();
    second.close();
  });

  /** Addresses that `bootlace leases` says this device has. */
  async function leasesOf(mac: string): Promise<string[]> {
    const { code, output, stdout } = await appliance.run('leases', '--json');
    expect(code, output).toBe(0);
    const rows = JSON.parse(stdout) as { readonly address: string; readonly mac: string }[];
    return rows.filter((row) => row.mac === mac).map((row) => row.address);
  }
});
