/** Real requests to a console on the loopback. */
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { AppEvent } from '../../src/events/events.ts';
import { EventCounts } from '../../src/observe/event-counts.ts';
import { systemClock } from '../../src/server/system-clock.ts';
import { webTokenIn } from '../../src/server/web-token.ts';
import type { ApiSources } from '../../src/web/api/sources.ts';
import { Console } from '../../src/web/console.ts';
import { ip } from '../support/addresses.ts';
import { freePort } from '../support/http-bench.ts';

const LOCALHOST = ip('127.0.0.1');
const NOTHING_TO_TELL: ApiSources = {
  devices: { list: () => [], timeline: () => undefined },
  packets: { packetsOf: () => Promise.resolve(undefined) },
};
let opened: Console | undefined;
const events: AppEvent[] = [];

async function open(token?: string): Promise<number> {
  const port = await freePort();
  const metrics = { version: '1.0.0', counts: new EventCounts(), occupancy: () => Promise.resolve([]) };
  opened = await Console.open(
    { address: LOCALHOST, port },
    { clock: systemClock, tell: (event) => void events.push(event), metrics, api: NOTHING_TO_TELL, token },
  );
  return port;
}

function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    })
      .on('error', reject)
      .end();
  });
}

describe('the console', () => {
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
    events.length = 0;
  });

  it('gives metrics as Prometheus reads them, and nothing to be framed or guessed at', async () => {
    const port = await open();
    const { status, headers, text } = await ask(port, '/metrics');
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(text).toContain('process_resident_memory_bytes');
    expect((await ask(port, '/other')).status).toBe(404);
  });

  it('answers no page of another site and no foreign name, and says so', async () => {
    const port = await open();
    expect((await ask(port, '/metrics', { host: 'evil.example' })).status).toBe(421);
    expect((await ask(port, '/metrics', { origin: 'http://evil.example' })).status).toBe(403);
    expect(events.map(({ type }) => type)).toEqual(['web.refused', 'web.refused']);
  });

  it('wants the token where there is one', async () => {
    const port = await open('secret-of-the-bench');
    const refused = await ask(port, '/metrics');
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    expect((await ask(port, '/metrics', { authorization: 'Bearer secret-of-the-bench' })).status).toBe(200);
    expect(JSON.stringify(events)).not.toContain('secret-of-the-bench');
  });

  it('says that its port is taken', async () => {
    const port = await open();
    const parts = {
      clock: systemClock,
      tell: () => {},
      metrics: { version: '', counts: new EventCounts(), occupancy: () => Promise.resolve([]) },
      api: NOTHING_TO_TELL,
      token: undefined,
    };
    await expect(Console.open({ address: LOCALHOST, port }, parts)).rejects.toThrow('another program serves TCP port');
  });
});

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
