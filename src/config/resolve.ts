/** From a file of the right shape to the configuration that the program uses: paths made absolute, the defaults that depend on others. */
import { resolve as resolvePath } from 'node:path';
import { type AddressRange, type Cidr, type Ipv4, isInside, parseIpv4 } from '../base/addresses.ts';
import { saysSomething } from '../boot/boot-settings.ts';
import type { Attachment, ClassConfig, Config, ConfiguredOption, HostConfig, LeaseTime, NetworkConfig, UploadsConfig } from './config.ts';
import { defaultPools, rangesOf } from './pools.ts';
import { resolveProvision } from './provision-keys.ts';
import { type Provisioned, type ProvisionedHost, templatesAlone, unprovisioned } from './provisioning.ts';
import { resolveBoot, siteBoot } from './resolve-boot.ts';
import { resolveImages } from './resolve-images.ts';
import { configSchema, type WrittenClass, type WrittenConfig, type WrittenNetwork } from './schema.ts';
import { resolveServices } from './services-config.ts';
import { resolveWebhooks } from './webhook-keys.ts';
import { defaultNetworkName } from './well-formed.ts';

/** What is served without a configuration file; relative paths count from `baseDir`. */
export function defaultConfig(baseDir: string): Config {
  const written = configSchema.parse({});
  return resolveConfig(written, baseDir, undefined, templatesAlone(written, baseDir));
}

/** Fills in what depends on other keys. Relative paths count from `baseDir`, which must be absolute. `provisioned` was read beside the file. */
export function resolveConfig(
  written: WrittenConfig,
  baseDir: string,
  file: string | undefined,
  provisioned: Provisioned = unprovisioned(written),
): Config {
  const { server, tftp, http, web, leases, log } = written;
  const absolute = (path: string): string => resolvePath(baseDir, path);
  const ofClasses = classPools(written.classes);
  const { inventory, unknown, templates } = provisioned;
  const identity = givesBootFiles(written, provisioned) ? 'mac' : 'client-id';
  return {
    file,
    server: { dataDir: absolute(server.dataDir), user: server.user },
    networks: written.networks.map((network, at) => resolveNetwork(network, { at, ofClasses, identity })),
    hosts: provisioned.hosts.map(resolveHost),
    inventory,
    unknown,
    templates,
    classes: written.classes.map(resolveClass),
    leasequery: written.leasequery,
    timelines: { keepSeconds: written.timelines.keep, maxOctets: written.timelines.maxSize },
    boot: siteBoot(written.boot),
    provision: resolveProvision(written.provision),
    tftp: {
      ...tftp,
      maxTransfersPerClient: tftp.maxTransfersPerClient,
      maxRequestsPerClient: tftp.maxRequestsPerClient,
      bandwidth: tftp.bandwidth,
      bandwidthPerClient: tftp.bandwidthPerClient,
      portRange: tftp.portRange,
      root: absolute(tftp.root),
      uploads: resolveUploads(tftp.uploads, absolute),
    },
    images: resolveImages(written.images),
    http: { port: http.port },
    web: { listen: web.listen, webhooks: resolveWebhooks(web.webhooks, absolute) },
    services: resolveServices(written),
    leases: { store: leases.store, quarantineSeconds: leases.quarantine },
    log,
  };
}

function resolveUploads(written: WrittenConfig['tftp']['uploads'], absolute: (path: string) => string): UploadsConfig {
  const { keepPartial, ...uploads } = written;
  return { ...uploads, dir: absolute(uploads.dir), keepPartialSeconds: keepPartial };
}

/** What a network's defaults depend on. */
interface Around {
  readonly at: number;
  readonly ofClasses: readonly AddressRange[];
  readonly identity: NetworkConfig['identity'];
}

function resolveNetwork(written: WrittenNetwork, { at, ofClasses, identity }: Around): NetworkConfig {
  const subnet = ownSubnet(written);
  const { mode, authoritative, options, bootp, rapidCommit, conflictCheck, guard } = written;
  return {
    name: written.name ?? defaultNetworkName(['networks', at]),
    attachment: attachmentOf(written),
    mode,
    authoritative,
    pools: written.pools ?? (subnet === undefined ? undefined : defaultPools(subnet, takenRanges(written, ofClasses))),
    leaseTime: leaseTimeOf(written.leaseTime),
    options,
    identity: written.identity ?? identity,
    bootp,
    rapidCommit,
    conflictCheck,
    guard,
    boot: resolveBoot(written.boot),
    provision: resolveProvision(written.provision),
  };
}

/** A machine that boots over the network comes with several identifiers. */
function givesBootFiles({ boot, networks, classes }: WrittenConfig, { hosts }: Provisioned): boolean {
  const devices = hosts.map(({ written }) => written);
  return [siteBoot(boot), ...[...networks, ...devices, ...classes].map((level) => resolveBoot(level.boot))].some(saysSomething);
}

function attachmentOf(written: WrittenNetwork): Attachment {
  if (written.subnet !== undefined) return { kind: 'relay', subnet: written.subnet };
  return { kind: 'interface', interface: written.interface ?? 'auto', address: written.address, assign: written.assign };
}

function resolveHost({ written, vars, place }: ProvisionedHost): HostConfig {
  const { mac, clientId, circuitId, remoteId, name, address, leaseTime, options, boot, provision, profile, model, serial } = written;
  return {
    key: { mac, clientId, circuitId, remoteId },
    name,
    address,
    leaseTime: leaseTime === undefined ? undefined : leaseTimeOf(leaseTime),
    options,
    boot: resolveBoot(boot),
    provision: resolveProvision(provision),
    profile,
    model,
    serial,
    vars,
    place,
  };
}

function resolveClass(written: WrittenClass): ClassConfig {
  const { name, match, deny, pools, leaseTime, options, boot, provision } = written;
  return {
    name,
    match,
    deny,
    pools,
    leaseTime: leaseTime === undefined ? undefined : leaseTimeOf(leaseTime),
    options,
    boot: resolveBoot(boot),
    provision: resolveProvision(provision),
  };
}

/** The addresses that classes keep for their clients. */
export function classPools(classes: readonly Pick<WrittenClass, 'pools'>[]): readonly AddressRange[] {
  return classes.flatMap(({ pools }) => pools ?? []);
}

/** The network that is served there; undefined when only its interface knows. */
export function ownSubnet(written: WrittenNetwork): Cidr | undefined {
  return written.subnet ?? written.address;
}

/** What a default pool leaves out: the server's own address, those that options name, such as routers, and the pools of classes. */
export function takenRanges(written: WrittenNetwork, ofClasses: readonly AddressRange[]): readonly AddressRange[] {
  const subnet = ownSubnet(written);
  const named = written.options.flatMap(writtenAddresses);
  const own = written.address === undefined ? [] : [written.address.address];
  return [...rangesOf([...own, ...named.filter((address) => subnet !== undefined && isInside(subnet, address))]), ...ofClasses];
}

/** The addresses that an option's value is or lists; one with a variable in it is not known yet. */
export function writtenAddresses(option: ConfiguredOption): readonly Ipv4[] {
  return [option.value].flat().flatMap((value) => (typeof value === 'string' ? (parseIpv4(value) ?? []) : []));
}

/** RFC 2132 §3.5. */
export const ROUTER = 3;

/** The routers that a network's options name. */
export function routersOf(network: WrittenNetwork): readonly Ipv4[] {
  return network.options.filter(({ code }) => code === ROUTER).flatMap(writtenAddresses);
}

const LEAST_SECONDS = 60;

/** The three lease times with their defaults. */
export function leaseTimeOf(leaseTime: WrittenNetwork['leaseTime']): LeaseTime {
  const { default: normal, min, max } = typeof leaseTime === 'number' ? { default: leaseTime, min: undefined, max: undefined } : leaseTime;
  return { default: normal, min: min ?? Math.min(LEAST_SECONDS, normal), max: max ?? Math.min(normal * 2, LONGEST_LEASE) };
}

/** The most seconds that are not for ever (RFC 2131 §3.3). */
const LONGEST_LEASE = 0xffff_fffe;
