/**
 * The menu that PXE firmware shows by itself (PXE 2.1 table 2-1, option 43): items, a prompt, and where to ask for the item that was chosen.
 * That is boot server discovery: a REQUEST to port 4011 with the item in 43.71, answered with its file.
 */
import type { Ipv4 } from '../base/addresses.ts';
import { ipv4Bytes } from '../base/addresses.ts';
import { latin1Bytes } from '../base/bytes.ts';
import type { BootMenu, MenuEntry } from './boot-menu.ts';

const TAG = { control: 6, servers: 8, menu: 9, prompt: 10, bootItem: 71, end: 255 } as const;
/** Neither by broadcast nor by multicast, and only at the servers of the list: at ours. */
const UNICAST_TO_LISTED = 7;
/** Types from here on are the vendor's own. */
const FIRST_TYPE = 0x8000;
/** "Start from the next device". */
const LOCAL_TYPE = 0;
const LONGEST_OPTION = 255;
/** Waits until somebody chooses. */
const WAIT_FOR_EVER = 255;
const LONGEST_TITLE = 60;

/** Firmware can start programs and go on to the disk; a kernel needs a loader. */
export function isForFirmware({ action }: MenuEntry): boolean {
  return action.start !== 'linux';
}

function typeOf(menu: BootMenu, entry: MenuEntry): number {
  return entry.action.start === 'local' ? LOCAL_TYPE : FIRST_TYPE + menu.entries.indexOf(entry);
}

/** Option 43 with the menu, its default first; undefined where it has nothing for firmware. What does not fit into one option is left out. */
export function pxeMenuOptions(menu: BootMenu, server: Ipv4): Uint8Array | undefined {
  const entries = menu.entries.filter(isForFirmware);
  const standard = entries.findIndex(({ name }) => name === menu.default);
  const ordered = standard > 0 ? [...entries.slice(standard), ...entries.slice(0, standard)] : entries;
  const prompt = latin1Bytes(menu.title.slice(0, LONGEST_TITLE));
  const head = [TAG.control, 1, UNICAST_TO_LISTED, TAG.prompt, prompt.length + 1, menu.timeoutSeconds ?? WAIT_FOR_EVER, ...prompt];
  const servers: number[] = [];
  const items: number[] = [];
  for (const entry of ordered) {
    const type = typeOf(menu, entry);
    const title = latin1Bytes(entry.title.slice(0, LONGEST_TITLE));
    const server71 = type === LOCAL_TYPE ? [] : [type >> 8, type & 255, 1, ...ipv4Bytes(server)];
    const item = [type >> 8, type & 255, title.length, ...title];
    // Two tags with their lengths, and END.
    if (head.length + servers.length + server71.length + items.length + item.length + 5 > LONGEST_OPTION) break;
    servers.push(...server71);
    items.push(...item);
  }
  if (items.length === 0) return undefined;
  const list = servers.length === 0 ? [] : [TAG.servers, servers.length, ...servers];
  return Uint8Array.of(...head, ...list, TAG.menu, items.length, ...items, TAG.end);
}

/** The entry of a boot item. */
export function entryOfItem(menu: BootMenu, type: number): MenuEntry | undefined {
  return menu.entries.find((entry) => isForFirmware(entry) && entry.action.start === 'program' && typeOf(menu, entry) === type);
}

/** Option 43 of the answer for a boot item: the item comes back, its first layer (PXE 2.1 §2.2.5). */
export function answeredItem(type: number): Uint8Array {
  return Uint8Array.of(TAG.bootItem, 4, type >> 8, type & 255, 0, 0, TAG.end);
}
