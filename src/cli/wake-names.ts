/** Whom a name on the command line of `bootlace wake` means. */
import { isInside, type Mac, parseIpv4, parseMac, showIpv4 } from '../base/addresses.ts';
import { nearestName } from '../base/near-name.ts';
import type { Config, HostConfig } from '../config/config.ts';
import type { Lease } from '../dhcp/lease.ts';
import { plainText } from '../events/plain-text.ts';

/** A machine to be woken. */
export interface Named {
  readonly mac: Mac;
  /** What it is called; undefined where nobody says. */
  readonly name: string | undefined;
  /** The network of its lease, or of its reserved address. */
  readonly network: string | undefined;
}

/**
 * The machine of a MAC address, of a name in `hosts`, of an address that is or was leased, or of the name that a device gave itself.
 * Leases that have ended count: who sleeps does not renew.
 * @throws {Error} when there is none, or more than one.
 */
export function machineCalled(text: string, config: Config, leases: readonly Lease[]): Named {
  const mac = parseMac(text);
  if (mac !== undefined) return named(mac, config, leases);
  const wanted = text.toLowerCase();
  const host = config.hosts.find(({ name }) => name?.toLowerCase() === wanted);
  if (host !== undefined) return named(macOfHost(host, leases), config, leases);
  const address = parseIpv4(text);
  const own = leases.filter((lease) => (address === undefined ? lease.hostName?.toLowerCase() === wanted : lease.address === address));
  const macs = [...new Set(own.flatMap((lease) => lease.mac ?? []))];
  const [only] = macs;
  if (only !== undefined && macs.length === 1) return named(only, config, leases);
  if (macs.length > 1) throw new Error(`${macs.length} devices call themselves ${text}: ${macs.join(', ')}; name one of these`);
  const names = [...config.hosts.flatMap(({ name }) => name ?? []), ...leases.flatMap(({ hostName }) => hostName ?? [])];
  const near = nearestName(text, names);
  const advice = near === undefined ? 'a MAC address works always' : `did you mean ${plainText(near)}?`;
  throw new Error(`nobody is known as ${JSON.stringify(text)}, neither in \`hosts\` nor by a lease; ${advice}`);
}

/** One that is described by something else may have a lease that knows it. */
function macOfHost({ key, address, name }: HostConfig, leases: readonly Lease[]): Mac {
  const mac = key.mac ?? leases.find((lease) => lease.address === address)?.mac;
  if (mac === undefined) throw new Error(`the host ${name} has no \`mac\` in the configuration, and no lease that tells one`);
  return mac;
}

function named(mac: Mac, { hosts, networks }: Config, leases: readonly Lease[]): Named {
  const host = hosts.find(({ key }) => key.mac === mac);
  const lease = leases.filter((one) => one.mac === mac).toSorted((a, b) => b.since - a.since)[0];
  const { address } = host ?? {};
  const home = networks.find(({ attachment }) => {
    const subnet = attachment.kind === 'relay' ? attachment.subnet : attachment.address;
    return address !== undefined && subnet !== undefined && isInside(subnet, address);
  });
  const network = lease?.network ?? home?.name;
  return {
    mac,
    name: host?.name ?? (lease?.hostName === undefined ? lease && showIpv4(lease.address) : plainText(lease.hostName)),
    // A network that is not configured any more is no place to look for it.
    network: networks.some(({ name }) => name === network) ? network : undefined,
  };
}
