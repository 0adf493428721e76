import { expect, it, test } from 'vitest';
import { deviceClaims } from '../../src/web/device-claims.ts';

test.each([
  [
    { 'onie-machine': 'dellemc_s5200_c3538', 'onie-serial-number': 'TW0ABC', 'onie-eth-addr': 'f8:8e:a1:00:01:00' },
    'ONIE, model dellemc_s5200_c3538, serial number TW0ABC, MAC f8:8e:a1:00:01:00',
  ],
  [{ 'cumulus-productname': 'VX', 'cumulus-base-mac': '44:38:39:00:00:01' }, 'Cumulus Linux, model VX, MAC 44:38:39:00:00:01'],
  [{ 'x-arista-modelname': 'DCS-7050S-64', 'x-arista-serial': 'JPE12221671' }, 'Arista EOS, model DCS-7050S-64, serial number JPE12221671'],
  [{ 'product-name': 'S6000', 'serial-number': ' ABC1234 ' }, 'SONiC, model S6000, serial number ABC1234'],
  [{ 'onie-machine': 'x', 'onie-security-key': 'd3b07384' }, undefined],
  [{ 'user-agent': 'onie/1.0', 'serial-number': '' }, undefined],
  [{ 'x-arista-serial': ['a', 'b'] }, undefined],
  [{}, undefined],
])('%j: %s', (headers, claims) => expect(deviceClaims(headers)).toBe(claims));

it('moves no cursor, and is no longer than a line', () => {
  const said = deviceClaims({ 'onie-serial-number': `\x1b[2J\n${'a'.repeat(10_000)}`, 'onie-eth-addr': 'b'.repeat(10_000) }) ?? '';
  expect(said).toContain('serial number \\x1b[2J\\x0aaaa');
  expect(said.length).toBeLessThan(200);
});
