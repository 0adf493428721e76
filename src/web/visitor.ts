/**
 * Who may ask what the server tells of itself. A browser is made to ask for somebody else in two ways, and both are stopped here: a page of
 * another site that sends a request (its Origin is not ours), and a name that a stranger's DNS leads to this machine (the Host is no address
 * and none of our names). A cookie is sent without being asked for, so that a change with one has to say that it comes from our own page.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { after, type MonoMs } from '../base/clock.ts';
import { Sessions } from './sessions.ts';

/** What a request says of who sends it. */
export interface Visitor {
  /** The address that it comes from. */
  readonly from: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** Sec-Fetch-Site, which browsers send over the loopback and over TLS. */
  readonly site?: string | undefined;
  /** Behind `Bearer `. */
  readonly token: string | undefined;
  /** In the cookie. */
  readonly session?: string | undefined;
  /** It would change something: its method is not GET or HEAD. */
  readonly isChange?: boolean | undefined;
}

export type Refusal = { readonly may: false; readonly status: 401 | 403 | 421 | 429; readonly reason: string };
export type Verdict = { readonly may: true } | Refusal;
export type Login = { readonly may: true; readonly session: string } | Refusal;

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

const MAY = { may: true } as const;

export class VisitorCheck {
  readonly #rules: VisitorRules;
  readonly #names: ReadonlySet<string>;
  readonly #sessions = new Sessions();
  /** Wrong tokens by the address that they came from. */
  readonly #guesses = new Map<string, { readonly until: MonoMs; count: number }>();

  constructor(rules: VisitorRules) {
    this.#rules = rules;
    this.#names = new Set(['localhost', ...rules.names].map((name) => name.toLowerCase()));
  }

  get isTokenNeeded(): boolean {
    return this.#rules.token !== undefined;
  }

  /** Whether it may ask for what this server tells. */
  judge(visitor: Visitor, now: MonoMs): Verdict {
    const way = this.judgeWay(visitor);
    if (!way.may) return way;
    const { from, token, session, origin, site, isChange = false } = visitor;
    // Not even as an image or a script of another page, which is asked for without an Origin.
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return refusal(403, 'a page of another site asks for it');
    if (this.#rules.token === undefined) return MAY;
    if (token !== undefined) return this.#judgeToken(token, from, now);
    if (session === undefined) return refusal(401, 'it has no token');
    if (!this.#sessions.isOpen(session, now)) return refusal(401, 'its session has ended');
    if (isChange && origin === undefined && site !== 'same-origin')
      return refusal(403, 'it would change something with a cookie, and does not say that it comes from our own page');
    return MAY;
  }

  /** Only whether it comes by a name of ours and from no page of somebody else: for what is told to everybody. */
  judgeWay({ host, origin }: Visitor): Verdict {
    if (!this.#isOurName(host)) return refusal(421, `it asks for ${host ?? 'nobody'}, which is no name of this machine`);
    if (origin !== undefined && origin.toLowerCase() !== `http://${host?.toLowerCase() ?? ''}`)
      return refusal(403, `it comes from a page of ${origin}`);
    return MAY;
  }

  /** Begins a session for whoever has the token. */
  signIn({ from, token = '' }: Visitor, now: MonoMs): Login {
    const verdict = this.#judgeToken(token, from, now);
    return verdict.may ? { may: true, session: this.#sessions.begin(now) } : verdict;
  }

  signOut({ session }: Visitor): void {
    if (session !== undefined) this.#sessions.end(session);
  }

  #judgeToken(token: string, from: string, now: MonoMs): Verdict {
    const guesses = this.#guesses.get(from);
    if (guesses !== undefined && guesses.until > now && guesses.count >= MOST_GUESSES) return refusal(429, 'it gave too many wrong tokens');
    if (this.#rules.token !== undefined && isSame(token, this.#rules.token)) return MAY;
    this.#countGuess(from, now);
    return refusal(401, 'its token is wrong');
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

function refusal(status: Refusal['status'], reason: string): Refusal {
  return { may: false, status, reason };
}

/** Without a hint at how much of it was right. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
