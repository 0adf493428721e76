/** What the command line of `up` changes in the first network that is on an interface. */
import { type Cidr, isInside, networkOf } from '../base/addresses.ts';
import type { Config, NetworkConfig } from '../config/config.ts';

export interface Overrides {
  readonly interface?: string;
  readonly address?: Cidr;
  readonly assign?: true;
}

/** The configuration with the overrides in it, and what they made of other settings. */
export function overrideNetwork(config: Config, overrides: Overrides): { readonly config: Config; readonly warnings: readonly string[] } {
  const first = config.networks.find(({ attachment }) => attachment.kind === 'interface');
  const isUnchanged = overrides.interface === undefined && overrides.address === undefined && overrides.assign === undefined;
  if (first === undefined || isUnchanged) return { config, warnings: [] };
  const warnings: string[] = [];
  const changed = changeNetwork(first, overrides, warnings);
  const networks = config.networks.map((network) => (network === first ? changed : network));
  if (overrides.address !== undefined) warnings.push(...strandedClasses({ ...config, networks }));
  return { config: { ...config, networks }, warnings };
}

/** A class whose pools were in the network that is gone has none left; its clients get addresses of the network. */
function strandedClasses({ classes, networks }: Config): readonly string[] {
  const subnets = networks.map(({ attachment }) => (attachment.kind === 'relay' ? attachment.subnet : attachment.address));
  if (subnets.includes(undefined)) return [];
  return classes.flatMap(({ name, pools = [] }) => {
    const isHome = pools.some((pool) => subnets.some((subnet) => subnet !== undefined && isInside(subnet, pool.first)));
    return pools.length === 0 || isHome ? [] : [`pools of class ${name} are not inside the network of --address, so they are not used`];
  });
}

function changeNetwork(network: NetworkConfig, overrides: Overrides, warnings: string[]): NetworkConfig {
  const { attachment } = network;
  if (attachment.kind !== 'interface') return network;
  const address = overrides.address ?? attachment.address;
  const changed = {
    ...attachment,
    interface: overrides.interface ?? attachment.interface,
    address,
    assign: overrides.assign ?? attachment.assign,
  };
  if (overrides.address === undefined || address === undefined) return { ...network, attachment: changed };
  const fits = (network.pools ?? []).every((pool) => isInside(address, pool.first) && isInside(address, pool.last));
  if (fits) return { ...network, attachment: changed };
  const subnet = { address: networkOf(address), prefix: address.prefix };
  const others = (network.pools ?? []).filter((pool) => isInside(subnet, pool.first) && isInside(subnet, pool.last));
  warnings.push(
    `pools of ${network.name} that are not inside the network of --address are left out${others.length === 0 ? '; the upper half of its addresses is given instead' : ''}`,
  );
  return { ...network, attachment: changed, pools: others.length === 0 ? undefined : others };
}
