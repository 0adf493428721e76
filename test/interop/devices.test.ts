/** What `bootlace devices` says of real clients: one that is served, and one that asks for a file by the wrong name. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { DeviceSummary, Timeline } from '../../src/devices/api.ts';
import { Appliance, bench } from '../support/appliance.ts';
import { Dhclient } from '../support/dhcp-clients.ts';
import type { Namespace } from '../support/netns.ts';
import { eventually } from '../support/program.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { LAN, plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

const SITE = { networks: [bench()], http: { port: 'off' }, boot: { files: { bios: 'pxelinux.0' } } };

describeWith(['dhclient', 'tftp'], 'Timelines of devices', () => {
  let ethernet: VirtualSwitch;
  let laptop: Namespace;
  let appliance: Appliance;

  beforeAll(() => {
    ethernet = new VirtualSwitch();
    ({ laptop } = plugLaptop(ethernet));
  });
  afterEach(() => appliance.stop());
  afterAll(() => leaveNothing(ethernet));

  it('tell of a device that is served, and of one that asks for a file by the wrong name', async () => {
    appliance = new Appliance(laptop, SITE);
    appliance.offer('configs/router-1.cfg', 'hostname router-1\n');
    await appliance.start();
    const [good, bad] = [ethernet.plug('good'), ethernet.plug('bad')];
    for (const machine of [good, bad]) {
      const from = appliance.mark();
      new Dhclient(machine).start();
      await appliance.event('lease.bound', { mac: machine.macOf(LAN) }, from);
      await eventually('the address on the interface', () => machine.addressesOf(LAN)[0]);
    }
    await fetch(good, 'configs/router-1.cfg');
    await fetch(bad, 'configs/router-2.cfg');

    const [goodMac, badMac] = [good.macOf(LAN), bad.macOf(LAN)];
    const stuck = await appliance.event('device.stuck', { mac: badMac }, 0, 40_000);
    expect(stuck).toMatchObject({ level: 'warn', verdict: 'file-missing' });
    expect(stuck.msg).toMatch(/^It asks for configs\/router-2\.cfg, which is not there.*did you mean configs\/router-1\.cfg/);

    const rows = JSON.parse((await appliance.run('devices', '--json')).stdout) as DeviceSummary[];
    expect(rows.map(({ mac, state }) => [mac, state])).toEqual([
      [badMac, 'stuck'],
      [goodMac, expect.stringMatching(/^(?:loading|provisioned)$/)],
    ]);
    expect((await appliance.run('devices')).stdout).toMatch(/stuck .* It asks for configs\/router-2\.cfg/);

    const before = await timelineOf(goodMac);
    expect(before.entries.map(({ what }) => what)).toEqual(
      expect.arrayContaining([expect.stringContaining('OFFER'), 'REQUEST → ACK', 'TFTP done']),
    );
    expect(appliance.events('device.stuck', { mac: goodMac })).toEqual([]);
    expect(appliance.events('device.stuck', { mac: badMac })).toHaveLength(1);

    // The same from the store, when nobody serves any more.
    await appliance.stop();
    const after = await timelineOf(badMac);
    expect(after.device).toMatchObject({ state: 'stuck', verdict: 'file-missing' });
    expect((await appliance.run('devices', 'export')).stdout.trim().split('\n').length).toBeGreaterThanOrEqual(6);
    good.close();
    bad.close();
  });

  async function timelineOf(mac: string): Promise<Timeline> {
    const { code, stdout, output } = await appliance.run('devices', mac, '--json');
    expect(code, output).toBe(0);
    return JSON.parse(stdout) as Timeline;
  }

  /** tftp-hpa's client; it ends well or not, as the server says. */
  async function fetch(machine: Namespace, name: string): Promise<void> {
    await machine.start(['tftp', '192.168.77.1', '-m', 'binary', '-c', 'get', name, '/dev/null']).finished();
  }
});
