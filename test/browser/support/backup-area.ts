/** What switches and phones have saved: a short configuration with three versions, one of 2,000 lines, and one that is no text. */
import type { BackupDiffShape, BackupFileShape, DiffRowShape } from '../../../src/web/api/backup-shapes.ts';
import { DAY, fault, NOW, type StubArea } from './stub-area.ts';

const HEAD = `! Last configuration change at 07:28:41 UTC Fri Nov 20 2026 by admin
!
version 17.9
service timestamps debug datetime msec
service timestamps log datetime msec
no platform punt-keepalive disable-kernel-core
!
hostname switch1
!
enable secret 9 ****
!
aaa new-model
aaa authentication login default local
!
ip routing
ip domain name example.net
!
spanning-tree mode rapid-pvst
spanning-tree extend system-id
!
vlan 10
 name servers
!
vlan 20
 name desks
!`.split('\n');

/** A port of a 48-port switch, as IOS writes it. */
const port = (member: number, number: number): readonly string[] => [
  `interface GigabitEthernet${member}/0/${number}`,
  ` description room ${member}.${String(number).padStart(2, '0')}`,
  ' switchport access vlan 20',
  ' switchport mode access',
  ' switchport voice vlan 77',
  ' spanning-tree portfast',
  ' spanning-tree bpduguard enable',
  '!',
];

const TAIL = `ip http server
ip ssh version 2
!
snmp-server community **** RO
snmp-server location Hall B
!
line con 0
 stopbits 1
line vty 0 4
 transport input ssh
!
ntp server 192.168.77.1
end`.split('\n');

const ports = (members: number): readonly string[] =>
  Array.from({ length: members * 48 }, (_, index) => port(1 + Math.floor(index / 48), 1 + (index % 48))).flat();

const SHORT = [...HEAD, ...ports(1).slice(0, 40), ...TAIL];
const LONG = [...HEAD, ...ports(5), ...TAIL];

const versions = (summaries: readonly string[], size: number): BackupFileShape['versions'] =>
  summaries.map((summary, index) => ({
    number: index + 1,
    at: NOW - (summaries.length - index) * DAY,
    size: size + index * 31,
    sha256: (0x1f3a_9c2e + index * 7_919).toString(16),
    ...(summary === '' ? {} : { summary }),
  }));

const BACKUPS: readonly BackupFileShape[] = [
  {
    device: 'switch1',
    file: 'running-config',
    versions: versions(['', '2 lines changed (vlan 20)', '5 lines changed (interface GigabitEthernet1/0/3, line vty 0 4)'], 4_301),
  },
  {
    device: 'core1',
    file: 'running-config',
    versions: versions(
      [
        '',
        '4 lines changed (interface GigabitEthernet3/0/17)',
        '1 line changed (ntp server)',
        '11 lines changed (interface GigabitEthernet4/0/2 and 2 more)',
      ],
      68_212,
    ),
  },
  { device: 'core1', file: 'vlan.dat', versions: versions(['', 'other octets'], 3_448) },
  { device: '28:99:3a:17:0e:02', file: 'startup-config', versions: versions([''], 2_122) },
];

interface Line {
  readonly line: number;
  readonly text: string;
}

/** Changes that a version made, as a comparison shows them. */
function changed(lines: readonly string[], ignoresNoise: boolean): DiffRowShape[] {
  const rows: DiffRowShape[] = [];
  let left = 0;
  let right = 0;
  const next = (text: string, side: 'left' | 'right'): Line => ({ line: side === 'left' ? ++left : ++right, text });
  for (const text of lines) {
    const isNoise = text.startsWith('! Last configuration');
    if (isNoise && !ignoresNoise)
      rows.push({ kind: 'changed', left: next(text.replace('20 2026', '19 2026'), 'left'), right: next(text, 'right') });
    else if (text === ' description room 1.03') {
      rows.push({
        kind: 'changed',
        left: next(' description room 1.03', 'left'),
        right: next(' description printer in room 1.03', 'right'),
      });
    } else if (text === ' switchport voice vlan 77' && rows.at(-3)?.right?.text.includes('printer') === true)
      rows.push({ kind: 'removed', left: next(text, 'left') });
    else if (text === ' transport input ssh') {
      rows.push({ kind: 'changed', left: next(' transport input telnet ssh', 'left'), right: next(text, 'right') });
      rows.push({ kind: 'added', right: next(' exec-timeout 5 0', 'right') });
    } else rows.push({ kind: 'same', left: next(text, 'left'), right: next(text, 'right') });
  }
  return withGaps(rows);
}

/** Three lines around each change, as `bootlace backups diff` does; what is left out is a gap. */
function withGaps(rows: readonly DiffRowShape[]): DiffRowShape[] {
  const isNear = (at: number): boolean => rows.slice(Math.max(0, at - 3), at + 4).some(({ kind }) => kind !== 'same');
  const shown: DiffRowShape[] = [];
  for (const [at, row] of rows.entries()) {
    const last = shown.at(-1);
    if (isNear(at)) shown.push(row);
    else if (last?.kind === 'gap') last.skipped = (last.skipped ?? 0) + 1;
    else shown.push({ kind: 'gap', skipped: 1 });
  }
  return shown;
}

export function backupArea(): StubArea {
  return ({ method, path, query, body }) => {
    if (method === 'GET' && path === '/backups') return { status: 200, body: { backups: BACKUPS } };
    const device = query.get('device') ?? '';
    const file = query.get('file') ?? '';
    const lines = device === 'core1' ? LONG : SHORT;
    const isText = file !== 'vlan.dat';
    if (method === 'GET' && path === '/backups/content')
      return { status: 200, body: { device, file, number: Number(query.get('number')), isText, text: isText ? lines.join('\n') : '' } };
    if (method === 'GET' && path === '/backups/diff') {
      const ignoredNoise = query.get('ignoreNoise') === 'true';
      const rows = isText ? changed(lines, ignoredNoise) : [];
      const count = (...kinds: readonly string[]): number => rows.filter(({ kind }) => kinds.includes(kind)).length;
      const diff: BackupDiffShape = {
        device,
        file,
        from: Number(query.get('from')),
        to: Number(query.get('to')),
        isText,
        ignoredNoise,
        added: count('added', 'changed'),
        removed: count('removed', 'changed'),
        rows,
      };
      return { status: 200, body: diff };
    }
    if (method === 'POST' && path === '/backups/restore') {
      const { number } = body as { number: number };
      return number === 1 ? fault(409, 'version 1 is no longer on the disk; choose a newer one') : { status: 204 };
    }
    return undefined;
  };
}
