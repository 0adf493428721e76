import { describe, expect, it } from 'vitest';
import { type Case, saidAbout } from './said.ts';

const NETWORKS = ['networks:', '  - { name: bench, interface: eth1, address: 192.168.77.1/24, pools: [192.168.77.100-192.168.77.199] }'];

describe('classes', () => {
  it('may say all of this', () => {
    const yaml = [
      ...NETWORKS,
      '  - { name: floor-2, subnet: 10.88.0.0/24 }',
      'classes:',
      '  - name: lab',
      '    match: { arch: [bios, uefi-x64], vendorClass: "PXE*", userClass: [a, b], mac: "dc:*", clientId: "01:*", network: "floor-*" }',
      '    pools: [192.168.77.50-192.168.77.59, 10.88.0.3]',
      '    leaseTime: { default: 5m }',
      '    options: { router: 192.168.77.2 }',
      '    boot: { file: pxelinux.0 }',
      '  - { name: bad, match: { circuitId: x, remoteId: "00:04:*", subscriberId: z }, deny: true }',
    ];
    expect(saidAbout(yaml)).toEqual(['']);
  });

  it.each<Case>([
    {
      name: 'no name, nothing to match, keys that are misspelt, values that fit nothing',
      yaml: [
        ...NETWORKS,
        'classes:',
        '  - { match: { arch: bios } }',
        '  - { name: b, match: {} }',
        '  - { name: c }',
        '  - { name: d, match: { vendorclass: x, mac: "dc:a6" } }',
        '  - { name: e, match: { arch: [bios, efi-x64] } }',
        '  - { name: f, match: { userClass: [] } }',
      ],
      said: [
        'config.yaml:4:5: error: `name` must be given',
        '  4 |   - { match: { arch: bios } }',
        '    |     ^^^^^^^^^^^^^^^^^^^^^^^^^',
        '',
        'config.yaml:5:23: error: nothing is said about who belongs to this class',
        '  5 |   - { name: b, match: {} }',
        '    |                       ^^',
        '  say what its clients have in common; `network: "*"` fits all of them',
        '',
        'config.yaml:6:5: error: `match` must be given',
        '  6 |   - { name: c }',
        '    |     ^^^^^^^^^^^',
        '',
        'config.yaml:7:25: error: unknown key `vendorclass`',
        '  7 |   - { name: d, match: { vendorclass: x, mac: "dc:a6" } }',
        '    |                         ^^^^^^^^^^^',
        '  did you mean `vendorClass`?',
        '',
        'config.yaml:7:46: error: `mac` must have the 12 digits of a MAC address, or a * for those that are left out',
        '  7 |   - { name: d, match: { vendorclass: x, mac: "dc:a6" } }',
        '    |                                              ^^^^^^^',
        '',
        'config.yaml:8:38: error: `arch[1]` must be one of bios, uefi-ia32, uefi-x64, uefi-arm32, uefi-arm64, uefi-riscv64, uefi-loongarch64, uefi-ia32-http, uefi-x64-http, uefi-arm32-http, uefi-arm64-http, uefi-riscv64-http, uefi-loongarch64-http, uboot-arm32, uboot-arm64, but is "efi-x64"',
        '  8 |   - { name: e, match: { arch: [bios, efi-x64] } }',
        '    |                                      ^^^^^^^',
        '  did you mean `uefi-x64`?',
        '',
        'config.yaml:9:36: error: `userClass` must not be an empty list',
        '  9 |   - { name: f, match: { userClass: [] } }',
        '    |                                    ^^',
      ],
    },
    {
      name: 'names twice, networks that are not there, denials that give something',
      yaml: [
        ...NETWORKS,
        'classes:',
        '  - { name: a, match: { network: bensh } }',
        '  - { name: a, match: { mac: "66:*" }, deny: true, leaseTime: 5m }',
        '  - { name: c, match: { mac: "66:*" }, leaseTime: { default: 1h, max: 5m } }',
      ],
      said: [
        'config.yaml:4:34: error: no network has a name like bensh',
        '  4 |   - { name: a, match: { network: bensh } }',
        '    |                                  ^^^^^',
        '  they are bench',
        '',
        'config.yaml:5:13: error: two classes have the name a',
        '  5 |   - { name: a, match: { mac: "66:*" }, deny: true, leaseTime: 5m }',
        '    |             ^',
        '',
        'config.yaml:5:46: warning: clients of this class get no answer, so its other keys do nothing',
        '  5 |   - { name: a, match: { mac: "66:*" }, deny: true, leaseTime: 5m }',
        '    |                                              ^^^^',
        '',
        'config.yaml:6:71: error: the longest lease time 5m is shorter than the default 1h',
        '  6 |   - { name: c, match: { mac: "66:*" }, leaseTime: { default: 1h, max: 5m } }',
        '    |                                                                       ^^',
      ],
    },
    {
      name: 'pools outside of all networks, over those of a network, of another class, of the server',
      yaml: [
        ...NETWORKS,
        'classes:',
        '  - name: a',
        '    match: { mac: "66:*" }',
        '    pools:',
        '      - 10.0.0.1-10.0.0.9',
        '      - 192.168.77.90-192.168.77.100',
        '      - 192.168.77.1',
        '  - { name: b, match: { mac: "67:*" }, pools: [192.168.77.95] }',
      ],
      said: [
        'config.yaml:7:9: error: the pool 10.0.0.1-10.0.0.9 is in none of the networks',
        '  7 |       - 10.0.0.1-10.0.0.9',
        '    |         ^^^^^^^^^^^^^^^^^',
        '  they are 192.168.77.0/24',
        '',
        'config.yaml:8:9: error: the pool 192.168.77.90-192.168.77.100 overlaps the pool 192.168.77.100-192.168.77.199 of network bench',
        '  8 |       - 192.168.77.90-192.168.77.100',
        '    |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
        '',
        'config.yaml:9:9: error: the pool 192.168.77.1 holds the server’s own address 192.168.77.1',
        '  9 |       - 192.168.77.1',
        '    |         ^^^^^^^^^^^^',
        '  begin it after that address, or end it before',
        '',
        'config.yaml:10:48: error: the pool 192.168.77.95 overlaps the pool 192.168.77.90-192.168.77.100 of class a',
        '  10 |   - { name: b, match: { mac: "67:*" }, pools: [192.168.77.95] }',
        '     |                                                ^^^^^^^^^^^^^',
      ],
    },
    {
      name: 'a pool that may be in a network whose subnet only its interface knows',
      yaml: ['networks: [{ interface: eth1 }]', 'classes:', '  - { name: a, match: { mac: "66:*" }, pools: [10.0.0.1-10.0.0.9] }'],
      said: [''],
    },
  ])('$name', ({ yaml, said }) => {
    expect(saidAbout(yaml)).toEqual(said);
  });
});

describe('lease queries', () => {
  it('say from where they may come', () => {
    expect(saidAbout(['leasequery: { allow: [10.88.0.1, 10.89.0.0/24] }'])).toEqual(['']);
    expect(saidAbout(['leasequery: { allow: [10.88.0] }'])).toEqual([
      'config.yaml:1:23: error: `allow[0]` must be a network such as 10.88.0.0/24, or one address, but is "10.88.0"',
      '  1 | leasequery: { allow: [10.88.0] }',
      '    |                       ^^^^^^^',
    ]);
  });
});
