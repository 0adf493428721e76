import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latin1Bytes } from '../../src/base/bytes.ts';
import { wallMs } from '../../src/base/clock.ts';
import { readSyslog, type SyslogMessage } from '../../src/services/syslog-message.ts';

const NOW = wallMs(Date.UTC(2026, 10, 28, 1, 2, 3));
const utf8 = new TextEncoder();
const read = (line: string): SyslogMessage => readSyslog(utf8.encode(line), NOW);
const right = (isZoneKnown: boolean) => ({ seconds: 0, isZoneKnown });

const CASES: readonly (readonly [name: string, line: string, said: Partial<SyslogMessage>])[] = [
  [
    'RFC 5424 §6.5, example 1: a host, a program, a byte order mark',
    "<34>1 2026-11-28T01:02:03.003Z mymachine.example.com su - ID47 - \ufeff'su root' failed for lonvick on /dev/pts/8",
    {
      facility: 'auth',
      severity: 'critical',
      host: 'mymachine.example.com',
      tag: 'su',
      processId: undefined,
      text: "'su root' failed for lonvick on /dev/pts/8",
      clock: right(true),
    },
  ],
  [
    'RFC 5424 §6.5, example 2: an offset to UTC, parts of a second to six digits',
    '<165>1 2026-11-27T18:02:03.000003-07:00 192.0.2.1 myproc 8710 - - %% It is time to make the do-nuts.',
    { facility: 'local4', severity: 'notice', host: '192.0.2.1', tag: 'myproc', processId: '8710', clock: right(true) },
  ],
  [
    'RFC 5424 §6.5, example 4: nothing but structured data',
    '<165>1 2026-11-28T01:02:03.003Z host evntslog - ID47 [exampleSDID@32473 iut="3" eventSource="App]\\"x"][a@1 b="2"]',
    { tag: 'evntslog', text: 'ID47 [exampleSDID@32473 iut="3" eventSource="App]\\"x"][a@1 b="2"]' },
  ],
  [
    'RFC 5424 §6: nothing is said but the text',
    '<13>1 - - - - - - hello',
    { host: undefined, tag: undefined, text: 'hello', clock: undefined },
  ],
  [
    'RFC 5424 §6.3.3: an element that never ends is text',
    '<13>1 - h a - - [x y="z] hello',
    { host: 'h', tag: 'a', text: '[x y="z] hello' },
  ],
  [
    'Junos with structured-data',
    '<28>1 2026-11-28T01:02:03.123Z mx-1 mgd 3046 UI_COMMIT [junos@2636.1.1.1.2.18 username="ops" command="commit"]',
    { host: 'mx-1', tag: 'mgd', processId: '3046', text: 'UI_COMMIT [junos@2636.1.1.1.2.18 username="ops" command="commit"]' },
  ],
  [
    'RFC 3164 §5.4, example 1',
    "<34>Nov 28 01:02:03 mymachine su: 'su root' failed for lonvick on /dev/pts/8",
    {
      facility: 'auth',
      severity: 'critical',
      host: 'mymachine',
      tag: 'su',
      text: "'su root' failed for lonvick on /dev/pts/8",
      clock: right(false),
    },
  ],
  ['RFC 3164 §4.3.3: no priority', 'Use the BFG!', { facility: 'user', severity: 'notice', text: 'Use the BFG!', host: undefined }],
  ['a priority that is none', '<192>hello', { facility: 'user', severity: 'notice', text: '<192>hello' }],
  [
    'Junos: a program with its number',
    '<28>Nov 28 01:02:03 mx-1 rpd[1234]: bgp_recv: peer 10.0.0.1: closed\n',
    { host: 'mx-1', tag: 'rpd', processId: '1234', text: 'bgp_recv: peer 10.0.0.1: closed' },
  ],
  [
    'Junos with the year and milliseconds',
    '<28>Nov 28 01:02:03.123 2026 mx-1 rpd[1234]: up',
    { host: 'mx-1', tag: 'rpd', text: 'up', clock: right(false) },
  ],
  [
    'Cisco IOS: a number, a clock that was never set',
    '<189>45: *Mar  1 00:01:12.345: %SYS-5-CONFIG_I: Configured from console by vty2',
    {
      facility: 'local7',
      severity: 'notice',
      tag: '%SYS-5-CONFIG_I',
      host: undefined,
      text: 'Configured from console by vty2',
      clockMark: 'never set',
    },
  ],
  [
    'Cisco IOS: two numbers, a clock that lost its server, a zone that means three things',
    '<187>46: 000042: .Nov 28 01:02:03.456 EST: %LINK-3-UPDOWN: Interface Gi1/0/1, changed state to up',
    { tag: '%LINK-3-UPDOWN', clockMark: 'out of sync', clock: right(false) },
  ],
  [
    'Cisco IOS: origin-id, year and zone',
    '<189>47: access-1: 000043: Nov 28 2026 01:02:03.456 UTC: %SYS-5-RESTART: System restarted --',
    { host: 'access-1', tag: '%SYS-5-RESTART', text: 'System restarted --', clock: right(true) },
  ],
  ['Cisco IOS: uptime', '<189>29: 1w2d: %SYS-5-CONFIG_I: Configured', { tag: '%SYS-5-CONFIG_I', clock: undefined }],
  ['Cisco IOS: uptime of the first day', '<189>29: 00:01:23: %SYS-5-RELOAD: Reload', { tag: '%SYS-5-RELOAD', clock: undefined }],
  [
    'NX-OS: an empty host, the year first',
    '<189>: 2026 Nov 28 01:02:03 UTC: %ETHPORT-5-IF_UP: Interface Ethernet1/1 is up',
    { tag: '%ETHPORT-5-IF_UP', host: undefined, clock: right(true) },
  ],
  [
    'NX-OS with its name',
    '<189>leaf-2: 2026 Nov 28 01:02:03.120 UTC: %VSHD-5-VSHD_SYSLOG_CONFIG_I: Configured from vty',
    { host: 'leaf-2', tag: '%VSHD-5-VSHD_SYSLOG_CONFIG_I', clock: right(true) },
  ],
  [
    'Arista EOS',
    '<173>Nov 28 01:02:03 leaf1 Ebra: %LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet1, changed state to up',
    {
      facility: 'local5',
      host: 'leaf1',
      tag: 'Ebra',
      text: '%LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet1, changed state to up',
    },
  ],
  [
    'Arista EOS with `logging format timestamp high-resolution`',
    '<173>2026-11-28T01:02:03.123456+00:00 leaf1 Ebra: %SYS-5-CONFIG_I: Configured',
    { host: 'leaf1', tag: 'Ebra', clock: right(true) },
  ],
  [
    'MikroTik as it is',
    'system,info,account user admin logged in via ssh',
    { tag: 'system,info,account', text: 'user admin logged in via ssh' },
  ],
  [
    'MikroTik with bsd-syslog',
    '<30>Nov 28 01:02:03 MikroTik system,info: router rebooted',
    { facility: 'daemon', severity: 'info', host: 'MikroTik', tag: 'system,info', text: 'router rebooted' },
  ],
  [
    'a Cisco phone',
    '<131>Nov 28 01:02:03 SEP001B54AABBCC cisco: TFTP error: file not found',
    { host: 'SEP001B54AABBCC', tag: 'cisco', text: 'TFTP error: file not found' },
  ],
  ['a tag right behind the time', '<13>Nov 28 01:02:03 root: hello', { host: undefined, tag: 'root', text: 'hello' }],
  ['nothing at all', '', { facility: 'user', text: '' }],
];

describe('a message', () => {
  test.each(CASES)('%s', (_name, line, said) => {
    expect(read(line)).toMatchObject(said);
  });

  test('that is no UTF-8 is read as ISO 8859-1', () => {
    expect(readSyslog(latin1Bytes('<13>T\xfcr offen'), NOW).text).toBe('Tür offen');
  });

  test('is cut where it is longer than RFC 5424 §6.1 asks for', () => {
    expect(read(`<13>${'x'.repeat(9000)}`).text).toHaveLength(2048);
  });
});

describe('the clock of a device', () => {
  test.each([
    ['five minutes slow in another zone', '<13>Nov 28 08:57:03 h t: x', { seconds: -300, isZoneKnown: false }],
    ['in a zone that is said', '<13>1 2026-11-28T09:57:03+09:00 h t - - - x', { seconds: -300, isZoneKnown: true }],
    ['last year’s end, seen from here', '<13>Dec 31 23:59:59 h t: x', { seconds: 34 * 86_400 - 3724 - 50_400, isZoneKnown: false }],
    [
      '2002, as phones begin',
      '<13>1 2002-01-01T00:00:00Z h t - - - x',
      { seconds: (Date.UTC(2002, 0, 1) - NOW) / 1000, isZoneKnown: true },
    ],
  ])('%s', (_name, line, clock) => {
    const { seconds, isZoneKnown } = read(line).clock ?? { seconds: Number.NaN, isZoneKnown: undefined };
    expect(isZoneKnown).toBe(clock.isZoneKnown);
    expect(seconds).toBe(clock.seconds);
  });

  test.each([
    ['a month that is none', '<13>Foo 28 01:02:03 h t: x'],
    ['an hour that is none', '<13>Nov 28 25:02:03 h t: x'],
    ['a day that is none', '<13>Nov 32 01:02:03 h t: x'],
  ])('%s is none', (_name, line) => {
    expect(read(line).clock).toBeUndefined();
  });

  test('of any moment of three centuries is right when it shows that moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(2300, 0, 1) }), (at) => {
        const line = `<13>1 ${new Date(at).toISOString()} h t - - - x`;
        expect(readSyslog(utf8.encode(line), wallMs(at)).clock).toEqual(right(true));
        const short = `<13>${new Date(at).toUTCString().replace(/^\w+, (\d+) (\w+) \d+ ([\d:]+) GMT$/, '$2 $1 $3')} h t: x`;
        expect(Math.abs(readSyslog(utf8.encode(short), wallMs(at)).clock?.seconds ?? Number.NaN)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

test('any octets are a message', () => {
  const pieces = fc.constantFrom(
    '<13>',
    '<189>',
    '45: ',
    '*',
    '.',
    'Nov 28 01:02:03',
    '2026 ',
    '2026-11-28T01:02:03Z',
    ': ',
    '[a b="',
    '1 ',
    '- ',
    '%A-5-B: ',
    'h ',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(pieces, { maxLength: 12 }).map((all) => utf8.encode(all.join(''))),
      ),
      (octets) => {
        const { text, severity } = readSyslog(octets, NOW);
        expect(typeof text).toBe('string');
        expect(severity).toBeDefined();
      },
    ),
  );
});
