/** Real requests to a console on the loopback: who may ask, what browsers are told, and the page. */
import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { webTokenIn } from '../../src/server/web-token.ts';
import { ConsoleBench } from '../support/console-bench.ts';
import { scratch } from '../support/scratch.ts';

const TOKEN = 'secret-of-the-bench';
let bench: ConsoleBench;
afterEach(() => bench.close());

const open = async (token?: string, page?: string): Promise<ConsoleBench> => {
  bench = await ConsoleBench.open({ token, page });
  return bench;
};

describe('the console', () => {
  it('gives metrics as Prometheus reads them, and nothing to be framed or guessed at', async () => {
    const { ask } = await asking();
    const { status, headers, text } = await ask('/metrics');
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(text).toContain('process_resident_memory_bytes');
    expect((await ask('/other')).status).toBe(404);
  });

  it('answers no page of another site and no foreign name, and says so', async () => {
    const { ask } = await asking();
    expect((await ask('/metrics', { headers: { host: 'evil.example' } })).status).toBe(421);
    expect((await ask('/metrics', { headers: { origin: 'http://evil.example' } })).status).toBe(403);
    expect(bench.events.map(({ type }) => type)).toEqual(['web.refused', 'web.refused']);
  });

  it('wants the token where there is one', async () => {
    const { ask } = await asking(TOKEN);
    const refused = await ask('/metrics');
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    expect((await ask('/metrics', { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
    expect(JSON.stringify(bench.events)).not.toContain(TOKEN);
  });

  it('says that its port is taken', async () => {
    await open();
    await expect(ConsoleBench.open({ port: bench.port })).rejects.toThrow('another program serves TCP port');
  });
});

describe('a session', () => {
  it('needs no token on the loopback', async () => {
    const { ask, send } = await asking();
    expect(JSON.parse((await ask('/api/v1/session')).text)).toEqual({ isTokenNeeded: false, isSignedIn: true });
    const { headers, text } = await send('POST', '/api/v1/session', { token: 'whatever' });
    expect([headers['set-cookie'], JSON.parse(text)]).toEqual([undefined, { isTokenNeeded: false, isSignedIn: true }]);
  });

  it('is begun with the token, is a cookie that says nothing of it, and ends', async () => {
    const { ask, send } = await asking(TOKEN);
    expect(JSON.parse((await ask('/api/v1/session')).text)).toEqual({ isTokenNeeded: true, isSignedIn: false });
    const begun = await send('POST', '/api/v1/session', { token: TOKEN }, { origin: `http://127.0.0.1:${bench.port}` });
    expect([begun.status, JSON.parse(begun.text)]).toEqual([200, { isTokenNeeded: true, isSignedIn: true }]);
    const [field = ''] = begun.headers['set-cookie'] ?? [];
    expect(field).toMatch(/^bootlace_session=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(field).not.toContain(TOKEN);
    const cookie = field.split(';')[0] ?? '';
    expect((await ask('/api/v1/devices', { headers: { cookie } })).status).toBe(200);
    expect((await ask('/api/v1/devices', { headers: { cookie: `${cookie}x` } })).status).toBe(401);
    const ended = await ask('/api/v1/session', { method: 'DELETE', headers: { cookie } });
    expect(ended.status).toBe(204);
    expect((await ask('/api/v1/devices', { headers: { cookie } })).status).toBe(401);
  });

  it('is not begun by guessing', async () => {
    const { send } = await asking(TOKEN);
    for (let guess = 0; guess < 10; guess += 1) {
      const { status, text } = await send('POST', '/api/v1/session', { token: `${guess}` });
      expect([status, JSON.parse(text)]).toEqual([401, { error: 'Sign in with the token of this server first.' }]);
    }
    expect((await send('POST', '/api/v1/session', { token: TOKEN })).status).toBe(429);
  });
});

describe('what changes something', () => {
  const release = '/api/v1/leases/192.168.77.100/release';

  it.each<[what: string, headers: Record<string, string>, status: number]>([
    ['our own page', { origin: 'http://127.0.0.1:PORT' }, 404],
    ['our own page, by what browsers say of it', { 'sec-fetch-site': 'same-origin' }, 404],
    ['nobody knows where', {}, 403],
    ['a page of another site', { origin: 'http://evil.example' }, 403],
    ['a page of another port of this machine, with its cookie', { origin: 'http://127.0.0.1:1' }, 403],
    ['a page of the same site', { 'sec-fetch-site': 'same-site' }, 403],
  ])('with a cookie, from %s', async (_what, headers, status) => {
    const { ask, send } = await asking(TOKEN);
    const begun = await send('POST', '/api/v1/session', { token: TOKEN });
    const cookie = (begun.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
    const said = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', `${bench.port}`)]));
    expect((await ask(release, { method: 'POST', headers: { cookie, ...said } })).status).toBe(status);
  });

  it('needs no Origin from a program with the token', async () => {
    const { ask } = await asking(TOKEN);
    expect((await ask(release, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(404);
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'])(
    'is not taken from a form, which is %s',
    async (type) => {
      const { ask } = await asking();
      const asked = { method: 'POST', headers: { 'content-type': type }, body: '{"mac":"00:1b:54:aa:bb:cc","address":"192.168.77.5"}' };
      const { status, text } = await ask('/api/v1/reservations', asked);
      expect(status).toBe(415);
      expect(JSON.parse(text)).toHaveProperty('error');
    },
  );
});

describe('the page', () => {
  it('says how it is built where it was not', async () => {
    const { ask } = await asking(TOKEN);
    const { status, text } = await ask('/');
    expect(status).toBe(503);
    expect(text).toContain('npm run build:page');
  });

  it('is given to everybody, runs nothing of others, and keeps what does not change', async () => {
    const folder = scratch('page');
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Bootlace</title>');
    writeFileSync(join(folder, 'assets/index-1a2b3c_D.js'), 'export {};');
    writeFileSync(join(folder, 'assets/icon-stuck.svg'), '<svg/>');
    writeFileSync(join(folder, 'secret.txt'), 'nobody');
    const { ask } = await asking(TOKEN, folder);
    const page = await ask('/');
    expect([page.status, page.text]).toEqual([200, '<!doctype html><title>Bootlace</title>']);
    expect(page.headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-type': 'text/html; charset=utf-8',
      'x-frame-options': 'DENY',
    });
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'self'; .*frame-ancestors 'none'$/);
    expect(page.headers['content-security-policy']).not.toContain('unsafe');
    const script = await ask('/assets/index-1a2b3c_D.js');
    expect([script.status, script.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect(script.headers['content-type']).toMatch(/javascript/);
    const icon = await ask('/assets/icon-stuck.svg');
    expect([icon.status, icon.headers['cache-control']], 'no digest in its name').toEqual([200, 'no-cache']);
    const missing = await ask('/assets/index-0000.js');
    expect([missing.status, missing.headers['cache-control']]).toEqual([404, 'no-store']);
    for (const path of ['/assets/../secret.txt', '/assets/%2e%2e/secret.txt', '/assets/..%2fsecret.txt', '/secret.txt'])
      expect((await ask(path)).text).not.toContain('nobody');
    expect((await ask('/', { headers: { host: 'evil.example' } })).status).toBe(421);
  });
});

async function asking(token?: string, page?: string): Promise<Pick<ConsoleBench, 'ask' | 'send'>> {
  await open(token, page);
  return { ask: (path, asked) => bench.ask(path, asked), send: (...all) => bench.send(...all) };
}

describe('the token', () => {
  it('is made once, long, and readable for its owner alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bootlace-token-'));
    const first = await webTokenIn(folder);
    expect(first.token).toMatch(/^[\w-]{32}$/);
    expect(statSync(first.file).mode & 0o777).toBe(0o600);
    expect(readFileSync(first.file, 'utf8')).toBe(`${first.token}\n`);
    expect((await webTokenIn(folder)).token).toBe(first.token);
  });
});
