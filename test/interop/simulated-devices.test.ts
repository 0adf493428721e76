/** Every simulated device on a wire with `bootlace up`, all at once: each gets its lease and its files. And the command that plays one. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEVICES } from '../../src/probe/devices/index.ts';
import { Appliance, bench, SERVER } from '../support/appliance.ts';
import { DEVICE_BOOT, DEVICE_HOSTS, DEVICE_VERDICTS, writeDeviceFiles } from '../support/device-site.ts';
import { connect, type Namespace } from '../support/netns.ts';
import type { Finished } from '../support/program.ts';
import { PROVISIONED, PROVISIONED_VERDICTS, writeProvisionedFiles } from '../support/provisioned-site.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { LAN, plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';
import type { Ended, Played } from './net-programs/simulate-devices.ts';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = join(CHECKOUT, 'test/interop/net-programs/simulate-devices.ts');
const MAIN = join(CHECKOUT, 'bin/bootlace.js');

/** Each on an interface of its own; those that were recorded on one machine differ in the last octet. */
const PLAYED: readonly Played[] = DEVICES.map(({ name, mac }, at) => {
  const isFirst = DEVICES.findIndex((one) => one.mac === mac) === at;
  const own = isFirst ? mac : `${mac.slice(0, -2)}${at.toString(16).padStart(2, '0')}`;
  return { device: name, interface: `sim${at}`, mac: own };
});

describeWith([], 'Simulated devices', () => {
  let ethernet: VirtualSwitch;
  let laptop: Namespace;
  let wifi: Namespace;
  let devices: Namespace;
  let appliance: Appliance;

  beforeAll(async () => {
    ethernet = new VirtualSwitch();
    ({ laptop, wifi } = plugLaptop(ethernet));
    devices = ethernet.machine('devices');
    for (const [at, played] of PLAYED.entries()) {
      connect(ethernet.namespace, `cable${at}`, devices, played.interface);
      ethernet.namespace.ip('link', 'set', `cable${at}`, 'master', 'br0');
    }
    appliance = new Appliance(laptop, { networks: [bench()], hosts: DEVICE_HOSTS, boot: DEVICE_BOOT, http: { port: 8080 } });
    writeDeviceFiles(appliance.tftpRoot);
    await appliance.start('http.ready');
  });

  afterAll(async () => {
    await appliance?.stop();
    leaveNothing(ethernet);
  });

  it('get a lease and their files, all at once', async () => {
    const { stdout } = await devices.start([process.execPath, PROGRAM, JSON.stringify(PLAYED)]).succeeded(90_000);
    const ended = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Ended);
    const verdicts = ended.toSorted((a, b) => a.device.localeCompare(b.device)).map(({ device, text }) => [device, withoutAddress(text)]);
    const wanted = Object.entries(DEVICE_VERDICTS).toSorted(([a], [b]) => a.localeCompare(b));
    expect(verdicts, JSON.stringify(ended.filter(({ ok }) => !ok))).toEqual(wanted.map(([device, text]) => [device, withoutAddress(text)]));
    for (const { mac } of PLAYED) expect(appliance.events('lease.bound', { mac }).length, mac).toBeGreaterThan(0);
  });

  it('need no address of the machine that plays them', () => {
    expect(PLAYED.flatMap((played) => devices.addressesOf(played.interface))).toEqual([]);
  });

  describe('the command', () => {
    it('plays one on an interface and ends well', async () => {
      const phone = ethernet.plug('phone');
      const { stdout, code } = await simulate(phone, 'cisco-7962', '--interface', LAN, '--mac', '00:1b:54:aa:bb:cc');
      expect(code, stdout).toBe(0);
      expect(stdout.trim().split('\n').at(-1)).toBe(`cisco-7962 ${DEVICE_VERDICTS['cisco-7962']}`);
      expect(stdout).toMatch(/150 TFTP Server Addresses: 192\.168\.77\.1/);
      phone.close();
    });

    it('ends with 1 and the reason when the device does not get what it wants', async () => {
      const phone = ethernet.plug('phone');
      const { stdout, code } = await simulate(phone, 'cisco-spa504g', '--interface', LAN, '--json', '--fault', 'silent-after-ack');
      expect(code).toBe(1);
      const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as object;
      expect(last).toMatchObject({ verdict: { ok: false, text: 'it has its address and never asked for a file' } });
      phone.close();
    });

    it('plays one behind a relay agent of this machine, with files by ordinary sockets', async () => {
      const agent = ethernet.plug('agent');
      agent.ip('address', 'add', '192.168.77.2/24', 'dev', LAN);
      const { stdout, code } = await simulate(agent, 'arista', '--server', SERVER, '--relay', '192.168.77.2');
      expect(code, stdout).toBe(0);
      expect(stdout.trim().split('\n').at(-1)).toBe(`arista ${DEVICE_VERDICTS['arista']}`);
      agent.close();
    });

    it('gives its address back when it is told to (RFC 2131 §4.4.6)', async () => {
      const pc = ethernet.plug('pc');
      const mac = '52:54:00:71:00:99';
      const { code } = await simulate(pc, 'debian-pc', '--interface', LAN, '--mac', mac, '--release');
      expect(code).toBe(0);
      await appliance.event('lease.released', { mac, by: 'client' });
      pc.close();
    });

    it('leaves an interface with the default route alone, unless it is told to', async () => {
      const { output, code } = await simulate(laptop, 'debian-pc', '--interface', 'wlan0');
      expect(code).toBe(1);
      expect(output).toMatch(/wlan0 holds the default route.*--yes/s);
      expect(wifi.addressesOf('air0')).toEqual(['172.30.0.1/24']);
    });

    it('wants to be told where', async () => {
      const { output, code } = await simulate(laptop, 'debian-pc');
      expect(code).toBe(2);
      expect(output).toMatch(/one of --offline, --interface NAME or --server ADDRESS/);
    });
  });

  describe('that go wrong', () => {
    let machine: Namespace;

    beforeAll(() => {
      machine = ethernet.plug('faulty');
    });

    it('in the middle of a backup leave what there is of it', async () => {
      const from = appliance.mark();
      await simulate(machine, 'catalyst', '--interface', LAN, '--fault', 'backup-half-way');
      const told = await appliance.event('transfer.failed', { direction: 'write' }, from, 60_000);
      expect(told['keptAs']).toMatch(/access-1-confg/);
    });

    it('by asking for the size only are no failure', async () => {
      const from = appliance.mark();
      await simulate(machine, 'uefi-arm64', '--interface', LAN, '--fault', 'size-probe-only');
      await appliance.event('transfer.declined', { path: 'grubaa64.efi' }, from);
    });

    it('by insisting on an address of another network are refused', async () => {
      const from = appliance.mark();
      const { stdout } = await simulate(machine, 'debian-pc', '--interface', LAN, '--fault', 'nak-loop', '--mac', '52:54:00:71:00:98');
      expect(stdout).toMatch(/was refused 4 times/);
      expect(appliance.events('lease.refused', { mac: '52:54:00:71:00:98' }, from).length).toBe(4);
    });
  });

  it('get their configurations by one word of the configuration and the templates of the program, all at once', async () => {
    await appliance.stop();
    appliance.configure({ networks: [bench()], ...PROVISIONED, tftp: { root: './provisioned' } });
    writeProvisionedFiles(join(appliance.directory, 'provisioned'));
    await appliance.start('http.ready');
    const provisioned = PLAYED.filter(({ device }) => PROVISIONED_VERDICTS[device] !== undefined);
    const { stdout } = await devices.start([process.execPath, PROGRAM, JSON.stringify(provisioned)]).succeeded(90_000);
    const ended = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Ended);
    expect(ended).toHaveLength(provisioned.length);
    for (const { device, ok, text } of ended)
      expect([device, ok, text]).toEqual([device, true, expect.stringMatching(PROVISIONED_VERDICTS[device] ?? /never/)]);
    expect(JSON.stringify(appliance.log)).not.toContain('secret of the phones');
  });

  function simulate(machine: Namespace, ...args: readonly string[]): Promise<Finished> {
    return machine.start([process.execPath, MAIN, 'simulate', ...args]).finished(60_000);
  }
});

/** Which address it got is a matter of who was first. */
function withoutAddress(text: string): string {
  return text.replace(/192\.168\.77\.1\d\d\b/, '…');
}
