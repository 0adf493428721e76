/** The API as a whole: each route answers what its own description says, faults are sentences, and nothing of a fault of ours gets out. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { DeviceSummaryShape } from '../../src/web/api/device-shapes.ts';
import type { WantedReservation } from '../../src/web/api/lease-routes.ts';
import { type OpenApi, type Operation, openApiDocument, type Shape } from '../../src/web/api/openapi.ts';
import type { ApiSources } from '../../src/web/api/sources.ts';
import { type ConsoleAnswer, ConsoleBench, sourcesWith } from '../support/console-bench.ts';

const PHONE = '00:1b:54:aa:bb:cc';
const DEVICE: DeviceSummaryShape = {
  id: PHONE,
  mac: PHONE,
  address: '192.168.77.100',
  name: 'desk-101',
  vendor: 'Cisco',
  profile: undefined,
  state: 'stuck',
  verdict: 'asks-again',
  sentence: 'It asks again and again.',
  since: 1,
  seenAt: 2,
};
const ENTRY = { id: 1, at: 1, lastAt: 2, count: 2, event: 'dhcp.offered', what: 'DISCOVER → OFFER', text: 'offered' };

const reserved: WantedReservation[] = [];
/** Something of everything. What is no part of a shape must not get out. */
const SOURCES = sourcesWith({
  devices: {
    list: () => [{ ...DEVICE, ...{ secret: 'hidden' } }],
    timeline: (called) => (called === PHONE ? { device: DEVICE, entries: [{ ...ENTRY, ...{ secret: 'hidden' } }] } : undefined),
    subscribe: () => ({ take: () => undefined, close: () => undefined }),
  },
  leases: {
    list: (all) =>
      Promise.resolve([
        { address: '192.168.77.100', mac: PHONE, network: 'bench', state: all ? 'ended' : 'bound', since: 1, until: 2, isReserved: false },
      ]),
    release: (address) => Promise.resolve(address === 0xc0a84d64),
    reserve: (wanted) => {
      reserved.push(wanted);
      return Promise.resolve(
        wanted.name === 'taken'
          ? { ok: false, error: { error: 'it is taken', details: ['it is taken'] } }
          : { ok: true, value: { place: 'phones.csv:3' } },
      );
    },
    subscribe: () => ({ take: () => undefined, close: () => undefined }),
  },
  transfers: {
    list: () => [
      { id: 'tftp-1', protocol: 'tftp', direction: 'read', path: 'kernel', octets: 5, rate: 1, startedAt: 1, outcome: 'running' },
    ],
    subscribe: () => ({ take: () => undefined, close: () => undefined }),
  },
  log: {
    page: ({ level = 'info', limit }) => [{ id: limit, at: 1, level, event: 'lease.bound', text: 'bound' }],
    subscribe: () => ({ take: () => undefined, close: () => undefined }),
  },
});

let document: OpenApi;
let bench: ConsoleBench;
beforeAll(async () => {
  document = await openApiDocument('1.0.0');
});
beforeEach(async () => {
  bench = await ConsoleBench.open({ api: SOURCES });
});
afterEach(() => bench.close());

/** What a program that knows the document alone takes an answer to be. */
function isAsDescribed(answer: ConsoleAnswer, { responses }: Operation): void {
  const content = responses[answer.status]?.content;
  expect(responses, `status ${answer.status}: ${answer.text}`).toHaveProperty([answer.status]);
  const shape = content?.['application/json']?.schema;
  if (shape === undefined || shape.type === 'null') return;
  const whole = JSON.parse(
    JSON.stringify({ ...shape, $defs: document.components.schemas }).replaceAll('#/components/schemas/', '#/$defs/'),
  ) as Shape;
  const { error } = z.fromJSONSchema(whole as Parameters<typeof z.fromJSONSchema>[0]).safeParse(JSON.parse(answer.text));
  expect(error?.issues, answer.text).toBeUndefined();
}

/** Requests, and the status that each is answered with. */
const ASKED: readonly (readonly [method: string, path: string, body: object | undefined, status: number])[] = [
  ['get', '/session', undefined, 200],
  ['post', '/session', { token: 'x' }, 200],
  ['delete', '/session', undefined, 204],
  ['get', '/server', undefined, 200],
  ['get', '/devices', undefined, 200],
  ['get', '/devices/{id}', undefined, 200],
  ['get', '/devices/{id}/export', undefined, 200],
  ['get', '/devices/{id}/packets', undefined, 404],
  ['get', '/leases', undefined, 200],
  ['post', '/leases/{address}/release', undefined, 204],
  ['post', '/reservations', { mac: PHONE, address: '192.168.77.5' }, 201],
  ['post', '/reservations', { mac: PHONE, address: '192.168.77.5', name: 'taken' }, 409],
  ['post', '/reservations', { mac: 'x', address: 'y' }, 400],
  ['get', '/transfers', undefined, 200],
  ['get', '/log', undefined, 200],
];

describe('each route', () => {
  it.each(ASKED)('%s %s', async (method, path, body, status) => {
    const operation = document.paths[`/api/v1${path}`]?.[method];
    const place = `/api/v1${path.replace('{id}', PHONE).replace('{address}', '192.168.77.100')}`;
    const answer =
      body === undefined ? await bench.ask(place, { method: method.toUpperCase() }) : await bench.send(method.toUpperCase(), place, body);
    expect(answer.status, answer.text).toBe(status);
    expect(operation, 'it is in the document').toBeDefined();
    if (operation !== undefined) isAsDescribed(answer, operation);
    expect(answer.text).not.toContain('hidden');
  });

  it('has a word about it in the document, and one of the requests above', () => {
    const all = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { summary }]) => ({ route: `${method} ${path.replace('/api/v1', '')}`, summary })),
    );
    expect(all.filter(({ summary }) => summary === undefined)).toEqual([]);
    const asked = new Set(ASKED.map(([method, path]) => `${method} ${path}`));
    // Those of the desk are asked over a site on the disk, in test/server/console.
    const isOfDesk = (route: string): boolean => / \/(?:files|file-readers|inventory|backups|boot|wake|config)(?:\/|$)/.test(route);
    expect(all.map(({ route }) => route).filter((route) => !asked.has(route) && !isOfDesk(route))).toEqual(['get /events']);
  });

  it('gives what was asked for to its source', async () => {
    expect(reserved[0]).toEqual({ mac: PHONE, address: 0xc0a84d05, name: undefined });
    expect(JSON.parse((await bench.ask('/api/v1/leases?all=true')).text)).toMatchObject({ leases: [{ state: 'ended' }] });
    expect(JSON.parse((await bench.ask('/api/v1/log?level=warn&limit=7')).text)).toMatchObject({ lines: [{ id: 7, level: 'warn' }] });
  });
});

describe('the document', () => {
  it('is given by the server, with shapes that something refers to alone', async () => {
    const { status, text } = await bench.ask('/api/v1/openapi.json');
    const told = JSON.parse(text) as OpenApi & { openapi: string };
    expect([status, told.openapi]).toEqual([200, '3.1.0']);
    for (const name of Object.keys(told.components.schemas)) expect(text).toContain(`"#/components/schemas/${name}"`);
  });
});

describe('the export of a timeline', () => {
  it('is a file by the name of the device', async () => {
    const { headers } = await bench.ask(`/api/v1/devices/${encodeURIComponent(PHONE)}/export`);
    expect(headers['content-disposition']).toBe('attachment; filename="timeline-00-1b-54-aa-bb-cc.json"');
  });
});

describe('what is asked wrongly', () => {
  it.each<[what: string, path: string, status: number, error: RegExp]>([
    ['a device that nobody knows', '/api/v1/devices/nobody', 404, /^no device is called nobody$/],
    ['a route that is none', '/api/v1/other', 404, /^There is nothing here\.$/],
    ['a level that is none', '/api/v1/log?level=loud', 400, /querystring\.level: /],
    ['topics that are none', '/api/v1/events?topics=devices,secrets', 400, /querystring\.topics: it has to be a list of devices, /],
    ['an address with a broken percent sign', '/api/v1/devices/%zz', 400, /./],
  ])('%s', async (_what, path, status, error) => {
    const answer = await bench.ask(path);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(JSON.parse(answer.text)).toMatchObject({ error: expect.stringMatching(error) as unknown });
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it('is told all at once', async () => {
    const several = await bench.ask('/api/v1/log?level=loud&limit=0&before=x');
    expect((JSON.parse(several.text) as { details: string[] }).details).toEqual([
      expect.stringMatching(/^querystring\.level: /),
      expect.stringMatching(/^querystring\.before: /),
      expect.stringMatching(/^querystring\.limit: /),
    ]);
    const both = await bench.send('POST', '/api/v1/reservations', { mac: 'x', address: 'y' });
    expect(JSON.parse(both.text)).toMatchObject({ details: ['x is no MAC address', 'y is no IPv4 address'] });
    const missing = await bench.send('POST', '/api/v1/reservations', {});
    expect((JSON.parse(missing.text) as { details: string[] }).details).toHaveLength(2);
  });

  it.each<[what: string, body: string, status: number]>([
    ['no JSON', '{', 400],
    ['too much of it', JSON.stringify({ mac: 'x'.repeat(70_000), address: 'y' }), 413],
    ['a name that would become a prototype', '{"__proto__":{"mac":"x"},"mac":"x","address":"y"}', 400],
  ])('a body that is %s', async (_what, body, status) => {
    const answer = await bench.ask('/api/v1/reservations', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toHaveProperty('error');
  });
});

describe('a fault of ours', () => {
  it.each<[what: string, api: Partial<ApiSources>]>([
    [
      'that a source throws',
      {
        transfers: {
          ...SOURCES.transfers,
          list: () => {
            throw new Error('secret detail');
          },
        },
      },
    ],
    [
      'that is not what its shape says',
      {
        transfers: {
          ...SOURCES.transfers,
          list: () => [{ id: 'secret detail' }] as unknown as ReturnType<ApiSources['transfers']['list']>,
        },
      },
    ],
  ])('%s is in the log, and not in the answer', async (_what, api) => {
    const faulty = await ConsoleBench.open({ api: sourcesWith(api) });
    const { status, text } = await faulty.ask('/api/v1/transfers');
    await faulty.close();
    expect([status, JSON.parse(text)]).toEqual([500, { error: 'The server made a mistake: its log says which.' }]);
    expect(faulty.events).toMatchObject([{ type: 'server.fault', where: 'a request to the web server' }]);
  });
});

describe('the stream of events', () => {
  it('is for the topics that are asked for, and ends with the console', async () => {
    const heard = Promise.withResolvers<unknown>();
    const stream = await bench.listen('server,log', (...message) => heard.resolve(message));
    expect([stream.status, stream.type]).toEqual([200, 'text/event-stream']);
    expect(await heard.promise).toMatchObject(['server', { version: '1.0.0' }]);
    await bench.close();
    await stream.ended;
    bench = await ConsoleBench.open({ api: SOURCES });
  });

  it('is open thirty-two times at most, and again when one is closed', async () => {
    const streams = await Promise.all(Array.from({ length: 32 }, () => bench.listen('log', () => undefined)));
    expect((await bench.listen('log', () => undefined)).status).toBe(503);
    streams[0]?.stop();
    await expect.poll(async () => (await bench.listen('log', () => undefined)).status).toBe(200);
  });

  it('needs the token as everything does', async () => {
    const guarded = await ConsoleBench.open({ api: SOURCES, token: 'secret-of-the-bench' });
    const refused = await guarded.listen('log', () => undefined);
    const heard = await guarded.listen('log', () => undefined, { authorization: 'Bearer secret-of-the-bench' });
    await guarded.close();
    expect([refused.status, heard.status]).toEqual([401, 200]);
  });
});
