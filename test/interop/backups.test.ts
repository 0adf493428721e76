/** Real TFTP clients leave backups and take them back, and `bootlace backups` is run beside the server as its user would. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Appliance, bench, SERVER } from '../support/appliance.ts';
import type { Namespace } from '../support/netns.ts';
import { eventually } from '../support/program.ts';
import { scratch } from '../support/scratch.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

type Command = readonly [string, ...string[]];

const FILE = 'running-config';

const CLIENTS: readonly { readonly name: string; get(local: string): Command; put(local: string): Command }[] = [
  {
    name: 'tftp-hpa',
    get: (local) => ['tftp', '-m', 'binary', SERVER, '-c', 'get', FILE, local],
    put: (local) => ['tftp', '-m', 'binary', SERVER, '-c', 'put', local, FILE],
  },
  {
    name: 'curl',
    get: (local) => ['curl', '-sS', '-o', local, `tftp://${SERVER}/${FILE}`],
    put: (local) => ['curl', '-sS', '-T', local, `tftp://${SERVER}/${FILE}`],
  },
  {
    name: 'busybox',
    get: (local) => ['busybox', 'tftp', '-g', '-r', FILE, '-l', local, SERVER],
    put: (local) => ['busybox', 'tftp', '-p', '-l', local, '-r', FILE, SERVER],
  },
];

/** The configuration of a switch that was saved at this time. */
function config(time: string, vlan: number, secret = '$1$mERr$hx5rVt7rPNoS4wqbXKX7m0'): string {
  const ports = Array.from({ length: 40 }, (_, port) => `interface GigabitEthernet0/${port + 1}\n switchport access vlan ${vlan}\n!`);
  return `! Last configuration change at ${time} UTC Fri Nov 20 2026 by ada
version 15.2
hostname sw1
!
enable secret 5 ${secret}
!
${ports.join('\n')}
end
`;
}

const FIRST = config('07:10:22', 10);
const SECOND = config('08:31:02', 20, '$1$mERr$other');

describeWith(['tftp', 'curl', 'busybox'], 'backups', () => {
  let ethernet: VirtualSwitch;
  let appliance: Appliance;
  const machines = new Map<string, Namespace>();

  beforeAll(async () => {
    ethernet = new VirtualSwitch();
    appliance = new Appliance(plugLaptop(ethernet).laptop, {
      // The server gives up root; `bootlace backups` is run by root all the same, as after `sudo`.
      server: { user: 'nobody' },
      networks: [bench()],
      tftp: { uploads: { dir: './data/uploads', quotaPerDevice: '512KiB' } },
    });
    CLIENTS.forEach(({ name }, index) => {
      const machine = ethernet.plug(name);
      machine.ip('address', 'add', `192.168.77.${10 + index}/24`, 'dev', 'lan0');
      machines.set(name, machine);
    });
    await appliance.start();
  });

  afterAll(async () => {
    await appliance?.stop();
    leaveNothing(ethernet);
  });

  describe.sequential.each(CLIENTS.map((client, index) => ({ ...client, device: `192.168.77.${10 + index}` })))('by $name', (client) => {
    /** The device sends this content; where it was stored. */
    async function send(content: string): Promise<string> {
      const local = join(scratch('sent'), FILE);
      writeFileSync(local, content);
      const from = appliance.mark();
      await run(client.name, client.put(local));
      const done = await appliance.event('transfer.done', { direction: 'write', address: client.device }, from);
      return String(done['storedAs']);
    }

    async function readBack(): Promise<string> {
      const local = join(scratch('back'), FILE);
      await run(client.name, client.get(local));
      return readFileSync(local, 'utf8');
    }

    it('sends, sends again unchanged, changes, and reads the newest back', async () => {
      expect(readFileSync(await send(FIRST), 'utf8')).toBe(FIRST);
      expect(await send(FIRST)).toMatch(/\/0001-.* \(unchanged\)$/);
      expect(await send(SECOND)).toMatch(/\/0002-\d{8}T\d{6}Z-[0-9a-f]{8}$/);
      expect(await readBack()).toBe(SECOND);
    });

    it('is listed', async () => {
      const { code, stdout } = await appliance.run('backups', 'list', client.device, '--all', '--json');
      expect(code).toBe(0);
      const rows = JSON.parse(stdout) as { version: number; size: number; path: string }[];
      expect(rows.map(({ version, size }) => [version, size])).toEqual([
        [1, FIRST.length],
        [2, SECOND.length],
      ]);
      expect(rows.map(({ path }) => readFileSync(path, 'utf8'))).toEqual([FIRST, SECOND]);
    });

    it('is compared without noise and without secrets', async () => {
      const { code, output } = await appliance.run('backups', 'diff', client.device, '--ignore-noise');
      expect(code, output).toBe(1);
      expect(output).toContain('+enable secret 5 ****(changed)\n');
      expect(output).toContain('- switchport access vlan 10\n+ switchport access vlan 20\n');
      expect(output).not.toMatch(/mERr|Last configuration/);
    });

    it('gets an old version back after a restore, and goes on from there', async () => {
      const { code, output } = await appliance.run('backups', 'restore', client.device, FILE, '--version', '1');
      expect(code, output).toBe(0);
      expect(output).toContain(`configure replace tftp://${SERVER}/${FILE}`);
      expect(await readBack()).toBe(FIRST);
      expect(await send(FIRST)).toMatch(/\/0003-.* \(unchanged\)$/);
      expect(await send(config('09:00:00', 30))).toMatch(/\/0004-/);
    });
  });

  /** What the device of tftp-hpa calls its files; Cisco IOS with `archive`, `path tftp://192.168.77.1/$h-$t`, `write-memory`. */
  describe.sequential('under the names of an archive', () => {
    const NAMES = ['sw1-Nov-28-01-02-03.123-4', 'sw1-Nov-28-02-02-03.456-5', 'sw1-Nov-28-03-02-03.789-6'] as const;
    const device = '192.168.77.10';

    async function archive(name: string, content: string): Promise<Readonly<Record<string, unknown>>> {
      const local = join(scratch('archived'), 'config');
      writeFileSync(local, content);
      // It looks whether there is such a file; there is none, and no fault either.
      const looked = await started('curl', ['curl', '-sS', '-o', '/dev/null', `tftp://${SERVER}/${name}`]).finished();
      expect(looked.code, 'curl: file not found').toBe(68);
      const from = appliance.mark();
      await run('tftp-hpa', ['tftp', '-m', 'binary', SERVER, '-c', 'put', local, name]);
      return appliance.event('backup.stored', { address: device }, from);
    }

    async function fetched(name: string): Promise<string> {
      const local = join(scratch('fetched'), 'config');
      await run('tftp-hpa', ['tftp', '-m', 'binary', SERVER, '-c', 'get', name, local]);
      return readFileSync(local, 'utf8');
    }

    it('are versions of one backup, and the log says what each changes', async () => {
      expect(await archive(NAMES[0], FIRST)).toMatchObject({ file: 'sw1', version: 1, msg: 'backup 1 of sw1: the first' });
      const changed = FIRST.replace('07:10:22', '08:31:02').replace(
        'interface GigabitEthernet0/3\n switchport access vlan 10',
        'interface GigabitEthernet0/3\n switchport access vlan 20',
      );
      expect(await archive(NAMES[1], changed)).toMatchObject({
        version: 2,
        msg: 'backup 2 of sw1: 1 line changed (interface GigabitEthernet0/3)',
      });
      expect(await archive(NAMES[2], changed)).toMatchObject({ msg: 'backup of sw1: unchanged since backup 2' });
      expect(readdirSync(join(appliance.directory, 'data/uploads', device)).filter((name) => name.startsWith('sw1'))).toEqual(['sw1']);
      expect(await fetched(NAMES[0])).toBe(FIRST);
      expect(await fetched(NAMES[2])).toBe(changed);
    });

    it('are compared', async () => {
      const { code, output } = await appliance.run('backups', 'diff', device, 'sw1', '--ignore-noise');
      expect(code, output).toBe(1);
      expect(output).toContain('- switchport access vlan 10\n+ switchport access vlan 20\n');
    });

    it('are restored under the name that is printed', async () => {
      const { code, output } = await appliance.run('backups', 'restore', device, 'sw1', '1');
      expect(code, output).toBe(0);
      const url = /configure replace (tftp:\/\/\S+)/.exec(output)?.[1] ?? '';
      expect(url).toBe(`tftp://${SERVER}/sw1`);
      expect(await fetched(url.replace(`tftp://${SERVER}/`, ''))).toBe(FIRST);
    });
  });

  it('belong to the user that the server became, whoever restored them', () => {
    const uploads = join(appliance.directory, 'data/uploads');
    const owner = statSync(uploads).uid;
    expect(owner).not.toBe(0);
    const everything = readdirSync(uploads, { recursive: true }).map((name) => statSync(join(uploads, String(name))));
    expect(new Set(everything.map(({ uid }) => uid))).toEqual(new Set([owner]));
    expect(everything.filter((facts) => facts.isFile() && (facts.mode & 0o007) !== 0)).toEqual([]);
  });

  it('that are announced as too large for the quota are refused before anything is sent (RFC 2349 §4)', async () => {
    const local = join(scratch('large'), 'large');
    writeFileSync(local, Buffer.alloc(600_000));
    const from = appliance.mark();
    const { code } = await started('curl', ['curl', '-sS', '-T', local, `tftp://${SERVER}/large`]).finished();
    expect(code, 'curl: disk full or allocation exceeded').not.toBe(0);
    const refused = await appliance.event('transfer.refused', { path: 'large' }, from);
    expect(refused['reason']).toMatch(/^192\.168\.77\.11 has .* of the 512 KiB of tftp\.uploads\.quotaPerDevice/);
    expect(appliance.events('transfer.started', { path: 'large' }, from)).toEqual([]);
  });

  it('that break off are kept where the log says, over a restart, and no device reads them', { timeout: 180_000 }, async () => {
    const from = appliance.mark();
    // Most of the file comes, and then the device waits for more of it.
    const sent = randomBytes(200_000);
    const folder = scratch('broken');
    writeFileSync(join(folder, 'sent'), sent);
    const script = 'cd "$1" && mkfifo fifo && { (cat sent; sleep 300) > fifo & exec busybox tftp -p -l fifo -r broken "$2"; }';
    const upload = machines.get('busybox')?.start(['sh', '-c', script, 'sh', folder, SERVER]);
    await appliance.event('transfer.started', { path: 'broken' }, from);
    const incoming = join(appliance.directory, 'data/uploads/.bootlace-incoming');
    await eventually('blocks arrive', () => readdirSync(incoming).some((name) => statSync(join(incoming, name)).size > 100_000));
    await upload?.kill();
    const failed = await appliance.event('transfer.failed', { path: 'broken' }, from, 120_000);
    const keptAs = String(failed['keptAs']);
    const kept = readFileSync(keptAs);
    expect(kept.length).toBeGreaterThan(100_000);
    expect(kept.equals(sent.subarray(0, kept.length))).toBe(true);
    await appliance.stop();
    await appliance.start();
    expect(existsSync(keptAs)).toBe(true);
    const { output } = await appliance.run('backups');
    expect(output).toContain(`1 upload came only in part`);
    const name = keptAs.slice(keptAs.indexOf('.bootlace-incoming'));
    const read = await started('curl', ['curl', '-sS', '-o', '/dev/null', `tftp://${SERVER}/${name}`]).finished();
    expect(read.code, 'curl: file not found').toBe(68);
  });

  function started(name: string, command: Command): ReturnType<Namespace['start']> {
    const machine = machines.get(name);
    if (machine === undefined) throw new Error(`there is no machine for ${name}`);
    return machine.start(command);
  }

  async function run(name: string, command: Command): Promise<void> {
    await started(name, command).succeeded(60_000);
  }
});
