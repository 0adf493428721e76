/** A console on the loopback that tells of nothing, or of what a test hands it, and a client that says exactly what a test wants it to. */
import { request } from 'node:http';
import type { AppEvent } from '../../src/events/events.ts';
import { EventCounts } from '../../src/observe/event-counts.ts';
import { systemClock } from '../../src/server/system-clock.ts';
import type { Feed } from '../../src/web/api/feed.ts';
import type { ServerStateShape } from '../../src/web/api/server-shapes.ts';
import type { ApiSources } from '../../src/web/api/sources.ts';
import { Console, type ConsoleParts } from '../../src/web/console.ts';
import { ip } from './addresses.ts';
import { freePort } from './http-bench.ts';
import { scratch } from './scratch.ts';

const NO_NEWS: Feed<never> = { take: () => undefined, close: () => undefined };
const noNews = (): Feed<never> => NO_NEWS;

export const SERVER_STATE: ServerStateShape = {
  version: '1.0.0',
  host: 'bench',
  now: 1_000,
  startedAt: 0,
  config: 'built-in defaults',
  networks: [],
  services: [],
  limits: [],
};

/** Sources with nothing in them, but for those that are given. */
export function sourcesWith(own: Partial<ApiSources> = {}): ApiSources {
  return {
    server: { state: () => Promise.resolve(SERVER_STATE), subscribe: noNews },
    devices: { list: () => [], timeline: () => undefined, subscribe: noNews },
    leases: {
      list: () => [],
      release: () => Promise.resolve(false),
      reserve: () => Promise.resolve({ ok: false, error: { error: 'no inventory' } }),
      subscribe: noNews,
    },
    transfers: { list: () => [], subscribe: noNews },
    log: { page: () => [], subscribe: noNews },
    ...own,
  };
}

export interface ConsoleAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface BenchParts extends Partial<Pick<ConsoleParts, 'api' | 'token' | 'page'>> {
  /** Undefined: one that is free. */
  readonly port?: number;
}

export class ConsoleBench {
  readonly port: number;
  readonly events: AppEvent[];
  readonly #console: Console;

  private constructor(console: Console, port: number, events: AppEvent[]) {
    this.#console = console;
    this.port = port;
    this.events = events;
  }

  static async open({ api = sourcesWith(), token, page, port: wanted }: BenchParts = {}): Promise<ConsoleBench> {
    const events: AppEvent[] = [];
    const port = wanted ?? (await freePort());
    const metrics = { version: '1.0.0', counts: new EventCounts(), occupancy: () => Promise.resolve([]) };
    const opened = await Console.open(
      { address: ip('127.0.0.1'), port },
      { clock: systemClock, tell: (event) => void events.push(event), metrics, api, token, page: page ?? scratch('no-page') },
    );
    return new ConsoleBench(opened, port, events);
  }

  ask(path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<ConsoleAnswer> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: this.port, path, method, headers, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      });
      sent.on('error', reject).end(body);
    });
  }

  /** Sends JSON. */
  send(method: string, path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<ConsoleAnswer> {
    return this.ask(path, { method, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  }

  /**
   * Listens to `/api/v1/events`.
   * @param onMessage is called with the name and the data of each.
   */
  listen(
    topics: string,
    onMessage: (name: string, data: unknown) => void,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Listening> {
    return new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port: this.port, path: `/api/v1/events?topics=${topics}`, headers, agent: false },
        (response) => {
          let rest = '';
          response.setEncoding('utf8').on('data', (part: string) => {
            const pieces = (rest + part).split('\n\n');
            rest = pieces.pop() ?? '';
            for (const piece of pieces) {
              const [, name, data] = /^event: (\S+)\ndata: (.*)$/.exec(piece) ?? [];
              if (name !== undefined && data !== undefined) onMessage(name, JSON.parse(data));
            }
          });
          const ended = new Promise<void>((done) => response.once('close', () => done()));
          resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'], ended, stop: () => void response.destroy() });
        },
      );
      sent.on('error', reject).end();
    });
  }

  close(): Promise<void> {
    return this.#console.close();
  }
}

export interface Listening {
  readonly status: number;
  readonly type: string | undefined;
  readonly ended: Promise<void>;
  stop(): void;
}
