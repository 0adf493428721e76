/** Files on their way and those that went over last: a listener that keeps a little of each, and numbers what changes. */
import { showIpv4 } from '../../base/addresses.ts';
import { type Clock, type MonoMs, type WallMs, wallMs } from '../../base/clock.ts';
import type { AppEvent, Subject } from '../../events/events.ts';
import type { Identify } from '../../observe/line.ts';
import type { TransferSource } from '../../web/api/transfer-routes.ts';
import type { TransferShape } from '../../web/api/transfer-shapes.ts';
import { WaitingReaders } from './waiting-readers.ts';

type Told<Kind extends AppEvent['type']> = Extract<AppEvent, { type: Kind }>;
type Labelled = Told<'transfer.started' | 'transfer.progressed' | 'transfer.done' | 'transfer.failed' | 'transfer.declined'>;

/** What is kept of one. */
interface Entry {
  /** The event that said the most of who and what: the first. */
  readonly label: Labelled;
  readonly startedAt: WallMs;
  /** Where it was, and when: a little more than the last second of it. Oldest first. */
  marks: readonly Mark[];
  octets: number;
  end: Told<'transfer.done' | 'transfer.failed'> | undefined;
  endedAt: WallMs | undefined;
  /** Of its last change. */
  revision: number;
}

interface Mark {
  readonly at: MonoMs;
  readonly octets: number;
}

const MOST_ENDED = 100;
/** More at one time are there in no room; the oldest are those whose end was never told. */
const MOST_RUNNING = 2_000;
const RATE_OVER_MS = 1_000;
/** Progress is told twice a second. */
const QUIET_MS = 2_000;

export class TransferBoard implements TransferSource {
  readonly #clock: Clock;
  readonly #identify: Identify;
  /** Oldest first, both. */
  readonly #running = new Map<string, Entry>();
  readonly #ended = new Map<string, Entry>();
  readonly #readers = new WaitingReaders();
  #revision = 0;

  constructor(clock: Clock, identify: Identify) {
    this.#clock = clock;
    this.#identify = identify;
  }

  readonly listener = (event: AppEvent): void => {
    switch (event.type) {
      case 'transfer.started':
      case 'transfer.progressed':
        this.#goOn(event);
        break;
      case 'transfer.done':
      case 'transfer.failed':
        this.#finish(event);
        break;
      case 'transfer.declined':
        // It wanted to know the size and nothing else.
        this.#running.delete(keyOf(event));
        break;
      default:
        return;
    }
    this.#readers.news();
  };

  list(): TransferShape[] {
    return this.#changedSince(-1);
  }

  readonly subscribe: TransferSource['subscribe'] = (onWaiting) => {
    let seen = this.#revision;
    return this.#readers.add(onWaiting, () => {
      const transfers = this.#changedSince(seen);
      seen = this.#revision;
      return transfers.length === 0 ? undefined : { transfers };
    });
  };

  #goOn(event: Told<'transfer.started' | 'transfer.progressed'>): void {
    const key = keyOf(event);
    const octets = event.type === 'transfer.progressed' ? event.octets : (event.resumedAt ?? 0);
    const entry = this.#running.get(key) ?? this.#entryOf(event, this.#clock.wall());
    this.#running.set(key, entry);
    entry.octets = octets;
    entry.revision = this.#nextRevision();
    const at = this.#clock.mono();
    // The last one that is older than a second stays, for the difference to it.
    const from = entry.marks.findLastIndex((mark) => at - mark.at >= RATE_OVER_MS);
    entry.marks = [...entry.marks.slice(Math.max(from, 0)), { at, octets }];
    dropOldest(this.#running, MOST_RUNNING);
  }

  #finish(event: Told<'transfer.done' | 'transfer.failed'>): void {
    const key = keyOf(event);
    const now = this.#clock.wall();
    const entry = this.#running.get(key) ?? this.#entryOf(event, wallMs(now - event.millis));
    this.#running.delete(key);
    entry.octets = event.octets;
    entry.end = event;
    entry.endedAt = now;
    entry.revision = this.#nextRevision();
    this.#ended.delete(key);
    this.#ended.set(key, entry);
    dropOldest(this.#ended, MOST_ENDED);
  }

  #entryOf(label: Labelled, startedAt: WallMs): Entry {
    return { label, startedAt, marks: [], octets: 0, end: undefined, endedAt: undefined, revision: 0 };
  }

  #nextRevision(): number {
    this.#revision += 1;
    return this.#revision;
  }

  #changedSince(revision: number): TransferShape[] {
    return [...this.#ended.values(), ...this.#running.values()]
      .filter((entry) => entry.revision > revision)
      .toReversed()
      .map((entry) => this.#show(entry));
  }

  #show({ label, startedAt, marks, octets, end, endedAt }: Entry): TransferShape {
    const { protocol, direction, path } = label;
    const { address, mac, hostName }: Subject = this.#identify(label);
    const device = mac ?? (address === undefined ? undefined : showIpv4(address));
    const size = sizeOf(label) ?? (end?.type === 'transfer.failed' ? end.size : undefined);
    const started = label.type === 'transfer.started' ? label : undefined;
    return {
      id: keyOf(label),
      protocol,
      direction,
      path,
      octets,
      rate: end === undefined ? rateOf(marks, this.#clock.mono()) : perSecond(end.octets, end.millis),
      startedAt,
      outcome: end === undefined ? 'running' : end.type === 'transfer.done' ? 'done' : 'failed',
      ...(address !== undefined && { address: showIpv4(address) }),
      ...(device !== undefined && { device }),
      ...(hostName !== undefined && { name: hostName }),
      ...(size !== undefined && { size }),
      ...(started?.blockSize !== undefined && { blockSize: started.blockSize }),
      ...(started?.window !== undefined && { window: started.window }),
      ...(end?.type === 'transfer.done' && end.resent !== undefined && { resent: end.resent }),
      ...(endedAt !== undefined && { endedAt }),
      ...(end?.type === 'transfer.failed' && { reason: end.reason }),
    };
  }
}

function keyOf({ protocol, transfer }: Labelled): string {
  return `${protocol}-${transfer}`;
}

function sizeOf(label: Labelled): number | undefined {
  return 'size' in label ? label.size : undefined;
}

/** Of the last moment; one that has said nothing for a while stands still. */
function rateOf(marks: readonly Mark[], now: MonoMs): number {
  const [first] = marks;
  const last = marks.at(-1);
  if (first === undefined || last === undefined || now - last.at > QUIET_MS) return 0;
  return perSecond(last.octets - first.octets, last.at - first.at);
}

function perSecond(octets: number, millis: number): number {
  return millis <= 0 ? 0 : Math.round((octets * 1_000) / millis);
}

function dropOldest(entries: Map<string, unknown>, most: number): void {
  const [oldest] = entries.size > most ? entries.keys() : [];
  if (oldest !== undefined) entries.delete(oldest);
}
