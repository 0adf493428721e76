/** A root of files as a technician has it: loaders, installers, firmware, and files that are made. */
import type { FileEntryShape } from '../../../src/web/api/file-shapes.ts';
import { DAY, fault, NOW, type StubArea } from './stub-area.ts';

const file = (path: string, size: number, about?: string): FileEntryShape => ({
  name: path.split('/').at(-1) ?? path,
  path,
  kind: 'file',
  size,
  changedAt: NOW - (size % 40) * DAY,
  ...(about === undefined ? {} : { about }),
});
const folder = (path: string): FileEntryShape => ({ name: path.split('/').at(-1) ?? path, path, kind: 'folder', changedAt: NOW - 3 * DAY });
const made = (path: string, about: string): FileEntryShape => ({ name: path.split('/').at(-1) ?? path, path, kind: 'made', about });

const ENTRIES: readonly FileEntryShape[] = [
  folder('cisco'),
  folder('debian'),
  folder('efi64'),
  folder('EOS'),
  made('boot.ipxe', 'an iPXE script with the menu, made from boot.menu'),
  made('SEP001B54AABBCC.cnf.xml', 'made from templates/cisco-sip/sep.cnf.xml.liquid for desk-101'),
  file('ipxe.efi', 1_101_824, 'a UEFI program for x86-64 (iPXE 1.21.1)'),
  file('pxelinux.0', 42_430, 'PXELINUX 6.04, for BIOS'),
  file('snponly.efi', 261_120, 'a UEFI program for x86-64'),
  file('README.txt', 1_204),
  file('Büro <b>plan.pdf', 88_121),
  file('undionly.kpxe', 77_824, 'a BIOS program (iPXE 1.21.1)'),
  file('cisco/sip78xx.14-2-1-0101-135.sbn', 42_991_616, 'firmware of Cisco phones, signed'),
  file('cisco/sip78xx.14-2-1-0101-135.loads', 772, 'a list of images for Cisco phones'),
  folder('debian/stable'),
  file('debian/linux', 8_112_544, 'a Linux kernel 6.1 for x86-64'),
  file('debian/initrd.gz', 39_121_002, 'gzip data'),
  file('debian/filesystem.squashfs', 769_654_784, 'a SquashFS image'),
  file('efi64/grubx64.efi', 2_605_056, 'a UEFI program for x86-64, signed by Debian'),
  file('EOS/EOS-4.32.1F.swi', 1_012_004_112, 'an image of Arista EOS 4.32.1F'),
];

const folderOf = (path: string): string => path.split('/').slice(0, -1).join('/');

export function fileArea(): StubArea {
  let entries = ENTRIES;
  return ({ method, path, query, body, headers }) => {
    const below = query.get('path') ?? '';
    if (method === 'GET' && path === '/files')
      return { status: 200, body: { path: below, entries: entries.filter((one) => folderOf(one.path) === below) } };
    if (method === 'GET' && path === '/file-readers') return { status: 200, body: readersOf(below) };
    const name = /^\/files\/(.+)$/.exec(path)?.[1];
    if (name === undefined) return undefined;
    const found = entries.find((one) => one.path === name);
    if (method === 'PUT') {
      if (found !== undefined && headers['if-none-match'] === '*') return fault(412, `${name} is already there`);
      if (name.endsWith('.exe')) return fault(507, `there is no room for ${name}: 12 MiB are left on the disk`);
      const entry = file(name, body instanceof Uint8Array ? body.length : 0);
      entries = [...entries.filter((one) => one.path !== name), entry];
      return { status: found === undefined ? 201 : 200, body: entry };
    }
    if (method === 'DELETE') {
      if (found === undefined) return fault(404, `there is no ${name}`);
      entries = entries.filter((one) => one.path !== name);
      return { status: 204 };
    }
    return undefined;
  };
}

function readersOf(path: string): unknown {
  return {
    path,
    readers: [
      { device: 'd4:be:d9:00:07:03', name: 'pc-107', why: 'boot.files.uefi-x64 names it (config.yaml:22)' },
      { device: 'd4:be:d9:00:02:4a', name: 'pc-102', why: 'boot.files.uefi-x64 names it (config.yaml:22)' },
    ],
    refused: [{ device: '00:1b:54:00:01:25', name: 'SEP001B54-101', why: 'tftp.allow lets only 10.20.4.0/24 read it (config.yaml:41)' }],
  };
}
