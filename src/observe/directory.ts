/**
 * Who has each address now. Fed by events as they happen and by the leases at the start; asked by the log for every line
 * and by the file servers for every transfer. What clients call themselves is made harmless here, once.
 */
import type { Ipv4, Mac } from '../base/addresses.ts';
import type { EventListener } from '../events/bus.ts';
import type { Subject } from '../events/events.ts';
import { plainText } from '../events/plain-text.ts';

/** A device that the configuration knows by name. */
export interface NamedHost {
  readonly mac: Mac;
  readonly name?: string | undefined;
}

/** Longest name that is kept, in characters: option 12 may hold 255 octets. */
const LONGEST_NAME = 64;

/** As many addresses as a /15 has; the one not heard of for longest is forgotten first. */
const DEFAULT_CAPACITY = 131_072;

/** The directory of devices. Its answers name a device as the configuration does, or else as the device itself does. */
export class DeviceDirectory {
  readonly #byAddress = new Map<Ipv4, Subject>();
  /** The last name that a device gave itself: its boot ROM, asking with the same MAC a minute later, gives none. */
  readonly #ownNames = new Map<Mac, string>();
  #givenNames: ReadonlyMap<Mac, string> = new Map();
  readonly #capacity: number;
  #revision = 0;

  constructor(hosts: readonly NamedHost[] = [], capacity = DEFAULT_CAPACITY) {
    this.name(hosts);
    this.#capacity = capacity;
  }

  /** What the configuration calls its devices from now on; a name that it no longer gives is forgotten. */
  name(hosts: readonly NamedHost[]): void {
    this.#revision += 1;
    const before = this.#givenNames;
    this.#givenNames = new Map(hosts.flatMap(({ mac, name }) => (name === undefined ? [] : [[mac, plainText(name, LONGEST_NAME)]])));
    for (const [mac, name] of before) if (this.#ownNames.get(mac) === name) this.#ownNames.delete(mac);
    for (const [address, holder] of this.#byAddress) {
      const isGiven = holder.mac !== undefined && holder.hostName !== undefined && holder.hostName === before.get(holder.mac);
      if (isGiven) this.#byAddress.set(address, { ...holder, hostName: undefined });
    }
  }

  /** Takes in who has which address, all at once: the leases in force at the start. */
  learn(subjects: Iterable<Subject>): void {
    for (const subject of subjects) this.#hold(subject, true);
  }

  /** Put it on the bus before the log, so that a line about a new lease already has its name. */
  readonly listener: EventListener = (event) => {
    switch (event.type) {
      case 'dhcp.offered':
      case 'lease.bound':
        // An offer counts: the ROM of the Raspberry Pi 3 takes its address from there and never asks for it.
        this.#hold(event, true);
        break;
      case 'dhcp.informed':
      case 'boot.answered':
        // Anybody may claim an address in an INFORM, or at port 4011: it must not rename the holder of a lease.
        if (event.address !== undefined && !this.#byAddress.has(event.address)) this.#hold(event, false);
        break;
      case 'lease.released':
      case 'lease.expired':
      case 'lease.declined':
        this.#release(event);
        break;
      default:
    }
  };

  /** Who has the address; only the address itself when that is not known. */
  whoHas(address: Ipv4): Subject {
    const who = this.identify({ address });
    const holder = this.#byAddress.get(address);
    if (holder?.isLeased !== true) return who;
    const { classes, profile, model, serial } = holder;
    return { ...who, isLeased: true, classes, ...((profile ?? model) !== undefined && { profile, model, serial }) };
  }

  /** Another number whenever `named` may have become another list. */
  get revision(): number {
    return this.#revision;
  }

  /** Who has a lease and a name; the one heard of last is the last. `isGiven`: the name is the configuration's. */
  *named(): Iterable<{ readonly name: string; readonly address: Ipv4; readonly isGiven: boolean }> {
    for (const [address, holder] of this.#byAddress) {
      if (holder.isLeased !== true) continue;
      const { hostName: name, mac } = this.identify({ address });
      if (name !== undefined) yield { name, address, isGiven: mac !== undefined && this.#givenNames.has(mac) };
    }
  }

  /** Everything known of the subject: its MAC from its address, its name from its MAC or from itself. */
  identify(subject: Subject): Subject {
    const holder = subject.address === undefined ? undefined : this.#byAddress.get(subject.address);
    const mac = subject.mac ?? holder?.mac;
    // A MAC that is not the holder's is another device, and the holder's name is not its name.
    const holderName = mac === holder?.mac ? holder?.hostName : undefined;
    const ownName = subject.hostName === undefined ? holderName : plainText(subject.hostName, LONGEST_NAME);
    const name = mac === undefined ? ownName : (this.#givenNames.get(mac) ?? ownName ?? this.#ownNames.get(mac));
    return { address: subject.address, mac, hostName: name };
  }

  #hold(subject: Subject, isLeased: boolean): void {
    if (subject.address === undefined) return;
    const { mac, hostName } = this.identify(subject);
    if (mac !== undefined && subject.hostName !== undefined)
      remember(this.#ownNames, mac, plainText(subject.hostName, LONGEST_NAME), this.#capacity);
    const { address, classes } = subject;
    const before = this.#byAddress.get(address);
    if (before?.hostName !== hostName || before?.mac !== mac) this.#revision += 1;
    // A renewal need not say it again.
    const { profile, model, serial } = subject.profile === undefined && before?.mac === mac ? { ...before } : subject;
    const holder = { address, mac, hostName, classes, isLeased, ...((profile ?? model) !== undefined && { profile, model, serial }) };
    remember(this.#byAddress, address, holder, this.#capacity);
  }

  #release({ address, mac }: Subject): void {
    const holder = address === undefined ? undefined : this.#byAddress.get(address);
    if (address !== undefined && (mac === undefined || holder?.mac === mac)) {
      this.#byAddress.delete(address);
      this.#revision += 1;
    }
  }
}

/** Keeps a map in the order of last use and within its bound. */
function remember<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, capacity: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= capacity) return;
  const oldest = map.keys().next();
  if (oldest.done !== true) map.delete(oldest.value);
}
