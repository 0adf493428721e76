/** How the server stands, for the console: what is served where, what is not and why, and what does not work here. Learnt from what is told of it. */
import { hostname } from 'node:os';
import { type Ipv4, rangeSize, showCidr, showIpv4 } from '../../base/addresses.ts';
import type { Clock, WallMs } from '../../base/clock.ts';
import type { Config, NetworkConfig } from '../../config/config.ts';
import { poolsOf } from '../../config/pools.ts';
import type { Occupancy } from '../../dhcp/lease-book.ts';
import { describe } from '../../events/describe.ts';
import type { AppEvent } from '../../events/events.ts';
import type { ServerSource } from '../../web/api/server-routes.ts';
import type { ServedNetworkShape, ServerStateShape } from '../../web/api/server-shapes.ts';
import type { ServedNetwork } from '../site.ts';
import { WaitingReaders } from './waiting-readers.ts';

export interface ServerStandingParts {
  readonly version: string;
  readonly clock: Clock;
  readonly config: () => Config;
  readonly served: () => readonly ServedNetwork[];
  readonly occupancy: () => Promise<readonly Occupancy[]>;
}

type Service = ServerStateShape['services'][number];

/** One place of a service: open, or why it is not. */
interface Door {
  readonly service: string;
  readonly interface: string;
  readonly where: string;
  readonly why: string | undefined;
}

const DHCP_PORT = 67;
const TFTP_PORT = 69;
/** The server says each of them once. */
const MOST_LIMITS = 50;
const OFF = 'it is switched off in the configuration';
const NO_NETWORK = 'no network is up';

export class ServerStanding implements ServerSource {
  readonly #parts: ServerStandingParts;
  readonly #startedAt: WallMs;
  readonly #readers = new WaitingReaders();
  readonly #limits = new Set<string>();
  /** By network: why it is not served. */
  readonly #waiting = new Map<string, string>();
  /** By network and address: other DHCP servers. */
  readonly #rivals = new Map<string, Map<Ipv4 | undefined, string>>();
  readonly #doors = new Map<string, Door>();

  /** @param before what has been told already, oldest first. */
  constructor(parts: ServerStandingParts, before: Iterable<AppEvent>) {
    this.#parts = parts;
    this.#startedAt = parts.clock.wall();
    for (const event of before) this.#take(event);
  }

  readonly listener = (event: AppEvent): void => {
    if (this.#take(event)) this.#readers.news();
  };

  async state(): Promise<ServerStateShape> {
    const { version, clock, config, occupancy } = this.#parts;
    const counts = await occupancy();
    const { file, networks } = config();
    return {
      version,
      host: hostname(),
      now: clock.wall(),
      startedAt: this.#startedAt,
      config: file ?? 'built-in defaults',
      networks: networks.map((network) => this.#networkOf(network, counts)),
      services: this.#services(),
      limits: [...this.#limits],
    };
  }

  readonly subscribe: ServerSource['subscribe'] = (onWaiting) => this.#readers.add(onWaiting, () => this.state());

  /** True when something is otherwise than before. */
  #take(event: AppEvent): boolean {
    switch (event.type) {
      case 'server.limited':
        if (this.#limits.size < MOST_LIMITS) this.#limits.add(event.detail);
        return true;
      case 'network.waiting':
        this.#waiting.set(event.network, event.why);
        return true;
      case 'network.down':
        this.#waiting.set(event.network, event.why);
        this.#rivals.delete(event.network);
        for (const [key, door] of this.#doors) if (door.interface === event.interface) this.#doors.delete(key);
        return true;
      case 'network.up':
        this.#waiting.delete(event.network);
        return true;
      case 'guard.found': {
        const found = this.#rivals.get(event.network) ?? new Map<Ipv4 | undefined, string>();
        this.#rivals.set(event.network, found.set(event.address, describe(event)));
        return true;
      }
      case 'guard.gone':
        this.#rivals.get(event.network)?.delete(event.address);
        return true;
      case 'guard.clear':
        return this.#rivals.delete(event.network);
      case 'http.ready':
      case 'http.unavailable':
        this.#open({ ...event, service: 'HTTP' });
        return true;
      case 'service.ready':
      case 'service.unavailable':
        this.#open(event);
        return true;
      default:
        return event.type === 'config.reloaded';
    }
  }

  #open(door: { service: string; interface: string; address: Ipv4; port: number; why?: string }): void {
    const where = `${showIpv4(door.address)}:${door.port}`;
    this.#doors.set(`${door.service} ${door.interface} ${showIpv4(door.address)}`, { ...door, where, why: door.why });
  }

  #networkOf(network: NetworkConfig, counts: readonly Occupancy[]): ServedNetworkShape {
    const { name, mode, attachment } = network;
    const up = this.#parts.served();
    const own = up.find((one) => one.network === name);
    const pools = network.pools ?? (own === undefined ? [] : poolsOf(network, own.address));
    const count = counts.find((one) => one.network === name);
    // Behind a relay it is served as soon as anything is.
    const isServed = mode !== 'off' && (own !== undefined || (attachment.kind === 'relay' && up.length > 0));
    const rival = [...(this.#rivals.get(name)?.values() ?? [])][0];
    const obstacle = mode === 'off' ? 'its mode is off' : (this.#waiting.get(name) ?? NO_NETWORK);
    return {
      name,
      interface: own?.facts.name ?? (attachment.kind === 'interface' && attachment.interface !== 'auto' ? attachment.interface : undefined),
      address: own && showCidr(own.address),
      mode,
      isServed,
      why: isServed ? rival : obstacle,
      size: pools.reduce((sum, pool) => sum + rangeSize(pool), 0),
      taken: count?.bound ?? 0,
      quarantined: count?.quarantined ?? 0,
    };
  }

  #services(): Service[] {
    const { config, served } = this.#parts;
    const { networks, http, services } = config();
    const up = served();
    const withDhcp = up.filter(({ network }) => networks.some(({ name, mode }) => name === network && mode !== 'off'));
    return [
      serviceAt('DHCP', DHCP_PORT, withDhcp),
      serviceAt('TFTP', TFTP_PORT, up),
      this.#serviceOf('HTTP', 'HTTP', http.port !== undefined),
      this.#serviceOf('syslog', 'syslog', services.syslog !== undefined),
      this.#serviceOf('NTP', 'ntp', services.ntp),
      this.#serviceOf('DNS', 'dns', services.dns !== undefined),
    ];
  }

  #serviceOf(name: string, service: string, isOn: boolean): Service {
    if (!isOn) return { name, isServed: false, why: OFF };
    const doors = [...this.#doors.values()].filter((door) => door.service === service);
    const open = doors.filter(({ why }) => why === undefined).map(({ where }) => where);
    const shut = doors.flatMap(({ where, why }) => (why === undefined ? [] : [`not at ${where}: ${why}`]));
    const why = doors.length === 0 ? NO_NETWORK : shut.join('; ');
    return { name, isServed: open.length > 0, ...(open.length > 0 && { where: open.join(', ') }), ...(why !== '' && { why }) };
  }
}

function serviceAt(name: string, port: number, up: readonly ServedNetwork[]): Service {
  if (up.length === 0) return { name, isServed: false, why: NO_NETWORK };
  return { name, isServed: true, where: up.map(({ address }) => `${showIpv4(address.address)}:${port}`).join(', ') };
}
