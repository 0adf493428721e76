/** Names of backups, as devices make them. */
import { describe, expect, test } from 'vitest';
import { archiveNameOf } from '../../src/files/archive-names.ts';
import { safePath } from '../../src/files/safe-path.ts';

function fileOf(name: string, ownNames: readonly string[] = ['sw1']): string {
  const path = safePath(name);
  if (!path.ok) throw new Error(path.error.detail);
  const { file, isDated } = archiveNameOf(path.value, ownNames);
  expect(isDated).toBe(file !== path.value);
  return file;
}

describe('a name with a time is a version of one backup', () => {
  test.each<[device: string, sent: string, file: string]>([
    ['Cisco IOS, $h-$t', 'sw1-Nov-28-01-02-03.123-4', 'sw1'],
    ['Cisco IOS, a day of one digit', 'R1-Mar--1-00-02-11.643-0', 'R1'],
    ['Cisco IOS, the zone is shown', 'R1-Apr-13-17-28-34.751-UTC-12', 'R1'],
    ['Cisco IOS, without milliseconds', 'sw1-Feb-12-10-31-31-UTC-1', 'sw1'],
    ['Cisco IOS, $t alone', 'Nov-28-01-02-03.123-4', 'archive'],
    ['Cisco IOS, in a folder', 'cfg/sw1-Nov-28-01-02-03.123-4', 'cfg/sw1'],
    ['Cisco IOS, with the year', 'sw1-Nov-28-2026-01-02-03.123-4', 'sw1'],
    ['Cisco IOS, lower case', 'sw1-nov-28-01-02-03.123-4', 'sw1'],
    ['Junos', 'core1_20261128_010203_juniper.conf.gz', 'core1_juniper.conf.gz'],
    ['FortiOS', 'FGT60F_7-4_2571_202611280102.conf', 'FGT60F_7-4_2571.conf'],
    ['EEM', 'sw1-confg-20261128', 'sw1-confg'],
    ['ISO 8601', 'sw1-2026-11-28T01:02:03Z.cfg', 'sw1.cfg'],
    ['ISO 8601 with an offset', 'sw1_2026-11-28T01-02-03+0100.cfg', 'sw1.cfg'],
    ['a time in front', '20261128-sw1.cfg', 'sw1.cfg'],
    ['nothing but a time', '2026-11-28.cfg', 'archive.cfg'],
    ['day before month', 'sw1.28-11-2026_01-02.cfg', 'sw1.cfg'],
    ['RouterOS', 'sw1-nov/28/2026.rsc', 'sw1.rsc'],
  ])('%s: %s', (_device, sent, file) => {
    expect(fileOf(sent)).toBe(file);
  });
});

describe('a counter', () => {
  test.each<[sent: string, ownNames: readonly string[], file: string]>([
    ['sw1-13', ['sw1'], 'sw1'],
    ['SW1-0', ['sw1'], 'SW1'],
    ['sw1-confg-2', ['sw1'], 'sw1-confg'],
    ['backup/sw1-2', ['sw1'], 'backup/sw1'],
    ['switch-2', ['sw1'], 'switch-2'],
    ['sw1-2', [], 'sw1-2'],
    ['sw1-2.cfg', ['sw1'], 'sw1-2.cfg'],
  ])('%s of %s', (sent, ownNames, file) => {
    expect(fileOf(sent, ownNames)).toBe(file);
  });
});

test.each([
  'running-config',
  'sw1-confg',
  'Router-confg',
  '0004f2112233-boot.log',
  'K_16_02.swi',
  'cat9k_iosxe.17.09.04a.SPA.bin',
  'c2960-lanbasek9-mz.150-2.SE11.bin',
  'S2-20999999.cfg',
  'startup.cfg',
  'config-v1.2.3',
  'SEP001B54AABBCC.cnf.xml',
  'jinstall-20.4R3.8.tgz',
  '120261128',
  'May-day',
])('no time and no counter: %s', (name) => {
  expect(fileOf(name)).toBe(name);
});
