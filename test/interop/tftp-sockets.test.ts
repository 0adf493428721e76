/** The appliance's TFTP thread on both kinds of sockets, over virtual wires: real clients, a crowd at once, and a wire whose frames are short. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { bench, SERVER } from '../support/appliance.ts';
import { connect, leftovers, Namespace, sweep } from '../support/netns.ts';
import type { Program } from '../support/program.ts';
import { removeScratch, scratch } from '../support/scratch.ts';
import { describeWith } from '../support/tools.ts';
import type { Fetched } from './net-programs/fetch-files.ts';

const CLIENT = '192.168.77.50';
const KINDS = ['linux', 'portable'] as const;
/** The last one has more blocks than there are numbers. */
const SIZES = [0, 1, 511, 512, 513, 256 * 1024, 34 * 1024 * 1024];

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

describeWith(['tftp', 'atftp', 'curl'], 'the TFTP thread', () => {
  const contents = new Map<number, string>();
  let folder: string;
  let server: Namespace;
  let client: Namespace;

  beforeAll(() => {
    sweep();
    folder = scratch('tftp-sockets');
    const config = {
      server: { dataDir: './data' },
      networks: [bench()],
      tftp: { root: './tftp', maxBlockSize: 65464, uploads: { policy: 'overwrite', dir: './uploads', maxSize: '64MiB' } },
    };
    writeFileSync(join(folder, 'config.yaml'), stringify(config));
    for (const name of ['tftp', 'uploads']) mkdirSync(join(folder, name));
    for (const size of SIZES) {
      const content = randomBytes(size);
      writeFileSync(join(folder, 'tftp', `f${size}`), content);
      contents.set(size, sha256(content));
    }
  });

  afterEach(() => {
    for (const machine of [server, client]) machine?.close();
    expect(leftovers(), 'namespaces left behind').toEqual([]);
  });

  afterAll(removeScratch);

  async function serve(kind: string, mtu = 1500): Promise<Program> {
    [server, client] = [new Namespace('server'), new Namespace('client')];
    connect(server, 'eth1', client, 'eth0');
    server.ip('address', 'add', `${SERVER}/24`, 'brd', '+', 'dev', 'eth1');
    client.ip('address', 'add', `${CLIENT}/24`, 'brd', '+', 'dev', 'eth0');
    server.ip('link', 'set', 'eth1', 'mtu', `${mtu}`);
    client.ip('link', 'set', 'eth0', 'mtu', `${mtu}`);
    const program = server.start([process.execPath, programFile('serve-files'), kind, join(folder, 'config.yaml'), 'eth1', SERVER]);
    await program.waitFor(/^ready/m);
    return program;
  }

  async function fetch(clients: number, size: number, blockSize: number, window: number): Promise<Fetched> {
    const args = ['eth0', CLIENT, SERVER, `${clients}`, `f${size}`, `${blockSize}`, `${window}`];
    const { stdout } = await client.start([process.execPath, programFile('fetch-files'), ...args]).succeeded();
    return JSON.parse(stdout) as Fetched;
  }

  const whole = (clients: number, size: number) => ({ whole: clients, contents: [contents.get(size)], errors: [] });

  /** All that it told of transfers that are done. */
  const done = (program: Program): { resent: number }[] =>
    program.output
      .split('\n')
      .filter((line) => line.includes('"transfer.done"'))
      .map((line) => JSON.parse(line) as { resent: number });

  describe.each(KINDS)('with %s sockets', (kind) => {
    test('gives tftp-hpa files of every size whole', async () => {
      const serving = await serve(kind);
      for (const size of SIZES) {
        const local = join(folder, 'fetched');
        await client.start(['tftp', '-m', 'binary', SERVER, '-c', 'get', `f${size}`, local]).succeeded();
        expect(sha256(readFileSync(local)), `${size} octets`).toBe(contents.get(size));
      }
      expect((await serving.stop()).code).toBe(0);
      expect(serving.output).not.toMatch(/server\.fault|tftp\.dropped/);
    });

    test('gives curl files in larger blocks, and says when there is none', async () => {
      await serve(kind);
      for (const [size, blockSize] of [
        [513, 1024],
        [256 * 1024, 1468],
        [256 * 1024, 8192],
        [34 * 1024 * 1024, 65464],
      ] as const) {
        const local = join(folder, 'fetched');
        const options = ['--tftp-blksize', `${blockSize}`, '-o', local];
        await client.start(['curl', '-sS', ...options, `tftp://${SERVER}/f${size}`]).succeeded();
        expect(sha256(readFileSync(local)), `${size} octets in blocks of ${blockSize}`).toBe(contents.get(size));
      }
      const { code } = await client.start(['curl', '-sS', `tftp://${SERVER}/no-such-file`]).finished();
      expect(code, 'file not found on the TFTP server').toBe(68);
    });

    test('takes files from curl, and from atftp in windows (RFC 7440)', async () => {
      const serving = await serve(kind);
      const local = join(folder, 'tftp', `f${256 * 1024}`);
      const options = ['blksize 1024', 'windowsize 16', 'tsize'].flatMap((option) => ['--option', option]);
      await client.start(['curl', '-sS', '--tftp-blksize', '1468', '-T', local, `tftp://${SERVER}/from-curl`]).succeeded();
      await client.start(['atftp', ...options, '-p', '-l', local, '-r', 'from-atftp', SERVER]).succeeded();
      for (const name of ['from-curl', 'from-atftp'])
        expect(sha256(readFileSync(join(folder, 'uploads', name))), name).toBe(contents.get(256 * 1024));
      // A client has its last ACK before the line about it is written.
      await serving.stop();
      expect(done(serving)).toMatchObject(Array(2).fill({ direction: 'write', octets: 256 * 1024, hostName: 'desk-101' }));
    });

    test.each([
      [16, 1468],
      [64, 512],
      [8, 65464],
    ])('gives windows of %i blocks of %i octets whole (RFC 7440)', async (window, blockSize) => {
      await serve(kind);
      expect(await fetch(3, 256 * 1024, blockSize, window)).toMatchObject(whole(3, 256 * 1024));
    });

    test.each([1, 16])('a hundred clients at once get 256 KiB each, all whole, in windows of %i', async (window) => {
      const serving = await serve(kind);
      const fetched = await fetch(100, 256 * 1024, 1024, window);
      expect(fetched).toMatchObject(whole(100, 256 * 1024));
      await serving.stop();
      expect(done(serving)).toHaveLength(100);
      expect(serving.output).not.toMatch(/transfer\.(failed|refused)|server\.fault|tftp\.dropped/);
      // What one datagram at a time cannot hold up to is repeated; whoever takes them by the batch loses none.
      if (kind === 'linux') expect([fetched.repeats, done(serving).filter(({ resent }) => resent > 0)]).toEqual([0, []]);
    });

    test('gives blocks that are longer than a frame, which no card cuts, in fragments', async () => {
      const serving = await serve(kind, 600);
      for (const [blockSize, window] of [
        [512, 16],
        [1024, 16],
        [8192, 4],
      ] as const)
        expect(await fetch(2, 256 * 1024, blockSize, window), `blocks of ${blockSize}`).toMatchObject(whole(2, 256 * 1024));
      await serving.stop();
      expect(serving.output).not.toMatch(/transfer\.failed|server\.fault|tftp\.dropped/);
      if (kind === 'linux') expect(done(serving).filter(({ resent }) => resent > 0)).toEqual([]);
    });
  });

  test('lives through a pulled cable: who waited goes on when it is back', async () => {
    const serving = await serve('linux');
    const fetching = fetch(5, 34 * 1024 * 1024, 512, 16);
    await serving.waitFor(/transfer\.started/);
    server.ip('link', 'set', 'eth1', 'down');
    await new Promise((resolve) => setTimeout(resolve, 300));
    server.ip('link', 'set', 'eth1', 'up');
    expect(await fetching).toMatchObject({ whole: 5, contents: [contents.get(34 * 1024 * 1024)] });
  });
});

function programFile(name: string): string {
  return join(import.meta.dirname, 'net-programs', `${name}.ts`);
}
