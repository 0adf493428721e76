/** The services beside booting as the program uses them, and what else follows from them: DHCP options, and words for what changed. */
import { type Cidr, type Ipv4, showIpv4 } from '../base/addresses.ts';
import { SERVER_VARIABLE } from '../boot/server-variable.ts';
import type { GivenName } from '../services/dns-names.ts';
import type { ConfiguredOption, NetworkConfig } from './config.ts';
import type { WrittenConfig } from './schema.ts';

/** Each is undefined, or false, while it is off. */
export interface ServicesConfig {
  readonly syslog: SyslogConfig | undefined;
  readonly ntp: boolean;
  readonly dns: DnsConfig | undefined;
}

export interface SyslogConfig {
  readonly files: 'device' | 'day' | 'off';
  /** Octets of a file before the next is begun. */
  readonly maxSize: number;
  /** Full files beside the current one. */
  readonly keep: number;
  /** Messages a second. */
  readonly perSender: number;
}

export interface DnsConfig {
  /** At least one, in lower case. */
  readonly domains: readonly string[];
  readonly names: readonly GivenName[];
  /** Who is asked for names that are not ours. */
  readonly forward: 'off' | 'system' | readonly Ipv4[];
}

const DOMAIN_NAME = 15;
const LAST_RESORT = 'lan';

/** Fills in the domains, which are those of the networks where none is given. */
export function resolveServices({ services, networks }: Pick<WrittenConfig, 'services' | 'networks'>): ServicesConfig {
  const { syslog, ntp, dns } = services;
  return { syslog, ntp, dns: dns && { names: dns.names, forward: dns.forward, domains: domainsOf(dns.domain, networks) } };
}

function domainsOf(given: string | undefined, networks: WrittenConfig['networks']): readonly string[] {
  if (given !== undefined) return [given];
  const told = networks.flatMap(({ options }) =>
    options.flatMap(({ code, value }) =>
      code === DOMAIN_NAME && typeof value === 'string' ? [value.toLowerCase().replace(/\.$/, '')] : [],
    ),
  );
  return told.length === 0 ? [LAST_RESORT] : [...new Set(told)];
}

/** A DHCP option that a service brings, and which. */
export interface ServiceOption {
  readonly service: keyof ServicesConfig;
  readonly option: ConfiguredOption;
}

/** RFC 2132 §3.8, §3.9 and §8.3: where a service is to be found, which is at our own address. */
const OPTIONS: readonly ServiceOption[] = [
  { service: 'dns', option: { code: 6, name: 'dns', shape: 'ips', value: [SERVER_VARIABLE] } },
  { service: 'syslog', option: { code: 7, name: 'logServer', shape: 'ips', value: [SERVER_VARIABLE] } },
  { service: 'ntp', option: { code: 42, name: 'ntpServer', shape: 'ips', value: [SERVER_VARIABLE] } },
];

/** What clients of a network are told because a service is on and the network's own options say nothing else. */
export function serviceOptions(services: ServicesConfig, network: Pick<NetworkConfig, 'options'>): readonly ServiceOption[] {
  return OPTIONS.filter(({ service, option }) => {
    const isOn = services[service] !== undefined && services[service] !== false;
    return isOn && !network.options.some(({ code }) => code === option.code);
  });
}

/** For the comparison of two configurations: keys with their values as text. */
export function serviceSettings({ syslog, ntp, dns }: ServicesConfig): Readonly<Record<string, unknown>> {
  return {
    'services.syslog': syslog === undefined ? 'off' : 'on',
    'services.syslog.files': syslog?.files,
    'services.syslog.maxSize': syslog?.maxSize,
    'services.syslog.keep': syslog?.keep,
    'services.syslog.perSender': syslog?.perSender,
    'services.ntp': ntp ? 'on' : 'off',
    'services.dns': dns === undefined ? 'off' : 'on',
    'services.dns.domain': dns?.domains.join(', '),
    'services.dns.names': dns === undefined || dns.names.length === 0 ? undefined : dns.names.map(showName).join(', '),
    'services.dns.forward': dns && (typeof dns.forward === 'string' ? dns.forward : dns.forward.map(showIpv4).join(', ')),
  };
}

function showName({ name, addresses }: GivenName): string {
  return `${name} ${addresses.map((address) => (address === 'server' ? SERVER_VARIABLE : showIpv4(address))).join(' ')}`;
}

/** The networks whose subnets are known before any interface is up. */
export function knownSubnets(networks: readonly NetworkConfig[]): readonly Cidr[] {
  return networks.flatMap(({ attachment }) => {
    const subnet = attachment.kind === 'relay' ? attachment.subnet : attachment.address;
    return subnet === undefined ? [] : [subnet];
  });
}
