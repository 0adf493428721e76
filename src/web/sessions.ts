/** Browsers that have shown the token. Their cookie holds a number of our own making, so that whoever reads it learns no token, and it ends. */
import { createHash, randomBytes } from 'node:crypto';
import { after, type MonoMs } from '../base/clock.ts';

const ID_OCTETS = 24;
/** A working day; after that the token is asked for again. */
const LASTS_MS = 12 * 3_600_000;
/** Browsers at one time; with one more, the oldest has to sign in again. */
const MOST = 64;

export class Sessions {
  /** By the digest of the id: how far two ids are alike does not show in the time that a search takes. Oldest first. */
  readonly #until = new Map<string, MonoMs>();

  /** Begins one, and gives its id. */
  begin(now: MonoMs): string {
    const id = randomBytes(ID_OCTETS).toString('base64url');
    this.#until.set(digestOf(id), after(now, LASTS_MS));
    for (const [key, until] of this.#until) {
      if (until > now && this.#until.size <= MOST) break;
      this.#until.delete(key);
    }
    return id;
  }

  isOpen(id: string, now: MonoMs): boolean {
    return (this.#until.get(digestOf(id)) ?? 0) > now;
  }

  end(id: string): void {
    this.#until.delete(digestOf(id));
  }
}

function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('base64');
}
