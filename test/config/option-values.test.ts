// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a configuration names its variables
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4, parseIpv4 } from '../../src/base/addresses.ts';
import { configureOption, encodeOptions } from '../../src/config/option-values.ts';

const server = parseIpv4('192.168.77.1') ?? ipv4(0);

function encoded(name: string, value: unknown): string {
  const option = configureOption(name, value);
  if (!option.ok) return `refused: ${option.error.message}`;
  const [[code, octets] = []] = encodeOptions([option.value], { server, httpPort: 80 });
  return `${code}: ${Buffer.from(octets ?? []).toString('hex')}`;
}

describe('options as they are written', () => {
  it.each<[string, unknown, string]>([
    ['router', '192.168.77.254', '3: c0a84dfe'],
    ['dns', ['192.168.77.1', '192.168.77.2'], '6: c0a84d01c0a84d02'],
    ['domainName', 'bench.lan', '15: 62656e63682e6c616e'],
    ['tftpServer', '${server}', '66: 3139322e3136382e37372e31'],
    ['router', '${server}', '3: c0a84d01'],
    ['bootFile', 'http://${server}/x', '67: 687474703a2f2f3139322e3136382e37372e312f78'],
    ['bootFile', 'http://${server}:${httpPort}/x', '67: 687474703a2f2f3139322e3136382e37372e313a38302f78'],
    ['classlessRoute', 'default via ${server}', '121: 00c0a84d01'],
    ['150', { ips: ['192.168.77.1'] }, '150: c0a84d01'],
    ['150', '${server}', '150: c0a84d01'],
    ['224', { text: 'hello' }, '224: 68656c6c6f'],
    ['224', 'hello', '224: 68656c6c6f'],
    ['224', { hex: '01 02' }, '224: 0102'],
    ['224', { u16: 5 }, '224: 0005'],
    ['224', { flag: true }, '224: 01'],
    ['224', { ip: '${server}' }, '224: c0a84d01'],
    ['vendor', { text: '${server}' }, '43: 3139322e3136382e37372e31'],
    ['mtuInterface', 9000, '26: 2328'],
    // RFC 2132 §8.4: code, length, value; Junos counts from 0, PXE wants 255 behind it, snom's text ends with a NUL that YAML writes.
    ['vendor', { 1: { ip: '${server}' }, 66: { text: 'ab' }, 0: 'x' }, '43: 000178' + '0104c0a84d01' + '42026162'],
    ['vendor', { 6: { u8: 8 }, end: true }, '43: 060108ff'],
    ['vendor', { 1: 'Siemens', 2: { u32: 5 }, end: false }, '43: 01075369656d656e73' + '020400000005'],
    ['vendor', { 10: { hex: '' } }, '43: 0a00'],
    // RFC 3925 §4 and §3: enterprise, length, and then sub-options or the class itself.
    ['vivso', { 42623: { 1: { text: 'ab' }, 3: { u16: 7 } } }, '125: 0000a67f' + '08' + '01026162' + '03020007'],
    ['vendorIdentifyingInformation', { 9: { hex: '01 02' }, 13885: { 1: 'a' } }, '125: 00000009020102' + '0000363d03010161'],
    ['vivco', { 9: 'pid' }, '124: 00000009' + '03706964'],
    ['124', { 4294967295: 'a' }, '124: ffffffff0161'],
    [
      'vendor',
      {},
      'refused: option 43 (Vendor Specific Information) must be sub-options by number such as { 1: { ip: 192.168.77.1 }, 66: "text" }, with `end: true` where the device wants 255 behind them',
    ],
    ['vendor', { 255: 'x' }, 'refused: option 43 (Vendor Specific Information) has the sub-option 255; their numbers go from 0 to 254'],
    [
      'vendor',
      { 1: { ip: 'x' } },
      'refused: option 43 (Vendor Specific Information) has a fault: the sub-option 1 must be an IPv4 address such as 192.168.77.1',
    ],
    [
      'vendor',
      { 1: 'x'.repeat(256) },
      'refused: option 43 (Vendor Specific Information) has 256 octets in the sub-option 1; at most 255 fit',
    ],
    [
      'vendor',
      { 1: 'x'.repeat(200), 2: 'x'.repeat(200) },
      'refused: option 43 (Vendor Specific Information) has 404 octets; firmware reads at most 255 of it, as it does not join pieces',
    ],
    ['vendor', { 1: 'x', end: 'yes' }, 'refused: option 43 (Vendor Specific Information) has an `end` that is neither true nor false'],
    [
      'vivso',
      { 9: 'x' },
      'refused: option 125 (Vendor-Identifying Vendor-Specific Information) must be sub-options by enterprise number such as { 42623: { 1: "text" } }',
    ],
    [
      'vivso',
      { 4294967296: { 1: 'x' } },
      'refused: option 125 (Vendor-Identifying Vendor-Specific Information) has 4294967296, which is no enterprise number',
    ],
    [
      'vendorClassId',
      'x'.repeat(256),
      'refused: option 60 (Vendor Class Identifier) has 256 octets; firmware reads at most 255 of it, as it does not join pieces',
    ],
    ['leaseTime', 3600, 'refused: option 51 (IP Address Lease Time) cannot be configured: the network key `leaseTime` sets it'],
    [
      'rebindingTime',
      60,
      'refused: option 59 (Rebinding (T2) Time Value) cannot be configured: it follows from the network key `leaseTime`',
    ],
    ['router', '192.168.77.300', 'refused: option 3 (Router) must be an IPv4 address such as 192.168.77.1'],
    ['router', '1${server}', 'refused: option 3 (Router) must be an IPv4 address such as 192.168.77.1'],
    ['router', '${server}0', 'refused: option 3 (Router) must be an IPv4 address such as 192.168.77.1'],
    ['mtuInterface', '${server}', 'refused: option 26 (Interface MTU) must be a whole number from 0 to 65535'],
    ['224', { hex: '00'.repeat(1025) }, 'refused: option 224 has 1025 octets; at most 1024 are sent'],
    [
      'vendor',
      { hex: '00'.repeat(256) },
      'refused: option 43 (Vendor Specific Information) has 256 octets; firmware reads at most 255 of it, as it does not join pieces',
    ],
    ['224', 5, 'refused: option 224 must be text, { hex: "01 02" }, { base64: "AQI=" }, or a list of octets'],
  ])('%s: %j', (name, value, octets) => {
    expect(encoded(name, value)).toBe(octets);
  });

  it('says how to give the type of an option without a name', () => {
    const option = configureOption('224', 5);
    expect(option.ok ? undefined : option.error.hint).toContain('{ u8: 1 }');
  });

  it('keeps a value as plain data until the address is known', () => {
    const option = configureOption('tftpServer', '${server}');
    expect(structuredClone(option)).toEqual({ ok: true, value: { code: 66, name: 'tftpServer', shape: 'text', value: '${server}' } });
  });

  it('encodes with every address what it accepted at load', () => {
    const written = fc.oneof(
      fc.array(fc.constantFrom('${server}', '1', '.', '2', '/24 via ', 'default via ', ' ', 'a')).map((parts) => parts.join('')),
      fc.jsonValue({ maxDepth: 2 }),
      fc.dictionary(fc.constantFrom('0', '1', '9', '254', '300', 'end'), fc.jsonValue({ maxDepth: 2 })),
    );
    const name = fc.constantFrom(
      'router',
      'tftpServer',
      'classlessRoute',
      'domainSearchList',
      'sipServer',
      'vendor',
      'vivso',
      'vivco',
      'mtuInterface',
      '224',
      'policyFilter',
    );
    fc.assert(
      fc.property(name, written, fc.integer({ min: 0, max: 0xffff_ffff }), (option, value, address) => {
        const configured = configureOption(option, value);
        if (configured.ok) expect(encodeOptions([configured.value], { server: ipv4(address) }).size).toBe(1);
      }),
      { numRuns: 3000 },
    );
  });
});
