/** The file that each client fetched last: a loader that lost its folder asks for the next one without it. */
import type { Ipv4 } from '../base/addresses.ts';
import type { Subject } from '../events/events.ts';
import { joinSafe, type SafePath } from './safe-path.ts';

const MOST_CLIENTS = 4_096;

export class LastFiles {
  /** Only files in folders: what lies in the root has no other place to look. The one heard of last is the last. */
  readonly #paths = new Map<Ipv4, SafePath>();

  note({ address }: Subject, path: SafePath): void {
    if (address === undefined) return;
    const before = this.#paths.get(address);
    if (before === path) return;
    if (before !== undefined) this.#paths.delete(address);
    if (!path.includes('/')) return;
    this.#paths.set(address, path);
    const [oldest] = this.#paths.size > MOST_CLIENTS ? this.#paths.keys() : [];
    if (oldest !== undefined) this.#paths.delete(oldest);
  }

  /**
   * Where a file may be that is not where it was asked for: below the folder of the last one, then right beside it.
   * Field note: shim asks for `grubx64.efi` in the root, or for `\EFI\BOOT\grubx64.efi`, wherever it came from itself.
   */
  beside({ address }: Subject, path: SafePath): { readonly last: SafePath; readonly places: readonly SafePath[] } | undefined {
    const last = address === undefined ? undefined : this.#paths.get(address);
    if (last === undefined) return undefined;
    const folder = last.slice(0, last.lastIndexOf('/'));
    const base = path.slice(path.lastIndexOf('/') + 1);
    const places = [...new Set([joinSafe(folder, path), joinSafe(folder, base)])];
    return { last, places: places.filter((place) => place !== path) };
  }
}
