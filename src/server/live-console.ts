/** What the server tells of itself by HTTP, while the configuration changes. */
import { isInside, parseCidr } from '../base/addresses.ts';
import { invariant } from '../base/result.ts';
import type { Config, ListenAt } from '../config/config.ts';
import type { Console, ConsoleParts } from '../web/console.ts';
import { systemClock } from './system-clock.ts';
import { webTokenIn } from './web-token.ts';

export type LiveConsoleParts = Pick<ConsoleParts, 'tell' | 'metrics' | 'api'>;

export class LiveConsole {
  readonly #parts: LiveConsoleParts;
  #listen: ListenAt | undefined;
  #console: Console | undefined;

  constructor(parts: LiveConsoleParts) {
    this.#parts = parts;
  }

  /** Listens where the configuration says; a port that cannot be had is told of. Never rejects. */
  async configure({ web, server }: Pick<Config, 'web' | 'server'>): Promise<void> {
    const { listen } = web;
    const isServed = this.#console !== undefined || listen === undefined;
    if (isServed && listen?.address === this.#listen?.address && listen?.port === this.#listen?.port) return;
    this.#listen = listen;
    await this.close();
    if (listen === undefined) return;
    const { tell } = this.#parts;
    try {
      const secret = isLoopback(listen) ? undefined : await webTokenIn(server.dataDir);
      const web = await import('../web/console.ts');
      this.#console = await web.Console.open(listen, { ...this.#parts, clock: systemClock, token: secret?.token });
      tell({ type: 'web.ready', ...listen, tokenFile: secret?.file });
    } catch (fault) {
      tell({ type: 'web.unavailable', ...listen, why: fault instanceof Error ? fault.message : String(fault) });
    }
  }

  async close(): Promise<void> {
    await this.#console?.close();
    this.#console = undefined;
  }
}

const LOOPBACK = parseCidr('127.0.0.0/8');

function isLoopback({ address }: ListenAt): boolean {
  invariant(LOOPBACK !== undefined, 'the loopback is no network');
  return isInside(LOOPBACK, address);
}
