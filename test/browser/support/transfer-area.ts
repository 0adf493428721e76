/** Files on their way: installers, firmware of phones, and the configuration of a switch that comes in. */
import type { TransferShape } from '../../../src/web/api/transfer-shapes.ts';
import { MINUTE, NOW, type Publish, type StubArea } from './stub-area.ts';

const MIB = 1_048_576;

const TRANSFERS: readonly TransferShape[] = [
  {
    id: 'http-31',
    protocol: 'http',
    direction: 'read',
    path: 'debian/filesystem.squashfs',
    address: '10.20.4.13',
    device: 'd4:be:d9:00:02:4a',
    name: 'pc-102',
    size: 734 * MIB,
    octets: 412 * MIB,
    rate: 92 * MIB,
    startedAt: NOW - 6_000,
    outcome: 'running',
  },
  {
    id: 'tftp-118',
    protocol: 'tftp',
    direction: 'read',
    path: 'cisco/sip78xx.14-2-1-0101-135.sbn',
    address: '192.168.77.11',
    device: '00:1b:54:00:01:25',
    name: 'SEP001B54-101',
    size: 41 * MIB,
    octets: 12.4 * MIB,
    rate: 1.8 * MIB,
    blockSize: 512,
    window: 1,
    resent: 14,
    startedAt: NOW - 7_400,
    outcome: 'running',
  },
  {
    id: 'tftp-117',
    protocol: 'tftp',
    direction: 'write',
    path: 'running-config',
    address: '10.0.99.14',
    device: '28:99:3a:00:04:94',
    name: 'leaf-104',
    octets: 18_432,
    rate: 46_000,
    blockSize: 512,
    window: 1,
    resent: 0,
    startedAt: NOW - 400,
    outcome: 'running',
  },
  {
    id: 'tftp-116',
    protocol: 'tftp',
    direction: 'read',
    path: 'ipxe.efi',
    address: '10.20.4.15',
    device: 'd4:be:d9:00:07:03',
    name: 'pc-107',
    size: 1_101_824,
    octets: 1_101_824,
    rate: 8.4 * MIB,
    blockSize: 1_468,
    window: 4,
    resent: 0,
    startedAt: NOW - 20_000,
    endedAt: NOW - 19_870,
    outcome: 'done',
  },
  {
    id: 'tftp-115',
    protocol: 'tftp',
    direction: 'read',
    path: 'SEP001B54AABBCC.cnf.xml',
    address: '192.168.77.11',
    device: '00:1b:54:00:01:25',
    name: 'SEP001B54-101',
    size: 4_312,
    octets: 4_312,
    rate: 310_000,
    blockSize: 512,
    resent: 0,
    startedAt: NOW - MINUTE,
    endedAt: NOW - MINUTE + 14,
    outcome: 'done',
  },
  {
    id: 'tftp-114',
    protocol: 'tftp',
    direction: 'write',
    path: 'flash.bin',
    address: '10.0.99.16',
    device: '28:99:3a:00:09:4d',
    name: 'switch1',
    octets: 9.6 * MIB,
    rate: 240 * 1_024,
    blockSize: 512,
    resent: 61,
    startedAt: NOW - 3 * MINUTE,
    endedAt: NOW - 2 * MINUTE,
    outcome: 'failed',
    reason: 'the device has not sent anything for 30 s; what came is kept as flash.bin-9d0c51e2a0b3f471.partial',
  },
  {
    id: 'tftp-113',
    protocol: 'tftp',
    direction: 'read',
    path: 'efi64/grubx64.efi',
    address: '10.20.4.17',
    device: 'd4:be:d9:00:0c:bc',
    size: 2.5 * MIB,
    octets: 0,
    rate: 0,
    blockSize: 1_428,
    startedAt: NOW - 4 * MINUTE,
    endedAt: NOW - 4 * MINUTE,
    outcome: 'failed',
    reason: 'the device only asked for the size and ended the transfer (error 8); UEFI does so before each file',
  },
  ...Array.from({ length: 60 }, (_, index): TransferShape => {
    const startedAt = NOW - (5 + index) * MINUTE;
    return {
      id: `tftp-${112 - index}`,
      protocol: index % 3 === 0 ? 'http' : 'tftp',
      direction: 'read',
      path: ['pxelinux.0', '805ec0aabb01.cfg', 'y000000000066.cfg', 'start4.elf', 'EOS-4.32.1F.swi'][index % 5] ?? '',
      address: `10.20.4.${20 + index}`,
      name: `pc-${200 + index}`,
      size: 2 * MIB,
      octets: 2 * MIB,
      rate: (3 + (index % 9)) * MIB,
      resent: index % 7 === 0 ? 3 : 0,
      startedAt,
      endedAt: startedAt + 700,
      outcome: 'done',
    };
  }),
];

export function transferArea(publish: Publish): StubArea & { tick(): void } {
  let transfers = TRANSFERS;
  const area: StubArea = ({ method, path }) =>
    method === 'GET' && path === '/transfers' ? { status: 200, body: { transfers } } : undefined;
  return Object.assign(area, {
    /** A moment goes by: everything that runs gets on, and what is complete ends. */
    tick() {
      transfers = transfers.map((one) => {
        if (one.outcome !== 'running') return one;
        const octets = Math.min(one.octets + one.rate / 2, one.size ?? Number.POSITIVE_INFINITY);
        return octets === one.size ? { ...one, octets, outcome: 'done', endedAt: Date.now() } : { ...one, octets };
      });
      publish('transfers', { transfers: transfers.slice(0, 3) });
    },
  });
}
