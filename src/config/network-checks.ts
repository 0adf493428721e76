/** What networks mean together: addresses, interfaces, subnets, routers. */
import { isHostAddress, networkOf, networksOverlap, showCidr, showIpv4 } from '../base/addresses.ts';
import { error, type Finding, warning } from './diagnostics.ts';
import { hostRange, showSubnet } from './pools.ts';
import { ownSubnet, ROUTER, routersOf } from './resolve.ts';
import type { WrittenNetwork } from './schema.ts';
import { networkName, type Placed, type WellFormed } from './well-formed.ts';

type Network = Placed<WrittenNetwork>;

const LARGEST_PREFIX = 30;
/** A shorter prefix is a slip: no private network is larger than 10.0.0.0/8. */
const SMALLEST_PREFIX = 8;

/** Everything about networks that their shape does not say, save their pools and lease times. */
export function checkNetworks({ networks }: WellFormed): readonly Finding[] {
  return [...networks.flatMap(checkNetwork), ...checkNames(networks), ...checkInterfaces(networks), ...checkSubnets(networks)];
}

function checkNetwork(network: Network): readonly Finding[] {
  return [...checkAttachment(network), ...checkOwnAddress(network), ...checkRouters(network)];
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

function checkRouters({ path, value }: Network): readonly Finding[] {
  const subnet = ownSubnet(value);
  const option = value.options.find(({ code }) => code === ROUTER);
  const outside = subnet === undefined ? undefined : routersOf(value).find((address) => !isHostAddress(subnet, address));
  if (option === undefined || subnet === undefined || outside === undefined) return [];
  const message = `the router ${showIpv4(outside)} is not an address in ${showSubnet(subnet)}`;
  return [warning([...path, 'options', option.name], message, 'devices there cannot reach it')];
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
