/**
 * Keeps a flood out of the log: of events of one kind, for one reason, on one network, only so many are written in ten seconds;
 * the rest is counted, and the count is said once.
 */
import { after, type MonoMs } from '../base/clock.ts';
import { levelOf } from '../events/catalog.ts';
import type { AppEvent, EventType, SuppressedEvent } from '../events/events.ts';
import { plainText } from '../events/plain-text.ts';

/** How many events of one kind are written in how long a time. */
export interface FloodLimits {
  readonly windowMs: number;
  /** Of what asks for attention: warnings and errors, which repeat themselves. */
  readonly loud: number;
  /** Of ordinary events: every device of a large site that boots at once still has its line. */
  readonly quiet: number;
}

export const DEFAULT_LIMITS: FloodLimits = { windowMs: 10_000, loud: 20, quiet: 2_000 };

/** Reasons may hold pieces of packets, so that a hostile client could invent new ones without end. */
const MOST_KINDS = 1_000;
const LONGEST_REASON = 120;

/** Each of these is said by us about ourselves and is rare, or of no use when it is missing. */
const NEVER_HELD: ReadonlySet<EventType> = new Set([
  'server.started',
  'server.ready',
  'server.stopping',
  'server.privileges-dropped',
  'server.privileges-kept',
  'server.limited',
  'config.warning',
  'config.changed',
  'config.reloaded',
  'config.refused',
  'network.interface-chosen',
  'network.address-added',
  'network.address-removed',
  'network.up',
  'http.ready',
  'web.ready',
  'store.opened',
  'store.recovered',
  'store.rebuilt',
  'store.rewritten',
  'log.suppressed',
]);

interface Count {
  passed: number;
  held: number;
}

/** Counts events by kind in windows of time, one after another. Reads no clock: the time is handed in. */
export class FloodGate {
  readonly #limits: FloodLimits;
  readonly #counts = new Map<string, Count>();
  #since: MonoMs | undefined;
  #isHolding = false;

  constructor(limits: FloodLimits = DEFAULT_LIMITS) {
    this.#limits = limits;
  }

  /** True when the event may be written; false when it was counted instead. Ask `due` first. */
  admits(event: AppEvent, now: MonoMs): boolean {
    if (NEVER_HELD.has(event.type)) return true;
    this.#since ??= now;
    const count = this.#countOf(kindOf(event));
    const level = levelOf(event);
    if (count.passed < (level === 'warn' || level === 'error' ? this.#limits.loud : this.#limits.quiet)) {
      count.passed += 1;
      return true;
    }
    count.held += 1;
    this.#isHolding = true;
    return false;
  }

  /** Once the window is over: what was held back in it, and a new one begins. */
  due(now: MonoMs): readonly SuppressedEvent[] {
    return this.#since !== undefined && now - this.#since >= this.#limits.windowMs ? this.close(now) : [];
  }

  /** What was held back up to now, whether the window is over or not. */
  close(now: MonoMs): readonly SuppressedEvent[] {
    const seconds = Math.max(1, Math.round(Math.min(this.#limits.windowMs, now - (this.#since ?? now)) / 1000));
    const suppressed: SuppressedEvent[] = [];
    for (const [of, { held }] of this.#counts) {
      if (held > 0) suppressed.push({ type: 'log.suppressed', of, count: held, seconds });
    }
    this.#counts.clear();
    this.#since = undefined;
    this.#isHolding = false;
    return suppressed;
  }

  /** Milliseconds until `due` has something to say; undefined when nothing is held back. */
  wait(now: MonoMs): number | undefined {
    return this.#isHolding && this.#since !== undefined ? Math.max(0, after(this.#since, this.#limits.windowMs) - now) : undefined;
  }

  #countOf(kind: string): Count {
    const key = this.#counts.has(kind) || this.#counts.size < MOST_KINDS ? kind : 'many different events';
    const count = this.#counts.get(key) ?? { passed: 0, held: 0 };
    this.#counts.set(key, count);
    return count;
  }
}

/** `dhcp.dropped on lan0: too short`. */
function kindOf(event: AppEvent): string {
  const where = 'interface' in event ? event.interface : 'network' in event ? event.network : 'where' in event ? event.where : undefined;
  const reason = 'reason' in event ? plainText(event.reason, LONGEST_REASON) : undefined;
  return `${event.type}${where === undefined ? '' : ` on ${where}`}${reason === undefined ? '' : `: ${reason}`}`;
}
