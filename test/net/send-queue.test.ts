/** Runs of datagrams that are sent from where they stand, and what cannot be sent, on the loopback. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test } from 'vitest';
import { AF_INET, cInt, isAvailable, libc, localOf, SOCK_CLOEXEC, SOCK_DGRAM, SOL_SOCKET } from '../../src/net/linux/libc.ts';
import { type Sender, SendQueue } from '../../src/net/linux/send-queue.ts';
import {
  aMoment,
  closePorts,
  cut,
  expectHeard,
  hear,
  LOCALHOST,
  memoryOf,
  sharedLoopback as port,
  text,
  textsOf,
} from '../support/shared-loopback.ts';
import { pattern } from '../support/tftp-script.ts';

afterEach(closePorts);

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
    expectHeard(await heard, cut(memory.octets, stride));
  });

  test('is taken from the middle of its memory, again and again', async () => {
    const [server, client] = [await port(), await port()];
    const memory = memoryOf(pattern(100_000));
    const heard = hear(server, 12);
    for (const at of [0, 1004, 50_200]) client.sendRun(memory, at, 4 * 1004, 1004, LOCALHOST, server.local.port);
    expectHeard(
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
      expectHeard(await heard, cut(pattern(64 * 4100, round + 1), 4100));
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
      expectHeard(await heard, [Buffer.from('before'), ...cut(memory.octets, 1004), Buffer.from('after')]);
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
