/**
 * Files that devices ask for and do very well without: loaders walk through lists of names, phones ask for what only some sites have.
 * Each row names the device and where its habit is written down. What phones and others ask for that fetch their configuration by
 * themselves is in their profiles.
 */
import { type AskedBy, askedBy } from './asked-files.ts';

export interface ExpectedMiss {
  /** Octets as text, in any case; without a leading `/`, with `/` between folders. */
  readonly name: RegExp;
  readonly device: string;
  /** Completes "that is normal: …". */
  readonly say: string;
  readonly source: string;
}

const MAC_DASHED = '[0-9a-f]{2}(?:-[0-9a-f]{2}){5}';
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** At the beginning of the name or of its last part. */
const START = '(?:^|/)';

function row(name: string, device: string, say: string, source: string): ExpectedMiss {
  return { name: new RegExp(name, 'i'), device, say, source };
}

/** The first row that fits counts. */
export const EXPECTED_MISSES: readonly ExpectedMiss[] = [
  row(
    `${START}pxelinux\\.cfg/(?:${UUID}|[0-9a-f]{2}-${MAC_DASHED}|[0-9a-f]{1,8})$`,
    'PXELINUX, U-Boot',
    'it tries its UUID, its MAC and its address, one digit less each time, and then `default`',
    'syslinux doc/pxelinux.txt, U-Boot cmd/pxe.c',
  ),
  row(`${START}pxelinux\\.cfg/default-[\\w-]+$`, 'U-Boot', 'it tries the default of its board before `default`', 'U-Boot cmd/pxe.c'),
  row(
    `${START}grub\\.cfg-(?:${UUID}|[0-9a-f]{2}-${MAC_DASHED}|[0-9a-f]{1,8})$`,
    'GRUB',
    'it tries its UUID, its MAC and its address, one digit less each time, and then `grub.cfg`',
    'GRUB net.c grub_net_search_config_file',
  ),
  row(`${START}[\\w]+-[\\w]+/(?:command|fs|crypto|terminal)\\.lst$`, 'GRUB', 'it has these lists built in', 'GRUB normal.mod'),
  row(`${START}autoexec\\.ipxe$`, 'iPXE', 'it looks for a script beside itself before it asks for its boot file', 'iPXE, UEFI builds'),
  row(
    `${START}(?:revocations|shim_certificate)[\\w-]*\\.efi$`,
    'shim',
    'it takes more certificates and revocations if there are any',
    'shim',
  ),
  row(
    // ONIE looks in folders of such names, too.
    `^(?:[0-9a-f]{8}|${MAC_DASHED})/(?!onie-).+$`,
    'Raspberry Pi',
    'it tries a folder of its own, called by its serial number or MAC, and then the root',
    'Raspberry Pi boot-net documentation',
  ),
  row(
    `${START}(?:bootsig\\.bin|recovery\\.elf|recover4\\.elf|pieeprom\\.(?:sig|upd)|armstub8[\\w-]*\\.bin|dt-blob\\.bin)$`,
    'Raspberry Pi',
    'it asks for everything that it could take, and most need none of it',
    'Raspberry Pi boot-net documentation',
  ),
];

/**
 * What to tell people of a miss that is normal, `PXELINUX, U-Boot: it tries its UUID, …`; undefined for one that may be a fault.
 * @param profile the family of the device, where it is known.
 */
export function expectedMiss(name: string, profile?: string): string | undefined {
  const asked = askedBy(name, profile);
  if (profile !== undefined && asked !== undefined) return normal(asked);
  const path = name.replaceAll('\\', '/').replace(/^\/+/, '');
  const found = EXPECTED_MISSES.find((miss) => miss.name.test(path));
  if (found !== undefined) return `${found.device}: ${found.say}`;
  return asked && normal(asked);
}

/** What a device needs a file for that is not there, and what to do; undefined where that is not known, and for a miss that is normal. */
export function missAdvice(name: string, profile?: string): string | undefined {
  const asked = askedBy(name, profile);
  if (asked === undefined || asked.file.miss.isNormal || expectedMiss(name, profile) !== undefined) return undefined;
  return `${asked.family} asks for its ${asked.file.what}: ${asked.file.miss.say}`;
}

function normal({ family, file }: AskedBy): string | undefined {
  return file.miss.isNormal ? `${family}: ${file.miss.say}` : undefined;
}
