/** Who is called what on our networks: names of the configuration, of its hosts and of leases, and the addresses behind them. Letters have no case. */
import { type Cidr, type Ipv4, ipv4, isInside, showIpv4 } from '../base/addresses.ts';

/** The server's own address on the way to who asks. */
export type NamedAddress = Ipv4 | 'server';

/** A name that the configuration gives: with a dot as it is, without one below the domains. */
export interface GivenName {
  readonly name: string;
  readonly addresses: readonly NamedAddress[];
}

/** A device by the name that the configuration or it itself gives. */
export interface NamedDevice {
  readonly name: string;
  readonly address: Ipv4;
  /** Named by the configuration: nobody else can have that name. */
  readonly isGiven: boolean;
}

export interface NameSources {
  /** At least one, without a dot at the end. Names are below each of them; addresses are turned into names below the first. */
  readonly domains: readonly string[];
  readonly given: readonly GivenName[];
  /** Of those that call themselves the same the last one counts. */
  readonly devices: Iterable<NamedDevice>;
  /** Where addresses have a name or none, whatever others say. */
  readonly networks: readonly Cidr[];
}

/** What the server calls itself. */
const OWN_LABEL = 'bootlace';

/** Names by which programs find services: a device that calls itself so would be asked by all others. */
const NOT_FOR_DEVICES: ReadonlySet<string> = new Set(['wpad', 'isatap', 'localhost', OWN_LABEL]);

/** RFC 1123 §2.1, and the underscore, which is common in names of devices. */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

export class DnsNames {
  readonly domains: readonly string[];
  readonly #networks: readonly Cidr[];
  readonly #addresses = new Map<string, readonly NamedAddress[]>();
  readonly #names = new Map<Ipv4, string>();
  /** Those above names that the configuration gives; above all others are the domains. */
  readonly #above = new Set<string>();

  constructor({ domains, given, devices, networks }: NameSources) {
    this.domains = domains.map((domain) => domain.toLowerCase());
    this.#networks = networks;
    this.#takeDevices(devices);
    for (const { name, addresses } of given) this.#give(name.toLowerCase(), addresses);
    for (const fullName of this.#below(OWN_LABEL)) if (!this.#addresses.has(fullName)) this.#addresses.set(fullName, ['server']);
  }

  /** What SOA and NS records call this server, and its A record has. */
  get ownName(): string {
    return `${OWN_LABEL}.${this.mainDomain}`;
  }

  get mainDomain(): string {
    return this.domains[0] ?? 'lan';
  }

  /** The addresses of a full name, or of one without a dot. */
  addressesOf(name: string): readonly NamedAddress[] | undefined {
    return this.#addresses.get(name) ?? (name.includes('.') ? undefined : this.#addresses.get(`${name}.${this.mainDomain}`));
  }

  /** Some known name is below this one, so that it exists without having anything (RFC 8020 §2). */
  isAbove(name: string): boolean {
    return this.#above.has(name);
  }

  /** The full name of an address. */
  nameOf(address: Ipv4): string | undefined {
    return this.#names.get(address);
  }

  /** The domain of ours that a name is in, or is. */
  domainOf(name: string): string | undefined {
    return this.domains.find((domain) => name === domain || name.endsWith(`.${domain}`));
  }

  isOurs(address: Ipv4): boolean {
    return this.#networks.some((network) => isInside(network, address));
  }

  #takeDevices(devices: Iterable<NamedDevice>): void {
    const isGiven = new Set<string>();
    for (const device of devices) {
      const label = labelOf(device.name, this.domains);
      if (label === undefined || (!device.isGiven && (NOT_FOR_DEVICES.has(label) || isGiven.has(label)))) continue;
      // One device can have several addresses, on several networks; two that only say the same of themselves cannot both be right.
      const before = device.isGiven && isGiven.has(label) ? (this.#addresses.get(`${label}.${this.mainDomain}`) ?? []) : [];
      if (device.isGiven) isGiven.add(label);
      for (const fullName of this.#below(label)) this.#addresses.set(fullName, [...new Set([...before, device.address])]);
      this.#names.set(device.address, `${label}.${this.mainDomain}`);
    }
  }

  #give(name: string, addresses: readonly NamedAddress[]): void {
    const fullNames = name.includes('.') ? [name] : this.#below(name);
    for (const fullName of fullNames) {
      this.#addresses.set(fullName, addresses);
      const parts = fullName.split('.');
      for (let at = 1; at < parts.length; at += 1) this.#above.add(parts.slice(at).join('.'));
    }
    const [first] = fullNames;
    if (first === undefined) return;
    for (const address of addresses) if (address !== 'server' && !this.#names.has(address)) this.#names.set(address, first);
  }

  #below(label: string): readonly string[] {
    return this.domains.map((domain) => `${label}.${domain}`);
  }
}

/** The label of a device: its name in lower case without our domain, or the first part of a name in another domain. */
function labelOf(name: string, domains: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  const domain = domains.find((one) => lower.endsWith(`.${one}`));
  const label = domain === undefined ? (lower.split('.')[0] ?? '') : lower.slice(0, -domain.length - 1);
  return LABEL.test(label) ? label : undefined;
}

const REVERSE = '.in-addr.arpa';

/** The address that a name such as `21.77.168.192.in-addr.arpa` is about (RFC 1035 §3.5); undefined for others and for parts of addresses. */
export function addressOfReverse(name: string): Ipv4 | undefined {
  if (!name.endsWith(REVERSE)) return undefined;
  const parts = name.slice(0, -REVERSE.length).split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return undefined;
  return ipv4(parts.reduceRight((sum, part) => sum * 256 + Number(part), 0));
}

/** The zone of 256 addresses that an address is in. */
export function reverseZone(address: Ipv4): string {
  return `${showIpv4(address).split('.').slice(0, 3).toReversed().join('.')}${REVERSE}`;
}
