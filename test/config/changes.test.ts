import { describe, expect, it } from 'vitest';
import { changesBetween, restartReasons } from '../../src/config/changes.ts';
import type { Config } from '../../src/config/config.ts';
import { checkText } from '../../src/config/load.ts';
import { resolveConfig } from '../../src/config/resolve.ts';

const BENCH = 'name: bench, interface: eth1, address: 192.168.77.1/24';

function config(...yaml: readonly string[]): Config {
  const { written, diagnostics } = checkText(`${yaml.join('\n')}\n`, { file: 'config.yaml', env: {} });
  if (written === undefined) throw new Error(JSON.stringify(diagnostics));
  return resolveConfig(written, '/srv', undefined);
}

describe('What is different', () => {
  it.each<[what: string, before: readonly string[], after: readonly string[], changes: readonly string[]]>([
    ['nothing', [`networks: [{ ${BENCH} }]`], [`networks:`, `  - { ${BENCH} }`], []],
    [
      'networks',
      [`networks: [{ ${BENCH} }, { name: old, subnet: 10.88.0.0/24 }]`],
      [
        `networks: [{ ${BENCH}, leaseTime: 10m, pools: [192.168.77.9], guard: warn, options: { dns: [192.168.77.2, 192.168.77.3] } }, { name: new, subnet: 10.88.0.0/24 }]`,
      ],
      [
        'network bench: pools 192.168.77.128-192.168.77.254 → 192.168.77.9',
        'network bench: leaseTime 1h (1m to 2h) → 10m (1m to 20m)',
        'network bench: guard refuse → warn',
        'network bench: option dns is now 192.168.77.2, 192.168.77.3',
        'network old is gone',
        'network new is new',
      ],
    ],
    [
      'variables of hosts, of which secrets are not shown',
      [`hosts: [{ mac: "00:1b:54:00:00:01", name: a, profile: p, vars: { ext: 1, gone: x, pin: 4711, old: 1, list: [1] } }]`],
      [
        `hosts: [{ mac: "00:1b:54:00:00:01", name: a, profile: q, vars: { ext: 2, pin: 4712, token: t, list: [2] } }]`,
        'unknown: { profile: q }',
      ],
      [
        'host a: profile p → q',
        'host a: vars.ext 1 → 2',
        'host a: vars.gone x is gone',
        'host a: vars.pin has another value',
        'host a: vars.old 1 is gone',
        'host a: vars.list has another value',
        'host a: vars.token is new',
        'unknown is for other profiles or has other variables now: q',
      ],
    ],
    [
      'the place of a network',
      [`networks: [{ name: a, interface: eth1, address: 10.0.0.1/24 }]`],
      [`networks: [{ name: a, subnet: 10.0.0.0/24 }]`],
      [
        'network a: interface eth1 is gone',
        'network a: address 10.0.0.1/24 is gone',
        'network a: assign false is gone',
        'network a: pools 10.0.0.128-10.0.0.254 → 10.0.0.128-10.0.0.254',
        'network a: subnet is now 10.0.0.0/24',
      ].filter((line) => !line.includes('pools')),
    ],
    [
      'hosts',
      [
        'hosts:',
        '  - { mac: "00:00:00:00:00:01", name: desk, address: 192.168.77.9, options: { vendor: { 1: x } } }',
        '  - { clientId: "01:02", remoteId: a }',
      ],
      ['hosts:', '  - { mac: "00:00:00:00:00:02", name: desk, leaseTime: 5m }', '  - { mac: "00:00:00:00:00:03" }'],
      [
        'host desk: mac 00:00:00:00:00:01 → 00:00:00:00:00:02',
        'host desk: address 192.168.77.9 is gone',
        'host desk: option vendor {"1":"x"} is gone',
        'host desk: leaseTime is now 5m (1m to 10m)',
        'host clientId 0102 with remoteId 61 is gone',
        'host 00:00:00:00:00:03 is new',
      ],
    ],
    [
      'classes and their order',
      ['classes: [{ name: a, match: { mac: "66:*" } }, { name: b, match: { arch: bios } }, { name: c, match: { arch: bios } }]'],
      ['classes: [{ name: b, match: { arch: [bios, uefi-x64] }, deny: true }, { name: a, match: { mac: "66:*" }, boot: { file: x } }]'],
      [
        'class a: boot.file is now x',
        'class b: match.arch bios → bios, uefi-x64',
        'class b: deny false → true',
        'class c is gone',
        'classes are tried in another order: b, a',
      ],
    ],
    [
      'everything else',
      ['boot: { files: { bios: a } }', 'log: { level: info }'],
      [
        'boot: { files: { bios: b }, ipxe: c }',
        'log: { level: debug, format: json }',
        'tftp: { root: ./x, allow: [lease, 10.0.0.0/8], remap: [{ match: a, to: b }], portRange: 50000-50063, uploads: { deny: [host], keep: 3, quotaPerDevice: off, keepPartial: 2h } }',
        'leases: { quarantine: 2h }',
        'leasequery: { allow: [10.0.0.1] }',
      ],
      [
        'boot.files.bios a → b',
        'boot.ipxe is now c',
        'tftp.root /srv/boot-images → /srv/x',
        'tftp.allow is now lease, 10.0.0.0/8',
        'tftp.remap is now a to b',
        'tftp.portRange is now 50000-50063',
        'tftp.uploads.deny is now host',
        'tftp.uploads.keep 50 → 3',
        'tftp.uploads.quotaPerDevice 1073741824 → off',
        'tftp.uploads.keepPartial 1d → 2h',
        'leases.quarantine 1h → 2h',
        'log.level info → debug',
        'log.format auto → json',
        'leasequery.allow is now 10.0.0.1/32',
      ],
    ],
  ])('%s', (_what, before, after, changes) => {
    expect([...changesBetween(config(...before), config(...after))].sort()).toEqual([...changes].sort());
  });

  it('is told in the order of the file: networks, hosts, classes, the rest', () => {
    const after = config('networks: [{ name: x, interface: eth1 }]', 'hosts: [{ mac: "00:00:00:00:00:01" }]', 'log: { level: warn }');
    expect(changesBetween(config(), after)).toEqual([
      'network lan is gone',
      'network x is new',
      'host 00:00:00:00:00:01 is new',
      'log.level info → warn',
    ]);
  });
});

it('What takes a restart is named with its reason, and only that', () => {
  const before = config('server: { dataDir: ./data }');
  expect(restartReasons(before, config('server: { dataDir: ./data }', 'log: { level: debug }'))).toEqual([]);
  expect(restartReasons(before, config('server: { dataDir: ./other, user: nobody }'))).toEqual([
    'server.dataDir cannot change from /srv/data to /srv/other without a restart: the leases and the control socket are there',
    'server.user cannot change from auto to nobody without a restart: the rights to become somebody else are given up at the start',
  ]);
});
