/** On real sockets over the loopback. */
import { readdirSync, readlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { invariant } from '../../src/base/result.ts';
import { checkText } from '../../src/config/load.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { openNetworkHost } from '../../src/net/choose-host.ts';
import { isAvailable } from '../../src/net/linux/libc.ts';
import type { SharedPort, SharedSockets, UdpOptions } from '../../src/net/ports.ts';
import { warmUpTftp } from '../../src/server/tftp-warm-up.ts';

const { written } = checkText('{}', { file: 'test.yaml', env: {} });
invariant(written !== undefined, 'an empty configuration is one');
const CONFIG = resolveConfig(written, '/nowhere', undefined);

/** Sockets that are counted, and of which number `failsAt` cannot be opened. */
function counted(sockets: SharedSockets, failsAt = Number.POSITIVE_INFINITY) {
  const asked: UdpOptions[] = [];
  let open = 0;
  let answers = 0;
  const counting: SharedSockets = {
    async openShared(options) {
      asked.push(options);
      if (asked.length >= failsAt) throw new Error('ENODEV: no such device');
      const port = await sockets.openShared(options);
      open += 1;
      let isOpen = true;
      const close = async (): Promise<void> => {
        if (isOpen) open -= 1;
        isOpen = false;
        await port.close();
      };
      const onDatagram: SharedPort['onDatagram'] = (listener) =>
        port.onDatagram((octets, address, from) => {
          answers += 1;
          listener(octets, address, from);
        });
      return { ...port, onDatagram, close };
    },
  };
  return { sockets: counting, asked, open: () => open, answers: () => answers };
}

/** Descriptors of sockets that this process has. */
function socketDescriptors(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:');
    } catch {
      return false;
    }
  }).length;
}

describe.runIf(isAvailable()).each(['linux', 'portable'] as const)('the rehearsal, with %s sockets', (kind) => {
  test('comes to its end, with thousands of packets, and leaves no socket', { timeout: 20_000 }, async () => {
    const { sockets } = await openNetworkHost(kind);
    const count = counted(sockets);
    const before = socketDescriptors();
    const from = performance.now();
    await warmUpTftp(count.sockets, CONFIG, () => {});
    expect(performance.now() - from).toBeLessThan(5000);
    expect(count.open()).toBe(0);
    expect(count.answers()).toBeGreaterThan(5000);
    expect(socketDescriptors()).toBe(before);
  });

  test('tells what such clients would be told of: files with and without a lease, and what is missing', async () => {
    const { sockets } = await openNetworkHost(kind);
    const told: AppEvent[] = [];
    await warmUpTftp(sockets, CONFIG, (events) => told.push(...events));
    const kinds = new Set(told.map(({ type }) => type));
    expect(kinds).toContain('transfer.done');
    expect(kinds).toContain('transfer.missed');
    expect(told.some((event) => 'mac' in event)).toBe(true);
    expect(told.some((event) => !('mac' in event))).toBe(true);
    expect(kinds).not.toContain('transfer.refused');
    expect(kinds).not.toContain('server.fault');
  });

  test('opens nothing but free ports on loopback', async () => {
    const { sockets } = await openNetworkHost(kind);
    const count = counted(sockets);
    await warmUpTftp(count.sockets, CONFIG, () => {});
    expect(count.asked.length).toBeGreaterThan(8);
    expect(new Set(count.asked.map(({ interface: name, port }) => `${name}:${port}`))).toEqual(new Set(['lo:0']));
  });

  test.each([1, 2, 3, 6, 12])('where socket %i cannot be opened it ends early, or goes on with fewer, and leaves none', async (failsAt) => {
    const { sockets } = await openNetworkHost(kind);
    const count = counted(sockets, failsAt);
    const before = socketDescriptors();
    await warmUpTftp(count.sockets, CONFIG, () => {});
    expect(count.asked.length).toBeGreaterThanOrEqual(failsAt);
    expect(count.open()).toBe(0);
    expect(socketDescriptors()).toBe(before);
  });
});

test('where nothing that is sent arrives it gives up after a second', async () => {
  const deaf: SharedPort = {
    local: { address: 0 as never, port: 1 },
    onDatagram: () => {},
    onFault: () => {},
    send: () => {},
    sendRun: () => {},
    close: async () => {},
  };
  const from = performance.now();
  await warmUpTftp({ openShared: async () => ({ ...deaf }) }, CONFIG, () => {});
  expect(performance.now() - from).toBeGreaterThan(900);
  expect(performance.now() - from).toBeLessThan(3000);
});
