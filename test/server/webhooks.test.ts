/** Real requests to a server on the loopback. */
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { invariant } from '../../src/base/result.ts';
import type { WebhookConfig } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { EventBus } from '../../src/events/bus.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { DeviceDirectory } from '../../src/observe/directory.ts';
import { LiveWebhooks } from '../../src/server/live-webhooks.ts';
import { systemClock } from '../../src/server/system-clock.ts';
import { ip, mac } from '../support/addresses.ts';
import { eventually } from '../support/program.ts';
import { scratch } from '../support/scratch.ts';

interface Received {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const NOTHING: Received = { path: undefined, headers: {}, body: '{}' };

let server: Server;
let port: number;
let received: Received[];
let answers: { readonly status: number; readonly location?: string }[];
let bus: EventBus;
let told: AppEvent[];
let hooks: LiveWebhooks;

beforeEach(async () => {
  received = [];
  answers = [];
  told = [];
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      received.push({ path: request.url, headers: request.headers, body });
      const { status, location } = answers.shift() ?? { status: 204 };
      response.writeHead(status, location === undefined ? {} : { location }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  invariant(typeof address === 'object' && address !== null, 'it listens');
  port = address.port;
  bus = new EventBus((fault) => {
    throw fault;
  });
  bus.listen((event) => void told.push(event));
  hooks = new LiveWebhooks({ bus, clock: systemClock, directory: new DeviceDirectory(), version: '1.2.3' });
});
afterEach(async () => {
  await hooks.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const configure = (...webhooks: Partial<WebhookConfig>[]): Promise<void> =>
  hooks.configure({
    web: {
      listen: undefined,
      webhooks: webhooks.map((own) => ({
        url: `http://127.0.0.1:${port}/hook?key=hidden`,
        events: ['lease.*'],
        secret: undefined,
        ...own,
      })),
    },
  });

const RELEASED: AppEvent = {
  type: 'lease.released',
  network: 'bench',
  by: 'client',
  mac: mac('00:1b:54:aa:bb:cc'),
  address: ip('192.168.77.21'),
};
const OTHER: AppEvent = { type: 'server.ready', networks: 1 };

describe('a webhook', () => {
  it('gets the events that it is for, signed, and no others', async () => {
    await configure({ secret: { text: 'of the bench' } });
    bus.tell(OTHER);
    bus.tell(RELEASED);
    await eventually('it is told', () => received.length > 0);
    const [{ path, headers, body } = NOTHING] = received;
    expect([path, received.length]).toEqual(['/hook?key=hidden', 1]);
    expect(JSON.parse(body)).toMatchObject({
      id: headers['x-bootlace-delivery'],
      at: expect.any(Number) as unknown,
      event: 'lease.released',
      level: 'info',
      text: expect.any(String) as unknown,
      device: '00:1b:54:aa:bb:cc',
      address: '192.168.77.21',
      network: 'bench',
      by: 'client',
    });
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Bootlace/1.2.3',
      'x-bootlace-event': 'lease.released',
      'x-bootlace-signature': `sha256=${createHmac('sha256', 'of the bench').update(body).digest('hex')}`,
    });
  });

  it('has its secret from a file', async () => {
    const file = join(scratch('hook'), 'secret');
    writeFileSync(file, 'from a file\n');
    await configure({ secret: { file } });
    bus.tell(RELEASED);
    await eventually('it is told', () => received.length > 0);
    const [{ headers, body } = NOTHING] = received;
    expect(headers['x-bootlace-signature']).toBe(`sha256=${createHmac('sha256', 'from a file').update(body).digest('hex')}`);
  });

  it('whose secret is gone gets nothing, which is told', async () => {
    await configure({ secret: { file: join(scratch('hook'), 'nowhere') } });
    bus.tell(RELEASED);
    expect(told).toContainEqual(
      expect.objectContaining({ type: 'webhook.failed', reason: expect.stringContaining('secret cannot be read') as unknown }),
    );
    await hooks.close();
    expect(received).toEqual([]);
  });

  it('that failed is told again, which is said without its URL', async () => {
    answers = [{ status: 503 }];
    await configure({});
    bus.tell(RELEASED);
    await eventually('it is told again', () => received.length === 2);
    await eventually('it has recovered', () => told.some(({ type }) => type === 'webhook.recovered'));
    expect(received[0]?.body).toBe(received[1]?.body);
    expect(told.map(({ type }) => type)).toEqual(['lease.released', 'webhook.failed', 'webhook.recovered']);
    expect(told).toContainEqual({ type: 'webhook.failed', hook: `127.0.0.1:${port}`, reason: 'it answered 503', waiting: 1, lost: 0 });
    expect(JSON.stringify(told)).not.toContain('hidden');
  });

  it('is not followed elsewhere', async () => {
    answers = [{ status: 307, location: `http://127.0.0.1:${port}/elsewhere` }];
    await configure({});
    bus.tell(RELEASED);
    await eventually('it has failed', () => told.some(({ type }) => type === 'webhook.failed'));
    expect(told.at(-1)).toMatchObject({ reason: 'it answered 307, and nobody is followed elsewhere', lost: 1 });
    expect(received.map(({ path }) => path)).toEqual(['/hook?key=hidden']);
  });

  it('that is not there is told of by the kind of fault, and holds up nobody', async () => {
    await configure({ url: 'http://127.0.0.1:1/secret-path' }, {});
    bus.tell(RELEASED);
    await eventually('one is told, one has failed', () => received.length === 1 && told.some(({ type }) => type === 'webhook.failed'));
    expect(told).toContainEqual(
      expect.objectContaining({ hook: '127.0.0.1:1', reason: expect.stringMatching(/^it cannot be reached/) as unknown }),
    );
    expect(JSON.stringify(told)).not.toContain('secret-path');
  });

  it('gets nothing any more when the configuration leaves it out', async () => {
    await configure({});
    await configure();
    bus.tell(RELEASED);
    await hooks.close();
    expect(received).toEqual([]);
  });

  it('gets what waits before the server ends', async () => {
    await configure({});
    bus.tell(RELEASED);
    await hooks.close();
    expect(received).toHaveLength(1);
  });
});

describe('webhooks in the configuration', () => {
  const load = async (webhook: string, env: Record<string, string> = {}) => {
    const dir = scratch('hook');
    writeFileSync(join(dir, 'config.yaml'), `web:\n  webhooks:\n    - ${webhook}\n`);
    writeFileSync(join(dir, 'secret'), 'x\n');
    writeFileSync(join(dir, 'empty'), '\n');
    return { dir, ...(await loadConfig(join(dir, 'config.yaml'), env)) };
  };

  it('may have one event or several, and a secret from the environment or a file', async () => {
    const one = await load(`{ url: https://hooks.example/x, events: device.stuck, secret: "\${SECRET}" }`, { SECRET: 'x' });
    expect(one.config?.web.webhooks).toEqual([{ url: 'https://hooks.example/x', events: ['device.stuck'], secret: { text: 'x' } }]);
    const several = await load('{ url: https://hooks.example/x, events: [lease.*, device.stuck], secret: "file:./secret" }');
    expect(several.config?.web.webhooks[0]).toMatchObject({
      events: ['lease.*', 'device.stuck'],
      secret: { file: join(several.dir, 'secret') },
    });
  });

  it.each([
    [
      'an event that there is not',
      '{ url: https://x.example/, events: device.stuk }',
      /no event is called device\.stuk; did you mean `device\.stuck`/,
    ],
    ['a pattern that fits none', '{ url: https://x.example/, events: [lease.*, leases.*] }', /no event is called leases\.\*/],
    ['events of webhooks', '{ url: https://x.example/, events: webhook.failed }', /no webhook is told of webhook\.failed/],
    ['no event', '{ url: https://x.example/ }', /must be given/],
    ['another protocol', '{ url: "ftp://x.example/", events: "*" }', /begins with http/],
    ['no URL', '{ url: hooks, events: "*" }', /begins with http/],
    ['a password in the URL', '{ url: "https://a:b@x.example/", events: "*" }', /password/],
    ['a secret that is not there', '{ url: https://x.example/, events: "*", secret: "file:./nowhere" }', /nowhere is no secret/],
    ['a secret that is empty', '{ url: https://x.example/, events: "*", secret: "file:./empty" }', /there is nothing in it/],
  ])('is wrong with %s', async (_, webhook, message) => {
    const { config, diagnostics } = await load(webhook);
    expect(config).toBeUndefined();
    const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ message: text, hint }) => `${text}; ${hint ?? ''}`);
    expect(errors).toEqual([expect.stringMatching(message)]);
  });
});
