/** Menus of the configuration, made for whoever asks under the names that loaders ask for. Files of other names are on the disk. */
import { type Cidr, type Ipv4, isInside, type Mac } from '../base/addresses.ts';
import { ok } from '../base/result.ts';
import { type BootChoice, type ChosenEntry, chosenEntry } from '../boot/boot-choices.ts';
import type { BootMenu } from '../boot/boot-menu.ts';
import { menuFor } from '../boot/boot-plan.ts';
import { BootLevels, type BootSource } from '../boot/boot-settings.ts';
import { loaderAsking, type MenuLoader } from '../boot/loader-names.ts';
import type { MadeMenu } from '../boot/menus/entry-start.ts';
import { grubMenu } from '../boot/menus/grub.ts';
import { ipxeMenu } from '../boot/menus/ipxe.ts';
import { pxelinuxMenu } from '../boot/menus/pxelinux.ts';
import type { HostKey } from '../dhcp/subnet.ts';
import type { Subject } from '../events/events.ts';
import type { FileQuery, FileRoute, MadeFrom, RouteAnswer } from './catalog.ts';
import { MemoryFile } from './memory-file.ts';

/** What the menus depend on. */
export interface MenuSource extends BootSource {
  /** Where they are; undefined for a network whose address nobody knows before its interface is up. */
  readonly subnets: readonly { readonly name: string; readonly network: Cidr | undefined }[];
  readonly hosts: readonly (BootSource['hosts'][number] & { readonly address: Ipv4 | undefined })[];
  readonly choices: readonly BootChoice[];
  /** The folder below the root that is this client's own: what lies there is nobody's to replace. */
  readonly folderOf: (from: Subject) => string | undefined;
}

const RENDERERS = { pxelinux: pxelinuxMenu, grub: grubMenu, ipxe: ipxeMenu } as const satisfies Readonly<Record<MenuLoader, unknown>>;

/** Everything else is no menu, whoever asks: a look that costs nothing. */
const MENU_NAMES = /(?:^|\/)(?:pxelinux\.cfg\/default|grub\.cfg|boot\.ipxe)$/;

const encoder = new TextEncoder();

export class MenuRoute implements FileRoute {
  readonly name = 'menu';
  readonly #source: MenuSource;
  readonly #levels: BootLevels;
  readonly #hostsByMac: ReadonlyMap<Mac, HostKey>;
  readonly #hostsByAddress: ReadonlyMap<Ipv4, HostKey>;
  #choices: ReadonlyMap<Mac, BootChoice> = new Map();
  /** No level has a menu: then no name is looked at twice. */
  readonly #isEmpty: boolean;

  constructor(source: MenuSource) {
    this.#source = source;
    this.#levels = new BootLevels(source);
    // One that is known by more than its MAC goes last: nobody can tell here whether the rest fits.
    const byMac = source.hosts.toSorted((a, b) => partsOf(b.key) - partsOf(a.key));
    this.#hostsByMac = new Map(byMac.flatMap(({ key }) => (key.mac === undefined ? [] : [[key.mac, key] as const])));
    this.#hostsByAddress = new Map(source.hosts.flatMap(({ key, address }) => (address === undefined ? [] : [[address, key] as const])));
    this.choose(source.choices);
    this.#isEmpty = [source, ...source.networks, ...source.classes, ...source.hosts].every(({ boot }) => boot.menu === undefined);
  }

  /** Other choices are in force from now on. */
  choose(choices: readonly BootChoice[]): void {
    this.#choices = new Map(choices.map((choice) => [choice.mac, choice]));
  }

  open({ path, from, server }: FileQuery): RouteAnswer {
    if (this.#isEmpty || !MENU_NAMES.test(path)) return 'not-mine';
    const folder = this.#source.folderOf(from);
    if (folder !== undefined && path.startsWith(`${folder}/`)) return 'not-mine';
    const levels = this.#levels.of({ host: this.#hostOf(from), classes: from.classes ?? [], network: this.#networkOf(from) });
    const menu = menuFor(levels);
    const loader = menu && loaderAsking(path, levels);
    if (menu === undefined || loader === undefined) return 'not-mine';
    const choice = from.mac === undefined ? undefined : this.#choices.get(from.mac);
    const chosen = chosenEntry(menu, levels, choice);
    const made = RENDERERS[loader](menu, chosen?.entry, { server, httpPort: this.#source.http.port, path });
    if (made === undefined) return 'not-mine';
    return ok({ file: new MemoryFile(encoder.encode(made.text)), path, tolerated: undefined, made: madeFrom(menu, chosen, made, choice) });
  }

  /** Only names that a menu may have are looked for here. */
  placeOf({ path }: FileQuery): string | undefined {
    return this.#isEmpty || !MENU_NAMES.test(path) ? undefined : 'boot.menu';
  }

  #hostOf({ mac, address, isLeased }: Subject): HostKey | undefined {
    const byMac = mac && this.#hostsByMac.get(mac);
    if (byMac !== undefined || isLeased !== true || address === undefined) return byMac;
    return this.#hostsByAddress.get(address);
  }

  /** By the address; where only one network's is not known, what is in no other is there. A site with one network has everybody there. */
  #networkOf({ address }: Subject): string | undefined {
    const { subnets } = this.#source;
    if (address === undefined && subnets.length === 1) return subnets[0]?.name;
    const inside = subnets.find(({ network }) => address !== undefined && network !== undefined && isInside(network, address));
    if (inside !== undefined) return inside.name;
    const unknown = subnets.filter(({ network }) => network === undefined);
    return unknown.length === 1 ? unknown[0]?.name : undefined;
  }
}

function partsOf(key: HostKey): number {
  return Object.values(key).filter((part) => part !== undefined).length;
}

function madeFrom(menu: BootMenu, chosen: ChosenEntry | undefined, { leftOut }: MadeMenu, choice: BootChoice | undefined): MadeFrom {
  const what = chosen === undefined ? '' : `, entry ${chosen.entry.name}${chosen.by === 'operator' ? ' as chosen' : ''}`;
  const isChoice = chosen?.by === 'operator' && choice !== undefined;
  return {
    what: `boot.menu${what}`,
    ...(isChoice && { choice: choice.entry }),
    notes: [
      `${menu.entries.length - leftOut.length} of ${menu.entries.length} entries`,
      ...leftOut.map(({ name, why }) => `without the entry ${name}: ${why}`),
    ],
  };
}
