/** The server as clients see it, octet by octet, with the kernel's way of sending files and with the portable one. */
import { randomBytes } from 'node:crypto';
import { renameSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isAvailable } from '../../src/net/linux/libc.ts';
import { ip } from '../support/addresses.ts';
import { answerOf, HttpBench } from '../support/http-bench.ts';
import { eventually } from '../support/program.ts';

const KINDS = isAvailable() ? (['linux', 'portable'] as const) : (['portable'] as const);
/** More than any system keeps for a client that does not read. */
const HUGE = 64 * 1024 * 1024;

describe.each(KINDS)('the HTTP server on the %s host', (kind) => {
  let bench: HttpBench;
  const big = randomBytes(3 * 1024 * 1024 + 17);

  beforeAll(async () => {
    bench = await HttpBench.open(kind);
    bench.offer('a.cfg', 'hello\n');
    bench.offer('empty', '');
    bench.offer('Boot/x64/grub.efi', 'grub');
    bench.offer('big', big);
    bench.offer('huge', new Uint8Array(HUGE));
    // A file that was written just now has no tag yet.
    await eventually('a tag', async () => (await bench.ask('/huge', {}, 'HEAD')).fields['etag']);
  });

  afterEach(() => {
    bench.events.length = 0;
    bench.missed.length = 0;
  });

  afterAll(() => bench.server.close());

  it('gives a file with its length, type, tag and time, never in chunks', async () => {
    const { status, fields, body } = await bench.ask('/a.cfg');
    expect([status, body.toString()]).toEqual([200, 'hello\n']);
    expect(fields).toMatchObject({ 'content-length': '6', 'content-type': 'text/plain', 'accept-ranges': 'bytes' });
    expect(fields).not.toHaveProperty('transfer-encoding');
    expect(fields['etag']).toMatch(/^"[\w-]+"$/);
    expect(Date.parse(fields['last-modified'] ?? '')).toBeGreaterThan(0);
    expect(await bench.event('transfer.done')).toMatchObject({ protocol: 'http', path: 'a.cfg', octets: 6, mac: '00:1b:54:aa:bb:cc' });
  });

  it.each(['/big', '/BIG', '//big', '/./big', '/%62ig', '/tftpboot/big', 'http://somebody/big?x=1'])(
    'gives a long file whole: %s',
    async (target) => {
      const { status, body } = await bench.ask(target);
      expect(status).toBe(200);
      expect(body.equals(big)).toBe(true);
    },
  );

  it('gives an empty file', async () => {
    expect(await bench.ask('/empty')).toMatchObject({ status: 200, fields: { 'content-length': '0' }, body: Buffer.alloc(0) });
    await bench.event('transfer.done');
  });

  it('tells of a HEAD what a GET would have, without a body, and says so at debug alone (RFC 9110 §9.3.2)', async () => {
    const { status, fields, body } = await bench.ask('/big', {}, 'HEAD');
    expect([status, fields['content-length'], body.length]).toEqual([200, String(big.length), 0]);
    expect(await bench.event('http.answered')).toMatchObject({ method: 'HEAD', path: 'big', status: 200 });
    expect(bench.events.map(({ type }) => type)).toEqual(['http.answered']);
  });

  it('knows the name with which a name is tolerated', async () => {
    expect((await bench.ask('/boot%5CX64\\GRUB.EFI')).body.toString()).toBe('grub');
    expect(await bench.event('transfer.done')).toMatchObject({ servedAs: 'Boot/x64/grub.efi', tolerated: 'backslashes, wrong case' });
  });

  it.each(['/none', '/none/', '/a.cfg/'])('answers %s with 404 and tells of a miss', async (target) => {
    expect((await bench.ask(target)).status).toBe(404);
    expect(bench.missed).toEqual([target.slice(1)]);
  });

  it.each([
    ['GET', '/../../etc/passwd', 403],
    ['GET', '/..%2f..%2fetc/passwd', 403],
    ['GET', '/%zz', 400],
    ['GET', '*', 400],
    ['GET', '/a%00.cfg', 404],
    ['POST', '/a.cfg', 405],
    ['PUT', '/a.cfg', 403],
    ['DELETE', '/a.cfg', 405],
    ['OPTIONS', '*', 405],
    ['PROPFIND', '/', 405],
  ])('%s %s: %i', async (method, target, status) => {
    const answer = await bench.ask(target, {}, method);
    expect(answer.status).toBe(status);
    if (status === 405) expect(answer.fields['allow']).toBe('GET, HEAD, PUT');
    expect(answer.body.toString()).not.toContain(bench.root);
  });

  describe('parts (RFC 9110 §14)', () => {
    it.each([
      ['a little in the middle', 'bytes=1000-1999', 1000, 1000],
      ['a lot to the end', 'bytes=17-', 17, big.length - 17],
      ['the end', 'bytes=-5', big.length - 5, 5],
    ])('%s', async (_name, range, first, octets) => {
      const { status, fields, body } = await bench.ask('/big', { Range: range });
      expect([status, fields['content-length']]).toEqual([206, String(octets)]);
      expect(fields['content-range']).toBe(`bytes ${first}-${first + octets - 1}/${big.length}`);
      expect(body.equals(big.subarray(first, first + octets))).toBe(true);
      expect(await bench.event('transfer.done')).toMatchObject({ octets, resumedAt: first });
    });

    it('none that the file has: 416', async () => {
      const { status, fields } = await bench.ask('/a.cfg', { Range: 'bytes=6-' });
      expect([status, fields['content-range']]).toEqual([416, 'bytes */6']);
    });

    it('of the content that the client knows, otherwise the whole (§13.1.5)', async () => {
      const { etag = '', 'last-modified': time = '' } = (await bench.ask('/a.cfg', {}, 'HEAD')).fields;
      const statusOf = async (ifRange: string) => (await bench.ask('/a.cfg', { Range: 'bytes=1-2', 'If-Range': ifRange })).status;
      expect(await Promise.all([etag, time, '"other"', 'Sun, 06 Nov 1994 08:49:37 GMT'].map(statusOf))).toEqual([206, 206, 200, 200]);
    });

    it('as EDK2 resumes: with If-Match or If-Unmodified-Since (§13.1)', async () => {
      const { etag = '', 'last-modified': time = '' } = (await bench.ask('/a.cfg', {}, 'HEAD')).fields;
      const part = (fields: Record<string, string>) => bench.ask('/a.cfg', { Range: 'bytes=2-', ...fields });
      expect((await part({ 'If-Match': etag })).body.toString()).toBe('llo\n');
      expect((await part({ 'If-Unmodified-Since': time })).body.toString()).toBe('llo\n');
      expect((await part({ 'If-Match': '"other"' })).status).toBe(412);
      expect((await part({ 'If-Unmodified-Since': 'Sun, 06 Nov 1994 08:49:37 GMT' })).status).toBe(412);
    });

    it('any Range has a valid answer', async () => {
      const spec = fc.tuple(fc.option(fc.nat(10)), fc.option(fc.nat(10))).map(([from, to]) => `bytes=${from ?? ''}-${to ?? ''}`);
      const field = fc.oneof(spec, fc.stringMatching(/^[ -~]{0,40}$/));
      await fc.assert(
        fc.asyncProperty(field, async (range) => {
          const { status, fields, body } = await bench.ask('/a.cfg', { Range: range });
          expect([200, 206, 416]).toContain(status);
          expect(Number(fields['content-length'])).toBe(body.length);
          if (status === 200) expect(body.toString()).toBe('hello\n');
          const [, first, last] = /^bytes (\d+)-(\d+)\/6$/.exec(fields['content-range'] ?? '') ?? [];
          if (status === 206) expect(body.toString()).toBe('hello\n'.slice(Number(first), Number(last) + 1));
        }),
        { numRuns: 60 },
      );
    });
  });

  it('says that a client has it already (RFC 9110 §15.4.5)', async () => {
    const { etag = '', 'last-modified': time = '' } = (await bench.ask('/a.cfg', {}, 'HEAD')).fields;
    for (const fields of [{ 'If-None-Match': etag }, { 'If-Modified-Since': time }]) {
      const { status, body, fields: given } = await bench.ask('/a.cfg', fields);
      expect([status, body.length, given['etag']]).toEqual([304, 0, etag]);
    }
  });

  describe('HTTP/1.0 and odd connections', () => {
    it('closes after the answer where nothing else is said, also without a Host (RFC 9112 §9.3)', async () => {
      const { status, fields, body } = answerOf(await bench.exchange('GET /big HTTP/1.0\r\n\r\n'));
      expect([status, fields['connection'], body.equals(big)]).toEqual([200, 'close', true]);
    });

    it('keeps the connection of an HTTP/1.0 client that asks for it', async () => {
      const request = 'GET /a.cfg HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /a.cfg HTTP/1.0\r\n\r\n';
      const said = (await bench.exchange(request)).toString();
      expect(said.match(/^hello$/gm)).toHaveLength(2);
    });

    it('answers requests that come at once in their order, each whole (RFC 9112 §9.3.2)', async () => {
      const request = (name: string, more = '') => `GET /${name} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
      const octets = await bench.exchange(request('big') + request('a.cfg') + request('big', 'Connection: close\r\n'));
      const first = answerOf(octets);
      expect(first.body.subarray(0, big.length).equals(big)).toBe(true);
      const second = answerOf(first.body.subarray(big.length));
      expect(second.body.subarray(0, 6).toString()).toBe('hello\n');
      expect(answerOf(second.body.subarray(6)).body.equals(big)).toBe(true);
    });

    it('lets one connection have only so many answers due', async () => {
      await bench.exchange('GET /huge HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(50));
      expect((await bench.event('http.dropped')).reason).toMatch(/requests at once/);
    });

    it.each([
      ['what is no HTTP', '\x16\x03\x01\x02\x00\x01\x00', 400],
      ['HTTP/1.1 without a Host (RFC 9112 §3.2)', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
      ['fields without end (RFC 6585 §5)', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ])('refuses %s', async (_name, request, status) => {
      expect(answerOf(await bench.exchange(request)).status).toBe(status);
    });

    it('takes a name in octets that are no UTF-8, and one in UTF-8', async () => {
      bench.offer('plain', 'x');
      writeFileSync(Buffer.concat([Buffer.from(`${bench.root}/`), Buffer.of(0x63, 0xe9)]), 'latin1');
      writeFileSync(`${bench.root}/café`, 'utf-8');
      expect((await bench.ask('/c%E9')).body.toString()).toBe('latin1');
      expect((await bench.ask('/caf%C3%A9')).body.toString()).toBe('utf-8');
    });
  });

  describe('a transfer that breaks off', () => {
    /** A client that reads the head and then no more. */
    async function stuckClient() {
      const socket = await bench.connect();
      socket.on('error', () => undefined);
      socket.write('GET /huge HTTP/1.1\r\nHost: x\r\n\r\n');
      await new Promise((resolve) => socket.once('readable', resolve));
      await bench.event('transfer.started');
      return socket;
    }

    it('as the client goes away: it is said how far it came, and the file is closed', async () => {
      (await stuckClient()).destroy();
      const { octets, reason, path } = await bench.event('transfer.failed');
      expect([path, reason]).toEqual(['huge', 'the client closed the connection']);
      expect(octets).toBeGreaterThan(0);
      expect(octets).toBeLessThan(HUGE);
    });

    it.each([
      ['cut off', (file: string) => truncateSync(file, 1000)],
      ['written to', (file: string) => writeFileSync(file, 'x', { flag: 'a' })],
    ])('as its file is %s', async (_name, change) => {
      const socket = await stuckClient();
      change(bench.offer('huge', new Uint8Array(HUGE)));
      let came = 0;
      socket.on('data', ({ length }) => (came += length));
      await new Promise((resolve) => socket.once('close', resolve));
      expect(came).toBeLessThan(HUGE);
      expect((await bench.event('transfer.failed')).reason).toMatch(/changed|ends too early/);
      bench.offer('huge', new Uint8Array(HUGE));
    });

    it('but not as another file takes its name: what was begun is what arrives', async () => {
      const socket = await stuckClient();
      bench.offer('next', 'another');
      renameSync(`${bench.root}/next`, `${bench.root}/huge`);
      let came = 0;
      socket.on('data', ({ length }) => {
        came += length;
        if (came > HUGE) socket.destroy();
      });
      expect(await bench.event('transfer.done')).toMatchObject({ octets: HUGE });
      socket.destroy();
      bench.offer('huge', new Uint8Array(HUGE));
    });
  });

  it.runIf(process.platform === 'linux')('keeps no file open that nobody reads', async () => {
    await eventually('all files closed', () => bench.openFiles() === 0);
  });

  it('tells of a port that somebody else has, and serves the other addresses', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    await bench.server.listen({ interface: 'lo', addresses: [ip('127.0.0.1'), ip('127.0.0.2')] }, port);
    const { why } = await bench.event('http.unavailable');
    expect(why).toContain(`another program serves TCP port ${port} on lo already`);
    expect(await bench.event('http.ready')).toMatchObject({ address: ip('127.0.0.2'), port });
    await new Promise((resolve) => other.close(resolve));
    await bench.server.listen({ interface: 'lo', addresses: [ip('127.0.0.1')] }, bench.port);
    expect((await bench.ask('/a.cfg')).status).toBe(200);
  });

  it('breaks off what runs when it leaves an interface, and can serve it anew', async () => {
    const socket = await bench.connect();
    socket.on('error', () => undefined);
    socket.write('GET /huge HTTP/1.1\r\nHost: x\r\n\r\n');
    await bench.event('transfer.started');
    await bench.server.unlisten('lo');
    expect((await bench.event('transfer.failed')).reason).toBe('the server stops serving there');
    await expect(bench.connect()).rejects.toThrow(/ECONNREFUSED/);
    await bench.server.listen({ interface: 'lo', addresses: [ip('127.0.0.1')] }, bench.port);
    expect((await bench.ask('/a.cfg')).status).toBe(200);
    socket.destroy();
  });

  it('lets one address have only so many connections', async () => {
    const sockets = await Promise.all(Array.from({ length: 101 }, () => bench.connect()));
    expect((await bench.event('http.dropped')).reason).toBe('too many connections from 127.0.0.1');
    for (const socket of sockets) socket.destroy();
    await eventually('a connection again', () =>
      bench.ask('/a.cfg').then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
  });
});
