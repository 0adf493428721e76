/** Leases for the console: what the store holds, and what can be done about one. */
import { existsSync } from 'node:fs';
import { type Ipv4, showIpv4 } from '../../base/addresses.ts';
import type { Clock } from '../../base/clock.ts';
import { err, ok } from '../../base/result.ts';
import type { Config } from '../../config/config.ts';
import type { Environment } from '../../config/environment.ts';
import { isInForce, type Lease, NEVER } from '../../dhcp/lease.ts';
import { identifierOf } from '../../dhcp/request.ts';
import type { AppEvent, Subject } from '../../events/events.ts';
import { plainText } from '../../events/plain-text.ts';
import { readLeases } from '../../leases/read-leases.ts';
import type { VendorOf } from '../../observe/vendors.ts';
import type { LeaseSource } from '../../web/api/lease-routes.ts';
import type { LeaseShape } from '../../web/api/lease-shapes.ts';
import { adoptDevice } from '../adoption.ts';
import { leaseFile } from '../appliance-start.ts';
import { oneLine } from '../reload.ts';
import { WaitingReaders } from './waiting-readers.ts';

export interface ToldLeasesParts {
  readonly clock: Clock;
  readonly config: () => Config;
  readonly env: Environment;
  readonly identify: (subject: Subject) => Subject;
  readonly vendorOf: VendorOf;
  readonly release: (address: Ipv4) => Promise<boolean>;
}

/** Events after which the list is another one. */
const CHANGING: ReadonlySet<AppEvent['type']> = new Set<AppEvent['type']>([
  'lease.bound',
  'lease.released',
  'lease.declined',
  'lease.expired',
  'lease.conflict',
  'store.rebuilt',
  'config.reloaded',
]);

export class ToldLeases implements LeaseSource {
  readonly #parts: ToldLeasesParts;
  readonly #readers = new WaitingReaders();

  constructor(parts: ToldLeasesParts) {
    this.#parts = parts;
  }

  readonly listener = ({ type }: AppEvent): void => {
    if (CHANGING.has(type)) this.#readers.news();
  };

  list(all: boolean): LeaseShape[] {
    const { config, clock } = this.#parts;
    const file = leaseFile(config().server.dataDir);
    const now = clock.wall();
    const reserved = new Map(config().hosts.flatMap(({ key, address }) => (address === undefined ? [] : [[address, key.mac] as const])));
    return (existsSync(file) ? readLeases(file) : [])
      .filter((lease) => all || isInForce(lease, now))
      .toSorted((a, b) => a.address - b.address)
      .map((lease) => ({ ...this.#show(lease), state: stateOf(lease, isInForce(lease, now)), isReserved: isFor(lease, reserved) }));
  }

  readonly release = (address: Ipv4): Promise<boolean> => this.#parts.release(address);

  readonly reserve: LeaseSource['reserve'] = async ({ mac, address, name }) => {
    const { config, env } = this.#parts;
    const { file } = config();
    if (file === undefined)
      return err({ error: 'the server runs by its built-in defaults: give it a config.yaml, which says where the inventory is' });
    const wanted = { mac, name, address: showIpv4(address) };
    const outcome = await adoptDevice(wanted, { file, config: config(), env, isFromAfar: true });
    if (outcome.ok) return ok({ place: outcome.value.host.place, advice: outcome.value.advice });
    if (typeof outcome.error === 'string') return err({ error: outcome.error });
    const details = outcome.error.map(oneLine);
    return err({ error: `${mac} is not written down, and nothing is changed: ${details.join('; ')}`, details });
  };

  readonly subscribe: LeaseSource['subscribe'] = (onWaiting) => this.#readers.add(onWaiting, () => ({}));

  #show({ address, mac, hostName, client, network, since, expiresAt }: Lease): Omit<LeaseShape, 'state' | 'isReserved'> {
    const { identify, vendorOf } = this.#parts;
    const identifier = identifierOf(client);
    return {
      address: showIpv4(address),
      mac,
      clientId: identifier && Buffer.from(identifier).toString('hex'),
      name: mac === undefined ? hostName && plainText(hostName) : identify({ mac, hostName }).hostName,
      vendor: mac === undefined ? undefined : vendorOf(mac),
      network,
      since,
      until: expiresAt === NEVER ? undefined : expiresAt,
    };
  }
}

/** A lease that ran out stays on record for its holder to come back to. */
function stateOf({ state }: Lease, isCurrent: boolean): string {
  if (state === 'released') return state;
  if (!isCurrent) return 'ended';
  return state === 'declined' ? 'quarantined' : state;
}

function isFor({ address, mac }: Lease, reserved: ReadonlyMap<Ipv4, unknown>): boolean {
  return reserved.has(address) && (reserved.get(address) === undefined || reserved.get(address) === mac);
}
