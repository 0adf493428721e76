/** What pools mean together and in their networks: those of networks and those that classes keep for their clients. */
import { type AddressRange, type Cidr, isInRange, isInside, showIpv4, showRange } from '../base/addresses.ts';
import { error, type Finding, type Path, warning } from './diagnostics.ts';
import { defaultPools, hostRange, showSubnet } from './pools.ts';
import { classPools, ownSubnet, routersOf, takenRanges } from './resolve.ts';
import type { WrittenClass, WrittenNetwork } from './schema.ts';
import { networkName, type Placed, type WellFormed } from './well-formed.ts';

type Network = Placed<WrittenNetwork>;

/** Everything about pools. */
export function checkPools(parts: WellFormed): readonly Finding[] {
  const ofClasses = classPools(parts.classes.map(({ value }) => value));
  return [
    ...parts.networks.flatMap((network) => checkNetworkPools(network, ofClasses)),
    ...parts.classes.flatMap((one) => checkClassPools(one, parts)),
    ...checkPoolsApart(parts),
  ];
}

function checkNetworkPools({ path, value }: Network, ofClasses: readonly AddressRange[]): readonly Finding[] {
  const subnet = ownSubnet(value);
  if (value.pools === undefined) {
    const isFull =
      subnet !== undefined && subnet.prefix <= LARGEST_PREFIX && defaultPools(subnet, takenRanges(value, ofClasses)).length === 0;
    const at = value.subnet === undefined ? 'address' : 'subnet';
    return isFull && value.mode === 'server'
      ? [error([...path, at], `all addresses of ${showSubnet(subnet)} are taken, none is left to give out`)]
      : [];
  }
  if (value.pools.length === 0 && value.mode === 'server') {
    return [error([...path, 'pools'], 'there is no address to give out', 'leave `pools` out for the upper half of the subnet')];
  }
  if (subnet === undefined) return [];
  return value.pools.flatMap((pool, at) => checkPool(pool, [...path, 'pools', at], subnet, value));
}

/** A longer prefix is an error of its own. */
const LARGEST_PREFIX = 30;

/** A pool of a class belongs to the network that its first address is in. */
function checkClassPools({ path, value }: Placed<WrittenClass>, { networks, hasAllNetworks }: WellFormed): readonly Finding[] {
  const known = networks.flatMap((network) => {
    const subnet = ownSubnet(network.value);
    return subnet === undefined ? [] : [{ subnet, network: network.value }];
  });
  return (value.pools ?? []).flatMap((pool, at) => {
    const here = [...path, 'pools', at];
    const home = known.find(({ subnet }) => isInside(subnet, pool.first));
    if (home !== undefined) return checkPool(pool, here, home.subnet, home.network);
    // A network whose subnet only its interface knows may be the one.
    if (!hasAllNetworks || known.length < networks.length) return [];
    const hint = `they are ${known.map(({ subnet }) => showSubnet(subnet)).join(', ')}`;
    return [error(here, `the pool ${showRange(pool)} is in none of the networks`, hint)];
  });
}

function checkPool(pool: AddressRange, path: Path, subnet: Cidr, network: WrittenNetwork): readonly Finding[] {
  const title = `the pool ${showRange(pool)}`;
  const home = showSubnet(subnet);
  if (!isInside(subnet, pool.first) || !isInside(subnet, pool.last)) {
    return [error(path, `${title} is not inside the subnet ${home}`, `its addresses are ${showRange(hostRange(subnet))}`)];
  }
  const hosts = hostRange(subnet);
  if (pool.first < hosts.first || pool.last > hosts.last) {
    const which = pool.first < hosts.first ? 'network' : 'broadcast';
    return [error(path, `${title} holds the ${which} address of ${home}`, `addresses for hosts are ${showRange(hosts)}`)];
  }
  const own = network.address?.address;
  if (own !== undefined && isInRange(pool, own))
    return [error(path, `${title} holds the server’s own address ${showIpv4(own)}`, 'begin it after that address, or end it before')];
  const router = routersOf(network).find((address) => isInRange(pool, address));
  return router === undefined
    ? []
    : [warning(path, `${title} holds the router’s address ${showIpv4(router)}`, 'a device could be given the address of the router')];
}

function checkPoolsApart({ networks, classes }: WellFormed): readonly Finding[] {
  const owners: readonly { readonly path: Path; readonly name: string; readonly pools: readonly AddressRange[] | undefined }[] = [
    ...networks.map((network) => ({ path: network.path, name: `network ${networkName(network)}`, pools: network.value.pools })),
    ...classes.map(({ path, value }) => ({ path, name: `class ${value.name}`, pools: value.pools })),
  ];
  const pools = owners.flatMap((owner) => (owner.pools ?? []).map((range, at) => ({ range, owner, path: [...owner.path, 'pools', at] })));
  return pools.flatMap((pool, at) => {
    const other = pools.slice(0, at).find((earlier) => pool.range.first <= earlier.range.last && earlier.range.first <= pool.range.last);
    if (other === undefined) return [];
    const where = other.owner === pool.owner ? '' : ` of ${other.owner.name}`;
    return [error(pool.path, `the pool ${showRange(pool.range)} overlaps the pool ${showRange(other.range)}${where}`)];
  });
}
