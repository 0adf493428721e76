/** What reservations mean together and beside the networks. */
import { isHostAddress, isInside, showIpv4 } from '../base/addresses.ts';
import { error, type Finding, showPath } from './diagnostics.ts';
import { showSubnet } from './pools.ts';
import { ownSubnet } from './resolve.ts';
import type { WrittenHost } from './schema.ts';
import { networkName, type Placed, type WellFormed } from './well-formed.ts';

type Host = Placed<WrittenHost>;

/** Everything about hosts that their shape does not say. */
export function checkHosts(parts: WellFormed): readonly Finding[] {
  const { hosts } = parts;
  return [
    ...checkKeys(hosts),
    ...checkUnique(
      hosts,
      'name',
      (host) => host.value.name,
      (name) => `the name ${name}`,
    ),
    ...checkUnique(
      hosts,
      'serial',
      (host) => host.value.serial?.toLowerCase(),
      (serial) => `the serial number ${serial}`,
    ),
    ...checkUnique(
      hosts,
      'address',
      (host) => host.value.address,
      (address) => `the address ${showIpv4(address)}`,
    ),
    ...hosts.flatMap((host) => checkAddress(host, parts)),
  ];
}

/** What a host can be recognised by, and what messages call it. */
const KEYS = [
  { key: 'mac', title: 'MAC address' },
  { key: 'clientId', title: 'client identifier' },
  { key: 'circuitId', title: 'circuit identifier' },
  { key: 'remoteId', title: 'remote identifier' },
] as const;

/** Two hosts may share a part, such as the relay agent, but not all of what they are recognised by. */
function checkKeys(hosts: readonly Host[]): readonly Finding[] {
  const owners = new Map<string, Host>();
  return hosts.flatMap((host) => {
    const given = KEYS.filter(({ key }) => host.value[key] !== undefined);
    const [first] = given;
    if (first === undefined) return [];
    const all = JSON.stringify(given.map(({ key }) => [key, host.value[key]]));
    const owner = owners.get(all);
    if (owner === undefined) {
      owners.set(all, host);
      return [];
    }
    const what = given.map(({ key, title }) => `the ${title} ${host.value[key]}`).join(' with ');
    return [error([...host.path, first.key], `${what} belongs to ${owner.called ?? showPath(owner.path)} already`)];
  });
}

function checkUnique<Value>(
  hosts: readonly Host[],
  key: string,
  read: (host: Host) => Value | undefined,
  title: (value: Value) => string,
): readonly Finding[] {
  const owners = new Map<Value, Host>();
  return hosts.flatMap((host) => {
    const value = read(host);
    if (value === undefined) return [];
    const owner = owners.get(value);
    if (owner === undefined) {
      owners.set(value, host);
      return [];
    }
    return [error([...host.path, key], `${title(value)} belongs to ${owner.called ?? showPath(owner.path)} already`)];
  });
}

function checkAddress(host: Host, { networks, hasAllNetworks }: WellFormed): readonly Finding[] {
  const { address } = host.value;
  if (address === undefined) return [];
  const path = [...host.path, 'address'];
  const subnets = networks.map((network) => ({ network, subnet: ownSubnet(network.value) }));
  const home = subnets.find(({ subnet }) => subnet !== undefined && isInside(subnet, address));
  if (home?.subnet === undefined) {
    // A network whose subnet only its interface knows may be the one.
    const areAllKnown = hasAllNetworks && subnets.every(({ subnet }) => subnet !== undefined);
    const known = subnets.flatMap(({ subnet }) => (subnet === undefined ? [] : [showSubnet(subnet)]));
    return areAllKnown ? [error(path, `the address ${showIpv4(address)} is in none of the networks`, `they are ${known.join(', ')}`)] : [];
  }
  if (!isHostAddress(home.subnet, address)) {
    return [error(path, `${showIpv4(address)} is the network or broadcast address of ${showSubnet(home.subnet)}`)];
  }
  if (home.network.value.address?.address === address) {
    return [error(path, `${showIpv4(address)} is the server’s own address on network ${networkName(home.network)}`)];
  }
  return [];
}
