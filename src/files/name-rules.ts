/** From the name in a request to the paths that it may mean: what is tolerated, what the operator's rules say, whose folder goes first. */
import { err, ok, type Result } from '../base/result.ts';
import type { Subject } from '../events/events.ts';
import { type Meaning, otherMeanings, readName, rootNames } from './asked-name.ts';
import { type Refusal, refusal } from './refusal.ts';
import { clientText, type NameOf, type RemapRule, remapped } from './remap.ts';
import { joinSafe } from './safe-path.ts';

/** Whose folder below the root goes before the root itself. */
export type PerClientRoot = 'none' | 'ip' | 'mac' | 'name';

export interface NameSettings {
  /** Absolute path of the folder that is served. */
  readonly root: string;
  readonly remap: readonly RemapRule[];
  readonly perClientRoot: PerClientRoot;
  readonly nameOf: NameOf;
}

const PLAIN: NameSettings = { root: '/', remap: [], perClientRoot: 'none', nameOf: () => undefined };

export class NameRules {
  readonly #settings: NameSettings;
  readonly #roots: readonly string[];

  /** @param settings those that are left out change no name. */
  constructor(settings: Partial<NameSettings> = {}) {
    this.#settings = { ...PLAIN, ...settings };
    this.#roots = rootNames(this.#settings.root);
  }

  /** The one path that a name stands for, for who writes: a new file has to have one place. */
  pathOf(name: string, from: Subject): Result<Meaning, Refusal> {
    const asked = readName(name);
    if (!asked.ok || this.#settings.remap.length === 0) return asked;
    const path = remapped(asked.value, this.#settings.remap, from, this.#settings.nameOf);
    // Whatever a rule makes of it, it is the rule that is at fault, and the client hears no more than of any other name.
    return path.ok ? path : err(refusal('forbidden', `a rule of tftp.remap makes of it ${path.error.detail}`));
  }

  /** All paths that a name may mean, for who reads, the likeliest first. Never empty. */
  meaningsOf(name: string, from: Subject): Result<readonly Meaning[], Refusal> {
    const path = this.pathOf(name, from);
    if (!path.ok) return path;
    const meanings = [path.value, ...otherMeanings(path.value, this.#roots)];
    const folder = this.folderOf(from);
    if (folder === undefined) return ok(meanings);
    return ok(meanings.flatMap((meaning) => [{ ...meaning, path: joinSafe(folder, meaning.path) }, meaning]));
  }

  /** The client's own folder below the root, by `perClientRoot`. */
  folderOf(from: Subject): string | undefined {
    const { perClientRoot, nameOf } = this.#settings;
    return perClientRoot === 'none' ? undefined : clientText(perClientRoot, from, nameOf);
  }
}
