// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a configuration names its variables
import { describe, expect, it } from 'vitest';
import { type Mac, showRange } from '../../src/base/addresses.ts';
import type { Config } from '../../src/config/config.ts';
import { checkText } from '../../src/config/load.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { readRequest } from '../../src/dhcp/request.ts';
import type { Site } from '../../src/dhcp/subnet.ts';
import { siteConfigOf, siteOf } from '../../src/server/site.ts';
import { cidr } from '../support/addresses.ts';
import { LAN, message } from '../support/dhcp-client.ts';
import { card } from '../support/interfaces.ts';

function config(...yaml: readonly string[]): Config {
  const { written, diagnostics } = checkText(`${yaml.join('\n')}\n`, { file: 'config.yaml', env: {} });
  if (written === undefined) throw new Error(JSON.stringify(diagnostics));
  return resolveConfig(written, '/srv', undefined);
}

/** The site while `bench` is up on eth1, as 192.168.77.1/24 or what is said. */
function site(yaml: readonly string[], address = '192.168.77.1/24'): Site {
  const facts = card('eth1', 4, { addresses: [cidr(address)] });
  // As it is when it has crossed to another thread.
  return siteOf(structuredClone(siteConfigOf(config(...yaml))), [{ network: 'bench', facts, address: cidr(address) }]);
}

describe('The site', () => {
  it('has what each network says, and the defaults of what it does not', () => {
    const { subnets, leasequeryFrom } = site([
      'networks:',
      '  - { name: bench, interface: eth1, address: 192.168.77.1/24 }',
      '  - { name: floor-2, subnet: 10.88.0.0/24, identity: client-id, bootp: pool, rapidCommit: true, authoritative: false }',
      'leasequery: { allow: [10.88.0.1] }',
    ]);
    expect(subnets).toMatchObject([
      { name: 'bench', interface: 'eth1', identity: 'mac', bootp: 'reserved', rapidCommit: false, checksConflicts: true },
      // Behind a relay there is no wire to look at.
      { name: 'floor-2', interface: undefined, identity: 'client-id', bootp: 'pool', rapidCommit: true, checksConflicts: false },
    ]);
    expect(leasequeryFrom).toEqual([cidr('10.88.0.1/32')]);
  });

  it.each<[what: string, boot: string, identity: string]>([
    ['the files of the default', 'log: {}', 'mac'],
    ['a file', 'boot: { files: { bios: x } }', 'mac'],
    ['a script for iPXE', 'boot: { files: {}, ipxe: x }', 'mac'],
    ['a file of a host', 'boot: { files: {} }\nhosts: [{ mac: "00:00:00:00:00:01", boot: { file: x } }]', 'mac'],
    ['a file of a class', 'boot: { files: {} }\nclasses: [{ name: a, match: { mac: "*" }, boot: { file: x } }]', 'mac'],
    ['no file at all', 'boot: { files: {} }', 'client-id'],
  ])('with %s tells clients apart by %3$s', (_what, boot, identity) => {
    const { subnets } = site(['networks: [{ name: bench, interface: eth1, address: 192.168.77.1/24 }]', boot]);
    expect(subnets[0]?.identity).toBe(identity);
  });

  it('looks for no conflicts where it is told not to', () => {
    const { subnets } = site(['networks: [{ name: bench, interface: eth1, address: 192.168.77.1/24, conflictCheck: off }]']);
    expect(subnets[0]?.checksConflicts).toBe(false);
  });

  it('leaves the pools of classes out of a pool that nobody wrote down, on an interface with an address of its own too', () => {
    const classes = 'classes: [{ name: a, match: { mac: "*" }, pools: [192.168.77.200-192.168.77.209] }]';
    for (const place of ['address: 192.168.77.1/24', 'mode: server']) {
      const { subnets } = site([`networks: [{ name: bench, interface: eth1, ${place} }]`, classes]);
      expect(subnets[0]?.pools.map(showRange)).toEqual(['192.168.77.128-192.168.77.199', '192.168.77.210-192.168.77.254']);
    }
  });

  it('puts hosts that more is said about before the others', () => {
    const { hosts } = site([
      'networks: [{ name: bench, interface: eth1, address: 192.168.77.1/24 }]',
      'hosts:',
      '  - { mac: "00:00:00:00:00:01", name: anywhere, leaseTime: 5m }',
      '  - { mac: "00:00:00:00:00:01", circuitId: "00:04", name: there }',
    ]);
    expect(hosts.map(({ name, key, lease }) => [name, key.circuitId, lease?.defaultSeconds])).toEqual([
      ['there', '0004', undefined],
      ['anywhere', undefined, 300],
    ]);
  });

  it('has classes that ask for what they say', () => {
    const { classes, subnets } = site([
      'networks: [{ name: bench, interface: eth1, address: 192.168.77.1/24 }]',
      'classes: [{ name: a, match: { mac: "66:*" }, deny: true }, { name: b, match: { network: bench }, leaseTime: 5m }]',
    ]);
    const [subnet] = subnets;
    const read = readRequest(message('DISCOVER', '66:00:00:00:00:01'), LAN);
    if (subnet === undefined || !read.ok) throw new Error('no subnet, or no request');
    expect(classes.map((one) => [one.name, one.fits(read.value, subnet), one.deny, one.lease?.maxSeconds])).toEqual([
      ['a', true, true, undefined],
      ['b', true, false, 600],
    ]);
    expect(classes[0]?.fits({ ...read.value, mac: '67:00:00:00:00:01' as Mac }, subnet)).toBe(false);
  });
});
