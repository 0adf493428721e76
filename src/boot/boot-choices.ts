/** Entries that the operator has chosen for machines beside the configuration, and which entry counts for one machine. */
import type { Mac } from '../base/addresses.ts';
import type { BootMenu, MenuEntry } from './boot-menu.ts';
import { type BootLevel, firstSaid } from './boot-settings.ts';

/** Plain data: it crosses threads, and is written as JSON. */
export interface BootChoice {
  readonly mac: Mac;
  /** The name of an entry. */
  readonly entry: string;
  /** True: it is used up when the machine has got a menu that was made with it. */
  readonly once: boolean;
}

/** The entry that is started without asking, and who says so. */
export interface ChosenEntry {
  readonly entry: MenuEntry;
  readonly by: 'operator' | 'configuration';
}

/** Undefined where nobody chose, or where its menu has no such entry: then the menu asks. */
export function chosenEntry(menu: BootMenu, levels: readonly BootLevel[], choice: BootChoice | undefined): ChosenEntry | undefined {
  const find = (name: string | undefined): MenuEntry | undefined => menu.entries.find((entry) => entry.name === name);
  const byOperator = find(choice?.entry);
  if (byOperator !== undefined) return { entry: byOperator, by: 'operator' };
  const said = firstSaid(levels, (settings) => (settings.entry === undefined ? undefined : { value: settings.entry, key: ['entry'] }));
  const configured = find(said?.value);
  return configured && { entry: configured, by: 'configuration' };
}
