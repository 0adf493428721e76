import { describe, expect, it } from 'vitest';
import { hex } from '../../src/base/bytes.ts';
import { addDefaultRoutes } from '../../src/dhcp/default-route.ts';
import { parseHex } from '../../src/dhcp/octet-notation.ts';

const ROUTER = 'c0a84dfe';
const VIA_ROUTER = `00${ROUTER}`;
const ROUTES = '0a110a11c0a84d02';

function completed(options: Readonly<Record<number, string>>): Readonly<Record<number, string>> {
  const given = new Map(Object.entries(options).map(([code, octets]) => [Number(code), parseHex(octets) ?? new Uint8Array()]));
  addDefaultRoutes(given);
  return Object.fromEntries(Array.from(given, ([code, octets]) => [code, hex(octets)]));
}

describe('Routes (RFC 3442: a client that takes option 121 ignores option 3)', () => {
  it.each<[what: string, options: Readonly<Record<number, string>>, sent: Readonly<Record<number, string>>]>([
    ['none: nothing is added', { 3: ROUTER }, { 3: ROUTER }],
    [
      'get the router, and stand in 249 for Windows',
      { 3: ROUTER, 121: ROUTES },
      { 3: ROUTER, 121: ROUTES + VIA_ROUTER, 249: ROUTES + VIA_ROUTER },
    ],
    ['without a router stay as they are', { 121: ROUTES }, { 121: ROUTES, 249: ROUTES }],
    [
      'get the first of two routers',
      { 3: `${ROUTER}c0a84dfd`, 121: ROUTES },
      { 3: `${ROUTER}c0a84dfd`, 121: ROUTES + VIA_ROUTER, 249: ROUTES + VIA_ROUTER },
    ],
    ['with a default route of their own keep it', { 3: ROUTER, 121: '00c0a84d09' }, { 3: ROUTER, 121: '00c0a84d09', 249: '00c0a84d09' }],
    [
      'behind routes of every width are looked at',
      { 3: ROUTER, 121: `20${'01'.repeat(8)}090a0ac0a84d0200c0a84d09` },
      { 3: ROUTER, 121: `20${'01'.repeat(8)}090a0ac0a84d0200c0a84d09`, 249: `20${'01'.repeat(8)}090a0ac0a84d0200c0a84d09` },
    ],
    ['of 249 alone are completed too, and 121 is not made up', { 3: ROUTER, 249: ROUTES }, { 3: ROUTER, 249: ROUTES + VIA_ROUTER }],
    [
      'of 249 that are others stay others',
      { 3: ROUTER, 121: ROUTES, 249: VIA_ROUTER },
      { 3: ROUTER, 121: ROUTES + VIA_ROUTER, 249: VIA_ROUTER },
    ],
  ])('%s', (_what, options, sent) => {
    expect(completed(options)).toEqual(sent);
  });
});
