import { describe, expect, test } from 'vitest';
import { monoMs, wallMs } from '../../src/base/clock.ts';
import type { SharedPort } from '../../src/net/ports.ts';
import { DataPort, DataPorts, peerKey } from '../../src/server/data-ports.ts';
import { decodePacket, encodePacket, type TftpPacket } from '../../src/tftp/packet.ts';
import { ip } from '../support/addresses.ts';
import { packetText } from '../support/tftp-script.ts';

let now = 0;
const CLOCK = { wall: () => wallMs(now), mono: () => monoMs(now) };
const PEER = ip('192.168.77.100');
const ACK = encodePacket({ type: 'ack', block: 1 });

/** A socket that keeps what is sent by it. */
class Socket implements SharedPort {
  readonly local = { address: ip('192.168.77.1'), port: 50_000 };
  readonly sent: string[] = [];
  isOpen = true;

  onDatagram(): void {}
  onFault(): void {}
  sendRun(): void {}

  send(octets: Uint8Array, _address: number, port: number): void {
    const packet = decodePacket(octets);
    this.sent.push(`${packet.ok ? packetText(packet.value) : 'garbage'} to ${port}`);
  }

  async close(): Promise<void> {
    this.isOpen = false;
  }
}

describe('a pool of sockets', () => {
  /** Opens when it is told how that ends. */
  function pool(most: number) {
    const sockets: Socket[] = [];
    const attempts: { succeed(): void; fail(why: string): void }[] = [];
    const open = () =>
      new Promise<DataPort>((resolve, reject) => {
        attempts.push({
          succeed: () => {
            const socket = new Socket();
            sockets.push(socket);
            resolve(new DataPort(socket, CLOCK));
          },
          fail: (why) => reject(new Error(why)),
        });
      });
    return { ports: new DataPorts(open, most), attempts, sockets };
  }

  async function filled(most: number) {
    const made = pool(most);
    const taken = Array.from({ length: most }, async () => made.ports.take());
    for (const { succeed } of made.attempts) succeed();
    return { ...made, taken: await Promise.all(taken) };
  }

  test('opens one for each until it is full, and then they take turns (RFC 1350 §4)', async () => {
    const { ports, taken, attempts } = await filled(3);
    expect(new Set(taken).size).toBe(3);
    const turns = Array.from({ length: 9 }, () => ports.take());
    expect(turns).toEqual([...taken, ...taken, ...taken]);
    expect(attempts).toHaveLength(3);
  });

  test('gives at once what is open', async () => {
    const { ports } = await filled(2);
    expect(ports.take()).toBeInstanceOf(DataPort);
  });

  test('whoever finds all of them being opened waits for the first', async () => {
    const { ports, attempts } = pool(2);
    const [one, other, third] = [ports.take(), ports.take(), ports.take()];
    expect(attempts).toHaveLength(2);
    attempts[1]?.succeed();
    expect(await third).toBe(await other);
    attempts[0]?.succeed();
    expect(await one).not.toBe(await other);
  });

  test('where one cannot be opened, one that is there is shared, and opening is tried again later', async () => {
    const { ports, attempts } = pool(3);
    const first = ports.take();
    attempts[0]?.succeed();
    const second = ports.take();
    attempts[1]?.fail('EMFILE');
    expect(await second).toBe(await first);
    const third = ports.take();
    attempts[2]?.succeed();
    expect(await third).not.toBe(await first);
  });

  test('where none can be opened and there is none, it says why, and the next one is tried anew', async () => {
    const { ports, attempts } = pool(3);
    const first = ports.take();
    attempts[0]?.fail('EMFILE: too many open files');
    await expect(first).rejects.toThrow('EMFILE: too many open files');
    const second = ports.take();
    attempts[1]?.succeed();
    expect(await second).toBeInstanceOf(DataPort);
  });

  test('one that fails while another is still being opened shares that, and so does who waits for either', async () => {
    const { ports, attempts } = pool(2);
    const [one, other, third] = [ports.take(), ports.take(), ports.take()];
    attempts[0]?.fail('EMFILE');
    await Promise.resolve();
    attempts[1]?.succeed();
    expect([await one, await third]).toEqual([await other, await other]);
  });

  test('all that fail at once say why, to each', async () => {
    const { ports, attempts } = pool(2);
    const taken = [ports.take(), ports.take(), ports.take()];
    for (const { fail } of attempts) fail('ENOBUFS');
    for (const each of taken) await expect(each).rejects.toThrow('ENOBUFS');
  });

  test('closing closes all', async () => {
    const { ports, sockets } = await filled(3);
    await ports.close();
    expect(sockets.map(({ isOpen }) => isOpen)).toEqual([false, false, false]);
    await ports.close();
  });

  test('closing while some are being opened: those are closed as well, those that cannot be opened are no matter', async () => {
    const { ports, attempts, sockets } = pool(3);
    const taken = [0, 1].map(async () => ports.take());
    const closing = ports.close();
    attempts[0]?.succeed();
    attempts[1]?.fail('ENODEV');
    await Promise.allSettled(taken);
    await closing;
    expect(sockets.map(({ isOpen }) => isOpen)).toEqual([false]);
  });

  test('what is taken after that is closed at once', async () => {
    const { ports, attempts, sockets } = await filled(1);
    await ports.close();
    const late = ports.take();
    attempts[1]?.succeed();
    await late;
    expect(sockets.map(({ isOpen }) => isOpen)).toEqual([false, false]);
  });
});

describe('one socket', () => {
  const key = (port: number): number => peerKey(PEER, port);
  const listener = () => {
    const heard: string[] = [];
    return { heard, receive: (octets: Uint8Array) => void heard.push(Buffer.from(octets).toString('hex')) };
  };
  const made = () => {
    const socket = new Socket();
    return { socket, data: new DataPort(socket, CLOCK) };
  };

  test('gives each peer what it says, known by address and port', () => {
    const { socket, data } = made();
    const [one, other, neighbour] = [listener(), listener(), listener()];
    data.join(key(1000), one);
    data.join(key(1001), other);
    data.join(peerKey(ip('192.168.77.101'), 1000), neighbour);
    expect(data.size).toBe(3);
    data.receive(ACK, PEER, 1000);
    data.receive(encodePacket({ type: 'ack', block: 2 }), PEER, 1001);
    data.receive(encodePacket({ type: 'ack', block: 3 }), ip('192.168.77.101'), 1000);
    expect([one.heard, other.heard, neighbour.heard]).toEqual([['00040001'], ['00040002'], ['00040003']]);
    expect(socket.sent).toEqual([]);
  });

  test.each<readonly [string, TftpPacket | Uint8Array, readonly string[]]>([
    ['an ACK', { type: 'ack', block: 1 }, ['ERROR 5 to 7']],
    ['DATA', { type: 'data', block: 1, octets: Buffer.from('x') }, ['ERROR 5 to 7']],
    ['an OACK', { type: 'oack', options: [{ name: 'blksize', value: '8' }] }, ['ERROR 5 to 7']],
    ['an ERROR, or two servers would never stop', { type: 'error', code: 5, message: '' }, []],
    ['a request, which belongs to port 69', { type: 'rrq', fileName: 'f', mode: 'octet', options: [] }, []],
    ['nothing', new Uint8Array(0), []],
    ['half an ACK', Uint8Array.of(0, 4, 0), []],
    ['an opcode of two octets', Uint8Array.of(4, 4, 0, 0), []],
  ])('a stranger that says %s (RFC 1350 §4)', (_name, said, answer) => {
    const { socket, data } = made();
    data.receive(said instanceof Uint8Array ? said : encodePacket(said), PEER, 7);
    expect(socket.sent).toEqual(answer);
  });

  test('a peer that was served is not told off for ten seconds, and then it is', () => {
    now = 0;
    const { socket, data } = made();
    const served = listener();
    data.join(key(1000), served);
    data.leave(key(1000));
    expect(data.size).toBe(0);
    now = 9_999;
    data.receive(ACK, PEER, 1000);
    expect([socket.sent, served.heard]).toEqual([[], []]);
    now = 10_000;
    data.receive(ACK, PEER, 1000);
    expect(socket.sent).toEqual(['ERROR 5 to 1000']);
  });

  test('a peer that comes again is served, and remembered from its last end on', () => {
    now = 0;
    const { socket, data } = made();
    data.join(key(1000), listener());
    data.leave(key(1000));
    now = 8_000;
    const again = listener();
    data.join(key(1000), again);
    data.receive(ACK, PEER, 1000);
    expect(again.heard).toHaveLength(1);
    data.leave(key(1000));
    now = 17_000;
    data.receive(ACK, PEER, 1000);
    expect(socket.sent).toEqual([]);
  });

  test('who leaves without having been there is a stranger still', () => {
    const { socket, data } = made();
    data.leave(key(1000));
    data.receive(ACK, PEER, 1000);
    expect(socket.sent).toHaveLength(1);
  });

  test('4096 peers are remembered, and of more the oldest are not', () => {
    now = 0;
    const { socket, data } = made();
    for (let port = 1; port <= 5000; port += 1) {
      data.join(key(port), listener());
      data.leave(key(port));
    }
    for (let port = 1; port <= 5000; port += 1) data.receive(ACK, PEER, port);
    expect(socket.sent).toEqual(Array.from({ length: 5000 - 4096 }, (_, n) => `ERROR 5 to ${n + 1}`));
  });
});

test('a peer is one number, another one for each address and port', () => {
  const keys = [ip('0.0.0.0'), ip('192.168.77.1'), ip('255.255.255.255')].flatMap((address) =>
    [0, 1, 69, 65_535].map((port) => peerKey(address, port)),
  );
  expect(new Set(keys).size).toBe(12);
  expect(keys.every(Number.isSafeInteger)).toBe(true);
});
