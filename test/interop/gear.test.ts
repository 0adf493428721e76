// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how the configuration names its own address
/** Switches that set themselves up, played with the programs that ONIE is made of: busybox's udhcpc, tftp and wget. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Appliance, bench, SERVER } from '../support/appliance.ts';
import { Udhcpc } from '../support/dhcp-clients.ts';
import type { Namespace } from '../support/netns.ts';
import { eventually } from '../support/program.ts';
import { scratch } from '../support/scratch.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

const PLATFORM = 'x86_64-dellemc_s5200_c3538-r0';
const ONIE_MAC = 'f8:8e:a1:00:01:00';
const IOS_MAC = 'c2:00:66:bb:00:00';

const hexOf = (text: string): string => Buffer.from(text, 'latin1').toString('hex');

/** The names that ONIE asks for by TFTP at this address, in its order. */
function waterfall(address: string): readonly string[] {
  const digits = address
    .split('.')
    .map((octet) => Number(octet).toString(16).padStart(2, '0').toUpperCase())
    .join('');
  const folders = [ONIE_MAC.replaceAll(':', '-'), ...[8, 7, 6, 5, 4, 3, 2, 1].map((count) => digits.slice(0, count))];
  const endings = [`-${PLATFORM}`, '-x86_64-dellemc_s5200_c3538', '-dellemc_s5200_c3538', '-x86_64-bcm', '-x86_64', ''];
  return [
    ...folders.map((folder) => `${folder}/onie-installer-${PLATFORM}`),
    ...endings.flatMap((ending) => [`onie-installer${ending}`, `onie-installer${ending}.bin`]),
  ];
}

describeWith(['busybox'], 'switches that set themselves up', () => {
  let ethernet: VirtualSwitch;
  let appliance: Appliance;
  const files = scratch('switch-files');

  beforeAll(async () => {
    ethernet = new VirtualSwitch();
    const hosts = [{ mac: IOS_MAC, name: 'lab-1', address: '192.168.77.21', profile: 'cisco-ios', vars: { domain: 'bench.lan' } }];
    appliance = new Appliance(plugLaptop(ethernet).laptop, {
      networks: [bench({ leaseTime: '10m' })],
      hosts,
      boot: { files: {} },
      provision: '${server}',
      http: { port: 80 },
    });
    await appliance.start('http.ready');
  });

  afterAll(async () => {
    await appliance?.stop();
    leaveNothing(ethernet);
  });

  /** Whether it got the file. Its tftp gives up at once when it is told that there is none. */
  async function fetches(machine: Namespace, name: string, local: string): Promise<boolean> {
    const { code, output } = await machine.start(['busybox', 'tftp', '-g', '-r', name, '-l', local, SERVER]).finished();
    expect(code === 0 || /server error: \(1\)/.test(output), `${name}: ${output}`).toBe(true);
    return code === 0;
  }

  async function walk(machine: Namespace, names: readonly string[], local: string): Promise<string | undefined> {
    for (const name of names) if (await fetches(machine, name, local)) return name;
    return undefined;
  }

  it('ONIE: its servers by DHCP, a word of ERROR 1 for each name, one line for all of them, and its installer', async () => {
    const machine = ethernet.plug('onie', { mac: ONIE_MAC });
    const client = new Udhcpc(machine);
    const platform = `\x03\x13dellemc_s5200_c3538\x04\x06x86_64\x05\x010`;
    client.start({
      vendorClass: `onie_vendor:${PLATFORM}`,
      ask: [7, 43, 54, 66, 67, 72, 114, 125, 150],
      send: {
        61: `00${hexOf('TW0ABCDEF0001')}`,
        77: `14${hexOf('onie_dhcp_user_class')}`,
        125: `0000a67f${platform.length.toString(16).padStart(2, '0')}${hexOf(platform)}`,
      },
    });
    await eventually('an address on the switch', () => client.addresses.length > 0);
    expect(client.variables('BOUND')).toMatchObject({ tftp: SERVER, opt72: 'c0a84d01', opt150: 'c0a84d01' });
    expect(await appliance.event('lease.bound', { mac: ONIE_MAC })).toMatchObject({
      profile: 'onie',
      model: PLATFORM,
      serial: 'TW0ABCDEF0001',
    });

    const names = waterfall(client.addresses[0]?.split('/')[0] ?? '');
    const local = join(files, 'installer');
    const from = appliance.mark();
    expect(await walk(machine, names, local)).toBeUndefined();
    const searched = await appliance.event('transfer.searched', { mac: ONIE_MAC }, from, 40_000);
    expect(searched).toMatchObject({ level: 'warn', family: 'ONIE', names: names.length, protocol: 'tftp' });
    expect(searched.msg).toContain(`put onie-installer-${PLATFORM} into the root`);
    expect(appliance.events('transfer.missed', {}, from).filter(({ level }) => level !== 'debug')).toEqual([]);

    appliance.offer('onie-installer-x86_64', '#!/bin/sh\necho installed\n');
    expect(await walk(machine, names, local)).toBe('onie-installer-x86_64');
    expect(readFileSync(local, 'utf8')).toBe('#!/bin/sh\necho installed\n');
    expect((await appliance.event('transfer.done', { protocol: 'tftp', mac: ONIE_MAC }, from))['serial']).toBe('TW0ABCDEF0001');

    const headers = ['--header', 'ONIE-SERIAL-NUMBER: TW0ABCDEF0001', '--header', 'ONIE-SECURITY-KEY: d3b07384'];
    const url = `http://${SERVER}/onie-installer-x86_64`;
    await machine.start(['busybox', 'wget', '-q', ...headers, '-O', local, url]).succeeded();
    const done = await appliance.event('transfer.done', { protocol: 'http', mac: ONIE_MAC }, from);
    expect(done['claims']).toBe('ONIE, serial number TW0ABCDEF0001');
    expect(JSON.stringify(appliance.log)).not.toContain('d3b07384');
    await client.release();
  }, 90_000);

  it('Cisco IOS: its name by the first file of AutoInstall, its configuration by the second', async () => {
    const machine = ethernet.plug('ios', { mac: IOS_MAC });
    const client = new Udhcpc(machine);
    client.start({ ask: [150, 43], send: { 61: `00${hexOf('cisco-c200.66bb.0000-Fa0/0')}` } });
    await eventually('an address on the router', () => client.addresses.length > 0);
    expect(client.variables('BOUND')).toMatchObject({ opt150: 'c0a84d01' });

    const local = join(files, 'confg');
    expect(await walk(machine, ['network-confg', 'cisconet.cfg'], local)).toBe('network-confg');
    const [, name = ''] = /^ip host (\S+) 192\.168\.77\.21$/m.exec(readFileSync(local, 'utf8')) ?? [];
    expect(await walk(machine, [`${name}-confg`, `${name}.cfg`], local)).toBe('lab-1-confg');
    expect(readFileSync(local, 'utf8')).toContain('hostname lab-1\nip domain name bench.lan\n');
    await client.release();
  });

  it('Nexus: a lease of an hour where all others get ten minutes, and a script whose sum is right', async () => {
    appliance.offer('poap.py', '#!/bin/env python\n#md5sum="edited since"\nprint("x")\n');
    const machine = ethernet.plug('nexus');
    const client = new Udhcpc(machine);
    client.start({ vendorClass: 'Cisco N9K-C93180YC-EX', ask: [66, 67, 150], send: { 61: `00${hexOf('FDO21030Q6Y')}` } });
    await eventually('an address on the switch', () => client.addresses.length > 0);
    expect(client.variables('BOUND')).toMatchObject({ lease: '3600', tftp: SERVER, bootfile: 'poap.py', boot_file: 'poap.py' });

    const local = join(files, 'poap.py');
    expect(await fetches(machine, 'poap.py', local)).toBe(true);
    // As the switch does it.
    const check = `sed '/^#md5sum/d' ${local} | md5sum | sed 's/ .*//' | xargs -I SUM grep -c '^#md5sum="SUM"$' ${local}`;
    expect((await machine.start(['sh', '-c', check]).succeeded()).output.trim()).toBe('1');
    await client.release();
  });
});
