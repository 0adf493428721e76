/* biome-ignore-all lint/suspicious/noControlCharactersInRegex: the escape sequences of terminals begin with a control character */
/** What the live area shows: golden texts for windows of several sizes, and names that somebody else made up. */
import { describe, expect, test } from 'vitest';
import { type AreaSize, type LiveState, liveLines } from '../../../src/cli/live/layout.ts';
import { widthOf } from '../../../src/cli/live/screen-text.ts';
import { Screen } from '../../support/screen.ts';

const MIB = 1 << 20;
const PAGE = 'http://127.0.0.1:8067';

const IDLE: LiveState = {
  transfers: [],
  devices: [],
  counts: {},
  networks: [{ name: 'bench', isUp: true, leased: 0, addresses: 100 }],
  page: PAGE,
};

const BUSY: LiveState = {
  transfers: [
    { who: 'pc-7', path: 'debian/boot/initrd.gz', direction: 'read', octets: 21 * MIB, size: 42 * MIB, rate: 1.5 * MIB },
    { who: 'access-1', path: 'running-config', direction: 'write', octets: 12_800, size: undefined, rate: 6_400 },
    { who: 'desk-101', path: 'SEP001B54AABBCC.cnf.xml', direction: 'read', octets: 0, size: 4_096, rate: 0 },
  ],
  devices: [
    {
      who: 'desk-102',
      state: 'stuck',
      sentence: 'It asks for SEP001B54AABBCD.cnf.xml, which is not there: put it at /srv/tftp/SEP001B54AABBCD.cnf.xml.',
    },
    { who: '00:1b:54:aa:bb:ce', state: 'addressing', sentence: 'It was offered 192.168.77.103.' },
  ],
  counts: { booted: 12, provisioned: 3, waiting: 1 },
  networks: [
    { name: 'bench', isUp: true, leased: 16, addresses: 100 },
    { name: 'floor-2', isUp: false, leased: 0, addresses: undefined },
  ],
  page: PAGE,
};

const rule = (columns: number) => '─'.repeat(columns);

describe('The live area', () => {
  test.each<[what: string, state: LiveState, size: AreaSize, lines: readonly string[]]>([
    ['of nothing', IDLE, { columns: 80, rows: 24 }, [rule(80), 'bench: 0 of 100 leased · http://127.0.0.1:8067 · Ctrl-C ends']],
    [
      'before any network is up',
      { ...IDLE, networks: [], page: undefined },
      { columns: 80, rows: 24 },
      [rule(80), 'no network · Ctrl-C ends'],
    ],
    [
      'of a network that gives no addresses',
      { ...IDLE, networks: [{ name: 'lan', isUp: true, leased: 0, addresses: undefined }], page: undefined },
      { columns: 80, rows: 24 },
      [rule(80), 'lan is served · Ctrl-C ends'],
    ],
    [
      'in 80 columns',
      BUSY,
      { columns: 80, rows: 30 },
      [
        rule(80),
        '↓ pc-7      …ian/boot/initrd.gz  █████░░░░░   50 %     1.5 MiB/s  14 s left',
        '↑ access-1  running-config                12.5 KiB     6.3 KiB/s',
        '↓ desk-101  …1B54AABBCC.cnf.xml  ░░░░░░░░░░    0 %',
        'stuck       desk-102           It asks for SEP001B54AABBCD.cnf.xml, which is not',
        '                               there: put it at',
        '                               /srv/tftp/SEP001B54AABBCD.cnf.xml.',
        'addressing  00:1b:54:aa:bb:ce  It was offered 192.168.77.103.',
        '12 booted, 3 provisioned, 1 waiting',
        'bench: 16 of 100 leased · floor-2 is not served · http://127.0.0.1:8067',
      ],
    ],
    [
      'in 40 columns',
      BUSY,
      { columns: 40, rows: 30 },
      [
        rule(40),
        '↓ pc-7      …/initrd.gz  ████░░░░   50 %',
        '↑ access-1  …ing-config         12.5 KiB',
        '↓ desk-101  …CC.cnf.xml  ░░░░░░░░    0 %',
        'stuck       desk-102    It asks for',
        '                        SEP001B54AABBCD.',
        '                        cnf.xml, which …',
        'addressing  00:1b:54:…  It was offered …',
        '12 booted, 3 provisioned, 1 waiting',
        'bench: 16 of 100 leased',
      ],
    ],
    [
      'in 200 columns',
      BUSY,
      { columns: 200, rows: 60 },
      [
        rule(200),
        '↓ pc-7      debian/boot/initrd.gz    ████████████░░░░░░░░░░░░   50 %     1.5 MiB/s  14 s left',
        '↑ access-1  running-config                                  12.5 KiB     6.3 KiB/s',
        '↓ desk-101  SEP001B54AABBCC.cnf.xml  ░░░░░░░░░░░░░░░░░░░░░░░░    0 %',
        'stuck       desk-102           It asks for SEP001B54AABBCD.cnf.xml, which is not there: put it at /srv/tftp/SEP001B54AABBCD.cnf.xml.',
        'addressing  00:1b:54:aa:bb:ce  It was offered 192.168.77.103.',
        '12 booted, 3 provisioned, 1 waiting',
        'bench: 16 of 100 leased · floor-2 is not served · http://127.0.0.1:8067 · Ctrl-C ends',
      ],
    ],
    [
      'in a window of twelve rows',
      BUSY,
      { columns: 80, rows: 12 },
      [
        rule(80),
        '  and 3 more files on the way',
        '12 booted, 3 provisioned, 1 waiting',
        'bench: 16 of 100 leased · floor-2 is not served · http://127.0.0.1:8067',
      ],
    ],
    [
      'in a window of four rows',
      BUSY,
      { columns: 80, rows: 4 },
      ['bench: 16 of 100 leased · floor-2 is not served · http://127.0.0.1:8067'],
    ],
    ['in a window of no size', IDLE, { columns: 1, rows: 1 }, ['…']],
  ])('%s', (_what, state, size, lines) => {
    expect(liveLines(state, size, false)).toEqual(lines);
  });

  const crowd: LiveState = {
    ...BUSY,
    transfers: Array.from({ length: 200 }, (_none, at) => ({
      who: `pc-${at}`,
      path: `boot/${at}/vmlinuz`,
      direction: 'read' as const,
      octets: at * 1_000,
      size: 200_000,
      rate: 1_000,
    })),
    devices: Array.from({ length: 500 }, (_none, at) => ({
      who: `phone-${at}`,
      state: at < 30 ? ('stuck' as const) : ('addressing' as const),
      sentence: 'It goes on asking and gets no answer.',
    })),
  };

  test('of two hundred files and five hundred devices shares its third and counts the others', () => {
    const lines = liveLines(crowd, { columns: 80, rows: 48 }, false);
    expect(lines).toHaveLength(16);
    expect(lines[7]).toBe('  and 194 more files on the way');
    expect(lines.slice(8, 13).every((line) => line.startsWith('stuck'))).toBe(true);
    expect(lines[13]).toBe('  and 25 more stuck, 470 more on the way');
  });

  const NAMES = [
    '机架服务器-十七号-上海数据中心',
    '🖥️ 👨‍👩‍👧 office',
    'مكتب-الاستقبال',
    'e\u0301cole',
    'evil\u001b[2J\u001b]0;title\u0007\r\nname',
    '\u202ereversed\u202c',
    'x'.repeat(255),
    '',
  ];
  const strange: LiveState = {
    ...BUSY,
    transfers: NAMES.map((who) => ({ who, path: `${who}/${who}`, direction: 'read', octets: 1, size: 2, rate: 1 })),
    devices: NAMES.map((who) => ({ who, state: 'stuck', sentence: `${who} is stuck` })),
    networks: NAMES.map((name) => ({ name, isUp: true, leased: 1, addresses: 2 })),
  };

  test.each<AreaSize>([
    { columns: 1, rows: 60 },
    { columns: 7, rows: 60 },
    { columns: 40, rows: 60 },
    { columns: 80, rows: 60 },
    { columns: 200, rows: 60 },
    { columns: 80, rows: 5 },
  ])('keeps to a window of $columns × $rows, whoever made up the names', async (size) => {
    for (const hasColours of [false, true]) {
      const lines = liveLines(strange, size, hasColours);
      expect(lines.length).toBeLessThanOrEqual(Math.max(1, Math.floor(size.rows / 3)));
      for (const line of lines) {
        expect(widthOf(line), line).toBeLessThanOrEqual(size.columns);
        const bare = line.replaceAll(/\u001b\[\d+m/g, '');
        expect(bare).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        if (!hasColours) expect(bare).toBe(line);
      }
      const screen = new Screen({ columns: size.columns, rows: 60 });
      await screen.write(lines.join('\r\n'));
      expect(screen.history.filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(lines.length);
    }
  });
});
