/** UDP sockets that crowds share, on the loopback. */
import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { isAvailable } from '../../src/net/linux/libc.ts';
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
    expectHeard(await heard, [Buffer.from(pattern(length))]);
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
    expectHeard(runs, Array.from({ length: 10 }, () => cut(memory.octets, 1000)).flat());
  });
});

describe.runIf(isAvailable())('what comes in', () => {
  test('before anybody listens is kept for the first who does', async () => {
    const [server, client] = [await port(), await port()];
    for (const words of ['one', 'two']) client.send(text(words), LOCALHOST, server.local.port);
    await aMoment();
    expect(textsOf(await hear(server, 2))).toEqual(['one', 'two']);
  });

  test('at a port that was closed before anybody listened is nobody’s', async () => {
    const [server, client] = [await port(), await port()];
    client.send(text('one'), LOCALHOST, server.local.port);
    await server.close();
    let heard = 0;
    server.onDatagram(() => {
      heard += 1;
    });
    await aMoment();
    expect(heard).toBe(0);
  });

  test('in a burst of thousands is heard in order, each with its own octets', async () => {
    const [server, client] = [await port(), await port()];
    const heard = hear(server, 3000);
    for (let n = 0; n < 3000; n += 1) client.send(pattern(n % 600, n + 1), LOCALHOST, server.local.port);
    expectHeard(
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

  test('as quickly as it is answered leaves the event loop its turns', async () => {
    const [server, client] = [await port(), await port()];
    const [ended, first] = [Promise.withResolvers<number>(), text('ball')];
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 1);
    const until = performance.now() + 100;
    server.onDatagram((octets, address, from) => server.send(octets, address, from));
    client.onDatagram((octets, address, from) => (performance.now() < until ? client.send(octets, address, from) : ended.resolve(turns)));
    client.send(first, LOCALHOST, server.local.port);
    // A hundred of them where nothing else runs on the machine.
    expect(await ended.promise).toBeGreaterThan(5);
    clearInterval(ticking);
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
