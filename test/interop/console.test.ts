/** The console of a running server, asked as a browser and as programs ask it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openApiDocument } from '../../src/web/api/openapi.ts';
import { Appliance, bench, SERVER } from '../support/appliance.ts';
import type { Namespace } from '../support/netns.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { LAN, plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

const PC = '52:54:00:12:34:56';
const PHONE = '00:1b:54:aa:bb:cc';
const SECRETS = ['pin-of-the-phone', 'word-of-the-template'];

describeWith(['curl', 'busybox'], 'the console', () => {
  let ethernet: VirtualSwitch;
  let laptop: Namespace;
  let client: Namespace;
  let appliance: Appliance;

  beforeAll(() => {
    ethernet = new VirtualSwitch();
    ({ laptop } = plugLaptop(ethernet));
    laptop.ip('link', 'set', 'lo', 'up');
    client = ethernet.plug('client', { mac: PC });
  });

  beforeEach(() => {
    appliance = new Appliance(laptop, { networks: [bench()] });
  });

  afterEach(() => appliance.stop());

  afterAll(() => leaveNothing(ethernet));

  /** An inventory and a template with secrets in them. */
  const keepSecrets = (): void => {
    const folder = join(appliance.tftpRoot, 'templates/desk-phone');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'a.liquid'), `---\nanswers: "{mac}.cfg"\n---\n${SECRETS[1]} {{ vars.pin }}\n`);
    writeFileSync(
      join(appliance.directory, 'phones.csv'),
      `mac,name,profile,address,pin\n${PHONE},desk-101,desk-phone,192.168.77.21,${SECRETS[0]}\n`,
    );
  };

  const lease = (): Promise<unknown> => client.start(['busybox', 'udhcpc', '-f', '-q', '-n', '-i', LAN, '-s', '/bin/true']).succeeded();

  /** Status and body, with what the answer sets before them. */
  const curl = async (
    from: Namespace,
    path: string,
    ...more: readonly string[]
  ): Promise<{ status: number; head: string; body: string }> => {
    const base = path.startsWith('http') ? '' : 'http://127.0.0.1:8067';
    const { stdout } = await from.start(['curl', '-sS', '-i', '--path-as-is', ...more, `${base}${path}`]).succeeded();
    const [head = '', ...rest] = stdout.replaceAll('\r', '').split('\n\n');
    return { status: Number(/^HTTP\S+ (\d+)/.exec(head)?.[1]), head, body: rest.join('\n\n') };
  };

  it('tells of a device as soon as it is heard of', async () => {
    await appliance.start('web.ready');
    await appliance.event('network.up');
    const stream = laptop.start(['curl', '-sS', '-N', 'http://127.0.0.1:8067/api/v1/events?topics=devices,log,leases,server']);
    await stream.waitFor(/event: server\ndata: .*"name":"bench","interface":"lan0".*"isServed":true/);
    const told = stream.waitFor(new RegExp(`event: devices\\ndata: .*"id":"${PC}"`)).then(() => Date.now());
    await lease();
    const offered = await appliance.event('dhcp.offered', { mac: PC });
    console.log(`the page heard of the device ${(await told) - Date.parse(String(offered['time']))} ms after its OFFER`);
    await stream.waitFor(/event: leases\ndata: \{\}/);
    await stream.waitFor(/event: log\ndata: .*"event":"lease\.bound"/);
    const leases = JSON.parse((await curl(laptop, '/api/v1/leases')).body) as { leases: Record<string, unknown>[] };
    expect(leases.leases).toMatchObject([{ mac: PC, network: 'bench', state: 'bound', vendor: 'QEMU', isReserved: false }]);
    const { body } = await curl(laptop, `/api/v1/devices/${PC}`);
    expect(JSON.parse(body)).toMatchObject({ device: { id: PC, vendor: 'QEMU' }, entries: [{}, { what: 'DISCOVER → OFFER' }, {}] });
    const released = await curl(laptop, `/api/v1/leases/${String(leases.leases[0]?.['address'])}/release`, '-X', 'POST');
    expect(released.status).toBe(204);
    await appliance.event('lease.released', { mac: PC });
    // Its end is no fault while somebody listens.
    const ended = stream.finished();
    await appliance.stop();
    expect((await ended).stdout).toContain('retry: ');
  });

  it('lists files on their way', async () => {
    appliance.offer('kernel', new Uint8Array(300_000));
    await appliance.start('web.ready');
    await appliance.event('network.up');
    client.ip('address', 'replace', '192.168.77.10/24', 'dev', LAN);
    await client.start(['busybox', 'tftp', '-g', '-r', 'kernel', '-l', '/dev/null', '-b', '1400', SERVER]).succeeded();
    await appliance.event('transfer.done', { path: 'kernel' });
    const { body } = await curl(laptop, '/api/v1/transfers');
    expect(JSON.parse(body)).toMatchObject({
      transfers: [{ protocol: 'tftp', path: 'kernel', address: '192.168.77.10', octets: 300_000, outcome: 'done' }],
    });
  });

  it('keeps an address for a device, which is in force at once', async () => {
    appliance.configure({ networks: [bench()], inventory: './phones.csv' });
    keepSecrets();
    await appliance.start('web.ready');
    await appliance.event('network.up');
    const post = (body: object) => curl(laptop, '/api/v1/reservations', '--json', JSON.stringify(body));
    const taken = await post({ mac: PC, address: '192.168.77.21', name: 'bench-pc' });
    expect(taken.status).toBe(409);
    expect(JSON.parse(taken.body)).toMatchObject({ error: expect.stringContaining('192.168.77.21') as unknown });
    const made = await post({ mac: PC, address: '192.168.77.22', name: 'bench-pc' });
    expect([made.status, JSON.parse(made.body)]).toEqual([201, { place: expect.stringMatching(/phones\.csv:3$/) as unknown }]);
    for (const secret of SECRETS) expect(taken.body + made.body).not.toContain(secret);
    expect(readFileSync(join(appliance.directory, 'phones.csv'), 'utf8')).toContain(`${PC},bench-pc,,192.168.77.22,\n`);
    await appliance.event('config.reloaded');
    await lease();
    await appliance.event('lease.bound', { mac: PC, address: '192.168.77.22' });
    const { body } = await curl(laptop, '/api/v1/leases');
    expect(JSON.parse(body)).toMatchObject({ leases: [{ address: '192.168.77.22', name: 'bench-pc', isReserved: true }] });
    // A value from a file of this machine, or from its environment, is nothing that a page may ask for.
    const reaching = await post({ mac: '52:54:00:12:34:57', address: '192.168.77.23', name: 'file:/etc/hostname' });
    expect([reaching.status, reaching.body]).toEqual([
      409,
      expect.stringContaining('name must not be taken from a file or from the environment'),
    ]);
  });

  it('is asked from another machine with the token alone, and gives no secret away', async () => {
    appliance.configure({ networks: [bench()], inventory: './phones.csv', web: { listen: `${SERVER}:8067` } });
    keepSecrets();
    await appliance.start('web.ready');
    await appliance.event('network.up');
    await lease();
    client.ip('address', 'replace', '192.168.77.10/24', 'dev', LAN);
    await client.start(['busybox', 'tftp', '-g', '-r', '001b54aabbcc.cfg', '-l', '/dev/null', SERVER]).finished();
    const token = readFileSync(join(appliance.directory, 'data', 'web-token'), 'utf8').trim();
    const own = `http://${SERVER}:8067`;
    const ask = (path: string, ...more: readonly string[]) => curl(client, `${own}${path}`, ...more);

    expect((await ask('/api/v1/devices')).status).toBe(401);
    expect((await ask('/api/v1/devices', '-H', `Authorization: Bearer ${token}`)).status).toBe(200);
    expect((await ask('/api/v1/devices', '-H', `Authorization: Bearer ${token}`, '-H', 'Host: evil.example')).status).toBe(421);
    expect((await ask('/api/v1/session', '-H', 'Host: evil.example:8067')).status).toBe(421);
    const wrong = await ask('/api/v1/session', '--json', '{"token":"wrong"}');
    expect([wrong.status, wrong.head]).toEqual([401, expect.not.stringMatching(/^set-cookie/im)]);
    const begun = await ask('/api/v1/session', '--json', JSON.stringify({ token }), '-H', `Origin: ${own}`);
    expect([begun.status, begun.head]).toEqual([
      200,
      expect.stringMatching(/^set-cookie: bootlace_session=\S+; Path=\/; HttpOnly; SameSite=Strict$/im),
    ]);
    const cookie = /bootlace_session=[^;]+/.exec(begun.head)?.[0] ?? '';
    const release = '/api/v1/leases/192.168.77.250/release';
    const asPage = ['-b', cookie] as const;
    expect((await ask(release, '-X', 'POST', ...asPage)).status).toBe(403);
    expect((await ask(release, '-X', 'POST', ...asPage, '-H', 'Origin: http://evil.example')).status).toBe(403);
    expect((await ask(release, '-X', 'POST', ...asPage, '-H', `Origin: ${own}`)).status).toBe(404);

    const bodies: string[] = [];
    const { paths } = await openApiDocument('0');
    const told = Object.keys(paths).filter((path) => paths[path]?.['get'] !== undefined && !path.endsWith('/events'));
    for (const path of [
      ...told.map((one) => one.replace('{id}', PHONE)),
      `/api/v1/devices/${PC}`,
      '/metrics',
      '/api/v1/openapi.json',
      '/api/v1/log?level=debug&limit=1000',
    ]) {
      const { status, head, body } = await ask(path, ...asPage);
      expect([200, 400, 404, 422], path).toContain(status);
      bodies.push(head, body);
    }
    const stream = client.start(['curl', '-sS', '-N', '-m', '2', ...asPage, `${own}/api/v1/events`]);
    await stream.waitFor(/event: server/);
    bodies.push((await stream.finished()).stdout);
    expect(bodies.join('')).toContain(PC);
    for (const secret of [...SECRETS, token, cookie.split('=')[1] ?? '']) {
      expect(bodies.join('\n').includes(secret), secret).toBe(false);
      expect(JSON.stringify(appliance.log).includes(secret), secret).toBe(false);
    }
  });
});
