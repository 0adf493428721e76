/** What networks mean together: addresses, subnets, pools, lease times, routers. */
import {
  type AddressRange,
  type Cidr,
  type Ipv4,
  isHostAddress,
  isInRange,
  isInside,
  NO_ADDRESS,
  networkOf,
  networksOverlap,
  showCidr,
  showIpv4,
  showRange,
} from '../base/addresses.ts';
import type { Finding, Path } from './diagnostics.ts';
import { encodeOptions } from './option-values.ts';
import { defaultPools, hostRange, showSubnet } from './pools.ts';
import { leaseTimeOf, ownSubnet, takenAddresses, writtenAddresses } from './resolve.ts';
import type { WrittenNetwork } from './schema.ts';
import { showDuration } from './units.ts';
import { networkName, type Placed } from './well-formed.ts';

type Network = Placed<WrittenNetwork>;

const LARGEST_PREFIX = 30;
/** A shorter prefix is a slip: no private network is larger than 10.0.0.0/8. */
const SMALLEST_PREFIX = 8;

/** Everything about networks that their shape does not say. */
export function checkNetworks(networks: readonly Network[]): readonly Finding[] {
  return [
    ...networks.flatMap(checkNetwork),
    ...checkNames(networks),
    ...checkInterfaces(networks),
    ...checkSubnets(networks),
    ...checkPoolsApart(networks),
  ];
}

function error(path: Path, message: string, hint?: string, at: Finding['at'] = 'value'): Finding {
  return { severity: 'error', path, at, message, hint };
}

function warning(path: Path, message: string, hint?: string): Finding {
  return { severity: 'warning', path, at: 'value', message, hint };
}

function checkNetwork(network: Network): readonly Finding[] {
  return [
    ...checkAttachment(network),
    ...checkOwnAddress(network),
    ...checkPools(network),
    ...checkLeaseTime(network),
    ...checkRouters(network),
  ];
}

function checkAttachment({ path, value }: Network): readonly Finding[] {
  const findings: Finding[] = [];
  if (value.subnet !== undefined) {
    const hint = 'remove one of the two: `subnet` is for a network that only a relay reaches';
    if (value.interface !== undefined)
      findings.push(error([...path, 'interface'], '`interface` and `subnet` exclude each other', hint, 'key'));
    if (value.address !== undefined) findings.push(error([...path, 'address'], '`address` and `subnet` exclude each other', hint, 'key'));
    if (value.assign)
      findings.push(error([...path, 'assign'], 'no address can be put on a network behind a relay', 'remove `assign`', 'key'));
  } else if (value.assign && value.address === undefined) {
    findings.push(
      error(
        [...path, 'assign'],
        '`assign` needs an `address` to put on the interface',
        'add one such as `address: 192.168.77.1/24`',
        'key',
      ),
    );
  }
  return findings;
}

function checkOwnAddress({ path, value }: Network): readonly Finding[] {
  const subnet = ownSubnet(value);
  if (subnet === undefined) return [];
  const at = [...path, value.subnet === undefined ? 'address' : 'subnet'];
  if (subnet.prefix < SMALLEST_PREFIX || subnet.prefix > LARGEST_PREFIX) {
    return [error(at, `the prefix must have ${SMALLEST_PREFIX} to ${LARGEST_PREFIX} bits, but has ${subnet.prefix}`)];
  }
  if (value.address === undefined || isHostAddress(value.address, value.address.address)) return [];
  const what = value.address.address === networkOf(value.address) ? 'the network itself' : 'the broadcast address of its network';
  const example = showCidr({ address: hostRange(subnet).first, prefix: subnet.prefix });
  return [error(at, `${showIpv4(value.address.address)} is ${what}, not an address in it`, `a server could have ${example}`)];
}

function checkPools({ path, value }: Network): readonly Finding[] {
  const subnet = ownSubnet(value);
  if (value.pools === undefined) {
    const isFull = subnet !== undefined && subnet.prefix <= LARGEST_PREFIX && defaultPools(subnet, takenAddresses(value)).length === 0;
    const at = value.subnet === undefined ? 'address' : 'subnet';
    return isFull && value.mode !== 'off'
      ? [error([...path, at], `all addresses of ${showSubnet(subnet)} are taken, none is left to give out`)]
      : [];
  }
  if (value.pools.length === 0 && value.mode !== 'off') {
    return [error([...path, 'pools'], 'there is no address to give out', 'leave `pools` out for the upper half of the subnet')];
  }
  if (subnet === undefined) return [];
  return value.pools.flatMap((pool, at) => checkPool(pool, [...path, 'pools', at], subnet, value));
}

function checkPool(pool: AddressRange, path: Path, subnet: Cidr, network: WrittenNetwork): readonly Finding[] {
  const title = `the pool ${showRange(pool)}`;
  const home = showSubnet(subnet);
  if (!isInside(subnet, pool.first) || !isInside(subnet, pool.last)) {
    return [error(path, `${title} is not inside the subnet ${home}`, `its addresses are ${showRange(hostRange(subnet))}`)];
  }
  const hosts = hostRange(subnet);
  if (pool.first < hosts.first || pool.last > hosts.last) {
    return [
      error(
        path,
        `${title} holds the ${pool.first < hosts.first ? 'network' : 'broadcast'} address of ${home}`,
        `addresses for hosts are ${showRange(hosts)}`,
      ),
    ];
  }
  const own = network.address?.address;
  if (own !== undefined && isInRange(pool, own))
    return [error(path, `${title} holds the server’s own address ${showIpv4(own)}`, 'begin it after that address, or end it before')];
  const router = routersOf(network).find((address) => isInRange(pool, address));
  return router === undefined
    ? []
    : [warning(path, `${title} holds the router’s address ${showIpv4(router)}`, 'a device could be given the address of the router')];
}

function checkPoolsApart(networks: readonly Network[]): readonly Finding[] {
  const pools = networks.flatMap((network) =>
    (network.value.pools ?? []).map((range, at) => ({ range, network, path: [...network.path, 'pools', at] })),
  );
  return pools.flatMap((pool, at) => {
    const other = pools.slice(0, at).find((earlier) => pool.range.first <= earlier.range.last && earlier.range.first <= pool.range.last);
    if (other === undefined) return [];
    const where = other.network === pool.network ? '' : ` of network ${networkName(other.network)}`;
    return [error(pool.path, `the pool ${showRange(pool.range)} overlaps the pool ${showRange(other.range)}${where}`)];
  });
}

function checkLeaseTime({ path, value }: Network): readonly Finding[] {
  if (typeof value.leaseTime === 'number') return [];
  const { default: normal, min, max } = leaseTimeOf(value);
  const at = [...path, 'leaseTime'];
  const findings: Finding[] = [];
  if (min > normal)
    findings.push(error([...at, 'min'], `the least lease time ${showDuration(min)} is longer than the default ${showDuration(normal)}`));
  if (max < normal)
    findings.push(error([...at, 'max'], `the longest lease time ${showDuration(max)} is shorter than the default ${showDuration(normal)}`));
  return findings;
}

const ROUTER = 3;
const CLASSLESS_ROUTES = 121;

/** The routers that a network's options name. */
function routersOf(network: WrittenNetwork): readonly Ipv4[] {
  return network.options.filter(({ code }) => code === ROUTER).flatMap(writtenAddresses);
}

function checkRouters({ path, value }: Network): readonly Finding[] {
  const findings: Finding[] = [];
  const subnet = ownSubnet(value);
  const option = value.options.find(({ code }) => code === ROUTER);
  const outside = subnet === undefined ? undefined : routersOf(value).find((address) => !isHostAddress(subnet, address));
  if (option !== undefined && subnet !== undefined && outside !== undefined) {
    const network = showSubnet(subnet);
    findings.push(
      warning(
        [...path, 'options', option.name],
        `the router ${showIpv4(outside)} is not an address in ${network}`,
        'devices there cannot reach it',
      ),
    );
  }
  const routes = value.options.find(({ code }) => code === CLASSLESS_ROUTES);
  if (option !== undefined && routes !== undefined && !hasDefaultRoute(value)) {
    const hint = 'a client that takes these routes ignores the router (RFC 3442): add "default via …"';
    findings.push(warning([...path, 'options', routes.name], 'these routes hold no default route, but a router is set', hint));
  }
  return findings;
}

function hasDefaultRoute(network: WrittenNetwork): boolean {
  let octets = encodeOptions(network.options, { server: NO_ADDRESS }).get(CLASSLESS_ROUTES) ?? new Uint8Array();
  while (octets.length > 0) {
    const width = octets[0] ?? 0;
    if (width === 0) return true;
    octets = octets.subarray(5 + Math.ceil(width / 8));
  }
  return false;
}

function checkNames(networks: readonly Network[]): readonly Finding[] {
  return networks.flatMap((network, at) => {
    const isTwice = networks.slice(0, at).some((earlier) => networkName(earlier) === networkName(network));
    return isTwice ? [error([...network.path, 'name'], `two networks have the name ${networkName(network)}`)] : [];
  });
}

function checkInterfaces(networks: readonly Network[]): readonly Finding[] {
  const attached = networks.filter((network) => network.value.subnet === undefined);
  return attached.flatMap((network, at) => {
    const name = network.value.interface ?? 'auto';
    const earlier = attached.slice(0, at).find((other) => (other.value.interface ?? 'auto') === name);
    if (earlier === undefined) return [];
    const path = network.value.interface === undefined ? network.path : [...network.path, 'interface'];
    if (name === 'auto')
      return [
        error(
          path,
          `only one network can find its interface by itself, and ${networkName(earlier)} does already`,
          'name an interface, as in `interface: eth1`',
        ),
      ];
    return [error(path, `the interface ${name} is taken by network ${networkName(earlier)} already`)];
  });
}

function checkSubnets(networks: readonly Network[]): readonly Finding[] {
  const known = networks.flatMap((network) => {
    const subnet = ownSubnet(network.value);
    return subnet === undefined ? [] : [{ network, subnet }];
  });
  return known.flatMap(({ network, subnet }, at) => {
    const other = known.slice(0, at).find((earlier) => networksOverlap(earlier.subnet, subnet));
    if (other === undefined) return [];
    const path = [...network.path, network.value.subnet === undefined ? 'address' : 'subnet'];
    return [
      error(
        path,
        `${showCidr(subnet)} overlaps ${showCidr(other.subnet)} of network ${networkName(other.network)}`,
        'give each network a subnet of its own',
      ),
    ];
  });
}
