/** From a file of the right shape to the configuration that the program uses: paths made absolute, the defaults that depend on others. */
import { resolve as resolvePath } from 'node:path';
import { type Cidr, type Ipv4, isInside, parseIpv4 } from '../base/addresses.ts';
import type { Attachment, Config, ConfiguredOption, HostConfig, LeaseTime, NetworkConfig } from './config.ts';
import { defaultPools } from './pools.ts';
import { configSchema, type WrittenConfig, type WrittenHost, type WrittenNetwork } from './schema.ts';
import { defaultNetworkName } from './well-formed.ts';

/** What is served without a configuration file; relative paths count from `baseDir`. */
export function defaultConfig(baseDir: string): Config {
  return resolveConfig(configSchema.parse({}), baseDir, undefined);
}

/** Fills in what depends on other keys. Relative paths count from `baseDir`, which must be absolute. */
export function resolveConfig(written: WrittenConfig, baseDir: string, file: string | undefined): Config {
  const { server, tftp, leases, log } = written;
  const absolute = (path: string): string => resolvePath(baseDir, path);
  return {
    file,
    server: { dataDir: absolute(server.dataDir), user: server.user },
    networks: written.networks.map(resolveNetwork),
    hosts: written.hosts.map(resolveHost),
    boot: { files: written.boot.files, ipxe: written.boot.ipxe },
    tftp: { ...tftp, root: absolute(tftp.root), uploads: { ...tftp.uploads, dir: absolute(tftp.uploads.dir) } },
    leases: { store: leases.store, quarantineSeconds: leases.quarantine },
    log,
  };
}

function resolveNetwork(written: WrittenNetwork, at: number): NetworkConfig {
  const subnet = ownSubnet(written);
  return {
    name: written.name ?? defaultNetworkName(['networks', at]),
    attachment: attachmentOf(written),
    mode: written.mode,
    authoritative: written.authoritative,
    pools: written.pools ?? (subnet === undefined ? undefined : defaultPools(subnet, takenAddresses(written))),
    leaseTime: leaseTimeOf(written),
    options: written.options,
  };
}

function attachmentOf(written: WrittenNetwork): Attachment {
  if (written.subnet !== undefined) return { kind: 'relay', subnet: written.subnet };
  return { kind: 'interface', interface: written.interface ?? 'auto', address: written.address, assign: written.assign };
}

function resolveHost(written: WrittenHost): HostConfig {
  const { mac, name, address, options, boot } = written;
  return { mac, name, address, options, bootFile: boot.file };
}

/** The network that is served there; undefined when only its interface knows. */
export function ownSubnet(written: WrittenNetwork): Cidr | undefined {
  return written.subnet ?? written.address;
}

/** Addresses in the subnet that belong to somebody: the server's own, and those that options name, such as routers. */
export function takenAddresses(written: WrittenNetwork): readonly Ipv4[] {
  const subnet = ownSubnet(written);
  const named = written.options.flatMap(writtenAddresses);
  const own = written.address === undefined ? [] : [written.address.address];
  return [...own, ...named.filter((address) => subnet !== undefined && isInside(subnet, address))];
}

/** The addresses that an option's value is or lists; one with a variable in it is not known yet. */
export function writtenAddresses(option: ConfiguredOption): readonly Ipv4[] {
  return [option.value].flat().flatMap((value) => (typeof value === 'string' ? (parseIpv4(value) ?? []) : []));
}

const LEAST_SECONDS = 60;

/** The three lease times with their defaults. */
export function leaseTimeOf(written: WrittenNetwork): LeaseTime {
  const { leaseTime } = written;
  const { default: normal, min, max } = typeof leaseTime === 'number' ? { default: leaseTime, min: undefined, max: undefined } : leaseTime;
  return { default: normal, min: min ?? Math.min(LEAST_SECONDS, normal), max: max ?? Math.min(normal * 2, LONGEST_LEASE) };
}

/** The most seconds that are not for ever (RFC 2131 §3.3). */
const LONGEST_LEASE = 0xffff_fffe;
