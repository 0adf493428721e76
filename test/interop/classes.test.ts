/** Classes and hosts as real clients meet them. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Appliance, bench } from '../support/appliance.ts';
import { Udhcpc } from '../support/dhcp-clients.ts';
import type { Namespace } from '../support/netns.ts';
import { eventually } from '../support/program.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { LAN, plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

const CONFIG = {
  networks: [bench({ guard: 'off', options: { domainName: 'bench.lan', router: '192.168.77.254' } })],
  classes: [
    { name: 'guests', match: { vendorClass: 'guest*', network: 'bench' }, deny: true },
    {
      name: 'lab',
      match: { vendorClass: ['lab-?', 'other'] },
      pools: ['192.168.77.50-192.168.77.59'],
      leaseTime: '10m',
      options: {
        domainName: 'lab.lan',
        vendor: { 1: { ip: '192.168.77.9' }, 66: 'x' },
        router: '192.168.77.254',
        classlessRoute: '10.17.0.0/16 via 192.168.77.2',
      },
    },
  ],
};

describeWith(['busybox'], 'Classes', () => {
  let ethernet: VirtualSwitch;
  let appliance: Appliance;
  let machine: Namespace;

  beforeAll(async () => {
    ethernet = new VirtualSwitch();
    appliance = new Appliance(plugLaptop(ethernet).laptop, CONFIG);
    await appliance.start();
  });

  afterEach(() => machine.close());

  afterAll(async () => {
    await appliance.stop();
    leaveNothing(ethernet);
  });

  it('give their clients an address, a lease time and options of their own', async () => {
    machine = ethernet.plug('lab');
    const client = new Udhcpc(machine);
    client.start({ vendorClass: 'lab-1', ask: [15, 43, 121] });
    const bound = await appliance.event('lease.bound', { mac: machine.macOf(LAN) });
    expect(bound).toMatchObject({ leaseSeconds: 600, address: expect.stringMatching(/^192\.168\.77\.5\d$/) as string });
    const told = await eventually('what the client was told', () => {
      try {
        const variables = client.variables('BOUND');
        return variables['domain'] !== undefined && variables;
      } catch {
        return undefined;
      }
    });
    // RFC 3442: who takes these routes ignores the router, so it is among them.
    const staticroutes = '10.17.0.0/16 192.168.77.2 0.0.0.0/0 192.168.77.254';
    expect(told).toMatchObject({ domain: 'lab.lan', opt43: '0104c0a84d09420178', staticroutes });
    await client.release();
  });

  it('leave all others to the network', async () => {
    machine = ethernet.plug('plain');
    const client = new Udhcpc(machine);
    client.start();
    const bound = await appliance.event('lease.bound', { mac: machine.macOf(LAN) });
    expect(bound).toMatchObject({ leaseSeconds: 3600, address: expect.stringMatching(/^192\.168\.77\.1\d\d$/) as string });
    await client.release();
  });

  it('deny an answer, and the log says which class did', async () => {
    machine = ethernet.plug('guest');
    const client = new Udhcpc(machine);
    client.start({ vendorClass: 'guest-7' });
    const silent = await appliance.event('dhcp.silent', { mac: machine.macOf(LAN) });
    expect(silent['reason']).toBe('class guests gets no answer');
    expect(client.addresses).toEqual([]);
    await client.vanish();
  });
});
