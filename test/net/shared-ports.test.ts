/** UDP sockets that crowds share, on the loopback. */
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test } from 'vitest';
import { invariant } from '../../src/base/result.ts';
import { AF_INET, cInt, isAvailable, libc, localOf, SOCK_CLOEXEC, SOCK_DGRAM, SOL_SOCKET } from '../../src/net/linux/libc.ts';
import { type Sender, SendQueue } from '../../src/net/linux/send-queue.ts';
import { linuxSockets } from '../../src/net/linux/sockets.ts';
import type { SendMemory, SharedPort, UdpOptions } from '../../src/net/ports.ts';
import { ip } from '../support/addresses.ts';
import { pattern } from '../support/tftp-script.ts';

const LOCALHOST = ip('127.0.0.1');
const open: SharedPort[] = [];
const sockets = isAvailable() ? linuxSockets() : undefined;

afterEach(async () => {
  await Promise.all(open.splice(0).map((port) => port.close()));
});

async function port(options: Partial<UdpOptions> = {}): Promise<SharedPort> {
  invariant(sockets !== undefined, 'only where there are such sockets');
  const made = await sockets.openShared({ interface: 'lo', port: 0, address: LOCALHOST, receiveBuffer: 8 << 20, ...options });
  open.push(made);
  return made;
}

interface Heard {
  readonly octets: Buffer;
  readonly fromPort: number;
}

/** Resolves with the first `count` datagrams. */
function hear(at: SharedPort, count: number): Promise<Heard[]> {
  const heard: Heard[] = [];
  return new Promise((resolve) => {
    at.onDatagram((octets, _address, fromPort) => {
      heard.push({ octets: Buffer.from(octets), fromPort });
      if (heard.length === count) resolve(heard);
    });
  });
}

const memoryOf = (octets: Uint8Array): SendMemory => ({ octets, address: undefined });
const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const textsOf = (heard: readonly Heard[]): string[] => heard.map(({ octets }) => octets.toString());
const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));

/** As the octets of a run are cut. */
function cut(octets: Uint8Array, stride: number): Buffer[] {
  return Array.from({ length: Math.ceil(octets.length / stride) }, (_, n) => Buffer.from(octets.subarray(n * stride, (n + 1) * stride)));
}

function expectSame(heard: readonly Heard[], expected: readonly Buffer[]): void {
  expect(heard.map(({ octets }) => octets.length)).toEqual(expected.map((octets) => octets.length));
  heard.forEach(({ octets }, n) => {
    expect(expected[n]?.equals(octets), `datagram ${n}`).toBe(true);
  });
}

describe.runIf(isAvailable())('what is sent', () => {
  test('is copied where it is short: the sender may write over it at once', async () => {
    const [server, client] = [await port(), await port()];
    const heard = hear(server, 2);
    const octets = text('first');
    client.send(octets, LOCALHOST, server.local.port);
    octets.set(text('other'));
    client.send(octets, LOCALHOST, server.local.port);
    expect(textsOf(await heard)).toEqual(['first', 'other']);
  });

  test.each([0, 1, 4, 1023, 1024, 1025, 5000, 65_507])('comes whole, copied, with %i octets', async (length) => {
    const [server, client] = [await port(), await port()];
    const heard = hear(server, 1);
    const octets = pattern(length);
    client.send(octets, LOCALHOST, server.local.port);
    octets.fill(0);
    expectSame(await heard, [Buffer.from(pattern(length))]);
    expect((await heard)[0]?.fromPort).toBe(client.local.port);
  });

  test('comes in order, more of it than one call of the kernel takes', async () => {
    const [server, client] = [await port(), await port()];
    const heard = hear(server, 300);
    for (let n = 0; n < 300; n += 1) client.send(text(`${n}`), LOCALHOST, server.local.port);
    expect(textsOf(await heard)).toEqual(Array.from({ length: 300 }, (_, n) => `${n}`));
  });

  test('by two ports in one turn comes from the right one each', async () => {
    const [server, one, other] = [await port(), await port(), await port()];
    const heard = hear(server, 40);
    const memory = memoryOf(pattern(2500));
    for (let n = 0; n < 10; n += 1) {
      one.send(text('one'), LOCALHOST, server.local.port);
      other.sendRun(memory, 0, 2500, 1000, LOCALHOST, server.local.port);
    }
    const all = await heard;
    expect(all.filter(({ fromPort }) => fromPort === one.local.port).map(({ octets }) => octets.length)).toEqual(Array(10).fill(3));
    const runs = all.filter(({ fromPort }) => fromPort === other.local.port);
    expectSame(runs, Array.from({ length: 10 }, () => cut(memory.octets, 1000)).flat());
  });
});

describe.runIf(isAvailable())('a run', () => {
  test.each([
    ['one datagram', 100, 512],
    ['one that fills its stride', 516, 516],
    ['some, the last one short', 5000, 516],
    ['some, the last one empty but for its header', 4 * 516 + 4, 516],
    ['as many as the kernel cuts from one message', 64 * 100, 100],
    ['one more than that', 65 * 100, 100],
    ['hundreds', 300 * 12 + 5, 12],
    ['more octets than one message may have', 200_000, 1472],
    ['datagrams of which one fills a message', 3 * 40_000, 40_000],
    ['the largest blocks, several at once (RFC 2348, RFC 7440)', 3 * 65_468 + 10, 65_468],
  ])('of %s', async (_name, octets, stride) => {
    const [server, client] = [await port(), await port()];
    const memory = memoryOf(pattern(octets));
    const heard = hear(server, Math.ceil(octets / stride));
    client.sendRun(memory, 0, octets, stride, LOCALHOST, server.local.port);
    expectSame(await heard, cut(memory.octets, stride));
  });

  test('is taken from the middle of its memory, again and again', async () => {
    const [server, client] = [await port(), await port()];
    const memory = memoryOf(pattern(100_000));
    const heard = hear(server, 12);
    for (const at of [0, 1004, 50_200]) client.sendRun(memory, at, 4 * 1004, 1004, LOCALHOST, server.local.port);
    expectSame(
      await heard,
      [0, 1004, 50_200].flatMap((at) => cut(memory.octets.subarray(at, at + 4 * 1004), 1004)),
    );
  });

  test('between short datagrams keeps its place', async () => {
    const [server, client] = [await port(), await port()];
    const heard = hear(server, 200);
    for (let n = 0; n < 50; n += 1) {
      client.send(text('before'), LOCALHOST, server.local.port);
      client.sendRun(memoryOf(text('run of thre')), 0, 11, 4, LOCALHOST, server.local.port);
    }
    expect(textsOf(await heard)).toEqual(Array.from({ length: 50 }, () => ['before', 'run ', 'of t', 'hre']).flat());
  });

  test('of memory that nobody holds any more is sent before that is collected', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const [server, client] = [await port(), await port()];
    const faults: string[] = [];
    client.onFault((fault) => faults.push(fault.message));
    for (let round = 0; round < 5; round += 1) {
      const heard = hear(server, 64);
      // By itself, so that nothing of it is left on the stack.
      const sendAndForget = (): void =>
        client.sendRun(memoryOf(Buffer.from(pattern(64 * 4100, round + 1))), 0, 64 * 4100, 4100, LOCALHOST, server.local.port);
      sendAndForget();
      collect();
      const others = Array.from({ length: 8 }, () => Buffer.allocUnsafeSlow(64 * 4100).fill(0xee));
      expectSame(await heard, cut(pattern(64 * 4100, round + 1), 4100));
      expect(others).toHaveLength(8);
    }
    expect(faults).toEqual([]);
  });
});

describe.runIf(isAvailable())('what cannot be sent', () => {
  test('is a fault, and what is around it is sent', async () => {
    const [server, client] = [await port(), await port()];
    const faults: string[] = [];
    client.onFault((fault) => faults.push(fault.message));
    const heard = hear(server, 5);
    const memory = memoryOf(text('abcdefgh'));
    client.send(text('1'), LOCALHOST, server.local.port);
    client.send(text('2'), LOCALHOST, 0);
    client.sendRun(memory, 0, 8, 4, LOCALHOST, server.local.port);
    client.sendRun(memory, 0, 8, 4, LOCALHOST, 0);
    client.sendRun(memory, 4, 4, 4, LOCALHOST, server.local.port);
    client.send(text('6'), LOCALHOST, server.local.port);
    expect(textsOf(await heard)).toEqual(['1', 'abcd', 'efgh', 'efgh', '6']);
    await aMoment();
    expect(faults).toEqual(Array(2).fill('EINVAL: invalid argument (sending on lo)'));
  });

  test('is told to the port that sent it', async () => {
    const [one, other] = [await port(), await port()];
    const faults: string[] = [];
    one.onFault(() => faults.push('one'));
    other.onFault(() => faults.push('other'));
    one.send(text('x'), LOCALHOST, 0);
    other.send(text('x'), LOCALHOST, 0);
    one.send(text('x'), LOCALHOST, 0);
    await aMoment();
    expect(faults).toEqual(['one', 'other', 'one']);
  });

  test('whoever hears of it may send: nothing that waits is written over', async () => {
    const [server, client] = [await port(), await port()];
    const heard = hear(server, 5);
    client.onFault(() => {
      client.send(text('after'), LOCALHOST, server.local.port);
      client.send(text('all'), LOCALHOST, server.local.port);
    });
    client.send(text('lost'), LOCALHOST, 0);
    for (const words of ['1', '2', '3']) client.send(text(words), LOCALHOST, server.local.port);
    expect(textsOf(await heard)).toEqual(['1', '2', '3', 'after', 'all']);
  });

  test('whoever hears of it may send in the middle of answering', async () => {
    const [server, client] = [await port(), await port()];
    server.onDatagram(() => server.send(text('lost'), LOCALHOST, 0));
    server.onFault(() => server.send(text('sorry'), LOCALHOST, client.local.port));
    const heard = hear(client, 1);
    client.send(text('question'), LOCALHOST, server.local.port);
    expect(textsOf(await heard)).toEqual(['sorry']);
  });

  test('whoever hears of it may close the port', async () => {
    const [server, client] = [await port(), await port()];
    const heard = hear(server, 1);
    let faults = 0;
    client.onFault(() => {
      faults += 1;
      void client.close();
    });
    for (let n = 0; n < 3; n += 1) client.send(text('lost'), LOCALHOST, 0);
    client.send(text('last'), LOCALHOST, server.local.port);
    expect(textsOf(await heard)).toEqual(['last']);
    await aMoment();
    expect(faults).toBe(1);
  });
});

describe.runIf(isAvailable())('what comes in', () => {
  test('in a burst of thousands is heard in order, each with its own octets', async () => {
    const [server, client] = [await port(), await port()];
    const heard = hear(server, 3000);
    for (let n = 0; n < 3000; n += 1) client.send(pattern(n % 600, n + 1), LOCALHOST, server.local.port);
    expectSame(
      await heard,
      Array.from({ length: 3000 }, (_, n) => Buffer.from(pattern(n % 600, n + 1))),
    );
  });

  test('is answered from within, and the answers go to who asked', async () => {
    const [server, one, other] = [await port(), await port(), await port()];
    server.onDatagram((octets, address, from) => server.send(octets, address, from));
    const both = [hear(one, 100), hear(other, 100)];
    for (let n = 0; n < 100; n += 1) {
      one.send(text(`one ${n}`), LOCALHOST, server.local.port);
      other.send(text(`other ${n}`), LOCALHOST, server.local.port);
    }
    const [toOne = [], toOther = []] = await Promise.all(both);
    expect(textsOf(toOne)).toEqual(Array.from({ length: 100 }, (_, n) => `one ${n}`));
    expect(textsOf(toOther)).toEqual(Array.from({ length: 100 }, (_, n) => `other ${n}`));
  });

  test('by a door is heard after what the others have, whichever came first', async () => {
    const [door, data, client] = [await port({ isDoor: true }), await port(), await port()];
    const order: string[] = [];
    const all = new Promise<void>((resolve) => {
      const note = (who: string) => () => {
        if (order.push(who) === 6) resolve();
      };
      door.onDatagram(note('door'));
      data.onDatagram(note('data'));
    });
    for (let n = 0; n < 3; n += 1) {
      client.send(text('x'), LOCALHOST, door.local.port);
      client.send(text('x'), LOCALHOST, data.local.port);
    }
    await all;
    expect(order).toEqual(['data', 'data', 'data', 'door', 'door', 'door']);
  });

  test('where a listener throws: the fault is Node’s as ever, what was sent goes out, and the port goes on', async () => {
    const [server, client] = [await port(), await port()];
    server.onDatagram((octets, address, from) => {
      server.send(octets, address, from);
      if (octets[0] === 0x21) throw new Error('a bug of ours');
    });
    const heard = hear(client, 2);
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    try {
      const bug = new Promise<Error>((resolve) => process.once('uncaughtException', resolve));
      client.send(text('!'), LOCALHOST, server.local.port);
      expect((await bug).message).toBe('a bug of ours');
    } finally {
      for (const other of others) process.on('uncaughtException', other);
    }
    client.send(text('next'), LOCALHOST, server.local.port);
    expect(textsOf(await heard)).toEqual(['!', 'next']);
  });
});

describe.runIf(isAvailable())('closing', () => {
  test('inside a listener ends what it hears, the rest of the batch too', async () => {
    const [server, client] = [await port(), await port()];
    const heard: string[] = [];
    server.onDatagram((octets) => {
      if (heard.push(Buffer.from(octets).toString()) === 2) void server.close();
    });
    for (let n = 0; n < 10; n += 1) client.send(text(`${n}`), LOCALHOST, server.local.port);
    await aMoment();
    expect(heard).toEqual(['0', '1']);
  });

  test('another one inside a listener: that one hears nothing more, though it had something', async () => {
    const [server, other, client] = [await port(), await port({ isDoor: true }), await port()];
    const heard: string[] = [];
    server.onDatagram(() => {
      heard.push('server');
      void other.close();
    });
    other.onDatagram(() => heard.push('other'));
    client.send(text('x'), LOCALHOST, other.local.port);
    client.send(text('x'), LOCALHOST, server.local.port);
    await aMoment();
    expect(heard).toEqual(['server']);
  });

  test('sends what was still to be sent, twice is allowed, and nothing is sent afterwards', async () => {
    const [server, client] = [await port(), await port()];
    const heard: string[] = [];
    server.onDatagram((octets) => heard.push(Buffer.from(octets).toString()));
    client.send(text('last'), LOCALHOST, server.local.port);
    await Promise.all([client.close(), client.close()]);
    client.send(text('late'), LOCALHOST, server.local.port);
    client.sendRun(memoryOf(text('late')), 0, 4, 4, LOCALHOST, server.local.port);
    await aMoment();
    expect(heard).toEqual(['last']);
  });

  test('all of them and opening others works, and leaves no descriptor', async () => {
    await (await port()).close();
    const before = readdirSync('/proc/self/fd').length;
    for (let round = 0; round < 5; round += 1) {
      const [server, client] = [await port(), await port()];
      const heard = hear(server, 1);
      client.send(text('again'), LOCALHOST, server.local.port);
      await heard;
      await Promise.all([server.close(), client.close()]);
    }
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });
});

describe.runIf(isAvailable())('a socket that does not let the kernel cut datagrams', () => {
  /** Without checksums there is no cutting, udp(7). */
  const SO_NO_CHECK = 11;

  function senderOf(faults: string[]): Sender {
    const fd = libc().socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const onFault = (fault: Error) => faults.push(fault.message);
    return { fd, doing: 'sending', largestSegment: Number.POSITIVE_INFINITY, onFault };
  }

  test('sends them one by one, and remembers it for those that are as large', async () => {
    const faults: string[] = [];
    const sender = senderOf(faults);
    expect(libc().setsockopt(sender.fd, SOL_SOCKET, SO_NO_CHECK, cInt(1), 4)).toBe(0);
    const server = await port();
    const memory = memoryOf(pattern(20_000));
    const queue = new SendQueue();
    for (const largest of [1003, 1003]) {
      const heard = hear(server, 22);
      queue.add(sender, text('before'), LOCALHOST, server.local.port);
      queue.addRun(sender, memory, 0, 20_000, 1004, LOCALHOST, server.local.port);
      queue.add(sender, text('after'), LOCALHOST, server.local.port);
      queue.flush();
      expectSame(await heard, [Buffer.from('before'), ...cut(memory.octets, 1004), Buffer.from('after')]);
      expect(sender.largestSegment).toBe(largest);
    }
    expect(faults).toEqual([]);
    libc().close(sender.fd);
  });

  test('is not what it is taken for when only the peer is impossible', async () => {
    const faults: string[] = [];
    const sender = senderOf(faults);
    const queue = new SendQueue();
    queue.addRun(sender, memoryOf(pattern(48)), 0, 48, 12, LOCALHOST, 0);
    queue.flush();
    await aMoment();
    expect(faults).toEqual(['EINVAL: invalid argument (sending)']);
    expect(sender.largestSegment).toBe(Number.POSITIVE_INFINITY);
    expect(localOf(sender.fd).port).not.toBe(0);
    libc().close(sender.fd);
  });
});
