/** The start as far as the first screen tells it: the lines that it stands for, and whether everything has been opened that is going to be. */
import type { Ipv4 } from '../../base/addresses.ts';
import type { Config } from '../../config/config.ts';
import type { AppEvent, EventType } from '../../events/events.ts';

/** Where the console's page is, or why it is not. */
export interface PagePlace {
  readonly address: Ipv4;
  readonly port: number;
  readonly why?: string | undefined;
  /** Where a token is needed. */
  readonly tokenFile?: string | undefined;
}

/** What the first screen says, so that the log need not. */
const SAID: ReadonlySet<EventType> = new Set([
  'network.waiting',
  'network.up',
  'http.ready',
  'http.unavailable',
  'service.ready',
  'service.unavailable',
  'web.ready',
  'web.unavailable',
  'server.ready',
]);

export class StartUp {
  readonly #wanted: readonly string[];
  readonly #interfaces = new Set<string>();
  /** `http lan0`. */
  readonly #doors = new Set<string>();
  readonly #held: AppEvent[] = [];
  #isReady = false;
  page: PagePlace | undefined;

  constructor({ http, services }: Pick<Config, 'http' | 'services'>) {
    const on = (['syslog', 'ntp', 'dns'] as const).filter((name) => services[name] !== undefined && services[name] !== false);
    this.#wanted = [...(http.port === undefined ? [] : ['http']), ...on];
  }

  /** The networks that can be served are: what is missing now is a matter of a moment. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Everything that is to be opened is open, or could not be. */
  get isComplete(): boolean {
    return this.#isReady && this.#wanted.every((what) => [...this.#interfaces].every((name) => this.#doors.has(`${what} ${name}`)));
  }

  /** True when the event is one that the first screen says; it is kept until then. */
  hold(event: AppEvent): boolean {
    if (!SAID.has(event.type)) return false;
    this.#held.push(event);
    switch (event.type) {
      case 'network.up':
        this.#interfaces.add(event.interface);
        break;
      case 'http.ready':
      case 'http.unavailable':
        this.#doors.add(`http ${event.interface}`);
        break;
      case 'service.ready':
      case 'service.unavailable':
        this.#doors.add(`${event.service} ${event.interface}`);
        break;
      case 'web.ready':
      case 'web.unavailable':
        this.page = event;
        break;
      case 'server.ready':
        this.#isReady = true;
        break;
      default:
    }
    return true;
  }

  /** What was kept and no first screen has said, as the start failed. */
  takeHeld(): readonly AppEvent[] {
    return this.#held.splice(0);
  }
}
