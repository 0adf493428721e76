/** From what is written about booting to what is used. */

import type { ChainName } from '../boot/boot-chain.ts';
import type { BootMenu, EntryAction, MenuEntry } from '../boot/boot-menu.ts';
import type { BootSettings } from '../boot/boot-settings.ts';
import type { WrittenBoot, WrittenMenu } from './boot-keys.ts';

/** Where nothing else is said. */
export const DEFAULT_CHAIN: ChainName = 'pxelinux';

/** What is said on one level. */
export function resolveBoot({ chain, file, files, http, ipxe, menu, entry }: WrittenBoot): BootSettings {
  return {
    chain,
    file,
    files: files ?? {},
    http: http ?? {},
    ipxe,
    menu: menu && resolveMenu(menu),
    entry,
  };
}

/** What is said to the whole site, which always boots something. */
export function siteBoot(written: WrittenBoot): BootSettings {
  const isSilent = written.chain === undefined && written.files === undefined;
  return resolveBoot(isSilent ? { ...written, chain: DEFAULT_CHAIN } : written);
}

function resolveMenu({ title, timeout, default: wanted, pxe, entries }: WrittenMenu): BootMenu {
  return {
    title,
    timeoutSeconds: timeout === 0 ? undefined : timeout,
    default: wanted ?? entries[0]?.name ?? '',
    isShownByFirmware: pxe,
    entries: entries.map(resolveEntry),
  };
}

function resolveEntry(written: WrittenMenu['entries'][number]): MenuEntry {
  return { name: written.name, title: written.title ?? written.name, action: actionOf(written) };
}

function actionOf({ kernel, initrd, args, file }: WrittenMenu['entries'][number]): EntryAction {
  if (kernel !== undefined) return { start: 'linux', kernel, initrd: initrd ?? [], args: args ?? '' };
  return file === undefined ? { start: 'local' } : { start: 'program', file };
}
