/** Real TFTP clients fetch files from the appliance and put files there, at every size where a block may end. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Appliance, bench, SERVER } from '../support/appliance.ts';
import { Capture } from '../support/capture.ts';
import type { Namespace } from '../support/netns.ts';
import { scratch } from '../support/scratch.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

type Command = readonly [string, ...string[]];

interface TftpClient {
  readonly name: string;
  /** Fetches `remote` from the server into `local`, with blocks of 512 octets. */
  get(remote: string, local: string): Command;
  /** Puts `local` to the server as `remote`. */
  put(local: string, remote: string): Command;
}

const CLIENTS: readonly TftpClient[] = [
  {
    name: 'tftp-hpa',
    get: (remote, local) => ['tftp', '-m', 'binary', SERVER, '-c', 'get', remote, local],
    put: (local, remote) => ['tftp', '-m', 'binary', SERVER, '-c', 'put', local, remote],
  },
  {
    name: 'atftp',
    get: (remote, local) => ['atftp', '--option', 'tsize', '--option', 'blksize 512', '-g', '-r', remote, '-l', local, SERVER],
    put: (local, remote) => ['atftp', '--option', 'tsize', '--option', 'blksize 512', '-p', '-l', local, '-r', remote, SERVER],
  },
  {
    name: 'curl',
    // It takes a size of zero in the acknowledged options for a fault, so that file has to be asked for without options.
    get: (remote, local) => [
      ...(['curl', '-sS', '-o', local, `tftp://${SERVER}/${remote}`] as const),
      ...(remote === nameOf(0) ? ['--tftp-no-options'] : ['--tftp-blksize', '512']),
    ],
    put: (local, remote) => ['curl', '-sS', '--tftp-blksize', '512', '-T', local, `tftp://${SERVER}/${remote}`],
  },
  {
    name: 'busybox',
    get: (remote, local) => ['busybox', 'tftp', '-g', '-r', remote, '-l', local, SERVER],
    put: (local, remote) => ['busybox', 'tftp', '-p', '-l', local, '-r', remote, SERVER],
  },
];

const MIB = 1024 * 1024;
/** The last one has 81,920 blocks: their numbers begin anew after 65,535. */
const SIZES = [0, 1, 511, 512, 513, 4404, 5 * MIB, 40 * MIB];

describeWith(['tftp', 'atftp', 'curl', 'busybox', 'tcpdump', 'tshark'], 'TFTP clients', () => {
  let ethernet: VirtualSwitch;
  let appliance: Appliance;
  const machines = new Map<string, Namespace>();
  const hashes = new Map<number, string>();

  beforeAll(async () => {
    ethernet = new VirtualSwitch();
    appliance = new Appliance(plugLaptop(ethernet).laptop, {
      networks: [bench()],
      tftp: { uploads: { policy: 'overwrite', dir: './uploads', maxSize: '64MiB' } },
    });
    for (const size of SIZES) {
      const content = randomBytes(size);
      appliance.offer(nameOf(size), content);
      hashes.set(size, sha256(content));
    }
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

  // All clients at once, each in its machine: the long files wait for one block after the other, not for the processor.
  describe.concurrent.each(CLIENTS)('by $name', (client) => {
    it.sequential('fetches files of every size whole (RFC 1350 §6)', { timeout: 300_000 }, async () => {
      const folder = scratch(client.name);
      for (const size of SIZES) {
        const local = join(folder, nameOf(size));
        await run(client, client.get(nameOf(size), local));
        expect(sha256(readFileSync(local)), `${size} octets`).toBe(hashes.get(size));
      }
    });

    it.sequential('puts files of every size whole (RFC 1350 §6)', { timeout: 300_000 }, async () => {
      for (const size of SIZES) {
        const remote = `${client.name}-${size}`;
        const from = appliance.mark();
        await run(client, client.put(join(appliance.tftpRoot, nameOf(size)), remote));
        await appliance.event('transfer.done', { path: remote, direction: 'write', octets: size }, from);
        expect(sha256(readFileSync(join(appliance.directory, 'uploads', remote))), `${size} octets`).toBe(hashes.get(size));
      }
    });

    it.sequential('is told that a file is not there', async () => {
      const local = join(scratch(client.name), 'nothing');
      const finished = await started(client, client.get('no-such-file', local)).finished(20_000);
      // tftp-hpa ends with 0; curl's 68 is "file not found on TFTP server".
      expect(finished.code === 68 ? 'not found' : finished.output).toMatch(/not found|no such file/i);
      await appliance.event('transfer.missed', {
        path: 'no-such-file',
        address: machines.get(client.name)?.addressesOf('lan0')[0]?.split('/')[0],
      });
    });
  });

  it('answers from the address it was asked on, and each transfer from a port of its own (RFC 1350 §4)', async () => {
    const machine = machines.get('curl');
    if (machine === undefined) throw new Error('there is no machine for curl');
    const wire = await Capture.start(machine, 'lan0', 'udp');
    for (const size of [1, 511]) await run({ name: 'curl' }, ['curl', '-sS', '-o', '/dev/null', `tftp://${SERVER}/${nameOf(size)}`]);
    await wire.stop();
    const answers = await wire.packets(['ip.src', 'udp.srcport'], 'udp.dstport != 69 && ip.src == 192.168.77.1');
    expect(new Set(answers.map((packet) => packet['ip.src']))).toEqual(new Set([SERVER]));
    const ports = new Set(answers.map((packet) => packet['udp.srcport']));
    expect(ports.size).toBe(2);
    expect(ports).not.toContain('69');
  });

  it('keeps every upload as a version by default, and gives the device its newest one back', async () => {
    await appliance.stop();
    appliance.configure({ networks: [bench()], tftp: { uploads: { dir: './backups' } } });
    await appliance.start();
    const folder = scratch('versions');
    for (const content of ['hostname sw1\n', 'hostname sw1\nvlan 20\n']) {
      writeFileSync(join(folder, 'sent'), content);
      await run({ name: 'curl' }, ['curl', '-sS', '-T', join(folder, 'sent'), `tftp://${SERVER}/running-config`]);
    }
    await run({ name: 'curl' }, ['curl', '-sS', '-o', join(folder, 'back'), `tftp://${SERVER}/running-config`]);
    expect(readFileSync(join(folder, 'back'), 'utf8')).toBe('hostname sw1\nvlan 20\n');
    const stored = appliance.events('transfer.done', { path: 'running-config', direction: 'write' }).map((event) => event['storedAs']);
    expect(new Set(stored).size, String(stored)).toBe(2);
    expect(readFileSync(String(stored[0]), 'utf8')).toBe('hostname sw1\n');
  });

  function started(client: { readonly name: string }, command: Command): ReturnType<Namespace['start']> {
    const machine = machines.get(client.name);
    if (machine === undefined) throw new Error(`there is no machine for ${client.name}`);
    return machine.start(command);
  }

  async function run(client: { readonly name: string }, command: Command): Promise<void> {
    await started(client, command).succeeded(240_000);
  }
});

function nameOf(size: number): string {
  return `${size}-octets`;
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
