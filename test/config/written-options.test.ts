// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a configuration names its variables
import { describe, expect, it } from 'vitest';
import { type Case, saidAbout } from './said.ts';

describe('options', () => {
  it.each<Case>([
    {
      name: 'names, numbers and values',
      yaml: [
        'networks:',
        '  - options:',
        '      rooter: 192.168.77.1',
        '      router: 192.168.77.300',
        '      300: x',
        '      224: 5',
        '      leaseTime: 1h',
        '      dns: []',
        '      domainName:',
      ],
      said: [
        'config.yaml:3:7: error: unknown DHCP option `rooter`',
        '  3 |       rooter: 192.168.77.1',
        '    |       ^^^^^^',
        '  did you mean `router`?',
        '',
        'config.yaml:4:15: error: option 3 (Router) must be an IPv4 address such as 192.168.77.1',
        '  4 |       router: 192.168.77.300',
        '    |               ^^^^^^^^^^^^^^',
        '',
        'config.yaml:5:7: error: there is no DHCP option 300',
        '  5 |       300: x',
        '    |       ^^^',
        '  options have numbers from 1 to 254',
        '',
        'config.yaml:6:12: error: option 224 must be text, { hex: "01 02" }, { base64: "AQI=" }, or a list of octets',
        '  6 |       224: 5',
        '    |            ^',
        '  say which type it has: { text: "…" }, { ip: … }, { ips: […] }, { u8: 1 }, { u16: 1 }, { u32: 1 }, { flag: true }, { hex: "01 02" }',
        '',
        'config.yaml:7:7: error: option 51 (IP Address Lease Time) cannot be configured: the network key `leaseTime` sets it',
        '  7 |       leaseTime: 1h',
        '    |       ^^^^^^^^^',
        '',
        'config.yaml:8:12: error: option 6 (Domain Name Server) must not be an empty list',
        '  8 |       dns: []',
        '    |            ^^',
        '',
        'config.yaml:9:7: error: `domainName` must be given',
        '  9 |       domainName:',
        '    |       ^^^^^^^^^^',
      ],
    },
    {
      name: 'one option by two names',
      yaml: ['networks:', '  - options: { dns: 192.168.77.1, 6: 192.168.77.2 }'],
      said: [
        'config.yaml:2:16: error: option 6 is set by `6` already',
        '  2 |   - options: { dns: 192.168.77.1, 6: 192.168.77.2 }',
        '    |                ^^^',
      ],
    },
    {
      name: 'options that are no mapping',
      yaml: ['networks:', '  - options: [router]'],
      said: [
        'config.yaml:2:14: error: `options` must be a mapping of DHCP options, one `name: value` a line, but is a list',
        '  2 |   - options: [router]',
        '    |              ^^^^^^^^',
      ],
    },
  ])('$name', ({ yaml, said }) => {
    expect(saidAbout(yaml)).toEqual(said);
  });
});

describe('environment variables', () => {
  it.each<Case>([
    {
      name: 'one that is not set, and nothing else about that value',
      yaml: [
        'networks:',
        '  - interface: ${WIRE}',
        '    address: 192.168.${NET}.1/24',
        '    assign: true',
        '    options: { bootFile: ${FILE} }',
      ],
      said: [
        'config.yaml:2:16: error: the environment variable WIRE is not set',
        '  2 |   - interface: ${WIRE}',
        '    |                ^^^^^^^',
        '  set it before the start, or write $${WIRE} for text that looks like a variable',
        '',
        'config.yaml:3:22: error: the environment variable NET is not set',
        '  3 |     address: 192.168.${NET}.1/24',
        '    |                      ^^^^^^',
        '  set it before the start, or write $${NET} for text that looks like a variable',
        '',
        'config.yaml:5:26: error: the environment variable FILE is not set',
        '  5 |     options: { bootFile: ${FILE} }',
        '    |                          ^^^^^^^',
        '  set it before the start, or write $${FILE} for text that looks like a variable',
      ],
    },
    {
      name: 'one in a flow mapping',
      yaml: ['networks: [{ options: { bootFile: "x/${FILE}", tftpServer: ${TFTP} } }]'],
      said: [
        'config.yaml:1:38: error: the environment variable FILE is not set',
        '  1 | networks: [{ options: { bootFile: "x/${FILE}", tftpServer: ${TFTP} } }]',
        '    |                                      ^^^^^^^',
        '  set it before the start, or write $${FILE} for text that looks like a variable',
        '',
        'config.yaml:1:60: error: the environment variable TFTP is not set',
        '  1 | networks: [{ options: { bootFile: "x/${FILE}", tftpServer: ${TFTP} } }]',
        '    |                                                            ^^^^^^^',
        '  set it before the start, or write $${TFTP} for text that looks like a variable',
      ],
    },
  ])('$name', ({ yaml, said }) => {
    expect(saidAbout(yaml)).toEqual(said);
  });
});
