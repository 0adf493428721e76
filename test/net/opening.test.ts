import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseIpv4 } from '../../src/base/addresses.ts';
import { invariant } from '../../src/base/result.ts';
import { openNetworkHost } from '../../src/net/choose-host.ts';
import { isAvailable } from '../../src/net/linux/libc.ts';
import { explainOpening } from '../../src/net/open-fault.ts';
import type { DatagramPort, UdpOptions } from '../../src/net/ports.ts';

const localhost = parseIpv4('127.0.0.1');
const elsewhere = parseIpv4('192.0.2.1');

/** The next datagram's text. */
function heard(port: DatagramPort): Promise<string> {
  return new Promise((resolve) => port.onDatagram((bytes) => resolve(new TextDecoder().decode(bytes))));
}

const kinds = isAvailable() ? (['linux', 'portable'] as const) : (['portable'] as const);

describe.each(kinds)('ports of the %s host on the loopback', (kind) => {
  async function open(options: Partial<UdpOptions>): Promise<DatagramPort> {
    const { sockets } = await openNetworkHost(kind);
    return sockets.openUdp({ interface: 'lo', port: 0, ...options });
  }

  test.runIf(process.platform === 'linux')(
    'a port for all and one for an address share a number; each is told from the other',
    async () => {
      const { sockets } = await openNetworkHost(kind);
      const all = await sockets.openUdp({ interface: 'lo', port: 0 });
      const own = await sockets.openUdp({ interface: 'lo', port: all.local.port, address: localhost });
      const asking = await open({ address: localhost });
      const [atOwn, back] = [heard(own), heard(asking)];
      own.send(new TextEncoder().encode('answer'), asking.local);
      asking.send(new TextEncoder().encode('question'), own.local);
      expect(await Promise.all([atOwn, back])).toEqual(['question', 'answer']);
      // With the port for the address gone, the one for all gets its datagrams.
      await own.close();
      const atAll = heard(all);
      asking.send(new TextEncoder().encode('again'), own.local);
      expect(await atAll).toBe('again');
      await Promise.all([all.close(), asking.close()]);
    },
  );

  test.runIf(process.platform === 'linux')('the same port twice is refused, by this factory and by another', async () => {
    const { sockets } = await openNetworkHost(kind);
    const first = await sockets.openUdp({ interface: 'lo', port: 0 });
    const { port } = first.local;
    const own = await sockets.openUdp({ interface: 'lo', port, address: localhost });
    const taken = { code: 'EADDRINUSE' };
    await expect(sockets.openUdp({ interface: 'lo', port, address: localhost })).rejects.toMatchObject(taken);
    await expect(open({ port })).rejects.toMatchObject(taken);
    await Promise.all([first.close(), own.close()]);
    await (await open({ port })).close();
  });

  test.runIf(process.platform === 'linux')('in any order, and both at once', async () => {
    const { sockets } = await openNetworkHost(kind);
    const own = await sockets.openUdp({ interface: 'lo', port: 0, address: localhost });
    const { port } = own.local;
    const all = await sockets.openUdp({ interface: 'lo', port });
    await Promise.all([own.close(), all.close()]);
    const both = await Promise.all([
      sockets.openUdp({ interface: 'lo', port }),
      sockets.openUdp({ interface: 'lo', port, address: localhost }),
    ]);
    await Promise.all(both.map((opened) => opened.close()));
  });

  test('an address that is not ours', async () => {
    await expect(open({ address: elsewhere, port: 6969 })).rejects.toThrow('EADDRNOTAVAIL on port 6969: 192.0.2.1 is not on lo');
  });

  test('a datagram to port 0, which a question may claim to come from, is a fault and no throw', async () => {
    const port = await open({ address: localhost });
    const fault = new Promise<Error>((resolve) => port.onFault(resolve));
    invariant(localhost !== undefined, 'it is an address');
    port.send(Uint8Array.of(1), { address: localhost, port: 0 });
    expect((await fault).message).toMatch(/Port/);
    await port.close();
  });

  test('closing twice is allowed, and sending afterwards is nothing', async () => {
    const port = await open({ address: localhost });
    await Promise.all([port.close(), port.close()]);
    port.send(Uint8Array.of(1), port.local);
    await port.close();
  });

  test.runIf(process.platform === 'linux')('no file descriptor is left behind, neither by a failure nor by a close', async () => {
    // The first time loads and keeps what it needs.
    await (await open({ address: localhost })).close();
    const before = readdirSync('/proc/self/fd').length;
    for (let round = 0; round < 5; round += 1) {
      await expect(open({ address: elsewhere })).rejects.toThrow('EADDRNOTAVAIL');
      await (await open({ address: localhost, receiveBuffer: 65_536, broadcast: true })).close();
    }
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });
});

test.runIf(isAvailable())('an interface that is not there', async () => {
  const { sockets } = await openNetworkHost('linux');
  await expect(sockets.openUdp({ interface: 'no-such-lan', port: 69 })).rejects.toThrow(
    'ENODEV on port 69: there is no interface no-such-lan',
  );
});

describe('explainOpening', () => {
  const options: UdpOptions = { interface: 'eth1', port: 67 };
  test.each([
    ['EACCES', /^EACCES on port 67: ports below 1024 .*run as root, or once: setcap cap_net_bind_service,cap_net_raw,cap_net_admin\+ep \//],
    ['EPERM', /^EPERM on port 67: the system forbids it; run as root/],
    ['EADDRINUSE', /^EADDRINUSE on port 67: another program serves UDP port 67 on eth1 already/],
    ['ENODEV', /^ENODEV on port 67: there is no interface eth1$/],
    ['EMFILE', /^as it came$/],
  ])('%s', (code, text) => {
    const original = Object.assign(new Error('as it came'), { code });
    const explained = explainOpening(original, options);
    expect(explained.message).toMatch(text);
    expect(explained).toMatchObject({ code });
    expect(explained === original || explained.cause === original).toBe(true);
  });

  test('what is no Error at all', () => {
    expect(explainOpening('odd', options).message).toBe('odd');
  });
});
