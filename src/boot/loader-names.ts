/** The names under which loaders ask for the menu of the site. Names for one machine, such as `pxelinux.cfg/01-…`, are none of them. */

import { type BootLevel, fileFor, firstSaid, IPXE_MENU } from './boot-settings.ts';
import { MENU_ARCHITECTURES } from './menus/entry-start.ts';

export type MenuLoader = 'pxelinux' | 'grub' | 'ipxe';

/** A menu by its name, whatever folder the loader came from. */
const ANYWHERE: readonly (readonly [name: RegExp, loader: MenuLoader])[] = [
  [/(?:^|\/)pxelinux\.cfg\/default$/, 'pxelinux'],
  // `grub-mknetdir` and Debian's signed image have the prefix `grub`, and look in the folder of their platform too.
  [/(?:^|\/)grub\/(?:[a-z0-9_]+-[a-z0-9_]+\/)?grub\.cfg$/, 'grub'],
];

/** Whose menu `path` is; undefined for any other file. `levels` are those of who asks. */
export function loaderAsking(path: string, levels: readonly BootLevel[]): MenuLoader | undefined {
  if (path === IPXE_MENU || path.endsWith(`/${IPXE_MENU}`)) return 'ipxe';
  const known = ANYWHERE.find(([name]) => name.test(path))?.[1];
  if (known !== undefined) return known;
  // Fedora's GRUB, and shim's, look beside themselves.
  const folder = /^(?:(.+)\/)?grub\.cfg$/.exec(path);
  return folder !== null && grubFolders(levels).has(folder[1] ?? '') ? 'grub' : undefined;
}

/** The folders of the first programs that the client may get: one of them is GRUB, or the shim that loads it. */
function grubFolders(levels: readonly BootLevel[]): ReadonlySet<string> {
  const files = MENU_ARCHITECTURES.flatMap((architecture) => firstSaid(levels, (settings) => fileFor(settings, architecture))?.value ?? []);
  return new Set(
    files
      .map((file) => file.replaceAll('\\', '/').replace(/^\/+/, ''))
      .filter((file) => /(?:^|\/)(?:grub|shim|core\.|bootnet)[^/]*$/i.test(file))
      .map((file) => file.replace(/\/?[^/]*$/, '')),
  );
}
