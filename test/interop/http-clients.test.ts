/** curl, wget and BusyBox fetch files by HTTP from the appliance, go on with what was broken off, and look what is there. */
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Appliance, bench, SERVER } from '../support/appliance.ts';
import { Udhcpc } from '../support/dhcp-clients.ts';
import type { Namespace } from '../support/netns.ts';
import { eventually } from '../support/program.ts';
import { scratch } from '../support/scratch.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { LAN, plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

const MIB = 1024 * 1024;
const CONFIG = { server: { user: 'nobody' }, networks: [bench()], http: { port: 80 } };

type Command = readonly [string, ...string[]];

const CLIENTS: readonly { readonly name: string; get(url: string, local: string): Command }[] = [
  { name: 'curl', get: (url, local) => ['curl', '-sS', '-f', '-o', local, url] },
  { name: 'curl by HTTP/1.0', get: (url, local) => ['curl', '-sS', '-f', '-0', '-o', local, url] },
  { name: 'wget', get: (url, local) => ['wget', '-q', '-O', local, url] },
  { name: 'busybox', get: (url, local) => ['busybox', 'wget', '-q', '-O', local, url] },
];

describeWith(['curl', 'wget', 'busybox'], 'HTTP clients', () => {
  let ethernet: VirtualSwitch;
  let laptop: Namespace;
  let wifi: Namespace;
  let appliance: Appliance;
  let machine: Namespace;
  const image = randomBytes(40 * MIB + 3);

  beforeAll(async () => {
    ethernet = new VirtualSwitch();
    ({ laptop, wifi } = plugLaptop(ethernet));
    appliance = new Appliance(laptop, CONFIG);
    appliance.offer('images/disk.img', image);
    appliance.offer('menu.ipxe', '#!ipxe\n');
    machine = ethernet.plug('client');
    machine.ip('address', 'add', '192.168.77.10/24', 'dev', LAN);
    await appliance.start('http.ready');
  });

  afterAll(async () => {
    await appliance?.stop();
    leaveNothing(ethernet);
  });

  describe.each(CLIENTS)('$name', ({ name, get }) => {
    it('fetches a file whole', async () => {
      const local = join(scratch('http'), 'disk.img');
      const from = appliance.mark();
      await machine.start(get(`http://${SERVER}/images/disk.img`, local)).succeeded();
      expect(sha256(readFileSync(local))).toBe(sha256(image));
      const done = { protocol: 'http', path: 'images/disk.img', octets: image.length, address: '192.168.77.10' };
      await appliance.event('transfer.done', done, from);
    });

    it('is told that a file is not there', async () => {
      const from = appliance.mark();
      const finished = await machine.start(get(`http://${SERVER}/none-${name.length}`, '/dev/null')).finished();
      expect(finished.code).not.toBe(0);
      await appliance.event('transfer.missed', { protocol: 'http', path: `none-${name.length}` }, from);
    });
  });

  it('puts a file, which is a version of that device from then on, and gets it back', async () => {
    const log = join(scratch('http'), 'app.log');
    writeFileSync(log, 'the phone says hello\n');
    const url = `http://${SERVER}/0004f2abcdef-app.log`;
    const from = appliance.mark();
    const { stdout } = await machine.start(['curl', '-sS', '-f', '-T', log, '-w', '%{http_code}', url]).succeeded();
    expect(stdout).toBe('201');
    await appliance.event('transfer.done', { protocol: 'http', direction: 'write', path: '0004f2abcdef-app.log', octets: 21 }, from);
    expect((await machine.start(['curl', '-sS', '-f', url]).succeeded()).stdout).toBe('the phone says hello\n');
  });

  it('goes on with what there is of a file: the log says from where (RFC 9110 §14)', async () => {
    const local = join(scratch('http'), 'disk.img');
    writeFileSync(local, image.subarray(0, 7 * MIB));
    const from = appliance.mark();
    await machine.start(['curl', '-sS', '-f', '-C', '-', '-o', local, `http://${SERVER}/images/disk.img`]).succeeded();
    expect(sha256(readFileSync(local))).toBe(sha256(image));
    await appliance.event('transfer.done', { resumedAt: 7 * MIB, octets: image.length - 7 * MIB }, from);
  });

  it('looks at the head of a file', async () => {
    const { stdout } = await machine.start(['curl', '-sSI', `http://${SERVER}/images/disk.img`]).succeeded();
    expect(stdout).toMatch(/content-length: 41943043/i);
    expect(stdout).toMatch(/content-type: application\/vnd\.efi-img/i);
  });

  it('finds the files by the list of the root and its links', async () => {
    const { stdout } = await machine.start(['wget', '-q', '-O', '-', `http://${SERVER}/`]).succeeded();
    expect(Array.from(stdout.matchAll(/href="([^"]*)"/g), ([, link]) => link)).toEqual(['/images/', '/menu.ipxe']);
    const below = await machine.start(['curl', '-sS', `http://${SERVER}/images/`]).succeeded();
    expect(below.stdout).toContain('href="/images/disk.img"');
  });

  it('knows the device by its lease, and notes what it says of itself', async () => {
    const device = ethernet.plug('device');
    const client = new Udhcpc(device);
    client.start();
    const address = (await eventually('a lease', () => client.addresses[0])).split('/')[0];
    const from = appliance.mark();
    const header = ['-H', 'ONIE-SERIAL-NUMBER: S-1', '-H', 'ONIE-SECURITY-KEY: secret'];
    await device.start(['curl', '-sS', ...header, `http://${SERVER}/menu.ipxe`]).succeeded();
    await appliance.event('transfer.done', { path: 'menu.ipxe', mac: device.macOf(LAN), address }, from);
    const { msg } = await appliance.event('http.answered', { path: 'menu.ipxe', status: 200 }, from);
    expect(msg).toContain('ONIE-SERIAL-NUMBER: S-1');
    expect(msg).not.toContain('secret');
    await client.vanish();
    device.close();
  });

  it('is served on the networks alone, and not where the rest of the world is', async () => {
    wifi.ip('route', 'add', `${SERVER}/32`, 'via', '172.30.0.2');
    for (const address of ['172.30.0.2', SERVER]) {
      const { code } = await wifi.start(['curl', '-sS', '-m', '3', `http://${address}/menu.ipxe`]).finished();
      // 7: refused; 28: no answer.
      expect([7, 28], address).toContain(code);
    }
    await laptop.start(['curl', '-sS', '-f', `http://${SERVER}/menu.ipxe`]).succeeded();
  });

  it('that goes away in the middle is told of, with how far it came, and its file is closed', async () => {
    const from = appliance.mark();
    const slow = machine.start(['curl', '-sS', '--limit-rate', '1M', '-o', '/dev/null', `http://${SERVER}/images/disk.img`]);
    await appliance.event('transfer.started', { path: 'images/disk.img' }, from);
    await slow.kill();
    const { octets, reason } = await appliance.event('transfer.failed', { path: 'images/disk.img' }, from);
    expect(reason).toBe('the client closed the connection');
    expect(octets).toBeLessThan(image.length);
    await eventually('the file is closed', () => !openFilesOf(appliance.pid).some((file) => file.endsWith('disk.img')));
  });

  it('has its transfer broken off by a pulled cable, and goes on with it afterwards', async () => {
    const local = join(scratch('http'), 'disk.img');
    let from = appliance.mark();
    const slow = machine.start(['curl', '-sS', '--limit-rate', '4M', '-o', local, `http://${SERVER}/images/disk.img`]);
    await appliance.event('transfer.started', { path: 'images/disk.img' }, from);
    await eventually('some of the file', () => statSync(local, { throwIfNoEntry: false })?.size);
    ethernet.pull(laptop);
    expect((await appliance.event('transfer.failed', {}, from))['reason']).toBe('the server stops serving there');
    await slow.kill();
    from = appliance.mark();
    ethernet.putBack(laptop);
    // Port 80, and the server is nobody by now.
    await appliance.event('http.ready', { port: 80 }, from);
    await machine.start(['curl', '-sS', '-f', '-C', '-', '-o', local, `http://${SERVER}/images/disk.img`]).succeeded();
    expect(sha256(readFileSync(local))).toBe(sha256(image));
  });

  it('finds another port after a reload, none when it is off, and a taken one is told of', async () => {
    const answers = async (port: number) =>
      (await machine.start(['curl', '-sS', '-m', '3', '-o', '/dev/null', `http://${SERVER}:${port}/menu.ipxe`]).finished()).code === 0;
    const reloaded = async (port: number | 'off') => {
      appliance.configure({ ...CONFIG, http: { port } });
      expect((await appliance.run('reload')).stdout).toContain('http.port');
    };
    await reloaded(8081);
    expect([await answers(80), await answers(8081)]).toEqual([false, true]);
    await reloaded('off');
    expect(await answers(8081)).toBe(false);
    const other = laptop.start(['busybox', 'nc', '-l', '-p', '8082'], { interactive: true });
    await eventually('the other program', async () => (await laptop.start(['ss', '-tln']).succeeded()).stdout.includes(':8082'));
    const from = appliance.mark();
    await reloaded(8082);
    const { why } = await appliance.event('http.unavailable', { port: 8082 }, from);
    expect(why).toContain('another program serves TCP port 8082');
    await machine.start(['curl', '-sS', '-f', `tftp://${SERVER}/menu.ipxe`]).succeeded();
    await other.kill();
    await reloaded(80);
    expect(await answers(80)).toBe(true);
  });
});

function openFilesOf(pid: number | undefined): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((fd) => {
    try {
      return [readlinkSync(join(folder, fd))];
    } catch {
      // Closed since.
      return [];
    }
  });
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
