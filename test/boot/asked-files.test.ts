import { describe, expect, test } from 'vitest';
import { askedBy } from '../../src/boot/asked-files.ts';
import { DEVICES } from '../../src/boot/profiles/devices.ts';

describe('who asks for a file', () => {
  test.each([
    ['SEP001B54AABBCC.cnf.xml', /^Cisco IP phone/],
    ['sep001b54aabbcc.cnf.xml', /^Cisco IP phone/],
    ['\\phones\\SEP001B54AABBCC.cnf.xml', /^Cisco IP phone/],
    ['network-confg', /^Cisco IOS/],
  ])('%j', (name, family) => expect(askedBy(name)?.family).toMatch(family));

  test.each(['grubx64.efi', 'cfg/phone17.cfg', 'SEP001B54AABBCC', ''])('nobody knows of %j', (name) =>
    expect(askedBy(name)).toBeUndefined(),
  );

  test('one name means different files to different families, and something to the family that is known', () => {
    expect(askedBy('001b54aabbcc.cfg')).toBeUndefined();
    expect(askedBy('001b54aabbcc.cfg', 'yealink')?.family).toMatch(/^Yealink/);
    expect(askedBy('network-confg', 'yealink')).toBeUndefined();
  });

  test('all patterns ignore case, as the one look at a name does that goes before them', () => {
    expect(DEVICES.flatMap(({ files }) => files.filter(({ name }) => name.flags !== 'i'))).toEqual([]);
  });
});
