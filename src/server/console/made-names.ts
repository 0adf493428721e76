/** Names in the root under which files are made: of templates for devices that are written down, and of menus for loaders. */
import type { Config } from '../../config/config.ts';
import { joinSafe } from '../../files/safe-path.ts';
import type { FileEntryShape } from '../../web/api/file-shapes.ts';
import { filesConfigOf, menusOf, templatesOf } from '../live-files.ts';

interface MadeName {
  /** Below the root, with `/`. */
  readonly path: string;
  /** What it is made from, and for whom. */
  readonly about: string;
}

/** More is no list for people. */
const MOST_NAMES = 2_000;
/** What loaders that come with distributions ask for. */
const MENU_NAMES = ['boot.ipxe', 'pxelinux.cfg/default', 'grub/grub.cfg', 'grub.cfg'];

export class MadeNames {
  readonly #names: readonly MadeName[];

  constructor(names: readonly MadeName[]) {
    this.#names = names;
  }

  static of(config: Config): MadeNames {
    const files = filesConfigOf(config, []);
    const [templates, menus] = [templatesOf(files), menusOf(files)];
    const ofMenus = MENU_NAMES.flatMap((path): MadeName[] => {
      const answer = menus.open({ path: joinSafe(path), from: {} });
      if (answer === 'not-mine' || !answer.ok) return [];
      answer.value.file.close();
      return [{ path, about: 'made from `boot.menu`' }];
    });
    const ofHosts = config.hosts.flatMap((host) => {
      const about = `made from the templates of ${host.profile ?? ''} for ${host.name ?? host.key.mac ?? host.serial ?? 'a device'}`;
      return templates.namesOf(host).map((path) => ({ path, about }));
    });
    return new MadeNames([...ofMenus, ...ofHosts]);
  }

  /** What is made in a folder, and folders that are only on the way to it. Empty for the root. */
  below(folder: string): readonly FileEntryShape[] {
    const prefix = folder === '' ? '' : `${folder}/`;
    const entries = new Map<string, FileEntryShape>();
    for (const { path, about } of this.#names) {
      if (entries.size >= MOST_NAMES) break;
      if (!path.startsWith(prefix)) continue;
      const [name = '', ...rest] = path.slice(prefix.length).split('/');
      const own = `${prefix}${name}`;
      if (rest.length > 0) entries.set(name, { name, path: own, kind: 'folder' });
      else if (!entries.has(name)) entries.set(name, { name, path: own, kind: 'made', about });
    }
    return [...entries.values()];
  }
}
