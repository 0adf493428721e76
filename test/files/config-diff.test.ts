import { describe, expect, it } from 'vitest';
import { compareConfigs, type DiffOptions } from '../../src/files/config-diff.ts';
import { familyOf } from '../../src/files/config-families.ts';
import { isNoise, NOISE } from '../../src/files/noise.ts';

const SIGN = { same: ' ', removed: '-', added: '+' } as const;

function diff(before: readonly string[], after: readonly string[], options: Partial<DiffOptions> = {}): string[] {
  const hunks = compareConfigs(`${before.join('\n')}\n`, `${after.join('\n')}\n`, { ignoreNoise: false, reveal: false, ...options });
  return (hunks ?? []).flatMap(({ removedFrom, removedCount, addedFrom, addedCount, lines }) => [
    `@@ -${removedFrom},${removedCount} +${addedFrom},${addedCount} @@`,
    ...lines.map(({ kind, text }) => SIGN[kind] + text),
  ]);
}

const MANY = Array.from({ length: 12 }, (_, at) => `vlan ${at + 1}`);

describe('a difference', () => {
  it('is shown with three lines around it, and its place in both files', () => {
    expect(diff(MANY, MANY.with(5, 'vlan 99'))).toEqual([
      '@@ -3,7 +3,7 @@',
      ' vlan 3',
      ' vlan 4',
      ' vlan 5',
      '-vlan 6',
      '+vlan 99',
      ' vlan 7',
      ' vlan 8',
      ' vlan 9',
    ]);
  });

  it('of two that are the same is none', () => expect(diff(MANY, MANY)).toEqual([]));

  it('of an empty file has all of the other', () => {
    const hunks = compareConfigs('', 'a\nb\n', { ignoreNoise: false, reveal: false });
    expect(hunks).toMatchObject([{ removedFrom: 0, removedCount: 0, addedFrom: 1, addedCount: 2 }]);
  });

  it('is also a missing line end', () => {
    const hunks = compareConfigs('a\n', 'a', { ignoreNoise: false, reveal: false });
    expect(hunks?.[0]?.lines.map(({ text }) => text)).toEqual(['a', 'a', '\\ No newline at end of file']);
  });
});

describe('a secret in a difference', () => {
  it('that has changed is marked, and neither is shown', () => {
    expect(diff(['hostname a', 'enable secret 5 $1$old'], ['hostname a', 'enable secret 5 $1$new'])).toEqual([
      '@@ -1,2 +1,2 @@',
      ' hostname a',
      '-enable secret 5 ****',
      '+enable secret 5 ****(changed)',
    ]);
  });

  it('that is only elsewhere now has not changed', () => {
    const moved = diff(['snmp-server community x RO', 'a', 'b'], ['a', 'b', 'snmp-server community x RO']);
    expect(moved.join('\n')).not.toContain('changed');
    expect(moved).toContain('-snmp-server community **** RO');
    expect(moved).toContain('+snmp-server community **** RO');
  });

  it('that others look like is masked in the lines around, too', () => {
    expect(diff(['enable password x', 'vlan 1'], ['enable password x', 'vlan 2'])).toContain(' enable password ****');
  });

  it('is shown when asked for', () => {
    expect(diff(['enable password old'], ['enable password new'], { reveal: true }).slice(1)).toEqual([
      '-enable password old',
      '+enable password new',
    ]);
  });

  it('of many lines is masked where the hunk begins in the middle of it', () => {
    const key = (last: string) => ['-----BEGIN PRIVATE KEY-----', ...Array<string>(8).fill('MIIE'), '-----END PRIVATE KEY-----', last];
    expect(diff(key('a'), key('b')).join('\n')).not.toContain('MIIE');
  });
});

const NOISY: readonly (readonly [device: string, line: string])[] = [
  ['Cisco IOS', '! Last configuration change at 07:10:22 UTC Fri Nov 20 2026 by ada'],
  ['Cisco IOS', '! NVRAM config last updated at 07:10:22 UTC Fri Nov 20 2026 by ada'],
  ['Cisco IOS', '! No configuration change since last restart'],
  ['Cisco IOS', 'ntp clock-period 17179869'],
  ['Cisco IOS', 'Building configuration...'],
  ['Cisco IOS', 'Current configuration : 4231 bytes'],
  ['Cisco IOS', 'Using 4231 out of 524288 bytes'],
  ['Cisco IOS XR', '!! Last configuration change at Fri Nov 20 07:10:22 2026 by ada'],
  ['Cisco IOS XR', 'Fri Nov 20 07:10:22.123 UTC'],
  ['Cisco NX-OS', '!Time: Fri Nov 20 07:10:22 2026'],
  ['Cisco NX-OS', '!Running configuration last done at: Fri Nov 20 07:10:22 2026'],
  ['Cisco ASA', ': Written by ada at 07:10:22.123 UTC Fri Nov 20 2026'],
  ['Cisco ASA', 'Cryptochecksum:6a3b8a5d'],
  ['Arista EOS', '! device: sw1 (DCS-7050TX-64, EOS-4.28.3M)'],
  ['Arista EOS', '! Startup-config last modified at Fri Nov 20 07:10:22 2026 by ada'],
  ['RouterOS 6', '# dec/01/2026 10:00:00 by RouterOS 6.49.10'],
  ['RouterOS 7', '# 2026-12-01 10:00:00 by RouterOS 7.16'],
  ['Junos', '## Last commit: 2026-11-20 07:10:22 UTC by ada'],
  ['Junos', '## Last changed: 2026-11-20 07:10:22 UTC'],
  ['HP ProVision', '; J9726A Configuration Editor; Created on release #YA.16.11.0002'],
  ['Huawei VRP', '!Last configuration was updated at 2026-11-20 07:10:22+00:00 by ada'],
  ['FortiOS', '#conf_file_ver=1234567890'],
];

describe('noise', () => {
  it.each(NOISY)('%s: %s', (_device, line) => expect(isNoise(line)).toBe(true));

  it.each(['hostname sw1', '!', '! by hand', 'version 15.2', '# software id = ABCD', 'Currently', ''])('is not: %j', (line) =>
    expect(isNoise(line)).toBe(false),
  );

  it('has a case here for every row', () => {
    expect(NOISE.filter(({ pattern }) => !NOISY.some(([, line]) => pattern.test(line)))).toEqual([]);
  });

  it('is left out when asked for, and lines keep their numbers', () => {
    const before = ['Building configuration...', 'Current configuration : 10 bytes', ...MANY];
    const after = ['Current configuration : 11 bytes', ...MANY.with(5, 'vlan 99')];
    expect(diff(before, after, { ignoreNoise: true })[0]).toBe('@@ -5,7 +4,7 @@');
    expect(diff(before, ['Current configuration : 11 bytes', ...MANY], { ignoreNoise: true })).toEqual([]);
    expect(diff(before, ['Current configuration : 11 bytes', ...MANY])).not.toEqual([]);
  });

  it('at the end of a Windows line is noise as well', () => expect(isNoise('ntp clock-period 17179869\r')).toBe(true));
});

describe('whose configuration it is, and how it gets it back', () => {
  it.each([
    ['Cisco IOS', 'Building configuration...\n\nCurrent configuration : 4231 bytes\n!', 'configure replace tftp://192.0.2.1/cfg'],
    ['Cisco IOS', '!\nversion 15.2\nservice timestamps', 'configure replace tftp://192.0.2.1/cfg'],
    [
      'Cisco NX-OS',
      '\n!Command: show running-config\n!Time: x\nversion 9.3(5) Bios:version',
      'copy tftp://192.0.2.1/cfg running-config vrf management',
    ],
    ['Cisco IOS XR', '!! IOS XR Configuration 7.3.2\n!! Last configuration change at', 'configure'],
    ['Cisco ASA', ': Saved\n:\nASA Version 9.16(2) \n', 'copy tftp://192.0.2.1/cfg running-config'],
    ['Arista EOS', '! Command: show running-config\n! device: sw1 (DCS-7050, EOS-4.28.3M)\n', 'configure replace tftp:/192.0.2.1/cfg'],
    ['Junos', '## Last commit: 2026\nversion 18.4R1;\nsystem {', 'configure'],
    [
      'MikroTik RouterOS',
      '# 2026-12-01 10:00:00 by RouterOS 7.16\n',
      '/tool fetch mode=tftp address=192.0.2.1 src-path=cfg dst-path=restored.rsc',
    ],
    ['HP ProVision', '; J9726A Configuration Editor; Created on release #YA.16\n', 'copy tftp startup-config 192.0.2.1 cfg'],
    ['Aruba AOS-CX', '!\n!Version ArubaOS-CX FL.10.10\n', 'copy tftp://192.0.2.1/cfg running-config'],
    ['FortiOS', '#config-version=FGT60F-7.2.4:opmode=0\n', 'execute restore config tftp cfg 192.0.2.1'],
    ['PAN-OS', '<?xml version="1.0"?>\n<config version="10.1.0" urldb="x">', 'tftp import configuration from 192.0.2.1 file cfg'],
    ['HPE Comware, Huawei VRP', '#\n version 7.1.070, Release 6318P01\n#', 'tftp 192.0.2.1 get cfg restored.cfg'],
    ['Extreme EXOS', '#\n# Module devmgr configuration.\n#', 'tftp get 192.0.2.1 cfg restored.xsf'],
  ])('%s', (name, text, command) => {
    const family = familyOf(text);
    expect([family?.name, family?.commands('192.0.2.1', 'cfg')[0]?.[0]]).toEqual([name, command]);
  });

  it.each(['', 'key = value\n', '<config>\n', '! a comment\n'])('nobody’s: %j', (text) => expect(familyOf(text)).toBeUndefined());
});
