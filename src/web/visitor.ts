/**
 * Who may ask what the server tells of itself. A browser is made to ask for somebody else in two ways, and both are stopped here: a page of
 * another site that sends a request (its Origin is not ours), and a name that a stranger's DNS leads to this machine (the Host is no address
 * and none of our names).
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { after, type MonoMs } from '../base/clock.ts';

/** What a request says of who sends it. */
export interface Visitor {
  /** The address that it comes from. */
  readonly from: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** Behind `Bearer `, or in the cookie. */
  readonly token: string | undefined;
}

export type Verdict = { readonly may: true } | { readonly may: false; readonly status: 401 | 403 | 421 | 429; readonly reason: string };

export interface VisitorRules {
  /** Undefined: whoever reaches the port may ask. */
  readonly token: string | undefined;
  /** Names of this machine, beside `localhost` and every address. */
  readonly names: readonly string[];
}

/** Wrong tokens from one address, after which none of its tokens is looked at until the minute is over. */
const MOST_GUESSES = 10;
const GUESSING_MS = 60_000;
const MOST_REMEMBERED = 1_024;

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.%a-z]+\])$/i;

export class VisitorCheck {
  readonly #rules: VisitorRules;
  readonly #names: ReadonlySet<string>;
  /** Wrong tokens by the address that they came from. */
  readonly #guesses = new Map<string, { readonly until: MonoMs; count: number }>();

  constructor(rules: VisitorRules) {
    this.#rules = rules;
    this.#names = new Set(['localhost', ...rules.names].map((name) => name.toLowerCase()));
  }

  judge({ from, host, origin, token }: Visitor, now: MonoMs): Verdict {
    if (!this.#isOurName(host))
      return { may: false, status: 421, reason: `it asks for ${host ?? 'nobody'}, which is no name of this machine` };
    if (origin !== undefined && origin.toLowerCase() !== `http://${host?.toLowerCase() ?? ''}`)
      return { may: false, status: 403, reason: `it comes from a page of ${origin}` };
    if (this.#rules.token === undefined) return { may: true };
    if (token === undefined) return { may: false, status: 401, reason: 'it has no token' };
    const guesses = this.#guesses.get(from);
    if (guesses !== undefined && guesses.until > now && guesses.count >= MOST_GUESSES)
      return { may: false, status: 429, reason: 'it gave too many wrong tokens' };
    if (isSame(token, this.#rules.token)) return { may: true };
    this.#countGuess(from, now);
    return { may: false, status: 401, reason: 'its token is wrong' };
  }

  #countGuess(from: string, now: MonoMs): void {
    const guesses = this.#guesses.get(from);
    if (guesses !== undefined && guesses.until > now) guesses.count += 1;
    else {
      this.#guesses.delete(from);
      this.#guesses.set(from, { until: after(now, GUESSING_MS), count: 1 });
    }
    const [oldest] = this.#guesses.size > MOST_REMEMBERED ? this.#guesses.keys() : [];
    if (oldest !== undefined) this.#guesses.delete(oldest);
  }

  #isOurName(host: string | undefined): boolean {
    const name = host?.replace(/:\d+$/, '').toLowerCase() ?? '';
    return ADDRESS.test(name) || this.#names.has(name);
  }
}

/** Without a hint at how much of it was right. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
