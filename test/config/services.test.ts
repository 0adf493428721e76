// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a configuration names its variables
import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../src/config/changes.ts';
import type { Config } from '../../src/config/config.ts';
import { checkText } from '../../src/config/load.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { serviceOptions } from '../../src/config/services-config.ts';
import { ip } from '../support/addresses.ts';
import { saidAbout } from './said.ts';

function config(...yaml: readonly string[]): Config {
  const { written, diagnostics } = checkText(`${yaml.join('\n')}\n`, { file: 'config.yaml', env: {} });
  if (written === undefined) throw new Error(JSON.stringify(diagnostics));
  return resolveConfig(written, '/srv', undefined);
}

const BENCH = 'name: bench, interface: eth1, address: 192.168.77.1/24';
const SYSLOG = { files: 'device', maxSize: 10 * 1024 * 1024, keep: 5, perSender: 100 };

describe('Services', () => {
  it('are off until something turns them on', () => {
    expect(config('log: {}').services).toEqual({ syslog: undefined, ntp: false, dns: undefined });
    expect(config('services: { syslog: off, ntp: false, dns: off }').services).toEqual({ syslog: undefined, ntp: false, dns: undefined });
  });

  it.each(['on', 'true', '{}'])('are on with `%s`, with all defaults', (word) => {
    expect(config(`services: { syslog: ${word}, dns: ${word} }`).services).toEqual({
      syslog: SYSLOG,
      ntp: false,
      dns: { domains: ['lan'], names: [], forward: 'off' },
    });
  });

  it('have details', () => {
    const { syslog, dns } = config(
      'services:',
      '  syslog: { files: day, maxSize: 1MiB, keep: 30, perSender: 5 }',
      '  dns: { domain: Bench.LAN., names: { PBX: 192.168.77.5, two: [192.168.77.6, "$${server}"] }, forward: [9.9.9.9, 1.1.1.1] }',
    ).services;
    expect(syslog).toEqual({ files: 'day', maxSize: 1024 * 1024, keep: 30, perSender: 5 });
    expect(dns).toEqual({
      domains: ['bench.lan'],
      names: [
        { name: 'pbx', addresses: [ip('192.168.77.5')] },
        { name: 'two', addresses: [ip('192.168.77.6'), 'server'] },
      ],
      forward: [ip('9.9.9.9'), ip('1.1.1.1')],
    });
  });

  it('have their names in the domains that the networks tell their clients', () => {
    const { dns } = config(
      'networks:',
      `  - { ${BENCH}, options: { domainName: Bench.lan } }`,
      '  - { name: b, subnet: 10.88.0.0/24, options: { domainName: lab.lan } }',
      '  - { name: c, subnet: 10.89.0.0/24, options: { domainName: bench.lan } }',
      'services: { dns: on }',
    ).services;
    expect(dns?.domains).toEqual(['bench.lan', 'lab.lan']);
  });

  it('tell what is wrong with them', () => {
    expect(
      saidAbout([
        'services:',
        '  ntp: maybe',
        '  dns: { forward: dns.example.org, names: { "a b": 1.2.3.4 } }',
        '  syslog: { file: day }',
      ]).join('\n'),
    ).toMatchInlineSnapshot(`
        "config.yaml:2:8: error: \`ntp\` must be one of on, off, but is "maybe"
          2 |   ntp: maybe
            |        ^^^^^

        config.yaml:3:19: error: \`forward\` must be one of off, system, but is "dns.example.org"
          3 |   dns: { forward: dns.example.org, names: { "a b": 1.2.3.4 } }
            |                   ^^^^^^^^^^^^^^^

        config.yaml:3:45: error: is no name that DNS can have
          3 |   dns: { forward: dns.example.org, names: { "a b": 1.2.3.4 } }
            |                                             ^^^^^

        config.yaml:4:13: error: unknown key \`file\`
          4 |   syslog: { file: day }
            |             ^^^^
          did you mean \`files\`, or \`file\` under \`networks[].boot.menu.entries[]\`?"
      `);
  });

  it('are told of when they change', () => {
    const before = config(`networks: [{ ${BENCH} }]`, 'services: { syslog: on, ntp: on }');
    const after = config(
      `networks: [{ ${BENCH} }]`,
      'services: { syslog: { files: off }, dns: { names: { pbx: 192.168.77.5 }, forward: system } }',
    );
    expect(changesBetween(before, after)).toEqual([
      'services.syslog.files device → off',
      'services.ntp on → off',
      'services.dns off → on',
      'services.dns.domain is now lan',
      'services.dns.names is now pbx 192.168.77.5',
      'services.dns.forward is now system',
    ]);
  });
});

describe('DHCP options of services', () => {
  const codes = (yaml: string, options = '') => {
    const { services, networks } = config(`networks: [{ ${BENCH}, options: { ${options} } }]`, yaml);
    return networks.flatMap((network) => serviceOptions(services, network).map(({ service, option }) => `${service} ${option.code}`));
  };

  it('RFC 2132 §3.8, §3.9, §8.3: are those of the services that are on', () => {
    expect(codes('services: { syslog: on, ntp: on, dns: on }')).toEqual(['dns 6', 'syslog 7', 'ntp 42']);
    expect(codes('services: { ntp: on }')).toEqual(['ntp 42']);
    expect(codes('services: {}')).toEqual([]);
  });

  it('are not those that the network says itself, by whichever name', () => {
    expect(codes('services: { syslog: on, ntp: on, dns: on }', 'dns: 192.168.77.9, 42: 192.168.77.9')).toEqual(['syslog 7']);
  });
});
