/** Files that clients put by HTTP, octet by octet, with a store of uploads behind the server. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type UploadSettings, Uploads } from '../../src/files/uploads.ts';
import { systemClock } from '../../src/server/system-clock.ts';
import { HttpBench } from '../support/http-bench.ts';
import { scratch } from '../support/scratch.ts';

const LOG = '/0004f2abcdef-app.log';

let bench: HttpBench;
let dir = '';

async function open(changes: Partial<UploadSettings> = {}): Promise<void> {
  dir = scratch('http-uploads');
  const limits = { keep: 5, maxSize: 1_000_000, quota: undefined, quotaPerDevice: undefined, keepPartialSeconds: 3600 };
  bench = await HttpBench.open('portable', undefined, [
    new Uploads({ policy: 'version', dir, ...limits, ...changes }, systemClock, () => 'desk-101'),
  ]);
}

beforeEach(() => open());
afterEach(() => bench.server.close());

/** One PUT on a connection of its own. */
const put = (target: string, body: string, fields: Readonly<Record<string, string>> = {}): Promise<string> => {
  const head = { Host: 'x', Connection: 'close', 'Content-Length': String(body.length), ...fields };
  const lines = Object.entries(head).flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`]));
  return bench.exchange(`PUT ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`).then((octets) => octets.toString('latin1'));
};
const statusOf = (answer: string): number => Number(answer.split(' ')[1]);
const stored = (): string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => /\/0\d{3}-[^/]*$/.test(name) && !name.includes('-as-'));

describe('PUT (RFC 9110 §9.3.4)', () => {
  it('keeps each file as a version under the name of the device, and notes what is unchanged', async () => {
    expect(statusOf(await put(LOG, 'first\n'))).toBe(201);
    expect(statusOf(await put(LOG, 'second\n'))).toBe(201);
    expect(statusOf(await put(LOG, 'second\n'))).toBe(204);
    expect(stored()).toHaveLength(2);
    const [newest = ''] = stored().toSorted().toReversed();
    expect(newest).toMatch(/^desk-101\/0004f2abcdef-app\.log\//);
    expect(readFileSync(join(dir, newest), 'utf8')).toBe('second\n');
    expect(await bench.event('transfer.started')).toMatchObject({ protocol: 'http', direction: 'write', size: 6 });
    expect(await bench.event('transfer.done')).toMatchObject({ direction: 'write', octets: 6, path: '0004f2abcdef-app.log' });
  });

  it('gives the newest back under its name', async () => {
    await put(LOG, 'what I said\n');
    expect((await bench.ask(LOG)).body.toString()).toBe('what I said\n');
  });

  it('takes a body in chunks, and one of a kind that a server might want to parse', async () => {
    const chunked = await put(LOG, '5\r\nhello\r\n1\r\n\n\r\n0\r\n\r\n', { 'Content-Length': '', 'Transfer-Encoding': 'chunked' });
    expect(statusOf(chunked)).toBe(201);
    expect(statusOf(await put('/a-phone.cfg', '{"broken', { 'Content-Type': 'application/json' }))).toBe(201);
    expect((await bench.ask(LOG)).body.toString()).toBe('hello\n');
  });

  it('takes an empty file', async () => {
    expect(statusOf(await put(LOG, ''))).toBe(201);
    expect(stored()).toHaveLength(1);
  });

  it.each([
    ['a part of one (§14.5)', LOG, { 'Content-Range': 'bytes 0-1/5' }, 400],
    ['a name that leads out', '/../x', {}, 403],
    ['no name', '/', {}, 404],
  ])('refuses %s, and ends the connection', async (_what, target, fields, status) => {
    const answer = await put(target, 'hello', fields);
    expect(statusOf(answer)).toBe(status);
    expect(answer).toMatch(/connection: close/i);
    expect(stored()).toEqual([]);
  });

  it('refuses what is too large, announced or not', async () => {
    const answer = await put(LOG, 'x', { 'Content-Length': '2000000' });
    expect(statusOf(answer)).toBe(413);
    expect(await bench.event('transfer.refused')).toMatchObject({ direction: 'write' });
    const size = 1_000_001;
    const chunked = await put(LOG, `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n0\r\n\r\n`, {
      'Content-Length': '',
      'Transfer-Encoding': 'chunked',
    });
    expect(statusOf(chunked)).toBe(413);
    expect(await bench.event('transfer.failed')).toMatchObject({ direction: 'write', reason: expect.stringContaining('larger') as string });
    expect(stored()).toEqual([]);
  });

  it('keeps what came of one that breaks off aside, and shows nothing of it', async () => {
    const socket = await bench.connect();
    socket.write(`PUT ${LOG} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf of it`);
    await bench.event('transfer.started');
    socket.destroy();
    const failed = await bench.event('transfer.failed');
    expect(failed).toMatchObject({ direction: 'write', reason: 'the client broke the connection off' });
    expect(failed.keptAs).toBeDefined();
    expect((await bench.ask(LOG)).status).toBe(404);
  });

  it('takes nothing where uploads are denied', async () => {
    await bench.server.close();
    await open({ policy: 'deny' });
    expect(statusOf(await put(LOG, 'hello'))).toBe(403);
  });
});
