/** Bounds and ports of the file server, as real clients meet them. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Appliance, bench, SERVER, type Section } from '../support/appliance.ts';
import { Capture } from '../support/capture.ts';
import type { Namespace } from '../support/netns.ts';
import { scratch } from '../support/scratch.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

const MIB = 1024 * 1024;
const FILE = randomBytes(2 * MIB);

describeWith(['curl', 'tftp', 'atftp', 'tcpdump', 'tshark'], 'Bounds and ports of the file server', () => {
  let ethernet: VirtualSwitch;
  let laptop: Namespace;
  let machine: Namespace;
  let appliance: Appliance;

  beforeAll(() => {
    ethernet = new VirtualSwitch();
    ({ laptop } = plugLaptop(ethernet));
    machine = ethernet.plug('client');
    machine.ip('address', 'add', '192.168.77.10/24', 'dev', 'lan0');
  });

  afterEach(() => appliance.stop());

  afterAll(() => leaveNothing(ethernet));

  async function serve(tftp: Section): Promise<void> {
    appliance = new Appliance(laptop, { networks: [bench()], tftp });
    appliance.offer('file', FILE);
    await appliance.start();
  }

  /** Fetches the file whole; gives the seconds that curl took for it. */
  async function fetchFile(): Promise<number> {
    const local = join(scratch('fetched'), 'file');
    const url = `tftp://${SERVER}/file`;
    const { stdout } = await machine
      .start(['curl', '-sS', '--tftp-blksize', '1468', '-w', '%{time_total}', '-o', local, url])
      .succeeded(30_000);
    expect(readFileSync(local).equals(FILE)).toBe(true);
    return Number(stdout);
  }

  it.each<[string, Section]>([
    ['tftp.bandwidth', { bandwidth: '1MiB/s' }],
    ['tftp.bandwidthPerClient', { bandwidthPerClient: '1MiB/s' }],
  ])('%s: 2 MiB at 1 MiB/s take two seconds, and nothing is sent twice', async (_name, tftp) => {
    await serve(tftp);
    const seconds = await fetchFile();
    expect(seconds).toBeGreaterThan(1.7);
    expect(seconds).toBeLessThan(2.6);
    await appliance.event('transfer.done', { octets: 2 * MIB, resent: 0 });
  });

  it('a reload takes the bound away', async () => {
    await serve({ bandwidth: '200KiB/s' });
    appliance.configure({ networks: [bench()] });
    const { code, output } = await appliance.run('reload');
    expect(code, output).toBe(0);
    expect(await fetchFile()).toBeLessThan(1.5);
  });

  /** The server's ports that are seen on the wire meanwhile. */
  async function portsWhile(act: () => Promise<void>): Promise<Set<number>> {
    const wire = await Capture.start(machine, 'lan0', `udp and src host ${SERVER}`);
    await act();
    await wire.stop();
    return new Set((await wire.packets(['udp.srcport'], 'udp')).map((packet) => Number(packet['udp.srcport'])));
  }

  it.each<[string, (local: string) => [string, ...string[]]]>([
    ['tftp-hpa', (local) => ['tftp', '-m', 'binary', SERVER, '-c', 'get', 'file', local]],
    ['atftp', (local) => ['atftp', '--option', 'blksize 1468', '--option', 'windowsize 8', '-g', '-r', 'file', '-l', local, SERVER]],
    ['curl', (local) => ['curl', '-sS', '-o', local, `tftp://${SERVER}/file`]],
  ])('tftp.singlePort: %s fetches and sends by port 69 alone', async (_name, command) => {
    await serve({ singlePort: true, uploads: { policy: 'overwrite', dir: './uploads' } });
    const local = join(scratch('fetched'), 'file');
    const ports = await portsWhile(async () => {
      await machine.start(command(local)).succeeded(30_000);
      await machine.start(['curl', '-sS', '-T', local, `tftp://${SERVER}/sent`]).succeeded(30_000);
    });
    expect(ports).toEqual(new Set([69]));
    expect(readFileSync(local).equals(FILE)).toBe(true);
    expect(readFileSync(join(appliance.directory, 'uploads', 'sent')).equals(FILE)).toBe(true);
    expect(appliance.events('transfer.failed')).toEqual([]);
  });

  it('tftp.portRange: transfers have its ports, and others after a reload', async () => {
    await serve({ portRange: '50000-50001' });
    const threeTimes = async () => {
      for (let n = 0; n < 3; n++) await fetchFile();
    };
    expect(await portsWhile(threeTimes)).toEqual(new Set([50_000, 50_001]));
    appliance.configure({ networks: [bench()], tftp: { portRange: '50010' } });
    const { code, output } = await appliance.run('reload');
    expect(code, output).toBe(0);
    expect(await portsWhile(threeTimes)).toEqual(new Set([50_010]));
    appliance.configure({ networks: [bench()], tftp: { singlePort: true } });
    expect((await appliance.run('reload')).code).toBe(0);
    expect(await portsWhile(threeTimes)).toEqual(new Set([69]));
  });
});
