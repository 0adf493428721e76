import { expect, test } from 'vitest';
import { type Ipv4, ipv4 } from '../../src/base/addresses.ts';
import { KnownHolders } from '../../src/server/known-holders.ts';
import { ip } from '../support/addresses.ts';

const DESK = ip('192.168.77.101');

function made(): { asked: Ipv4[]; holders: KnownHolders } {
  const asked: Ipv4[] = [];
  return { asked, holders: new KnownHolders((address) => asked.push(address)) };
}

test('asks once, however many want to know, and all of them hear the answer', async () => {
  const { asked, holders } = made();
  const waiting = [1, 2, 3].map(async () => holders.whoHas(DESK));
  expect(asked).toEqual([DESK]);
  holders.learn(DESK, { hostName: 'desk-101' });
  expect(await Promise.all(waiting)).toEqual(Array(3).fill({ hostName: 'desk-101' }));
});

test('knows at once after that, and does not ask again', () => {
  const { asked, holders } = made();
  void holders.whoHas(DESK);
  holders.learn(DESK, { hostName: 'desk-101' });
  expect(holders.whoHas(DESK)).toEqual({ hostName: 'desk-101' });
  expect(asked).toHaveLength(1);
});

test('nobody has it: that is an answer too', async () => {
  const { asked, holders } = made();
  const waiting = holders.whoHas(DESK);
  holders.learn(DESK, {});
  expect(await waiting).toEqual({});
  expect(holders.whoHas(DESK)).toEqual({});
  expect(asked).toHaveLength(1);
});

test('hears of a change', () => {
  const { holders } = made();
  holders.learn(DESK, { hostName: 'desk-101' });
  holders.learn(DESK, { hostName: 'desk-102' });
  expect(holders.whoHas(DESK)).toEqual({ hostName: 'desk-102' });
});

test('what is not known is not carried along', () => {
  const { holders } = made();
  holders.learn(DESK, { hostName: undefined, address: DESK, mac: undefined });
  expect(Object.keys(holders.whoHas(DESK))).toEqual(['address']);
});

test('65536 are remembered; whoever was learnt first is asked about again', () => {
  const { asked, holders } = made();
  for (let n = 0; n <= 65_536; n += 1) holders.learn(ipv4(n), {});
  expect(holders.whoHas(ipv4(1))).toEqual({});
  expect(holders.whoHas(ipv4(65_536))).toEqual({});
  expect(holders.whoHas(ipv4(0))).toBeInstanceOf(Promise);
  expect(asked).toEqual([0]);
});
