import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LIMITED_BROADCAST } from '../../src/base/addresses.ts';
import { latin1Bytes } from '../../src/base/bytes.ts';
import type { SafePath } from '../../src/files/safe-path.ts';
import type { TftpPacket } from '../../src/tftp/packet.ts';
import { ip } from '../support/addresses.ts';
import { type BenchClient, CLIENT, request, SECOND, SERVER, settle, TftpBench } from '../support/tftp-bench.ts';

const DOOR = { address: SERVER, port: 69 };
const ack = (block: number): TftpPacket => ({ type: 'ack', block });
const GIVE_UP: TftpPacket = { type: 'error', code: 0, message: '' };

let bench: TftpBench;
let client: BenchClient;

beforeEach(async () => {
  bench = await TftpBench.open();
  client = await bench.client();
});

afterEach(() => bench.end());

describe('a read request', () => {
  test('is answered from a port of its own at the address that was asked (RFC 1350 §4, RFC 1123 §4.1.3.5)', async () => {
    for (const asked of [SERVER, SECOND]) {
      const each = await bench.client();
      expect(await each.ask('f1000', {}, asked)).toEqual(['DATA 1 (512)']);
      expect(each.transferPort()).toMatchObject({ address: asked });
      expect(each.transferPort().port).not.toBe(69);
    }
  });

  test('runs to its end, and is told', async () => {
    await client.ask('f1000', { blksize: 600, tsize: 0, windowsize: 2 });
    expect(await client.say(ack(0))).toEqual(['DATA 1 (600)', 'DATA 2 (400)']);
    expect(await client.say(ack(2))).toEqual([]);
    const common = { transfer: 1, protocol: 'tftp', direction: 'read', path: 'f1000', address: CLIENT, hostName: 'desk-101' };
    expect(bench.events).toMatchObject([{ ...common, type: 'transfer.done', octets: 1000, resent: 0 }]);
    expect(bench.route.opened).toBe(0);
  });

  test('that lasts is told when it has lasted for a tenth of a second', async () => {
    await client.ask('f1000', { blksize: 600, tsize: 0, windowsize: 2 });
    await vi.advanceTimersByTimeAsync(99);
    expect(bench.events).toEqual([]);
    await vi.advanceTimersByTimeAsync(2);
    expect(bench.events).toMatchObject([{ type: 'transfer.started', transfer: 1, size: 1000, blockSize: 600, window: 2 }]);
  });

  test('each has a port of its own, as far as the pool reaches, and the next transfer has another (RFC 1350 §4)', async () => {
    const ports = new Set<number>();
    for (let n = 0; n < 16; n++) {
      const each = await bench.client();
      await each.ask('f1000');
      ports.add(each.transferPort().port);
      await each.say(ack(1));
      await each.say(ack(2));
    }
    expect(ports.size).toBe(16);
    const [one, other] = [await bench.client(), await bench.client()];
    await one.ask('f1000');
    await other.ask('f1000');
    expect(ports).toContain(one.transferPort().port);
    expect(other.transferPort().port).not.toBe(one.transferPort().port);
  });

  test('two clients at one port of the pool do not hear each other', async () => {
    const clients = await Promise.all(Array.from({ length: 17 }, () => bench.client()));
    for (const each of clients) await each.ask('f5000');
    const [first, last] = [clients[0], clients[16]];
    expect(first?.transferPort()).toEqual(last?.transferPort());
    expect(await first?.say(ack(1))).toEqual(['DATA 2 (512)']);
    expect(await last?.say(ack(1))).toEqual(['DATA 2 (512)']);
    expect(first?.heard).toHaveLength(2);
  });

  test('after its end the client is not told off for its last words, a stranger is', async () => {
    await client.ask('f1000');
    await client.say(ack(1));
    await client.say(ack(2));
    expect(await client.say(ack(2))).toEqual([]);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(await client.say(ack(2))).toEqual(['ERROR 5']);
  });

  test('for a file by a name that is bent tells what was served, and why', async () => {
    await client.ask('\\f1000', { blksize: 1024 });
    await vi.advanceTimersByTimeAsync(150);
    await client.say(ack(0));
    await client.say(ack(1));
    const bent = { path: '\\f1000', servedAs: 'f1000', tolerated: 'backslashes, a leading /' };
    expect(bench.events).toMatchObject([
      { type: 'transfer.started', ...bent },
      { type: 'transfer.done', ...bent },
    ]);
  });

  test('from this machine itself comes by loopback and is answered there', async () => {
    const local = await bench.client('lo', SERVER);
    expect(await local.ask('f1000')).toEqual(['DATA 1 (512)']);
  });

  test('for a file that nobody has: ERROR 1 at once, without a socket', async () => {
    bench.route.nearest = 'phones/SEP001B54AABBCC.cnf.xml' as SafePath;
    expect(await client.ask('SEP001B54AABBCC.cnf.xml', { tsize: 0 })).toEqual(['ERROR 1']);
    expect(bench.events).toEqual([
      {
        type: 'transfer.missed',
        protocol: 'tftp',
        path: 'SEP001B54AABBCC.cnf.xml',
        lookedFor: 'memory/SEP001B54AABBCC.cnf.xml',
        lastTransfer: 0,
        nearest: 'phones/SEP001B54AABBCC.cnf.xml',
        expected: undefined,
        advice: expect.stringContaining('asks for its configuration') as string,
        address: CLIENT,
        hostName: 'desk-101',
      },
    ]);
  });

  test('for a file that devices ask for and do without: the log says that this is normal', async () => {
    expect(await client.ask('CTLSEP001B54AABBCC.tlv')).toEqual(['ERROR 1']);
    expect(bench.events).toMatchObject([
      { type: 'transfer.missed', nearest: undefined, expected: expect.stringContaining('Cisco IP phone') as string },
    ]);
  });

  test.each([
    ['outside the folder', '../secret', 'octet', 'ERROR 2'],
    ['in mail mode (RFC 1350 §1)', 'f1000', 'mail', 'ERROR 4'],
    ['in an unknown mode (RFC 1350 §5)', 'f1000', 'binary8', 'ERROR 4'],
    ['that a route breaks on', 'broken-route', 'octet', undefined],
  ])('%s is refused', async (_name, fileName, mode, answer) => {
    expect(await client.ask(fileName, {}, SERVER, mode)).toEqual(answer === undefined ? [] : [answer]);
    expect(bench.eventTypes()).toEqual([answer === undefined ? 'server.fault' : 'transfer.refused']);
    expect(await client.ask('f1000')).toEqual(['DATA 1 (512)']);
  });

  test('whose client only looks at the size is declined, not failed (RFC 2347 §3)', async () => {
    await client.ask('f1000', { tsize: 0 });
    await client.say({ type: 'error', code: 8, message: 'User aborted the transfer' });
    expect(bench.eventTypes()).toEqual(['transfer.declined']);
  });

  test('whose file cannot be read ends with ERROR 0', async () => {
    bench.route.refusal = { refused: 'fault', detail: 'EIO' };
    expect(await client.ask('f1000')).toEqual(['ERROR 0']);
    expect(bench.events.at(-1)).toMatchObject({ type: 'transfer.failed', reason: 'the file could not be read: EIO' });
  });
});

describe('a broadcast request', () => {
  const everybody = { address: LIMITED_BROADCAST, port: 69 };

  test('is answered by unicast when the file is there', async () => {
    expect(await client.say(request('rrq', 'f1000'), everybody)).toEqual(['DATA 1 (512)']);
    expect(client.transferPort().address).toBe(SERVER);
  });

  test.each([
    ['no-such-file', 'octet'],
    ['../x', 'octet'],
    ['f1000', 'mail'],
  ])('%s (%s) gets silence: another server may have it', async (name, mode) => {
    expect(await client.say(request('rrq', name, {}, mode), everybody)).toEqual([]);
  });
});

describe('what is not a request at port 69', () => {
  test.each([
    ['ERROR (never answered, RFC 1350 §7)', '\x00\x05\x00\x04x\0', []],
    ['ACK', '\x00\x04\0\0', []],
    ['DATA', '\x00\x03\x00\x01x', []],
    ['OACK', '\x00\x06blksize\x00512\0', []],
    ['one octet', '\0', []],
    ['nothing', '', []],
    ['an unknown opcode', '\x00\x09f\0octet\0', ['ERROR 4']],
    ['a request without a mode', '\x00\x01f1000\0', ['ERROR 4']],
    ['a request without a name', '\x00\x01\0octet\0', ['ERROR 4']],
  ])('%s opens nothing', async (_name, octets, answer) => {
    expect(await client.say(latin1Bytes(octets), DOOR)).toEqual(answer);
    expect(bench.events).toMatchObject([{ type: 'tftp.dropped', interface: 'lan0', address: CLIENT }]);
    expect(bench.serverPorts()).not.toContain('transfer');
  });

  test('a fault of the system is told and harms nothing', async () => {
    bench.network.openPorts.find((port) => port.isAt('lan0', SERVER))?.fail(new Error('ENETDOWN'));
    expect(bench.events).toEqual([{ type: 'tftp.dropped', interface: 'lan0', reason: "the system's fault: ENETDOWN" }]);
    expect(await client.ask('f1000')).toEqual(['DATA 1 (512)']);
  });
});

describe('a packet from somebody else (RFC 1350 §4)', () => {
  test('gets ERROR 5, and the transfer goes on', async () => {
    await client.ask('f5000');
    const port = client.transferPort();
    const stranger = await bench.client();
    expect(await stranger.say(ack(1), port)).toEqual(['ERROR 5']);
    expect(await stranger.say(GIVE_UP, port)).toEqual([]);
    expect(await stranger.say(latin1Bytes('\x00\x63'), port)).toEqual([]);
    expect(await client.say(ack(1), port)).toEqual(['DATA 2 (512)']);
  });

  test('garbage from the client itself is passed over', async () => {
    await client.ask('f5000');
    for (const octets of ['', '\0', '\x00\x04', '\x00\x04\0', '\x00\x63junk']) expect(await client.say(latin1Bytes(octets))).toEqual([]);
    expect(await client.say(ack(1))).toEqual(['DATA 2 (512)']);
  });
});

describe('a request once more from the same port', () => {
  test('does not start a second transfer, neither while the file is opened nor later', async () => {
    const opening = Promise.withResolvers<void>();
    bench.route.gate = opening.promise;
    expect(await client.ask('f5000')).toEqual([]);
    expect(await client.ask('f5000')).toEqual([]);
    opening.resolve();
    await settle();
    expect(client.heard).toHaveLength(1);
    expect(await client.say(ack(1))).toEqual(['DATA 2 (512)']);
    expect(await client.ask('f5000')).toEqual([]);
    await vi.advanceTimersByTimeAsync(150);
    expect(bench.eventTypes()).toEqual(['transfer.started']);
  });

  test('starts anew when the first one waits in vain', async () => {
    await client.ask('f5000');
    await vi.advanceTimersByTimeAsync(3500);
    expect(await client.ask('f5000')).toEqual(['DATA 1 (512)']);
    await vi.advanceTimersByTimeAsync(150);
    expect(bench.eventTypes()).toEqual(['transfer.started', 'transfer.failed', 'transfer.started']);
    expect(bench.route.opened).toBe(1);
  });

  test('for another file ends the first without a word: a client has one transfer for a port', async () => {
    await client.ask('f5000');
    expect(await client.ask('f1000')).toEqual(['DATA 1 (512)']);
    expect(bench.eventTypes()).toEqual(['transfer.failed']);
  });

  test('for another file while the first one is opened: only the second is served', async () => {
    const opening = Promise.withResolvers<void>();
    bench.route.gate = opening.promise;
    await client.ask('f5000');
    await client.ask('f1000');
    opening.resolve();
    await settle();
    expect(client.heard).toMatchObject([{ packet: { type: 'data', block: 1 } }]);
    await vi.advanceTimersByTimeAsync(150);
    expect(bench.events).toMatchObject([{ type: 'transfer.started', path: 'f1000' }]);
    expect(bench.route.opened).toBe(1);
  });
});

describe('time', () => {
  test('one timer sends again for all', async () => {
    const second = await bench.client();
    await client.ask('f5000');
    await vi.advanceTimersByTimeAsync(400);
    await second.ask('f5000', { timeout: 2 });
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(601);
    expect(client.heard).toHaveLength(2);
    expect(second.heard).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1400);
    expect(second.heard).toHaveLength(2);
  });

  test('a silent client is given up after half a minute', async () => {
    await client.ask('f5000');
    await vi.advanceTimersByTimeAsync(32_000);
    expect(bench.eventTypes()).toEqual(['transfer.started', 'transfer.failed']);
    expect(bench.route.opened).toBe(0);
  });
});

describe('limits', () => {
  test('leaves the others of one client when that has too many (tftp.maxTransfersPerClient)', async () => {
    await bench.end();
    bench = await TftpBench.open({ maxTransfersPerClient: 2 });
    const [one, two, three, other] = [
      await bench.client(),
      await bench.client(),
      await bench.client(),
      await bench.client('wire', ip('192.168.77.101')),
    ];
    expect([await one.ask('f5000'), await two.ask('f5000')]).toEqual([['DATA 1 (512)'], ['DATA 1 (512)']]);
    expect(await three.ask('f5000')).toEqual(['ERROR 0']);
    expect(bench.events.at(-1)).toMatchObject({
      type: 'transfer.refused',
      reason: 'it has 2 transfers at one time (tftp.maxTransfersPerClient)',
    });
    expect(await other.ask('f5000')).toEqual(['DATA 1 (512)']);
    // The same port asks for something else: its first transfer is over.
    expect(await one.ask('f1000')).toEqual(['DATA 1 (512)']);
    await one.say({ type: 'error', code: 0, message: '' });
    expect(await three.ask('f5000')).toEqual(['DATA 1 (512)']);
  });

  test('is given only so often in a second (tftp.maxRequestsPerClient)', async () => {
    await bench.end();
    bench = await TftpBench.open({ maxRequestsPerClient: 2 });
    client = await bench.client();
    const answers: string[] = [];
    for (let n = 0; n < 5; n++) answers.push(...(await client.ask(`missing${n}`)));
    expect(answers).toEqual(['ERROR 1', 'ERROR 1', 'ERROR 1', 'ERROR 1', 'ERROR 0']);
    await vi.advanceTimersByTimeAsync(500);
    expect(await client.ask('missing')).toEqual(['ERROR 1']);
  });

  test('one transfer too many is told that the server is busy', async () => {
    await bench.end();
    bench = await TftpBench.open({ maxTransfers: 2 });
    const clients = [await bench.client(), await bench.client(), await bench.client()] as const;
    await clients[0].ask('f5000');
    await clients[1].ask('f5000');
    expect(await clients[2].ask('f5000')).toEqual(['ERROR 0']);
    expect(bench.events.at(-1)).toMatchObject({ type: 'transfer.refused', reason: 'server is busy' });
    await clients[0].say(GIVE_UP);
    expect(await clients[2].ask('f5000')).toEqual(['DATA 1 (512)']);
  });

  test('no socket left: ERROR 0, and the file is given back', async () => {
    bench.network.beforeOpen = ({ port }) => {
      if (port === 0) throw new Error('EMFILE');
    };
    expect(await client.ask('f1000')).toEqual(['ERROR 0']);
    expect(bench.events).toMatchObject([{ type: 'transfer.refused', reason: 'no socket: Error: EMFILE' }]);
    expect(bench.route.opened).toBe(0);
  });
});

describe('interfaces', () => {
  test('a door for each address, one for broadcasts, and one for each address on loopback', () => {
    expect(bench.network.openPorts.filter((port) => port.local.port === 69)).toHaveLength(5);
  });

  test('leaving one tells its clients', async () => {
    await client.ask('f5000');
    const writer = await bench.client();
    await writer.put('cfg');
    await bench.server.unlisten('lan0');
    await settle();
    expect(client.heard.at(-1)?.packet).toEqual({ type: 'error', code: 0, message: 'server is going down' });
    expect(writer.heard.at(-1)?.packet).toMatchObject({ type: 'error', code: 0 });
    expect(bench.route.aborted).toBe(1);
    expect(bench.serverPorts()).toEqual([]);
    expect(await client.ask('f1000')).toEqual([]);
  });

  test('a request that is being looked at is dropped with its interface', async () => {
    const opening = Promise.withResolvers<void>();
    bench.route.gate = opening.promise;
    await client.ask('f5000');
    await bench.server.unlisten('lan0');
    opening.resolve();
    await settle();
    expect(bench.events).toEqual([]);
    expect(bench.route.opened).toBe(0);
  });

  test('served anew with other addresses', async () => {
    await bench.server.listen({ interface: 'lan0', addresses: [SECOND], mtu: 1500 });
    expect(await client.ask('f1000')).toEqual([]);
    expect(await client.ask('f1000', {}, SECOND)).toEqual(['DATA 1 (512)']);
  });

  test('one that cannot be served leaves no socket and says why', async () => {
    await bench.server.close();
    bench.network.beforeOpen = ({ address }) => {
      if (address === SECOND) throw new Error('EADDRNOTAVAIL');
    };
    await expect(bench.listen()).rejects.toThrow('EADDRNOTAVAIL');
    expect(bench.serverPorts()).toEqual([]);
  });

  test('without loopback the network is served all the same', async () => {
    await bench.server.close();
    bench.network.beforeOpen = (options) => {
      if (options.interface === 'lo') throw new Error('EADDRINUSE');
    };
    await bench.listen();
    expect(await client.ask('f1000')).toEqual(['DATA 1 (512)']);
  });
});
