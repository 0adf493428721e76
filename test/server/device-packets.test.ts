import { expect, it } from 'vitest';
import { type Ipv4, type Mac, showIpv4 } from '../../src/base/addresses.ts';
import { wallMs } from '../../src/base/clock.ts';
import type { DeviceSummary, Timeline } from '../../src/devices/api.ts';
import { encodePacket } from '../../src/dhcp/packet.ts';
import { packetsOfDevice } from '../../src/server/device-packets.ts';
import type { KeptPacket } from '../../src/server/packet-ring.ts';
import { encodePacket as encodeTftp } from '../../src/tftp/packet.ts';
import { ip, mac } from '../support/addresses.ts';
import { message } from '../support/dhcp-client.ts';

const DESK = mac('00:1b:54:aa:bb:cc');
const END = { address: ip('192.168.77.1'), port: 67 };

function offer(at: number, address: string, direction: 'in' | 'out' = 'out'): KeptPacket {
  const octets = encodePacket(message('OFFER', DESK, { packet: { operation: 2, yourAddress: ip(address) } }));
  return { at: wallMs(at), direction, from: END, to: END, length: octets.length, octets };
}

function request(at: number, address: Ipv4): KeptPacket {
  const octets = encodeTftp({ type: 'rrq', fileName: 'a.cfg', mode: 'octet', options: [] });
  return { at: wallMs(at), direction: 'in', from: { address, port: 2000 }, to: END, length: octets.length, octets };
}

/** Devices by what they are called, each with its address; every address has asked for a file. */
function asked(
  messages: readonly KeptPacket[],
  devices: Readonly<Record<string, { readonly id: string; readonly mac?: Mac; readonly address?: string }>>,
) {
  return packetsOfDevice({
    dhcp: { packetsOf: (client) => Promise.resolve(client === DESK ? messages : []) },
    tftp: { packetsOf: (addresses) => Promise.resolve(addresses.map((address, at) => request(15 + at, address))) },
    book: {
      timeline: (called) => devices[called] && ({ device: devices[called], entries: [] } as unknown as Timeline),
      list: () => Object.values(devices) as unknown as DeviceSummary[],
    },
  });
}

it('a device has its messages and the files that it asked for, in the order of time', async () => {
  const packetsOf = asked([offer(10, '192.168.77.20'), offer(20, '192.168.77.20')], {
    desk: { id: DESK, mac: DESK, address: '192.168.77.20' },
  });
  expect((await packetsOf('desk'))?.map(({ at, protocol, summary }) => [at, protocol, summary])).toEqual([
    [10, 'dhcp', 'OFFER 192.168.77.20'],
    [15, 'tftp', 'RRQ a.cfg'],
    [20, 'dhcp', 'OFFER 192.168.77.20'],
  ]);
});

it('addresses that it was given before count, those that it claims or that another has now do not', async () => {
  const messages = [offer(1, '192.168.77.30'), offer(2, '192.168.77.31'), offer(3, '192.168.77.32', 'in')];
  const packetsOf = asked(messages, {
    desk: { id: DESK, mac: DESK, address: '192.168.77.20' },
    other: { id: '00:1b:54:aa:bb:dd', mac: mac('00:1b:54:aa:bb:dd'), address: '192.168.77.31' },
    // Before it had its address by a lease it asked from it.
    '192.168.77.30': { id: '192.168.77.30', address: '192.168.77.30' },
  });
  const files = (await packetsOf('desk'))?.filter(({ protocol }) => protocol === 'tftp');
  expect(files?.map(({ from }) => from)).toEqual(['192.168.77.20:2000', '192.168.77.30:2000']);
});

it('one of which only an address is known has its files, one that was never understood its messages, and anybody else nothing', async () => {
  const packetsOf = asked([offer(1, '0.0.0.0')], { '192.168.77.20': { id: '192.168.77.20', address: '192.168.77.20' } });
  expect((await packetsOf('192.168.77.20'))?.map(({ from }) => from)).toEqual([`${showIpv4(ip('192.168.77.20'))}:2000`]);
  expect(await packetsOf(DESK)).toHaveLength(1);
  expect(await packetsOf('00:1b:54:aa:bb:ee')).toBeUndefined();
  expect(await packetsOf('nobody')).toBeUndefined();
});
