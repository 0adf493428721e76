/** What is said of a device by what was heard beside its questions: another server's frames, and its own messages by syslog. Octets go in as they come off the wire. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LIMITED_BROADCAST, NO_ADDRESS } from '../../src/base/addresses.ts';
import { latin1Bytes } from '../../src/base/bytes.ts';
import { monoMs, wallMs } from '../../src/base/clock.ts';
import { invariant } from '../../src/base/result.ts';
import type { MessageType } from '../../src/dhcp/codes.ts';
import { encodePacket } from '../../src/dhcp/packet.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { udpFrame } from '../../src/net/linux/raw-frame.ts';
import { readOverheardReply } from '../../src/net/overheard-reply.ts';
import type { OverheardReply } from '../../src/net/ports.ts';
import { ServerGuard } from '../../src/server/server-guard.ts';
import { SyslogFiles } from '../../src/server/syslog-files.ts';
import { SyslogServer } from '../../src/server/syslog-server.ts';
import { cidr, ip, mac } from '../support/addresses.ts';
import { DeviceBench, PC, UEFI } from '../support/device-bench.ts';
import { message } from '../support/dhcp-client.ts';
import { EngineBench, subnet } from '../support/dhcp-engine.ts';
import { card } from '../support/interfaces.ts';
import { MemoryNetwork } from '../support/memory-network.ts';

const OTHER_MAC = mac('00:1b:54:00:00:fe');
const SERVER = ip('10.0.0.1');

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A frame of the server 10.0.0.254 as it is on the wire. */
function frameOf(type: MessageType): Uint8Array {
  const reply = message(type, PC, {
    server: '10.0.0.254',
    packet: { operation: 2, yourAddress: type === 'NAK' ? NO_ADDRESS : ip('10.0.0.57') },
  });
  const frame = udpFrame(
    OTHER_MAC,
    {
      from: { address: ip('10.0.0.254'), port: 67 },
      to: { address: LIMITED_BROADCAST, port: 68 },
      hardwareAddress: mac('ff:ff:ff:ff:ff:ff'),
      payload: encodePacket(reply),
    },
    1500,
  );
  invariant(frame.ok, 'it fits');
  return frame.value;
}

/** A guard that hears frames, and what it tells. */
function listening(tell: (event: AppEvent) => void): { hear: (frame: Uint8Array) => void; close: () => void } {
  let onReply: (reply: OverheardReply) => void = () => undefined;
  const facts = card('lan0', 2, { addresses: [cidr('10.0.0.1/24')] });
  const guard = new ServerGuard({
    mode: 'warn',
    network: 'lan',
    facts,
    sockets: {
      openUdp: () => Promise.reject(new Error('a guard opens no UDP socket')),
      openArpProber: () => undefined,
      openRequestSniffer: () => undefined,
      openRawLink: () => ({ send: () => undefined, close: () => undefined }),
      openReplySniffer: () => ({
        onReply: (listener) => {
          onReply = listener;
        },
        close: () => undefined,
      }),
    },
    interfaces: { list: () => [facts], addAddress() {}, removeAddress() {}, bringUp() {} },
    clock: { wall: () => wallMs(Date.now()), mono: () => monoMs(performance.now()) },
    tell,
    onService: () => undefined,
  });
  guard.start();
  const hear = (frame: Uint8Array): void => {
    const reply = readOverheardReply(frame);
    if (reply !== undefined) onReply(reply);
  };
  return { hear, close: () => guard.close() };
}

it.each<[what: string, heard: readonly MessageType[], quietSeconds: number, verdict: string]>([
  ['another server’s ACK: it is served there', ['OFFER', 'ACK'], 0, 'took-another-offer'],
  ['another server’s OFFER, and then silence: the ACK went past us', ['OFFER'], 20, 'took-another-offer'],
  ['another server’s OFFER alone: it may yet take ours', ['OFFER'], 1, 'addressing'],
  ['another server’s NAK: that server does not know it either', ['NAK'], 1, 'addressing'],
])('%s (RFC 2131 §3.1)', (_what, heard, quietSeconds, verdict) => {
  const files = { files: { 'uefi-x64': 'ipxe.efi' } } as never;
  const bench = new DeviceBench(new EngineBench([subnet({ identity: 'mac' })], [], files));
  const line = listening((event) => bench.happen(event));
  bench.discover(PC, UEFI);
  for (const type of heard) line.hear(frameOf(type));
  bench.pass(quietSeconds);
  expect(bench.verdict(PC).verdict).toBe(verdict);
  if (verdict === 'took-another-offer') expect(bench.verdict(PC).sentence).toContain('10.0.0.254 (00:1b:54:00:00:fe)');
  line.close();
});

it.each<[what: string, text: string, verdict: string, words: RegExp]>([
  ['years behind (RFC 5424 §6.2.3)', '<189>1 1970-01-01T00:04:10Z sw-1 - - - - up', 'clock-wrong', /behind, by its own message of syslog/],
  [
    'never set, by the mark of Cisco’s devices',
    '<189>12: *Mar  1 00:00:20.519: %SYS-5-RESTART: System restarted',
    'clock-wrong',
    /was never set/,
  ],
  ['right', '<189>1 2026-11-28T05:00:00Z sw-1 - - - - up', 'has-address', /asks for nothing more/],
])('a clock that is %s shows in a message by syslog', async (_what, text, verdict, words) => {
  const bench = new DeviceBench();
  bench.now = wallMs(Date.UTC(2026, 10, 28, 5, 0, 0));
  const address = ip(bench.bind(PC));
  const network = new MemoryNetwork();
  const clock = { wall: () => bench.now, mono: () => monoMs(0) };
  const tell = (event: AppEvent): void => bench.happen(event);
  const settings = { files: 'off', maxSize: 1, keep: 1, perSender: 2 } as const;
  const server = new SyslogServer(settings, {
    sockets: network,
    clock,
    tell,
    whoHas: (who) => bench.directory.whoHas(who),
    files: new SyslogFiles(settings, { folder: '/nowhere', clock, tell }),
    onFlood: () => undefined,
    onFault: () => undefined,
  });
  await server.kind.open({ interface: 'lan0', address: SERVER });
  const device = await network.openUdp({ interface: 'lan0', address, port: 0 });
  device.send(latin1Bytes(text), { address: SERVER, port: 514 });
  await vi.advanceTimersByTimeAsync(10);
  expect(bench.lines(PC).at(-1)).toContain('syslog');
  if (verdict === 'has-address') bench.pass(40);
  expect(bench.verdict(PC).verdict).toBe(verdict);
  expect(bench.verdict(PC).sentence).toMatch(words);
  await server.close();
});
