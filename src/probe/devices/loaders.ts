/**
 * What firmware starts and what that asks for in its turn: iPXE, PXELINUX, GRUB. Sources: ipxe `dhcp.c`, syslinux `doc/pxelinux.txt`, grub
 * `net.c`, U-Boot `cmd/pxe.c`.
 */
import type { Ipv4, Mac } from '../../base/addresses.ts';
import { showIpv4 } from '../../base/addresses.ts';
import { latin1Bytes, latin1Text } from '../../base/bytes.ts';
import { type Device, failed, type TftpTraits, type Verdict, well } from '../device.ts';
import { type FetchedFile, fetchFile, firstOf, nameOf, octetsText, textOf } from '../fetching.ts';
import type { Course, Life } from '../life.ts';
import { besides, inFolder, type Place, placeAt } from '../place.ts';
import { asksFor, clientId, dashedMac, largestMessage, octets, vendorClass } from './option-bytes.ts';

/** The system's UUID; its last six octets are the hardware address, as boards without a number of their own have it. */
const UUID_PREFIX = 'a34e5cf21d7b44e08c11';

/** Option 97. */
export function machineId(mac: Mac): readonly [number, Uint8Array] {
  return [97, octets(`00${UUID_PREFIX}${mac.replaceAll(':', '')}`)];
}

/** The UUID as text: its first three fields are stored the other way round (SMBIOS). */
function uuidText(mac: Mac): string {
  return `f25c4ea3-7b1d-e044-8c11-${mac.replaceAll(':', '')}`;
}

/** A folder's names for this machine, from its own down to that for all. */
function menuNames(life: Life, prefix: string, uuid: string | undefined, fallbacks: readonly string[]): readonly string[] {
  const address = life.address.toString(16).toUpperCase().padStart(8, '0');
  const cuts = Array.from({ length: 8 }, (_, cut) => `${prefix}${address.slice(0, 8 - cut)}`);
  return [...(uuid === undefined ? [] : [`${prefix}${uuid}`]), `${prefix}01-${dashedMac(life.mac)}`, ...cuts, ...fallbacks];
}

const PXELINUX_TFTP: TftpTraits = {
  options: () => [
    { name: 'tsize', value: '0' },
    { name: 'blksize', value: '1408' },
  ],
};

/** PXELINUX beside the file that the firmware loaded. */
export function* pxelinux(life: Life, loader: Place): Course<Verdict> {
  life.device = { ...life.device, tftp: PXELINUX_TFTP };
  const folder = folderOf(loader);
  const core = yield* firstOf(life, folder, ['ldlinux.c32']);
  if (core === undefined) return failed('PXELINUX stops: ldlinux.c32 is not beside it');
  const menu = yield* firstOf(life, folder, menuNames(life, 'pxelinux.cfg/', uuidText(life.mac), ['pxelinux.cfg/default']));
  if (menu === undefined) return failed('PXELINUX finds no menu: there is none in pxelinux.cfg, not even default');
  return well(`started PXELINUX, which got its menu ${menu.place.path} (${octetsText(menu.octets)})`);
}

/** U-Boot's own search (`pxe get`). */
export function* ubootSearch(life: Life, folder: Place): Course<Verdict> {
  const menu = yield* firstOf(
    life,
    folder,
    menuNames(life, 'pxelinux.cfg/', undefined, ['pxelinux.cfg/default-arm', 'pxelinux.cfg/default']),
  );
  if (menu === undefined) return failed('no boot file in the answer, and no menu in pxelinux.cfg: set a boot file or boot.menu');
  return well(`U-Boot got its menu ${menu.place.path} (${octetsText(menu.octets)})`);
}

const GRUB_TFTP: TftpTraits = {
  options: () => [
    { name: 'blksize', value: '1024' },
    { name: 'tsize', value: '0' },
  ],
};

/** GRUB in the folder where it was loaded from. */
export function* grub(life: Life, loader: Place): Course<Verdict> {
  life.device = { ...life.device, tftp: GRUB_TFTP };
  const folder = folderOf(loader);
  const names = menuNames(life, 'grub.cfg-', uuidText(life.mac), ['grub.cfg']);
  const menu = (yield* firstOf(life, folder, names)) ?? (yield* firstOf(life, inFolder(folder, 'grub/'), names));
  if (menu === undefined) return failed('GRUB finds no grub.cfg, and shows its prompt');
  return well(`started GRUB, which got its menu ${menu.place.path} (${octetsText(menu.octets)})`);
}

/** iPXE as it comes on a card, or as firmware loads it. */
export function ipxeFor(kind: 'bios' | 'efi-x64' | 'efi-arm64'): Device {
  const { arch, undi, version } = IPXE_KINDS[kind];
  return {
    name: kind === 'bios' ? 'ipxe' : `ipxe-${kind}`,
    title: kind === 'bios' ? 'iPXE' : `iPXE (${kind})`,
    mac: '52:54:00:12:34:56',
    dhcp: {
      firstSeconds: 4,
      options: (mac) => [
        largestMessage(1472),
        [93, Uint8Array.of(0, arch)],
        [94, octets(undi)],
        vendorClass(`PXEClient:Arch:${String(arch).padStart(5, '0')}:UNDI:${version}`),
        [77, latin1Bytes('iPXE')],
        asksFor(1, 3, 6, 7, 12, 15, 17, 26, 42, 43, 60, 66, 67, 119, 121, 128, 129, 130, 131, 132, 133, 134, 135, 175, 203),
        [175, octets('b105018086100eeb03011501130101140101150101170101240101260101270101')],
        clientId(mac),
        machineId(mac),
      ],
      patienceMs: [1000, 2000, 4000],
      collectMs: 500,
    },
    tftp: {
      options: () => [
        { name: 'blksize', value: '1432' },
        { name: 'tsize', value: '0' },
      ],
    },
    http: { headers: () => ({ 'User-Agent': 'iPXE/1.21.1' }) },
    *boot(life, lease) {
      const answer =
        lease.ack.bootFile === undefined ? (lease.proxies.find(({ bootFile }) => bootFile !== undefined) ?? lease.ack) : lease.ack;
      const name = answer.bootFile;
      if (name === undefined) return failed('iPXE is told nothing to boot: set boot.ipxe');
      const server = answer.nextServer ?? answer.server;
      const place = besides(placeAt(server), name);
      if (!place.ok) return failed(`iPXE cannot go to ${name}: ${place.error}`);
      const file = yield* fetchFile(life, place.value);
      if (file.got !== 'file') return failed(`iPXE got no ${name}: ${file.why}`);
      if (isIpxe(file)) return life.device;
      if (!textOf(file).startsWith('#!ipxe')) return yield* started(life, file);
      return yield* ipxeScript(life, file, server);
    },
  };
}

const IPXE_KINDS = {
  bios: { arch: 0, undi: '010201', version: '002001' },
  'efi-x64': { arch: 7, undi: '01030a', version: '003010' },
  'efi-arm64': { arch: 11, undi: '01030a', version: '003010' },
} as const;

/** Runs a script as far as the first thing that it fetches. */
function* ipxeScript(life: Life, script: FetchedFile, server: Ipv4): Course<Verdict | Device> {
  const settings = new Map([
    ['next-server', showIpv4(server)],
    ['ip', showIpv4(life.address)],
    ['mac', life.mac],
    ['net0/mac', life.mac],
    ['mac:hexhyp', dashedMac(life.mac)],
    ['net0/mac:hexhyp', dashedMac(life.mac)],
    ['uuid', uuidText(life.mac)],
    ['cwduri', ''],
  ]);
  const expanded = (text: string) => text.replace(/\$\{([^}]*)\}/g, (whole, name: string) => settings.get(name) ?? whole);
  for (const line of textOf(script).split('\n')) {
    const [command = '', ...words] = line.trim().split(/\s+/);
    if (command === 'set') settings.set(words[0] ?? '', expanded(words.slice(1).join(' ')));
    if (command !== 'chain' && command !== 'kernel' && command !== 'imgfetch') continue;
    const uri = expanded(words.find((word) => !word.startsWith('-')) ?? '');
    if (uri === '' || uri.includes('${')) continue;
    const place = besides(script.place, uri);
    if (!place.ok) {
      life.thinks(`${command} ${uri}: ${place.error}`);
      continue;
    }
    life.thinks(`runs ${nameOf(script)}: ${command} ${uri}`);
    const next = yield* fetchFile(life, place.value);
    if (next.got !== 'file') {
      if (/\|\||&&/.test(line)) continue;
      return failed(`the script ${nameOf(script)} stops at ${command} ${uri}: ${next.why}`);
    }
    return isIpxe(next)
      ? life.device
      : well(`iPXE got its script ${nameOf(script)} and ${nameOf(next)} (${octetsText(next.octets)}), which it would start`);
  }
  return well(`iPXE got its script ${nameOf(script)} (${octetsText(script.octets)})`);
}

/** What a program that was loaded does, as its name tells. */
export function* started(life: Life, file: FetchedFile): Course<Verdict> {
  const name = nameOf(file);
  if (/pxelinux|syslinux/i.test(name)) return yield* pxelinux(life, file.place);
  if (/shim/i.test(name)) {
    const arch = /aa64/i.test(name) ? 'aa64' : 'x64';
    const next = yield* firstOf(life, folderOf(file.place), [`grub${arch}.efi`]);
    return next === undefined ? failed(`shim stops: grub${arch}.efi is not beside it`) : yield* grub(life, next.place);
  }
  if (/grub|bootx64|bootaa64/i.test(name)) return yield* grub(life, file.place);
  return well(`got its boot program ${name} (${octetsText(file.octets)}) and would start it`);
}

/** Known by its name, or by what it says of itself. */
export function isIpxe(file: FetchedFile): boolean {
  if (latin1Text(file.octets.subarray(0, 6)) === '#!ipxe') return false;
  return /ipxe|undionly|snponly/i.test(nameOf(file));
}

function folderOf(place: Place): Place {
  return { ...place, path: place.path.slice(0, place.path.lastIndexOf('/') + 1) };
}
