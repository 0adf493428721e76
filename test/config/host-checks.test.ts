import { describe, expect, it } from 'vitest';
import { type Case, saidAbout } from './said.ts';

describe('hosts', () => {
  it.each<Case>([
    {
      name: 'hosts are looked at although another key is wrong',
      yaml: ['log: pretty', 'hosts:', '  - { mac: "00:00:00:00:00:01", address: 10.0.0.1, naem: x }'],
      said: [
        'config.yaml:1:6: error: `log` must be a mapping of keys and values, but is "pretty"',
        '  1 | log: pretty',
        '    |      ^^^^^^',
        '',
        'config.yaml:3:42: error: the address 10.0.0.1 is in none of the networks',
        '  3 |   - { mac: "00:00:00:00:00:01", address: 10.0.0.1, naem: x }',
        '    |                                          ^^^^^^^^',
        '  they are 192.168.77.0/24',
        '',
        'config.yaml:3:52: error: unknown key `naem`',
        '  3 |   - { mac: "00:00:00:00:00:01", address: 10.0.0.1, naem: x }',
        '    |                                                    ^^^^',
        '  did you mean `name`?',
      ],
    },
    {
      name: 'addresses that are nowhere, the server’s own, or no host’s',
      yaml: [
        'hosts:',
        '  - { mac: "00:00:00:00:00:01", address: 10.0.0.1 }',
        '  - { mac: "00:00:00:00:00:02", address: 192.168.77.1 }',
        '  - { mac: "00:00:00:00:00:03", address: 192.168.77.255 }',
      ],
      said: [
        'config.yaml:2:42: error: the address 10.0.0.1 is in none of the networks',
        '  2 |   - { mac: "00:00:00:00:00:01", address: 10.0.0.1 }',
        '    |                                          ^^^^^^^^',
        '  they are 192.168.77.0/24',
        '',
        'config.yaml:3:42: error: 192.168.77.1 is the server’s own address on network lan',
        '  3 |   - { mac: "00:00:00:00:00:02", address: 192.168.77.1 }',
        '    |                                          ^^^^^^^^^^^^',
        '',
        'config.yaml:4:42: error: 192.168.77.255 is the network or broadcast address of 192.168.77.0/24',
        '  4 |   - { mac: "00:00:00:00:00:03", address: 192.168.77.255 }',
        '    |                                          ^^^^^^^^^^^^^^',
      ],
    },
    {
      name: 'what two hosts have',
      yaml: [
        'hosts:',
        '  - { mac: "00:00:00:00:00:01", name: desk, address: 192.168.77.21 }',
        '  - { mac: 00-00-00-00-00-01, name: desk, address: 192.168.77.21 }',
        '  - { mac: "00:00:00:00:00:02", address: 192.168.77.22 }',
        '  - { mac: "00:00:00:00:00:03", address: 192.168.77.22 }',
      ],
      said: [
        'config.yaml:3:12: error: the MAC address 00:00:00:00:00:01 belongs to hosts[0] already',
        '  3 |   - { mac: 00-00-00-00-00-01, name: desk, address: 192.168.77.21 }',
        '    |            ^^^^^^^^^^^^^^^^^',
        '',
        'config.yaml:3:37: error: the name desk belongs to hosts[0] already',
        '  3 |   - { mac: 00-00-00-00-00-01, name: desk, address: 192.168.77.21 }',
        '    |                                     ^^^^',
        '',
        'config.yaml:3:52: error: the address 192.168.77.21 belongs to hosts[0] already',
        '  3 |   - { mac: 00-00-00-00-00-01, name: desk, address: 192.168.77.21 }',
        '    |                                                    ^^^^^^^^^^^^^',
        '',
        'config.yaml:5:42: error: the address 192.168.77.22 belongs to hosts[2] already',
        '  5 |   - { mac: "00:00:00:00:00:03", address: 192.168.77.22 }',
        '    |                                          ^^^^^^^^^^^^^',
      ],
    },
    {
      name: 'nothing about addresses while a network is broken',
      yaml: ['networks:', '  - { addres: 10.0.0.1/24 }', 'hosts:', '  - { mac: "00:00:00:00:00:01", address: 10.0.0.5 }'],
      said: [
        'config.yaml:2:7: error: unknown key `addres`',
        '  2 |   - { addres: 10.0.0.1/24 }',
        '    |       ^^^^^^',
        '  did you mean `address`?',
      ],
    },
  ])('$name', ({ yaml, said }) => {
    expect(saidAbout(yaml)).toEqual(said);
  });
});
