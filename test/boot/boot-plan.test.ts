import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hex, latin1Text } from '../../src/base/bytes.ts';
import type { BootMenu } from '../../src/boot/boot-menu.ts';
import { type DhcpPacket, decodePacket } from '../../src/dhcp/packet.ts';
import { addressOption, LAN, type MessageParts, message, sent, text, told } from '../support/dhcp-client.ts';
import { type BootParts, clientClass, EngineBench, host, subnet } from '../support/dhcp-engine.ts';

const MAC = '02:00:00:00:00:0a';
const SETTINGS: BootParts = {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as the configuration writes it
  files: { bios: 'pxelinux.0', 'uefi-x64': 'grubx64.efi', 'uefi-arm64': 'arm64.efi', 'uefi-x64-http': 'http://${server}/boot.efi' },
  ipxe: 'boot.ipxe',
};

function offer(parts: MessageParts, settings = SETTINGS, hosts: readonly ReturnType<typeof host>[] = []): DhcpPacket {
  const [seen] = sent(new EngineBench([subnet()], hosts, settings).receive(message('DISCOVER', MAC, { list: [1, 66, 67], ...parts })));
  if (seen === undefined) throw new Error('no offer');
  return seen.packet;
}

function fileOf(packet: DhcpPacket): string {
  return latin1Text(packet.bootFile);
}

/** PXE firmware of an architecture, as option 93 and in its class. */
function firmware(architecture: number, more: MessageParts['options'] = [], vendorClass = 'PXEClient'): MessageParts {
  const number = String(architecture).padStart(5, '0');
  return {
    options: [
      [60, text(`${vendorClass}:Arch:${number}:UNDI:003016`)],
      [93, Uint8Array.of(0, architecture)],
      [97, Uint8Array.of(0, 1, 2, 3)],
      ...more,
    ],
  };
}

describe('Boot file by architecture (RFC 4578 §2.1)', () => {
  it.each([
    [0, 'pxelinux.0'],
    [7, 'grubx64.efi'],
    [9, 'grubx64.efi'],
    [11, 'arm64.efi'],
    [6, ''],
    [99, ''],
  ])('%i gets "%s"', (architecture, file) => {
    expect(fileOf(offer(firmware(architecture)))).toBe(file);
  });

  it('is taken from the vendor class when option 93 is missing', () => {
    expect(fileOf(offer({ options: [[60, text('PXEClient:Arch:00007:UNDI:003016')]] }))).toBe('grubx64.efi');
  });

  it('is the first of the list that has a name', () => {
    expect(fileOf(offer({ options: [[93, Uint8Array.of(0, 200, 0, 0)]] }))).toBe('pxelinux.0');
  });

  it('is not for those who do not boot', () => {
    const packet = offer({ list: [1, 43, 60, 66, 67, 97] });
    expect([fileOf(packet), [...packet.options.keys()]]).toEqual(['', [53, 54, 51, 1, 66]]);
  });

  it('is the host’s own before all others, for those who do not say how they boot too', () => {
    const own = [host(MAC, { boot: { file: 'mine.0' } })];
    expect([fileOf(offer(firmware(0), SETTINGS, own)), fileOf(offer({}, SETTINGS, own))]).toEqual(['mine.0', 'mine.0']);
  });

  it('stands in the file field and, asked for, in option 67 with a NUL behind it', () => {
    const packet = offer(firmware(0));
    expect(latin1Text(packet.options.get(67) ?? new Uint8Array())).toBe('pxelinux.0\0');
    expect(offer({ ...firmware(0), list: [1] }).options.has(67)).toBe(false);
  });

  it('of more than 127 octets stands in option 67 alone, asked for or not', () => {
    const long = `http://10.0.0.1/${'a'.repeat(150)}.efi`;
    const packet = offer({ ...firmware(0), list: [1] }, { ...SETTINGS, files: { bios: long } });
    expect([fileOf(packet), latin1Text(packet.options.get(67) ?? new Uint8Array())]).toEqual(['', `${long}\0`]);
  });
});

describe('What firmware needs to see', () => {
  it('PXE (2.1 §2.2.3): its class, "just download it" in option 43, its own identifier', () => {
    const { options } = offer(firmware(0));
    expect([
      latin1Text(options.get(60) ?? new Uint8Array()),
      hex(options.get(43) ?? new Uint8Array()),
      hex(options.get(97) ?? new Uint8Array()),
    ]).toEqual(['PXEClient', '060108ff', '00010203']);
  });

  it('UEFI HTTP boot: the class HTTPClient and a URL with our address', () => {
    const packet = offer(firmware(16, [], 'HTTPClient'));
    expect([latin1Text(packet.options.get(60) ?? new Uint8Array()), fileOf(packet)]).toEqual(['HTTPClient', 'http://10.0.0.1/boot.efi']);
  });

  it('nothing of PXE where there is no file for it: a ROM would look for a boot server', () => {
    expect([...offer(firmware(6)).options.keys()]).toEqual([53, 54, 51, 1, 66]);
  });
});

describe('A client that runs iPXE', () => {
  it.each<[string, MessageParts['options']]>([
    ['says so in its user class', [[77, text('iPXE')]]],
    ['says so in its user class with a length (RFC 3004)', [[77, text('\x04iPXE')]]],
    [
      'sends option 175 and another user class',
      [
        [175, Uint8Array.of(0x15, 1, 1)],
        [77, text('gPXE')],
      ],
    ],
  ])('%s: it gets the script, not iPXE again', (_name, more) => {
    const packet = offer(firmware(0, more));
    expect([fileOf(packet), hex(packet.options.get(175) ?? new Uint8Array()), packet.options.has(60)]).toEqual([
      'boot.ipxe',
      'b00101',
      false,
    ]);
  });

  it('gets the file of its architecture where no script is configured', () => {
    expect(fileOf(offer(firmware(0, [[77, text('iPXE')]]), { ...SETTINGS, ipxe: undefined }))).toBe('pxelinux.0');
  });

  it.each(['undionly.kpxe', 'ipxe/ipxe.pxe', 'ipxe-x64.lkrn'])(
    'does not get %s again where no script is configured: it would load itself without end',
    (bios) => {
      expect(fileOf(offer(firmware(0, [[77, text('iPXE')]]), { files: { bios }, ipxe: undefined }))).toBe('');
      expect(fileOf(offer(firmware(0), { files: { bios }, ipxe: undefined }))).toBe(bios);
    },
  );

  it('gets the script even where its host has a file, which may be iPXE itself', () => {
    expect(fileOf(offer(firmware(0, [[77, text('iPXE')]]), SETTINGS, [host(MAC, { boot: { file: 'undionly.kpxe' } })]))).toBe('boot.ipxe');
  });
});

describe('Who says what is booted', () => {
  const site: BootParts = { files: { bios: 'site.0' }, ipxe: 'site.ipxe' };
  const bench = (levels: { network?: BootParts; class?: BootParts; host?: BootParts }): EngineBench =>
    new EngineBench([subnet({ boot: levels.network ?? {} })], [host(MAC, { boot: levels.host ?? {} })], site, {
      classes: [clientClass('c', { boot: levels.class ?? {} })],
    });
  const bootFileFor = (levels: Parameters<typeof bench>[0], parts: MessageParts): string => {
    const [seen] = sent(bench(levels).receive(message('DISCOVER', MAC, { list: [67], ...parts })));
    return seen === undefined ? 'no offer' : fileOf(seen.packet);
  };

  it.each<[string, Parameters<typeof bench>[0], MessageParts, string]>([
    ['the site, when nobody else does', {}, firmware(0), 'site.0'],
    ['the network before the site', { network: { files: { bios: 'net.0' } } }, firmware(0), 'net.0'],
    ['the class before the network', { network: { files: { bios: 'net.0' } }, class: { file: 'class.0' } }, firmware(0), 'class.0'],
    ['the host before its class', { class: { file: 'class.0' }, host: { files: { bios: 'host.0' } } }, firmware(0), 'host.0'],
    ['a level below, for an architecture that is not named', { host: { files: { 'uefi-x64': 'host.efi' } } }, firmware(0), 'site.0'],
    ['`files` before `file` on one level', { host: { file: 'any.0', files: { bios: 'bios.0' } } }, firmware(0), 'bios.0'],
    ['`file` before `chain` on one level', { host: { file: 'any.0', chain: 'ipxe' } }, firmware(0), 'any.0'],
    ['a chain, by architecture', { host: { chain: 'ipxe' } }, firmware(7), 'ipxe.efi'],
    ['a chain, in Windows’ words', { network: { chain: 'wds' } }, firmware(7), 'boot\\x64\\wdsmgfw.efi'],
    ['a chain that loads iPXE has its script', { host: { chain: 'ipxe' } }, firmware(0, [[77, text('iPXE')]]), 'boot.ipxe'],
    ['the host’s script before the site’s', { host: { ipxe: 'host.ipxe' } }, firmware(0, [[77, text('iPXE')]]), 'host.ipxe'],
    ['a menu is iPXE’s script', { host: { menu: MENU } }, firmware(0, [[77, text('iPXE')]]), 'boot.ipxe'],
  ])('%s', (_name, levels, parts, file) => {
    expect(bootFileFor(levels, parts)).toBe(file);
  });
});

const MENU: BootMenu = {
  title: 'm',
  timeoutSeconds: undefined,
  default: 'disk',
  isShownByFirmware: false,
  entries: [{ name: 'disk', title: 'Disk', action: { start: 'local' } }],
};

describe('By HTTP', () => {
  const withHttp = (parts: MessageParts, boot: BootParts): DhcpPacket | undefined =>
    sent(new EngineBench([subnet()], [], boot, {}, { port: 8080 }).receive(message('DISCOVER', MAC, { list: [67], ...parts })))[0]?.packet;
  const bootFileFor = (parts: MessageParts, boot: BootParts): string => {
    const packet = withHttp(parts, boot);
    return packet === undefined ? 'no offer' : fileOf(packet);
  };

  it.each<[string, MessageParts, BootParts, string]>([
    [
      'UEFI gets the file of `files` as a URL',
      firmware(16, [], 'HTTPClient'),
      { files: { 'uefi-x64': 'grub x/grubx64.efi' } },
      'http://10.0.0.1:8080/grub%20x/grubx64.efi',
    ],
    [
      '`http` goes before it',
      firmware(16, [], 'HTTPClient'),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as the configuration writes it
      { files: { 'uefi-x64': 'a.efi' }, http: { 'uefi-x64': 'http://${server}:${httpPort}/b.efi' } },
      'http://10.0.0.1:8080/b.efi',
    ],
    [
      'a URL stays as it is',
      firmware(16, [], 'HTTPClient'),
      { files: { 'uefi-x64-http': 'https://boot.example/x.efi' } },
      'https://boot.example/x.efi',
    ],
    [
      'arm64 gets its own',
      firmware(19, [], 'HTTPClient'),
      { files: { 'uefi-x64': 'a.efi', 'uefi-arm64': 'arm.efi' } },
      'http://10.0.0.1:8080/arm.efi',
    ],
    [
      'iPXE that has HTTP gets its script by it',
      firmware(0, [[175, Uint8Array.of(0x13, 1, 1)]]),
      { ipxe: 'boot.ipxe' },
      'http://10.0.0.1:8080/boot.ipxe',
    ],
    [
      'iPXE gets another loader by TFTP, which goes on from where it came from',
      firmware(0, [[175, Uint8Array.of(0x13, 1, 1)]]),
      { files: { bios: 'pxelinux.0' } },
      'pxelinux.0',
    ],
    [
      'iPXE gets another loader by TFTP, which goes on from where it came from',
      firmware(0, [[175, Uint8Array.of(0x13, 1, 1)]]),
      { files: { bios: 'pxelinux.0' } },
      'pxelinux.0',
    ],
    ['iPXE that has not gets it by TFTP', firmware(0, [[175, Uint8Array.of(0x15, 1, 1)]]), { ipxe: 'boot.ipxe' }, 'boot.ipxe'],
    ['a ROM gets its file by TFTP', firmware(0), { files: { bios: 'pxelinux.0' } }, 'pxelinux.0'],
  ])('%s', (_name, parts, boot, file) => {
    expect(bootFileFor(parts, boot)).toBe(file);
  });

  it('UEFI gets no offer of HTTP where nothing is served by HTTP, and the log says why', () => {
    const effects = new EngineBench([subnet()], [], { files: { 'uefi-x64': 'a.efi' } }).receive(
      message('DISCOVER', MAC, firmware(16, [], 'HTTPClient')),
    );
    expect(sent(effects)[0]?.packet.options.has(60)).toBe(false);
    const [event] = told(effects);
    expect(event?.type === 'dhcp.offered' && event.why).toContain('there is no URL for uefi-x64-http');
  });
});

describe('A machine that asks again without going on', () => {
  it('gets other forms of the offer, and keeps the one that it takes', () => {
    const bench = new EngineBench([subnet()], [], SETTINGS);
    const offered = (): string => {
      const [seen] = sent(bench.receive(message('DISCOVER', MAC, firmware(0))));
      bench.pass(4);
      const { options } = seen?.packet ?? { options: new Map<number, Uint8Array>() };
      return `${options.has(60) ? 'class' : '-'} ${options.has(43) ? '43' : '-'} ${seen === undefined ? '' : fileOf(seen.packet)}`;
    };
    expect([offered(), offered(), offered()]).toEqual(['class 43 pxelinux.0', 'class 43 pxelinux.0', '- - pxelinux.0']);
    const [ack] = sent(bench.receive(message('REQUEST', MAC, { ...firmware(0), requested: '10.0.0.100', server: '10.0.0.1' })));
    expect([ack?.type, ack?.packet.options.has(60)]).toEqual(['ACK', false]);
    bench.pass(600);
    expect(offered()).toBe('- - pxelinux.0');
  });

  it('and the log says so', () => {
    const bench = new EngineBench([subnet()], [], SETTINGS);
    const why = Array.from({ length: 3 }, () => {
      const effects = bench.receive(message('DISCOVER', MAC, firmware(0)));
      bench.pass(4);
      return effects.flatMap((effect) => (effect.do === 'tell' && effect.event.type === 'dhcp.offered' ? [effect.event.why] : []));
    }).flat();
    expect(why[2]).toContain('it asked 3 times without going on, so now without the class PXEClient and option 43');
  });
});

describe('A Raspberry Pi', () => {
  it.each(['rpi4-discover'])('%s finds its name in option 43, and needs no file', (name) => {
    const octets = Buffer.from(readFileSync(new URL(`../golden/vectors/${name}.hex`, import.meta.url), 'utf8').replace(/\s/g, ''), 'hex');
    const packet = decodePacket(Uint8Array.from(octets));
    const [seen] = packet.ok ? sent(new EngineBench([subnet()], [], {}).receive(packet.value, LAN)) : [];
    expect([seen?.type, hex(seen?.packet.options.get(43) ?? new Uint8Array()), seen && fileOf(seen.packet)]).toEqual([
      'OFFER',
      `0601030a040050584509140000${hex(Uint8Array.of(17))}${hex(text('Raspberry Pi Boot'))}ff`,
      '',
    ]);
    const bootServer = latin1Text(seen?.packet.options.get(66) ?? new Uint8Array());
    expect([seen && addressOption(seen.packet, 54), bootServer]).toEqual(['10.0.0.1', '10.0.0.1']);
  });
});

describe('Real firmware (packets of test/golden/vectors)', () => {
  it.each([
    ['pxe-bios-intel-discover', 'pxelinux.0'],
    ['pxe-edk2-x64-discover', 'grubx64.efi'],
    ['pxe-edk2-arm64-discover', 'arm64.efi'],
    ['pxe-edk2-ia32-discover', ''],
    ['pxe-edk2-sendguid-hlen16', 'grubx64.efi'],
    ['httpboot-edk2-x64-discover', 'http://10.0.0.1/boot.efi'],
    ['ipxe-bios-discover', 'boot.ipxe'],
    ['ipxe-efi-x64-discover', 'boot.ipxe'],
    ['cisco-7960-discover', ''],
    ['windows10-discover', ''],
  ])('%s gets "%s"', (name, file) => {
    const octets = Buffer.from(readFileSync(new URL(`../golden/vectors/${name}.hex`, import.meta.url), 'utf8').replace(/\s/g, ''), 'hex');
    const packet = decodePacket(Uint8Array.from(octets));
    const [seen] = packet.ok ? sent(new EngineBench([subnet()], [], SETTINGS).receive(packet.value, LAN)) : [];
    expect(seen?.type).toBe('OFFER');
    expect(seen && fileOf(seen.packet)).toBe(file);
  });

  it('a Cisco phone finds its TFTP server in 66 and 150', () => {
    const { options } = offer({ list: [1, 66, 6, 3, 15, 150, 35], options: [[60, text('Cisco Systems, Inc. IP Phone CP-7960G\0')]] });
    expect([latin1Text(options.get(66) ?? new Uint8Array()), hex(options.get(150) ?? new Uint8Array())]).toEqual(['10.0.0.1', '0a000001']);
  });
});
