/**
 * PCs that boot over the network: Intel's BIOS ROM, UEFI by PXE and by HTTP. Sources: PXE 2.1; EDK2 `PxeBcDhcp4.c`, `HttpBootDhcp4.c`; option lists from
 * fingerprint tables.
 */
import type { Mac } from '../../base/addresses.ts';
import { type Device, failed, type SentOption, type Verdict, well } from '../device.ts';
import { askBootServer } from '../dhcp-exchange.ts';
import { type FetchedFile, fetchFile, nameOf, octetsText } from '../fetching.ts';
import type { Course, Life } from '../life.ts';
import { besides, placeAt, readPlace } from '../place.ts';
import type { Lease, Reply } from '../reply.ts';
import { ipxeFor, isIpxe, machineId, started } from './loaders.ts';
import { asksFor, largestMessage, octets, vendorClass } from './option-bytes.ts';

/** Machine in the header of a program of Windows' kind, which those of UEFI are (PE/COFF). */
const MACHINES = { 'uefi-x64': 0x8664, 'uefi-arm64': 0xaa64 } as const;
type Kind = 'bios' | keyof typeof MACHINES;

/** What a UEFI's PXE client asks for, in EDK2's order. */
const EDK2_LIST = [1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 66, 67, 97];

export const PXE_BIOS: Device = {
  name: 'pxe-bios',
  title: 'PC with BIOS, Intel Boot Agent',
  mac: 'd4:f5:ef:6b:2a:90',
  dhcp: {
    broadcast: true,
    firstSeconds: 4,
    leastOctets: 548,
    options: (mac) => [
      asksFor(1, 2, 3, 5, 6, 11, 12, 13, 15, 16, 17, 18, 43, 54, 60, 67, 128, 129, 130, 131, 132, 133, 134, 135),
      largestMessage(1260),
      machineId(mac),
      [93, Uint8Array.of(0, 0)],
      [94, octets('010201')],
      vendorClass('PXEClient:Arch:00000:UNDI:002001'),
    ],
    request: ([list, size, ...rest], requested, server) => [requested, ...(list && size ? [list, size] : []), server, ...rest],
    collectMs: 2000,
  },
  tftp: {
    options: () => [{ name: 'blksize', value: '1456' }],
    probe: { options: [{ name: 'tsize', value: '0' }], code: 0, message: 'TFTP Aborted' },
  },
  boot: (life, lease) => bootPxe(life, lease, 'bios'),
};

function edk2(arch: number, undi: string, version: string): Device['dhcp'] {
  return {
    broadcast: true,
    options: (mac) => [
      largestMessage(1472),
      asksFor(...EDK2_LIST, 128, 129, 130, 131, 132, 133, 134, 135),
      machineId(mac),
      [94, octets(undi)],
      [93, Uint8Array.of(0, arch)],
      vendorClass(`PXEClient:Arch:${String(arch).padStart(5, '0')}:UNDI:${version}`),
    ],
    // The library of its DHCP client puts 65280 where its own list says 1472.
    request: ([, ...rest], requested, server) => [server, requested, largestMessage(0xff00), ...rest],
    collectMs: 2000,
  };
}

const EDK2_TFTP: Device['tftp'] = {
  options: () => [
    { name: 'blksize', value: '1468' },
    { name: 'windowsize', value: '4' },
  ],
  probe: {
    options: [
      { name: 'tsize', value: '0' },
      { name: 'blksize', value: '1468' },
      { name: 'windowsize', value: '4' },
    ],
    code: 8,
    message: 'User aborted the transfer',
  },
};

export const UEFI_X64: Device = {
  name: 'uefi-x64',
  title: 'PC with UEFI',
  mac: 'd4:f5:ef:6b:2a:90',
  dhcp: edk2(7, '010310', '003016'),
  tftp: EDK2_TFTP,
  boot: (life, lease) => bootPxe(life, lease, 'uefi-x64'),
};

export const UEFI_ARM64: Device = {
  name: 'uefi-arm64',
  title: 'Server with UEFI, 64-bit ARM',
  mac: 'd4:f5:ef:6b:2a:90',
  dhcp: edk2(11, '010300', '003000'),
  tftp: EDK2_TFTP,
  boot: (life, lease) => bootPxe(life, lease, 'uefi-arm64'),
};

function* bootPxe(life: Life, lease: Lease, kind: Kind): Course<Verdict | Device> {
  const answer = yield* bootAnswer(life, lease);
  if ('ok' in answer) return answer;
  const name = answer.bootFile;
  if (name === undefined) return failed('the boot server named no boot file');
  const place = besides(placeAt(answer.nextServer ?? answer.server), name);
  if (!place.ok) return failed(`it cannot go to ${name}: ${place.error}`);
  if (place.value.scheme === 'http') return failed(`its PXE takes no URL (${name}): set a file for its architecture in boot.files`);
  const file = yield* fetchFile(life, place.value);
  if (file.got !== 'file') return failed(`got no ${name}: ${file.why}`);
  const fault = startFault(file, kind);
  if (fault !== undefined) return failed(`got ${nameOf(file)} (${octetsText(file.octets)}) and cannot start it: ${fault}`);
  if (isIpxe(file)) return ipxeFor(kind === 'bios' ? 'bios' : kind === 'uefi-x64' ? 'efi-x64' : 'efi-arm64');
  return yield* started(life, file);
}

/** Which answer says what to boot, in EDK2's order; a boot server is asked where an answer sends it there. */
function* bootAnswer(life: Life, { ack, proxies }: Lease): Course<Reply | Verdict> {
  const proxy = proxies.find((reply) => reply.hasClass('PXEClient'));
  const own = ack.hasClass('PXEClient') ? ack : undefined;
  const whole = [own, proxy].find((reply) => reply !== undefined && hasMenu(reply));
  if (whole !== undefined) {
    const item = firstItem(whole);
    if (item === undefined) return whole;
    life.thinks('takes the first item of the menu in option 43');
    return (yield* askBootServer(life, whole.nextServer ?? whole.server, [item])) ?? BOOT_SERVER_SILENT;
  }
  const sends = own ?? proxy;
  if (sends !== undefined) {
    life.thinks('is sent to the boot server at port 4011: option 60 is PXEClient, and no menu is in option 43');
    return (yield* askBootServer(life, sends.nextServer ?? sends.server)) ?? BOOT_SERVER_SILENT;
  }
  if (ack.bootFile === undefined)
    return failed('the answer names no boot file (option 67 or the field file): set boot.files for its architecture');
  return ack;
}

const BOOT_SERVER_SILENT = failed('the boot server at port 4011 does not answer (PXE-E55)');

/** Any of tags 6 to 10 in option 43. */
function hasMenu(reply: Reply): boolean {
  return [6, 7, 8, 9, 10].some((tag) => reply.vendorOptions?.has(tag) === true);
}

/** The choice of the first item of a menu (tag 71); undefined where the file of the answer is to be taken at once (bit 3 of tag 6). */
function firstItem(reply: Reply): SentOption | undefined {
  const tags = reply.vendorOptions;
  const menu = tags?.get(9);
  const takesFile = ((tags?.get(6)?.[0] ?? 0) & 8) !== 0 && reply.bootFile !== undefined;
  if (menu === undefined || menu.length < 2 || takesFile) return undefined;
  return [43, Uint8Array.of(71, 4, menu[0] ?? 0, menu[1] ?? 0, 0, 0, 255)];
}

/** Why the firmware cannot start this file; undefined: it can. */
function startFault({ octets: file }: FetchedFile, kind: Kind): string | undefined {
  const machine = machineOf(file);
  if (kind === 'bios') return machine === undefined ? undefined : 'it is a program for UEFI, and this is a BIOS';
  if (machine === undefined) return 'it is no program for UEFI';
  return machine === MACHINES[kind] ? undefined : `it is a UEFI program for another architecture (machine 0x${machine.toString(16)})`;
}

/** The machine of a PE/COFF header; undefined for anything else. */
function machineOf(file: Uint8Array): number | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 64 || view.getUint16(0) !== 0x4d5a) return undefined;
  const at = view.getUint32(60, true);
  if (at + 6 > file.length || view.getUint32(at) !== 0x50450000) return undefined;
  return view.getUint16(at + 4, true);
}

export const HTTPBOOT: Device = {
  name: 'httpboot',
  title: 'PC with UEFI HTTP boot',
  mac: 'd4:f5:ef:6b:2a:90',
  dhcp: {
    broadcast: true,
    options: (mac: Mac) => [
      largestMessage(1472),
      // EDK2 leaves octet 24 of its list unwritten: whatever stands there is asked for.
      asksFor(...EDK2_LIST.slice(0, 24), 0, 67, 97),
      machineId(mac),
      [94, octets('010310')],
      [93, Uint8Array.of(0, 16)],
      vendorClass('HTTPClient:Arch:00016:UNDI:003016'),
    ],
    request: ([, ...rest], requested, server) => [server, requested, largestMessage(0xff00), ...rest],
    collectMs: 2000,
  },
  http: { headers: () => ({ 'User-Agent': 'UefiHttpBoot/1.0', Accept: '*/*' }), asksHeadFirst: true },
  *boot(life, { ack, proxies }) {
    const answer = [ack, ...proxies].find((reply) => reply.hasClass('HTTPClient'));
    if (answer === undefined) return failed('no answer has the vendor class HTTPClient (option 60): set boot.http for its architecture');
    const url = answer.bootFile;
    const place = url === undefined ? undefined : readPlace(url);
    if (url === undefined || place === undefined) return failed('the answer has no URL (option 67): set boot.http for its architecture');
    if (!place.ok) return failed(`it cannot go to ${url}: ${place.error}`);
    const file = yield* fetchFile(life, place.value);
    if (file.got !== 'file') return failed(`got nothing from ${url}: ${file.why}`);
    if (/\.(?:iso|img)$/i.test(nameOf(file)))
      return well(`got the image ${nameOf(file)} (${octetsText(file.octets)}) and would start from it`);
    const fault = startFault(file, 'uefi-x64');
    if (fault !== undefined) return failed(`got ${nameOf(file)} (${octetsText(file.octets)}) and cannot start it: ${fault}`);
    return isIpxe(file) ? ipxeFor('efi-x64') : well(`got ${nameOf(file)} (${octetsText(file.octets)}) by HTTP and would start it`);
  },
};
