// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a configuration names its variables
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4, parseIpv4 } from '../../src/base/addresses.ts';
import { configureOption, encodeOptions } from '../../src/config/option-values.ts';

const server = parseIpv4('192.168.77.1') ?? ipv4(0);

function encoded(name: string, value: unknown): string {
  const option = configureOption(name, value);
  if (!option.ok) return `refused: ${option.error.message}`;
  const [[code, octets] = []] = encodeOptions([option.value], { server });
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
    ['bootFile', 'http://${server}:${httpPort}/', 'refused: option 67 (Bootfile Name) uses ${httpPort}, but nothing is served by HTTP'],
    ['vendor', { hex: '00'.repeat(1025) }, 'refused: option 43 (Vendor Specific Information) has 1025 octets; at most 1024 are sent'],
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
    );
    const name = fc.constantFrom(
      'router',
      'tftpServer',
      'classlessRoute',
      'domainSearchList',
      'sipServer',
      'vendor',
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
