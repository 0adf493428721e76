import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { showIpv4 } from '../../src/base/addresses.ts';
import { hex, latin1Text } from '../../src/base/bytes.ts';
import type { BootMenu } from '../../src/boot/boot-menu.ts';
import { BROADCAST_FLAG, type DhcpPacket, decodePacket } from '../../src/dhcp/packet.ts';
import type { Arrival } from '../../src/dhcp/request.ts';
import { ip } from '../support/addresses.ts';
import { addressOption, LAN, LAN_UNICAST, type MessageParts, message, sent, text, told } from '../support/dhcp-client.ts';
import { type BootParts, EngineBench, subnet } from '../support/dhcp-engine.ts';

const MAC = '02:00:00:00:00:0a';
const FILES: BootParts = { files: { bios: 'pxelinux.0', 'uefi-x64': 'grubx64.efi', 'uefi-x64-http': 'http://10.0.0.1/boot.efi' } };
const AT_4011: Arrival = { ...LAN_UNICAST, asker: { address: ip('10.0.0.77'), port: 4011 } };

function proxy(boot: BootParts = FILES): EngineBench {
  return new EngineBench([subnet({ service: 'proxy', pools: [] })], [], boot);
}

function firmware(architecture: number, more: MessageParts['options'] = [], vendorClass = 'PXEClient'): MessageParts {
  const number = String(architecture).padStart(5, '0');
  return {
    list: [1, 3, 43, 60, 66, 67],
    options: [
      [60, text(`${vendorClass}:Arch:${number}:UNDI:003016`)],
      [93, Uint8Array.of(0, architecture)],
      [97, Uint8Array.of(0, 1, 2, 3)],
      ...more,
    ],
  };
}

const classOf = (packet: DhcpPacket): string => latin1Text(packet.options.get(60) ?? new Uint8Array());
const fileOf = (packet: DhcpPacket): string => latin1Text(packet.bootFile);

describe('A proxyDHCP server (PXE 2.1 §2.2.3)', () => {
  it('offers a BIOS ROM its file and no address, to all, with its class and its machine identifier', () => {
    const [offer] = sent(proxy().receive(message('DISCOVER', MAC, firmware(0))));
    expect(offer).toMatchObject({ type: 'OFFER', address: '0.0.0.0', to: { way: 'broadcast', port: 68 } });
    const packet = offer?.packet as DhcpPacket;
    expect([classOf(packet), fileOf(packet), showIpv4(packet.nextServer), addressOption(packet, 54)]).toEqual([
      'PXEClient',
      'pxelinux.0',
      '10.0.0.1',
      '10.0.0.1',
    ]);
    expect([hex(packet.options.get(43) ?? new Uint8Array()), hex(packet.options.get(97) ?? new Uint8Array())]).toEqual([
      '060108ff',
      '00010203',
    ]);
    expect(packet.flags & BROADCAST_FLAG).not.toBe(0);
    expect(
      [51, 1, 3, 58, 59].filter((code) => packet.options.has(code)),
      'nothing of an address',
    ).toEqual([]);
  });

  it('leads UEFI to port 4011, and tells it the file there, where it asked from', () => {
    const bench = proxy();
    const [offer] = sent(bench.receive(message('DISCOVER', MAC, firmware(7))));
    expect([offer && classOf(offer.packet), offer && fileOf(offer.packet), offer?.packet.options.has(43)]).toEqual([
      'PXEClient',
      '',
      false,
    ]);
    const effects = bench.receive(message('REQUEST', MAC, { ...firmware(7), ciaddr: '10.0.0.77' }), AT_4011);
    const [ack] = sent(effects);
    expect(ack).toMatchObject({ type: 'ACK', address: '0.0.0.0', to: { way: 'client', address: ip('10.0.0.77'), port: 4011 } });
    expect([ack && fileOf(ack.packet), ack && showIpv4(ack.packet.clientAddress)]).toEqual(['grubx64.efi', '10.0.0.77']);
    expect(told(effects)).toMatchObject([{ type: 'boot.answered', address: ip('10.0.0.77'), bootFile: 'grubx64.efi' }]);
  });

  it.each<[string, MessageParts]>([
    ['a client that does not boot', { list: [1, 3] }],
    ['a phone', { options: [[60, text('Cisco Systems, Inc. IP Phone CP-7960G\0')]] }],
  ])('says nothing to %s, and nothing about it', (_name, parts) => {
    expect(proxy().receive(message('DISCOVER', MAC, parts))).toEqual([]);
  });

  it.each(['REQUEST', 'RELEASE', 'DECLINE', 'INFORM'] as const)('leaves a %s at port 67 to the other server', (type) => {
    const parts = { ...firmware(0), requested: '10.9.0.5', server: '10.9.0.1', ciaddr: '10.0.0.5' };
    expect(proxy().receive(message(type, MAC, parts))).toEqual([]);
  });

  it('answers by way of a relay agent', () => {
    const [offer] = sent(proxy().receive(message('DISCOVER', MAC, { ...firmware(0), giaddr: '10.0.0.9' })));
    expect(offer?.to).toEqual({ way: 'relay', address: ip('10.0.0.9'), port: 67 });
  });

  it('answers HTTP boot in kind: the class HTTPClient, and the URL', () => {
    const [offer] = sent(proxy().receive(message('DISCOVER', MAC, firmware(16, [], 'HTTPClient'))));
    expect([offer && classOf(offer.packet), offer && fileOf(offer.packet)]).toEqual(['HTTPClient', 'http://10.0.0.1/boot.efi']);
  });

  it('offers iPXE its script as a PXE server would, so that it does not ask on port 4011', () => {
    const [offer] = sent(
      proxy({ ...FILES, ipxe: 'boot.ipxe' }).receive(message('DISCOVER', MAC, firmware(0, [[175, Uint8Array.of(0x13, 1, 1)]]))),
    );
    expect([offer && classOf(offer.packet), offer && fileOf(offer.packet), offer && showIpv4(offer.packet.nextServer)]).toEqual([
      'PXEClient',
      'boot.ipxe',
      '10.0.0.1',
    ]);
  });

  it('says why where it has no file for the architecture', () => {
    const effects = proxy().receive(message('DISCOVER', MAC, firmware(11)));
    expect([sent(effects), told(effects)]).toMatchObject([[], [{ type: 'dhcp.silent', reason: 'no boot file for uefi-arm64' }]]);
  });

  it('echoes the client identifier (RFC 6842) and the relay’s information (RFC 3046), last', () => {
    const more = [
      [61, Uint8Array.of(1, 2, 3)],
      [82, Uint8Array.of(1, 1, 7)],
    ] as const;
    const [offer] = sent(proxy().receive(message('DISCOVER', MAC, firmware(0, more))));
    expect([...(offer?.packet.options.keys() ?? [])].slice(-2)).toEqual([61, 82]);
  });
});

describe('A boot server on port 4011', () => {
  it('answers on a network where the addresses are ours, too', () => {
    const bench = new EngineBench([subnet()], [], FILES);
    const [ack] = sent(bench.receive(message('REQUEST', MAC, { ...firmware(0), ciaddr: '10.0.0.100' }), AT_4011));
    expect([ack?.type, ack && fileOf(ack.packet), ack?.packet.options.has(51)]).toEqual(['ACK', 'pxelinux.0', false]);
  });

  it.each<[string, 'DISCOVER' | 'REQUEST', MessageParts, string]>([
    ['a DISCOVER', 'DISCOVER', firmware(0), 'a boot server answers REQUESTs'],
    ['who does not boot', 'REQUEST', {}, 'it does not boot over the network'],
    ['an architecture without a file', 'REQUEST', firmware(11), 'no boot file for uefi-arm64'],
  ])('is silent to %s, with a reason', (_name, type, parts, reason) => {
    const effects = new EngineBench([subnet()], [], FILES).receive(message(type, MAC, parts), AT_4011);
    expect([sent(effects), told(effects)]).toMatchObject([[], [{ type: 'dhcp.silent', reason }]]);
  });

  it('answers the address and port that it was asked from when there is no ciaddr', () => {
    const [ack] = sent(proxy().receive(message('REQUEST', MAC, firmware(0)), { ...AT_4011, asker: { address: ip('10.0.0.8'), port: 68 } }));
    expect(ack?.to).toEqual({ way: 'client', address: ip('10.0.0.8'), port: 68 });
  });

  it('gives no lease for what comes there', () => {
    const bench = new EngineBench([subnet()], [], FILES);
    bench.receive(message('REQUEST', MAC, { ...firmware(0), ciaddr: '10.0.0.100', requested: '10.0.0.100' }), AT_4011);
    expect(bench.stored.size).toBe(0);
  });
});

describe('A menu that the firmware shows (PXE 2.1 §2.4)', () => {
  const MENU: BootMenu = {
    title: 'What now?',
    timeoutSeconds: 5,
    default: 'memtest',
    isShownByFirmware: true,
    entries: [
      { name: 'debian', title: 'Debian', action: { start: 'linux', kernel: 'linux', initrd: [], args: '' } },
      { name: 'disk', title: 'Disk', action: { start: 'local' } },
      { name: 'memtest', title: 'Memtest', action: { start: 'program', file: { bios: 'memtest.0', 'uefi-x64': 'memtest.efi' } } },
    ],
  };

  it('has the default first, our address for each item, and no entry that needs a loader', () => {
    const [offer] = sent(new EngineBench([subnet()], [], { ...FILES, menu: MENU }).receive(message('DISCOVER', MAC, firmware(7))));
    expect(hex(offer?.packet.options.get(43) ?? new Uint8Array(), ' ')).toBe(
      [
        '06 01 07',
        `0a 0a 05 ${hex(text('What now?'), ' ')}`,
        '08 07 80 02 01 0a 00 00 01',
        `09 11 80 02 07 ${hex(text('Memtest'), ' ')} 00 00 04 ${hex(text('Disk'), ' ')}`,
        'ff',
      ].join(' '),
    );
  });

  it('is answered on port 4011 with the file of the item that was chosen, for the architecture that asks', () => {
    const bench = new EngineBench([subnet()], [], { ...FILES, menu: MENU });
    const chosen = [[43, Uint8Array.of(71, 4, 0x80, 2, 0, 0, 255)]] as const;
    const [ack] = sent(bench.receive(message('REQUEST', MAC, { ...firmware(7, chosen), ciaddr: '10.0.0.100' }), AT_4011));
    expect([ack && fileOf(ack.packet), hex(ack?.packet.options.get(43) ?? new Uint8Array())]).toEqual(['memtest.efi', '470480020000ff']);
  });

  it('is answered at port 67 when it is asked for by broadcast', () => {
    const bench = new EngineBench([subnet()], [], { ...FILES, menu: MENU });
    const chosen = [[43, Uint8Array.of(71, 4, 0x80, 2, 0, 0, 255)]] as const;
    const [ack] = sent(bench.receive(message('REQUEST', MAC, { ...firmware(0, chosen), ciaddr: '10.0.0.100' })));
    expect([ack && fileOf(ack.packet), ack?.to]).toEqual(['memtest.0', { way: 'client', address: ip('10.0.0.100'), port: 68 }]);
  });

  it('gives the usual file for an item that it does not have', () => {
    const bench = new EngineBench([subnet()], [], { ...FILES, menu: MENU });
    const chosen = [[43, Uint8Array.of(71, 4, 0x90, 0, 0, 0, 255)]] as const;
    const [ack] = sent(bench.receive(message('REQUEST', MAC, { ...firmware(7, chosen), ciaddr: '10.0.0.100' }), AT_4011));
    expect(ack && fileOf(ack.packet)).toBe('grubx64.efi');
  });
});

describe('Real firmware (packets of test/golden/vectors)', () => {
  it.each([
    ['pxe-bios-request-port4011', 'pxelinux.0'],
    ['pxe-bootserver-request-43-71', 'pxelinux.0'],
  ])('%s is told %s', (name, file) => {
    const octets = Buffer.from(readFileSync(new URL(`../golden/vectors/${name}.hex`, import.meta.url), 'utf8').replace(/\s/g, ''), 'hex');
    const packet = decodePacket(Uint8Array.from(octets));
    const [ack] = packet.ok ? sent(proxy().receive(packet.value, { ...AT_4011, interface: LAN.interface })) : [];
    expect([ack?.type, ack && fileOf(ack.packet)]).toEqual(['ACK', file]);
  });
});
