/** Devices of a rack at night: some are stuck, some load, most have what they need; one has a timeline and packets in full. */
import type { DecodedPacketShape, DeviceSummaryShape, TimelineEntryShape } from '../../../src/web/api/device-shapes.ts';
import { fault, MINUTE, NOW, type Publish, type StubArea } from './stub-area.ts';

type Row = readonly [
  name: string | undefined,
  mac: string,
  vendor: string,
  state: DeviceSummaryShape['state'],
  verdict: string,
  sentence: string,
  percent?: number,
];

const ROWS: readonly Row[] = [
  [
    'node-07',
    '52:54:00:7a:10:07',
    'QEMU',
    'stuck',
    'file-missing',
    'It asks for grubx64.efi, which is not there, 6 times in 40 s: put it under the root, or did you mean debian-12/grubx64.efi.',
  ],
  [
    'desk-114',
    '00:04:f2:8c:11:4e',
    'Polycom',
    'stuck',
    'offered-not-requested',
    'It was offered 192.168.77.131 14 times and has not asked for it: its firmware takes no such offer, or the answers do not reach it, so look at the VLAN of its switch port.',
  ],
  [
    undefined,
    '3c:ec:ef:90:22:b8',
    'Super Micro Computer',
    'stuck',
    'fell-silent',
    'It fell silent at 31 % of debian-12/initrd.gz (no answer to 6 attempts): look at its cable, the switch port (errors, duplex) and its power.',
  ],
  ['pc-102', 'd4:be:d9:00:02:4a', 'Dell Inc.', 'loading', 'loading', 'It reads debian-12/initrd.gz, 27 of 42 MiB so far.', 64],
  ['leaf-2', '44:38:39:00:5a:02', 'Cumulus Networks', 'loading', 'loading', 'It reads onie-installer, 18 of 208 MiB so far.', 9],
  ['node-09', '52:54:00:7a:10:09', 'QEMU', 'addressing', 'addressing', 'It asks for an address.'],
  [
    undefined,
    'dc:a6:32:14:fe:90',
    'Raspberry Pi Trading',
    'waiting',
    'no-boot-wanted',
    'It has 192.168.77.144 and did not ask for boot options (its list has neither 43, 66 nor 67), so that it does not want to boot from here: switch network boot on in its firmware if it should.',
  ],
  ['desk-101', '00:1b:54:aa:bb:cc', 'Cisco Systems', 'provisioned', 'stored', 'It has its configuration SEP001B54AABBCC.cnf.xml.'],
  [
    'switch1',
    '00:1c:73:aa:01:10',
    'Arista Networks',
    'provisioned',
    'stored',
    'Its running-config is stored as version 3, and nothing more is wanted from here.',
  ],
  ['node-01', '52:54:00:7a:10:01', 'QEMU', 'booted', 'booted', 'It loaded pxelinux.0, vmlinuz and initrd.gz, and asks for nothing more.'],
  [
    'node-02',
    '52:54:00:7a:10:02',
    'QEMU',
    'booted',
    'booted',
    'It loaded ipxe.efi, boot.ipxe and debian-12/initrd.gz, and asks for nothing more.',
  ],
  [
    'node-04',
    '52:54:00:7a:10:04',
    'QEMU',
    'booted',
    'booted',
    'It loaded ipxe.efi, boot.ipxe and debian-12/initrd.gz, and asks for nothing more.',
  ],
];

export const STUCK_MAC = '52:54:00:7a:10:07';

export function rackDevices(): DeviceSummaryShape[] {
  return ROWS.map(([name, mac, vendor, state, verdict, sentence, percent], index) => ({
    id: mac,
    mac,
    ...(state === 'addressing' ? {} : { address: `192.168.77.${120 + index}` }),
    ...(name === undefined ? {} : { name }),
    vendor,
    ...(percent === undefined ? {} : { percent }),
    state,
    verdict,
    sentence,
    since: NOW - (index + 1) * MINUTE,
    seenAt: NOW - index * 7_000,
  }));
}

/** As many as a hall has, every tenth of them stuck. */
export function manyDevices(count: number): DeviceSummaryShape[] {
  const rack = rackDevices();
  return Array.from({ length: count }, (_, index) => {
    const like = rack[index % 10 === 0 ? index % 3 : 3 + (index % 9)] ?? rack[0];
    if (like === undefined) throw new Error('the rack is empty');
    const mac = `02:00:00:00:${hex(index >> 8)}:${hex(index & 255)}`;
    return { ...like, id: mac, mac, name: `node-${index}`, address: `10.20.${index >> 8}.${index & 255}` };
  });
}

const hex = (octet: number): string => octet.toString(16).padStart(2, '0');

type Step = readonly [secondsAgo: number, event: string, what: string, text: string, count?: number];

const STEPS: readonly Step[] = [
  [90_000, 'lease.bound', 'REQUEST → ACK', '192.168.77.120 is leased until 08:31'],
  [89_990, 'transfer.done', 'TFTP done', 'shimx64.efi: 960 KiB in 0.4 s'],
  [89_980, 'transfer.done', 'TFTP done', 'grubx64.efi: 2.6 MiB in 1.1 s'],
  [64, 'dhcp.offered', 'DISCOVER → OFFER', '192.168.77.120 was offered – PXEClient:Arch:00007, uefi-x64, 4 s after it began', 2],
  [60, 'lease.bound', 'REQUEST → ACK', '192.168.77.120 is leased until 08:30, boot file shimx64.efi'],
  [59, 'transfer.declined', 'TFTP declined', 'shimx64.efi: it asked for the size only'],
  [58, 'transfer.done', 'TFTP done', 'shimx64.efi: 960 KiB in 0.4 s, blocks of 1468'],
  [46, 'transfer.missed', 'TFTP missed', 'grubx64.efi is not there; did you mean debian-12/grubx64.efi?', 6],
  [6, 'device.stuck', 'stuck', 'file-missing'],
];

export function rackTimeline(): TimelineEntryShape[] {
  return STEPS.map(([secondsAgo, event, what, text, count = 1], index) => ({
    id: index + 1,
    at: NOW - secondsAgo * 1_000,
    lastAt: NOW - secondsAgo * 1_000 + (count - 1) * 6_000,
    count,
    event,
    what,
    text,
  }));
}

/** The DISCOVER of a UEFI machine: fixed header, cookie, options. */
function discoverHex(): string {
  const header = `01010600${'7a1007aa'}00048000${'00000000'.repeat(4)}5254007a1007${'00'.repeat(10)}${'00'.repeat(192)}63825363`;
  const options = [
    '350101',
    '390205c0',
    '5d020007',
    '5e03010310',
    '3c20505845436c69656e743a417263683a30303030373a554e44493a303033303136',
    '370c0102030405060c0d11122b3c',
    'ff',
  ];
  return `${header}${options.join('')}`;
}

export function rackPackets(): DecodedPacketShape[] {
  const fields: DecodedPacketShape['fields'] = [
    { name: 'op', value: '1 (BOOTREQUEST)', octets: [0, 1] },
    { name: 'htype', value: '1 (Ethernet)', octets: [1, 2] },
    { name: 'xid', value: '0x7a1007aa', octets: [4, 8] },
    { name: 'secs', value: '4', octets: [8, 10] },
    { name: 'flags', value: '0x8000 (broadcast)', octets: [10, 12] },
    { name: 'chaddr', value: STUCK_MAC, octets: [28, 34] },
    { name: 'magic cookie', value: '99.130.83.99', octets: [236, 240] },
    { name: 'option 53 (dhcp-message-type)', value: 'DISCOVER', octets: [240, 243] },
    { name: 'option 57 (maximum-message-size)', value: '1472', octets: [243, 247] },
    { name: 'option 93 (client-system-architecture)', value: '7 (uefi-x64)', octets: [247, 251] },
    { name: 'option 94 (client-network-interface)', value: 'UNDI 3.16', octets: [251, 256] },
    { name: 'option 60 (vendor-class-identifier)', value: 'PXEClient:Arch:00007:UNDI:003016', octets: [256, 290] },
    { name: 'option 55 (parameter-request-list)', value: '1 2 3 4 5 6 12 13 17 18 43 60', octets: [290, 304] },
    { name: 'end', value: '', octets: [304, 305] },
  ];
  const discover = {
    direction: 'in',
    protocol: 'dhcp',
    from: '0.0.0.0:68',
    to: '255.255.255.255:67',
    summary: 'DISCOVER',
    fields,
    hex: discoverHex(),
  } as const;
  const asked = '00016772756278 36342e6566690 06f6374657400'.replaceAll(' ', '');
  const miss = '000500014e6f742068657265 00'.replaceAll(' ', '');
  return [
    { ...discover, at: NOW - 64_000 },
    { ...discover, at: NOW - 60_000, summary: 'REQUEST' },
    {
      at: NOW - 46_000,
      direction: 'in',
      protocol: 'tftp',
      from: '192.168.77.120:1801',
      to: '192.168.77.1:69',
      summary: 'RRQ grubx64.efi',
      fields: [
        { name: 'opcode', value: '1 (RRQ)', octets: [0, 2] },
        { name: 'filename', value: 'grubx64.efi', octets: [2, 14] },
        { name: 'mode', value: 'octet', octets: [14, 20] },
      ],
      hex: asked,
    },
    {
      at: NOW - 46_000 + 2,
      direction: 'out',
      protocol: 'tftp',
      from: '192.168.77.1:40213',
      to: '192.168.77.120:1801',
      summary: 'ERROR 1 Not here',
      fields: [
        { name: 'opcode', value: '5 (ERROR)', octets: [0, 2] },
        { name: 'error code', value: '1 (file not found)', octets: [2, 4] },
        { name: 'message', value: 'Not here', octets: [4, 13] },
      ],
      hex: miss,
    },
  ];
}

export interface DeviceArea extends StubArea {
  readonly devices: Map<string, DeviceSummaryShape>;
  /** What happens to a device, as the stream tells it. */
  change(device: DeviceSummaryShape, entry?: TimelineEntryShape): void;
}

export function deviceArea(publish: Publish, list: readonly DeviceSummaryShape[] = rackDevices()): DeviceArea {
  const devices = new Map(list.map((device) => [device.id, device]));
  let timeline = rackTimeline();
  const answer: StubArea = ({ method, path }) => {
    if (path === '/devices') return { status: 200, body: { devices: [...devices.values()] } };
    const [, id, part] = /^\/devices\/([^/]+)(\/\w+)?$/.exec(path) ?? [];
    if (method !== 'GET' || id === undefined) return undefined;
    const device = devices.get(id);
    if (device === undefined) return fault(404, `no device is called ${id}`);
    if (part === undefined) return { status: 200, body: { device, entries: timeline } };
    return part === '/packets' ? { status: 200, body: { packets: rackPackets() } } : { status: 200, body: { device, entries: timeline } };
  };
  return Object.assign(answer, {
    devices,
    change(device: DeviceSummaryShape, entry?: TimelineEntryShape): void {
      devices.set(device.id, device);
      if (entry !== undefined) timeline = [...timeline.filter(({ id }) => id !== entry.id), entry].sort((a, b) => a.id - b.id);
      publish('devices', { changes: [{ device, ...(entry === undefined ? {} : { entry }) }], missed: 0 });
    },
  });
}
