import { describe, expect, it } from 'vitest';
import { showCidr, showRange } from '../../src/base/addresses.ts';
import { invariant } from '../../src/base/result.ts';
import { type Overrides, overrideNetwork } from '../../src/cli/overrides.ts';
import type { Config } from '../../src/config/config.ts';
import { checkText } from '../../src/config/load.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { cidr } from '../support/addresses.ts';

function configOf(text: string): Config {
  const { written } = checkText(text, { file: 'config.yaml', env: {} });
  invariant(written !== undefined, 'a configuration without faults');
  return resolveConfig(written, '/etc', '/etc/config.yaml');
}

const CONFIG = configOf(
  'networks: [{ name: lan, interface: auto, address: 10.0.0.1/24, pools: [10.0.0.100-10.0.0.110, 10.0.0.200-10.0.0.210] }]',
);

function overridden(overrides: Overrides): readonly unknown[] {
  const { config, warnings } = overrideNetwork(CONFIG, overrides);
  const [network] = config.networks;
  invariant(network?.attachment.kind === 'interface', 'a network on an interface');
  const { attachment, pools } = network;
  return [
    attachment.interface,
    attachment.address && showCidr(attachment.address),
    attachment.assign,
    pools?.map(showRange),
    warnings.length,
  ];
}

describe('The command line of `up`', () => {
  it.each<[string, Overrides, readonly unknown[]]>([
    ['nothing', {}, ['auto', '10.0.0.1/24', false, ['10.0.0.100-10.0.0.110', '10.0.0.200-10.0.0.210'], 0]],
    ['--interface', { interface: 'eth1' }, ['eth1', '10.0.0.1/24', false, ['10.0.0.100-10.0.0.110', '10.0.0.200-10.0.0.210'], 0]],
    ['--assign', { assign: true }, ['auto', '10.0.0.1/24', true, ['10.0.0.100-10.0.0.110', '10.0.0.200-10.0.0.210'], 0]],
    [
      '--address in the same network',
      { address: cidr('10.0.0.2/24') },
      ['auto', '10.0.0.2/24', false, ['10.0.0.100-10.0.0.110', '10.0.0.200-10.0.0.210'], 0],
    ],
    [
      '--address of a smaller network: the pools that fit stay',
      { address: cidr('10.0.0.2/25') },
      ['auto', '10.0.0.2/25', false, ['10.0.0.100-10.0.0.110'], 1],
    ],
    ['--address of another network: the default pools', { address: cidr('172.16.0.1/16') }, ['auto', '172.16.0.1/16', false, undefined, 1]],
  ])('%s', (_name, overrides, result) => {
    expect(overridden(overrides)).toEqual(result);
  });

  it('warns of classes whose pools are in no network any more', () => {
    const classes = 'classes: [{ name: a, match: { mac: "*" }, pools: [10.0.0.5] }, { name: b, match: { mac: "*" } }]';
    const config = configOf(`networks: [{ name: lan, interface: eth1, address: 10.0.0.1/24, pools: [10.0.0.9] }]\n${classes}`);
    expect(overrideNetwork(config, { address: cidr('10.0.0.2/25') }).warnings).toEqual([]);
    expect(overrideNetwork(config, { address: cidr('172.16.0.1/16') }).warnings.at(-1)).toBe(
      'pools of class a are not inside the network of --address, so they are not used',
    );
  });

  it('changes nothing where all networks are behind relays', () => {
    const config = configOf('networks: [{ name: far, subnet: 10.8.0.0/24 }]');
    expect(overrideNetwork(config, { interface: 'eth1' })).toEqual({ config, warnings: [] });
  });
});
