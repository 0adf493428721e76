/** One device: what happened to it, within bounds, and what is the matter with it. */

import type { Ipv4, Mac } from '../base/addresses.ts';
import { type WallMs, wallMs } from '../base/clock.ts';
import type { AppEvent } from '../events/events.ts';
import { isRepeat, type Moment, type Told } from './moment.ts';
import { type Progress, storyOf } from './story.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** Moments of one device; a boot has a few dozen. The oldest go first, several at once. */
export const MOST_MOMENTS = 160;
const DROPPED_AT_ONCE = 32;
/** Files at once; more are counted as one. */
const MOST_RUNNING = 32;
/** Devices repeat themselves with other things in between, as phones do with their lists of names. */
const LOOKED_BACK = 4;

export class Device {
  readonly id: string;
  mac: Mac | undefined;
  address: Ipv4 | undefined;
  hostName: string | undefined;
  moments: Moment[] = [];
  lastAt: WallMs;
  /** Something has happened since the verdict. */
  isDirty = true;
  verdict: Verdict | undefined;
  /** Since when it is in its state. */
  since: WallMs;
  /** When it was told last how far its file is. */
  percentToldAt = wallMs(0);
  /** The stuck verdict that was told last, and when. */
  told: { readonly rule: string; readonly at: WallMs } | undefined;
  readonly #running = new Map<string, Progress>();

  constructor(id: string, now: WallMs) {
    this.id = id;
    this.lastAt = now;
    this.since = now;
  }

  get running(): readonly Progress[] {
    return [...this.#running.values()];
  }

  /** Notes that a file is on its way, or no longer. */
  follow(
    event: Told<'transfer.started' | 'transfer.progressed' | 'transfer.done' | 'transfer.failed' | 'transfer.declined'>,
    now: WallMs,
  ): void {
    const key = `${event.protocol} ${event.transfer}`;
    if (event.type !== 'transfer.started' && event.type !== 'transfer.progressed') {
      if (this.#running.size > 0) this.#running.delete(key);
      return;
    }
    if (this.#running.size >= MOST_RUNNING && !this.#running.has(key)) return;
    const octets = event.type === 'transfer.progressed' ? event.octets : 0;
    const { protocol, direction, path, size } = event;
    this.#running.set(key, { protocol, direction, path, octets, size, at: now });
  }

  /** Adds what happened, and gives the moment that it is part of. `made` numbers new ones. */
  add(event: AppEvent, now: WallMs, nextId: () => number): { readonly moment: Moment; readonly dropped: readonly Moment[] } {
    this.lastAt = now;
    this.isDirty = true;
    const same = this.#sameMoment(event);
    if (same !== undefined) {
      if (!isEndOf(same.event, event)) same.count += 1;
      same.lastAt = now;
      same.event = event;
      return { moment: same, dropped: [] };
    }
    const moment: Moment = { id: nextId(), device: this.id, at: now, lastAt: now, count: 1, first: event, event };
    this.moments.push(moment);
    return { moment, dropped: this.moments.length > MOST_MOMENTS ? this.moments.splice(0, DROPPED_AT_ONCE) : [] };
  }

  /** True when the verdict has become another one. */
  judge(now: WallMs): boolean {
    this.isDirty = false;
    const before = this.verdict;
    const verdict = verdictOf(storyOf(this, this.moments, this.running, now));
    this.verdict = verdict;
    if (before?.state !== verdict.state) this.since = now;
    return before?.rule !== verdict.rule || before.sentence !== verdict.sentence || before.state !== verdict.state;
  }

  /** The moment that a repeat, or the end of a transfer, belongs to. */
  #sameMoment(event: AppEvent): Moment | undefined {
    const last = this.moments.at(-1);
    if (last !== undefined && isRepeat(last.event, event)) return last;
    if (!isEnd(event)) return undefined;
    for (let index = this.moments.length - 1; index >= Math.max(this.moments.length - LOOKED_BACK, 0); index -= 1) {
      const moment = this.moments[index];
      if (moment !== undefined && isEndOf(moment.event, event)) return moment;
    }
    return undefined;
  }
}

function isEnd(event: AppEvent): event is Told<'transfer.done' | 'transfer.failed'> {
  return event.type === 'transfer.done' || event.type === 'transfer.failed';
}

/** What was told when it began is told again, and better, at its end. */
function isEndOf(before: AppEvent, event: AppEvent): boolean {
  return before.type === 'transfer.started' && isEnd(event) && before.transfer === event.transfer && before.protocol === event.protocol;
}
