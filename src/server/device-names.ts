/** The names that DNS knows, made anew when leases or the configuration have changed and somebody asks. */
import type { Cidr } from '../base/addresses.ts';
import type { MonoMs } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import { type DnsConfig, knownSubnets } from '../config/services-config.ts';
import type { DeviceDirectory } from '../observe/directory.ts';
import { DnsNames, type NamedDevice } from '../services/dns-names.ts';

/** The parts of the configuration that say who is called what. */
export type NamesConfig = Pick<Config, 'networks' | 'hosts'>;

/** With tens of thousands of leases it takes some hundredths of a second, which a storm of bindings must not cost each time. */
const LEAST_AGE_MS = 1_000;

export class DeviceNames {
  readonly #directory: Pick<DeviceDirectory, 'named' | 'revision'>;
  #dns: DnsConfig;
  #config: NamesConfig;
  #subnets: readonly Cidr[] = [];
  #made: { readonly names: DnsNames; readonly revision: number; readonly at: MonoMs } | undefined;

  constructor(directory: Pick<DeviceDirectory, 'named' | 'revision'>, dns: DnsConfig, config: NamesConfig) {
    this.#directory = directory;
    this.#dns = dns;
    this.#config = config;
  }

  configure(dns: DnsConfig, config: NamesConfig): void {
    this.#dns = dns;
    this.#config = config;
    this.#made = undefined;
  }

  /** The subnets of interfaces that are up, which not every configuration names. */
  serve(subnets: readonly Cidr[]): void {
    this.#subnets = subnets;
    this.#made = undefined;
  }

  at(now: MonoMs): DnsNames {
    const { revision } = this.#directory;
    if (this.#made !== undefined && (this.#made.revision === revision || now - this.#made.at < LEAST_AGE_MS)) return this.#made.names;
    const networks = [...knownSubnets(this.#config.networks), ...this.#subnets];
    const names = new DnsNames({ domains: this.#dns.domains, given: this.#dns.names, devices: this.#devices(), networks });
    this.#made = { names, revision, at: now };
    return names;
  }

  /** Those that the configuration names come first: nobody else can take their names. */
  #devices(): readonly NamedDevice[] {
    const reserved = this.#config.hosts.flatMap(({ name, address }) =>
      name === undefined || address === undefined ? [] : [{ name, address, isGiven: true }],
    );
    const leased = [...this.#directory.named()];
    return [...reserved, ...leased.filter(({ isGiven }) => isGiven), ...leased.filter(({ isGiven }) => !isGiven)];
  }
}
