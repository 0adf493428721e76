/** Entries of menus, and which of them devices start without asking: by choice of the operator, or by the configuration. */
import type { Mac } from '../base/addresses.ts';
import { nearestName } from '../base/near-name.ts';
import type { BootChoice } from '../boot/boot-choices.ts';
import type { MenuEntry } from '../boot/boot-menu.ts';
import type { Config, HostConfig } from '../config/config.ts';

/** A device and the entry that it starts without asking. */
export interface BootRow {
  readonly mac: Mac | undefined;
  readonly name: string | undefined;
  readonly entry: string;
  /** `chosen` goes before `configuration`. */
  readonly by: 'chosen' | 'configuration';
  readonly once: boolean;
  /** What the configuration says, where something else was chosen. */
  readonly configured: string | undefined;
}

/** The entries of all menus, each name once. Which menu a device sees depends on its classes and its network, so that any menu will do. */
export function menuEntriesOf({ boot: site, networks, classes, hosts }: Config): readonly (MenuEntry & { readonly isDefault: boolean })[] {
  const levels = [site, ...[...networks, ...classes, ...hosts].map((level) => level.boot)];
  const all = levels.flatMap(({ menu }) => menu?.entries.map((entry) => ({ ...entry, isDefault: entry.name === menu.default })) ?? []);
  return [...new Map(all.toReversed().map((entry) => [entry.name, entry])).values()].toReversed();
}

/** Why an entry cannot be chosen; undefined: it can. */
export function whyNoEntry(config: Config, entry: string): string | undefined {
  const known = menuEntriesOf(config).map(({ name }) => name);
  if (known.includes(entry)) return undefined;
  if (known.length === 0) return 'the configuration has no `boot.menu` to choose from';
  const near = nearestName(entry, known);
  return `no menu has an entry ${entry}; ${near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`}`;
}

export function bootRowsOf({ hosts }: Config, choices: readonly BootChoice[]): readonly BootRow[] {
  const configured = hosts.filter(({ boot: { entry } }) => entry !== undefined);
  const chosen = choices.map((choice): BootRow => {
    const host = hosts.find(({ key }) => key.mac === choice.mac);
    return { ...choice, name: host?.name, by: 'chosen', configured: host?.boot.entry };
  });
  const others = configured.filter(({ key }) => !choices.some(({ mac }) => mac === key.mac)).map(configuredRow);
  return [...chosen, ...others];
}

function configuredRow({ key, name, boot: { entry } }: HostConfig): BootRow {
  return { mac: key.mac, name, entry: entry ?? '', by: 'configuration', once: false, configured: undefined };
}
