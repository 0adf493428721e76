/**
 * What a device has done since it was switched on, in the order in which it happened: what verdicts are read from. A machine that boots over the
 * network asks for an address several times, by its ROM, by iPXE, by its system: each of them begins a leg.
 */
import type { Ipv4, Mac } from '../base/addresses.ts';
import type { WallMs } from '../base/clock.ts';
import type { EventType } from '../events/events.ts';
import type { Direction, Protocol } from '../events/transfer-events.ts';
import { isAboutFile, isAsking, type Moment, type Told } from './moment.ts';

/** A file that is on its way. */
export interface Progress {
  readonly protocol: Protocol;
  readonly direction: Direction;
  readonly path: string;
  readonly octets: number;
  readonly size: number | undefined;
  readonly at: WallMs;
}

/** A moment together with its event, whose kind is known. */
export interface Found<Type extends EventType> {
  readonly moment: Moment;
  readonly event: Told<Type>;
  /** Its place in the leg. */
  readonly index: number;
}

/** After such a silence, somebody who asks anew was switched on anew. */
const NEW_TRY_MS = 600_000;

/** What happened from one question for an address to the next. */
export class Leg {
  readonly moments: readonly Moment[];

  constructor(moments: readonly Moment[]) {
    this.moments = moments;
  }

  last<Type extends EventType>(...types: readonly Type[]): Found<Type> | undefined {
    for (let index = this.moments.length - 1; index >= 0; index -= 1) {
      const found = this.#at(index, types);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  all<Type extends EventType>(...types: readonly Type[]): readonly Found<Type>[] {
    return this.moments.flatMap((_, index) => this.#at(index, types) ?? []);
  }

  /** How many times, repeats included. */
  count(...types: readonly EventType[]): number {
    return this.moments.reduce((sum, { event, count }) => sum + (types.includes(event.type) ? count : 0), 0);
  }

  /** What came after. */
  after({ index }: { readonly index: number }): readonly Moment[] {
    return this.moments.slice(index + 1);
  }

  #at<Type extends EventType>(index: number, types: readonly Type[]): Found<Type> | undefined {
    const moment = this.moments[index];
    if (moment === undefined || !(types as readonly EventType[]).includes(moment.event.type)) return undefined;
    return { moment, event: moment.event as Told<Type>, index };
  }
}

/** Who it is. */
export interface Named {
  readonly mac: Mac | undefined;
  readonly address: Ipv4 | undefined;
  readonly hostName: string | undefined;
}

export interface Story extends Named {
  readonly now: WallMs;
  /** Since it was switched on, as far as that shows. */
  readonly moments: readonly Moment[];
  /** Never empty; the last is what it is at now. */
  readonly legs: readonly Leg[];
  readonly leg: Leg;
  readonly running: readonly Progress[];
  /** How long nothing has been heard of it. */
  readonly quietMs: number;
}

/** Reads the story. `moments` are those of one device, in order. */
export function storyOf(who: Named, moments: readonly Moment[], running: readonly Progress[], now: WallMs): Story {
  const from = beginningOf(moments);
  const own = from === 0 ? moments : moments.slice(from);
  const legs = legsOf(own);
  const lastAt = Math.max(own.at(-1)?.lastAt ?? 0, ...running.map(({ at }) => at));
  const { mac, address, hostName } = who;
  return { mac, address, hostName, now, moments: own, legs, leg: legs.at(-1) ?? new Leg([]), running, quietMs: Math.max(now - lastAt, 0) };
}

function beginningOf(moments: readonly Moment[]): number {
  for (let index = moments.length - 1; index > 0; index -= 1) {
    const [before, moment] = [moments[index - 1], moments[index]];
    if (before !== undefined && moment !== undefined && moment.at - before.lastAt > NEW_TRY_MS && isAsking(moment.event)) return index;
  }
  return 0;
}

function legsOf(moments: readonly Moment[]): readonly Leg[] {
  const legs: Leg[] = [];
  let from = 0;
  for (let index = 1; index < moments.length; index += 1) {
    const [before, moment] = [moments[index - 1], moments[index]];
    if (before === undefined || moment === undefined || !beginsLeg(before, moment)) continue;
    legs.push(new Leg(moments.slice(from, index)));
    from = index;
  }
  return [...legs, new Leg(moments.slice(from))];
}

/** An address that is taken up without a DISCOVER, after files, is a system that remembers it. */
function beginsLeg({ event: before }: Moment, { event }: Moment): boolean {
  if (isAsking(event)) return isAboutFile(before) || before.type === 'lease.bound' || before.type === 'boot.answered' || isEnd(before.type);
  return event.type === 'lease.bound' && event.how === 'new' && isAboutFile(before);
}

function isEnd(type: EventType): boolean {
  return type === 'lease.released' || type === 'lease.expired';
}
