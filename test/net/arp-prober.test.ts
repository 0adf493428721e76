import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Ipv4, ipv4, ipv4Bytes, type Mac, macBytes } from '../../src/base/addresses.ts';
import { arpProbe } from '../../src/net/arp-packet.ts';
import { openArpProber, PacketArpProber } from '../../src/net/linux/arp-prober.ts';
import { isAvailable } from '../../src/net/linux/libc.ts';
import type { PacketSocket } from '../../src/net/linux/packet-socket.ts';
import { card, loopback } from '../support/interfaces.ts';

const OURS = '02:00:5e:10:00:01' as Mac;
const HOST = '00:1b:54:aa:bb:cc' as Mac;
const TAKEN = ipv4(0xc0a84d64);
const FREE = ipv4(0xc0a84d65);

/** A link that keeps what is sent and says what the test has it say. */
class Link implements PacketSocket {
  readonly sent: Uint8Array[] = [];
  /** Frames that the kernel has and the event loop has not yet handed over. */
  readonly waiting: Uint8Array[] = [];
  isOpen = true;
  #listener: (frame: Uint8Array) => void = () => undefined;

  onFrame(listener: (frame: Uint8Array) => void): void {
    this.#listener = listener;
  }

  drain(): void {
    for (const frame of this.waiting.splice(0)) this.#listener(frame);
  }

  send(frame: Uint8Array): void {
    this.sent.push(frame);
  }

  close(): void {
    this.isOpen = false;
  }

  /** The event loop hands a host's answer over. */
  answer(address: Ipv4, mac = HOST): void {
    this.#listener(answerOf(address, mac));
  }
}

function answerOf(address: Ipv4, mac = HOST): Uint8Array {
  const frame = arpProbe(mac, address);
  frame[21] = 2;
  frame.set(macBytes(mac), 22);
  frame.set(ipv4Bytes(address), 28);
  return frame;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount(), 'timers left behind').toBe(0);
  vi.useRealTimers();
});

describe('a probe', () => {
  test('ends with the first answer, and nothing is asked again', async () => {
    const link = new Link();
    const probe = new PacketArpProber(OURS, link).probe(TAKEN);
    link.answer(TAKEN);
    expect(await probe).toBe(HOST);
    link.answer(TAKEN, OURS);
    await vi.advanceTimersByTimeAsync(1000);
    expect(link.sent).toEqual([arpProbe(OURS, TAKEN)]);
  });

  test('is sent twice, and given up after 250 ms', async () => {
    const link = new Link();
    const answered = vi.fn();
    void new PacketArpProber(OURS, link).probe(FREE).then(answered);
    await vi.advanceTimersByTimeAsync(90);
    expect(link.sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(20);
    expect(link.sent).toEqual([arpProbe(OURS, FREE), arpProbe(OURS, FREE)]);
    await vi.advanceTimersByTimeAsync(130);
    expect(answered).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(20);
    expect(answered).toHaveBeenCalledExactlyOnceWith(undefined);
    expect(link.sent).toHaveLength(2);
  });

  test('takes an answer that came while the thread was held up', async () => {
    const link = new Link();
    const probe = new PacketArpProber(OURS, link).probe(TAKEN, 50);
    link.waiting.push(answerOf(TAKEN));
    await vi.advanceTimersByTimeAsync(60);
    expect(await probe).toBe(HOST);
  });

  test('is not ended by an answer for another address, nor by any other frame', async () => {
    const link = new Link();
    const probe = new PacketArpProber(OURS, link).probe(FREE);
    link.answer(TAKEN);
    link.waiting.push(Uint8Array.of(1, 2, 3), arpProbe(HOST, FREE));
    await vi.advanceTimersByTimeAsync(300);
    expect(await probe).toBeUndefined();
  });
});

describe('several probes', () => {
  test('are out at one time, each with its own end', async () => {
    const link = new Link();
    const prober = new PacketArpProber(OURS, link);
    const both = [prober.probe(FREE, 100), prober.probe(TAKEN, 400)];
    await vi.advanceTimersByTimeAsync(200);
    link.answer(TAKEN);
    expect(await Promise.all(both)).toEqual([undefined, HOST]);
  });

  test('for one address share the question, each with its own patience', async () => {
    const link = new Link();
    const prober = new PacketArpProber(OURS, link);
    const both = [prober.probe(TAKEN, 50), prober.probe(TAKEN, 90)];
    expect(link.sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(70);
    link.answer(TAKEN);
    expect(await Promise.all(both)).toEqual([undefined, HOST]);
  });
});

test('closing ends what is out, and nothing is asked afterwards', async () => {
  const link = new Link();
  const prober = new PacketArpProber(OURS, link);
  const probe = prober.probe(TAKEN);
  prober.close();
  prober.close();
  expect(await probe).toBeUndefined();
  expect(await prober.probe(FREE)).toBeUndefined();
  expect(link).toMatchObject({ isOpen: false, sent: [arpProbe(OURS, TAKEN)] });
});

test.runIf(isAvailable())('an interface that has gone is a fault that is told, and nothing stays open', () => {
  const faults: Error[] = [];
  const open = () => openArpProber(card('gone0', 0x7ffffff0), (fault) => void faults.push(fault));
  expect(open()).toBeUndefined();
  const before = readdirSync('/proc/self/fd').length;
  expect(open()).toBeUndefined();
  expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  // Without privileges it is the socket itself that is refused.
  for (const fault of faults) expect(fault.message).toMatch(/^(ENODEV|ENXIO|EPERM): .*\(opening a packet socket for gone0\)$/);
  expect(faults).toHaveLength(2);
});

test('there is none where there is no Ethernet', () => {
  expect(openArpProber(card('tun0', 4, { mac: undefined }), () => undefined)).toBeUndefined();
  expect(openArpProber({ ...loopback, mac: OURS }, () => undefined)).toBeUndefined();
});
