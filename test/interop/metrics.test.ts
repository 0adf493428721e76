/** Figures of a running server, as Prometheus would fetch them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Appliance, bench, SERVER } from '../support/appliance.ts';
import type { Namespace } from '../support/netns.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { LAN, plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

describeWith(['curl', 'busybox'], 'metrics', () => {
  let ethernet: VirtualSwitch;
  let laptop: Namespace;
  let client: Namespace;
  let appliance: Appliance;

  beforeAll(() => {
    ethernet = new VirtualSwitch();
    ({ laptop } = plugLaptop(ethernet));
    client = ethernet.plug('client');
  });

  afterEach(() => appliance.stop());

  afterAll(() => leaveNothing(ethernet));

  it('tell on the loopback how many have an address, and count what happened', async () => {
    laptop.ip('link', 'set', 'lo', 'up');
    appliance = new Appliance(laptop, { networks: [bench()] });
    await appliance.start('web.ready');
    await client.start(['busybox', 'udhcpc', '-f', '-q', '-n', '-i', LAN, '-s', '/bin/true']).succeeded();
    await appliance.event('lease.bound', {});
    const { stdout } = await laptop.start(['curl', '-sS', '-f', 'http://127.0.0.1:8067/metrics']).succeeded();
    expect(stdout).toContain('bootlace_dhcp4_addresses_assigned{network="bench"} 1\n');
    expect(stdout).toContain('bootlace_dhcp4_leases_total{network="bench",how="new"} 1\n');
    expect(stdout).toContain('bootlace_dhcp4_packets_shed_total 0\n');
    expect(stdout).toContain('process_resident_memory_bytes');
  });

  it('need the token for whoever asks from another machine', async () => {
    appliance = new Appliance(laptop, { networks: [bench()], web: { listen: `${SERVER}:8067` } });
    await appliance.start('web.ready');
    client.ip('address', 'replace', '192.168.77.10/24', 'dev', LAN);
    const status = async (...more: readonly string[]): Promise<string> => {
      const asked = client.start(['curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}', ...more, `http://${SERVER}:8067/metrics`]);
      return (await asked.succeeded()).stdout;
    };
    expect(await status()).toBe('401');
    await appliance.event('web.refused', { from: '192.168.77.10' });
    const token = readFileSync(join(appliance.directory, 'data', 'web-token'), 'utf8').trim();
    expect(await status('-H', `Authorization: Bearer ${token}`)).toBe('200');
    expect(JSON.stringify(appliance.log)).not.toContain(token);
  });
});
