import { describe, expect, it } from 'vitest';
import { decodeRoutes, encodeRoutes } from '../../src/dhcp/classless-routes.ts';

function octets(hex: string): Uint8Array {
  return Uint8Array.from(hex.split(' '), (pair) => Number.parseInt(pair, 16));
}

describe('classless routes, RFC 3442', () => {
  it.each([
    ['default via 192.0.2.1', '00 c0 00 02 01'],
    ['10.0.0.0/8 via 192.0.2.1', '08 0a c0 00 02 01'],
    ['10.0.0.0/24 via 192.0.2.1', '18 0a 00 00 c0 00 02 01'],
    ['10.17.0.0/16 via 192.0.2.1', '10 0a 11 c0 00 02 01'],
    ['10.27.129.0/24 via 192.0.2.1', '18 0a 1b 81 c0 00 02 01'],
    ['10.229.0.128/25 via 192.0.2.1', '19 0a e5 00 80 c0 00 02 01'],
    ['10.198.122.47/32 via 192.0.2.1', '20 0a c6 7a 2f c0 00 02 01'],
  ])('%s', (route, hex) => {
    expect(encodeRoutes(route)).toEqual({ ok: true, value: octets(hex) });
    expect(decodeRoutes(octets(hex))).toEqual({ ok: true, value: [route.replace('default', '0.0.0.0/0')] });
  });

  it('puts several behind each other, in every form that people use', () => {
    const routes = ['default via 192.0.2.1', '10.0.0.0/8 192.0.2.1', { to: '10.17.0.0/16', via: '192.0.2.1' }];
    expect(encodeRoutes(routes)).toEqual({ ok: true, value: octets('00 c0 00 02 01 08 0a c0 00 02 01 10 0a 11 c0 00 02 01') });
  });

  it.each([
    ['10.17.3.0/16 via 192.0.2.1', /10\.17\.0\.0\/16 instead of/],
    ['10.17.0.0/33 via 192.0.2.1', /must be routes/],
    ['10.17.0.0 via 192.0.2.1', /must be routes/],
    ['10.17.0.0/16 through 192.0.2.1', /must be routes/],
    ['10.17.0.0/16', /must be routes/],
    [[], /empty list/],
    [{ to: '10.17.0.0/16' }, /must be routes/],
    [5, /must be routes/],
  ])('refuses %j', (route, fault) => {
    const encoded = encodeRoutes(route);
    expect(encoded.ok ? 'accepted' : encoded.error).toMatch(fault);
  });

  it.each([
    ['a prefix of 33 bits', '21 0a 11 00 00 00 c0 00 02 01', /33 bits/],
    ['an end within the network', '10 0a', /ends within/],
    ['an end within the gateway', '10 0a 11 c0 00', /ends within/],
  ])('refuses octets with %s', (_, hex, fault) => {
    const decoded = decodeRoutes(octets(hex));
    expect(decoded.ok ? 'accepted' : decoded.error).toMatch(fault);
  });
});
