/** A log of a busy morning, of 1,200 lines. */
import type { LogLineShape } from '../../../src/web/api/log-shapes.ts';
import { NOW, type Publish, type StubArea } from './stub-area.ts';

const LINES: readonly Omit<LogLineShape, 'id' | 'at'>[] = [
  {
    level: 'info',
    event: 'dhcp.leased',
    device: '80:5e:c0:00:00:00',
    name: 'desk-100',
    address: '192.168.77.10',
    text: '192.168.77.10 is leased for 12 h',
  },
  {
    level: 'info',
    event: 'file.sent',
    device: '80:5e:c0:00:00:00',
    name: 'desk-100',
    address: '192.168.77.10',
    text: 'sent 805ec0000000.cfg (made from yealink/mac.cfg.liquid), 4.2 KiB in 0.01 s',
  },
  {
    level: 'debug',
    event: 'dhcp.offered',
    device: 'd4:be:d9:00:02:4a',
    name: 'pc-102',
    address: '10.20.4.13',
    text: 'offered 10.20.4.13, boot file ipxe.efi',
  },
  {
    level: 'warn',
    event: 'file.not-found',
    device: '00:1b:54:aa:bb:ce',
    address: '192.168.77.61',
    text: 'not found: SEP001B54AABBCE.cnf.xml: 00:1b:54:aa:bb:ce is seen but in no inventory: bootlace devices adopt 00:1b:54:aa:bb:ce --profile cisco-sip --name …',
  },
  {
    level: 'info',
    event: 'backup.stored',
    device: '28:99:3a:00:09:4d',
    name: 'switch1',
    address: '10.0.99.16',
    text: 'backup 7 of running-config: 3 lines changed (interface GigabitEthernet1/0/3)',
  },
  {
    level: 'info',
    event: 'file.sent',
    device: 'd4:be:d9:00:02:4a',
    name: 'pc-102',
    address: '10.20.4.13',
    text: 'sent ipxe.efi, 1.1 MiB in 0.13 s (8.4 MiB/s), window 4',
  },
  {
    level: 'error',
    event: 'device.stuck',
    device: 'd4:be:d9:00:0c:bc',
    name: 'pc-112',
    address: '10.20.4.17',
    text: 'stuck (took-other-offer): it took the boot server of 10.20.4.250 and never asked port 4011; switch that one off, or let Bootlace answer as the DHCP server',
  },
  { level: 'warn', event: 'network.waiting', text: 'management waits: the cable of eth2 is not plugged in' },
  {
    level: 'info',
    event: 'syslog.received',
    device: '00:25:84:11:22:33',
    name: 'core1',
    address: '10.0.99.2',
    text: '%LINK-3-UPDOWN: Interface <script>alert(1)</script>, changed state to up',
  },
];

const TOTAL = 1_200;
const RANKS = ['debug', 'info', 'warn', 'error'] as const;

const lineOf = (id: number, at = NOW - (TOTAL - id) * 900): LogLineShape => {
  const canned = LINES[(id * 5) % LINES.length] ?? LINES[0];
  return { id, at, level: 'info', event: '', text: '', ...canned };
};

export function logArea(publish: Publish): StubArea & { tick(): void } {
  const lines = Array.from({ length: TOTAL }, (_, index) => lineOf(index + 1));
  const area: StubArea = ({ method, path, query }) => {
    if (method !== 'GET' || path !== '/log') return undefined;
    const least = RANKS.indexOf((query.get('level') ?? 'debug') as (typeof RANKS)[number]);
    const text = (query.get('text') ?? '').toLowerCase();
    const before = Number(query.get('before') ?? Number.POSITIVE_INFINITY);
    const fits = (line: LogLineShape): boolean =>
      RANKS.indexOf(line.level) >= least &&
      line.id < before &&
      line.text.toLowerCase().includes(text) &&
      (query.get('device') ?? line.device) === line.device &&
      (query.get('event') ?? line.event) === line.event;
    return { status: 200, body: { lines: lines.filter(fits).slice(-Number(query.get('limit') ?? 200)) } };
  };
  return Object.assign(area, {
    /** One more line is written. */
    tick() {
      const line = lineOf(lines.length + 1, Date.now());
      lines.push(line);
      publish('log', { lines: [line], missed: 0 });
    },
  });
}
