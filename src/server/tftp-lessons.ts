/** What the server makes of transfers that go badly: their clients get smaller blocks or windows next time, and the log says so. */
import type { Clock } from '../base/clock.ts';
import { invariant } from '../base/result.ts';
import type { Tell } from '../events/bus.ts';
import type { Subject } from '../events/events.ts';
import { type ClientKey, ClientMemory, type Lesson, type Tried } from '../tftp/client-memory.ts';
import type { Limits, Terms } from '../tftp/options.ts';
import type { Outcome } from '../tftp/transfer.ts';

/** A transfer to a client. */
export interface Taught {
  readonly label: Subject & { readonly path: string };
  readonly terms: Terms;
  /** Octets of the file. */
  readonly size: number | undefined;
}

export class TftpLessons {
  readonly #memory = new ClientMemory();
  readonly #clock: Clock;
  readonly #tell: Tell;

  constructor(clock: Clock, tell: Tell) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** The limits for a file that this client reads: never more than for all. */
  limitsFor(from: Subject, limits: Limits): Limits {
    if (this.#memory.isEmpty) return limits;
    const learned = this.#memory.sizesOf(keyOf(from), this.#clock.mono());
    if (learned === undefined) return limits;
    return {
      maxBlockSize: Math.min(limits.maxBlockSize, learned.blockSize),
      maxWindow: Math.min(limits.maxWindow, learned.window),
      maxUploadSize: limits.maxUploadSize,
    };
  }

  /** The transfer's first blocks do not arrive. */
  stalled(transfer: Taught): void {
    this.#say(transfer, this.#memory.stalled(keyOf(transfer.label), triedBy(transfer), this.#clock.mono()));
  }

  /** The transfer is over. */
  concluded(transfer: Taught, outcome: Outcome): void {
    if (outcome.kind === 'declined') return;
    const { acknowledged = 0, windowsLost = 0 } = outcome;
    const isWhole = outcome.kind === 'done' && outcome.confirmed;
    // Nearly all transfers: nothing went wrong, and nothing is remembered that this one could disprove.
    if (windowsLost === 0 && this.#memory.isEmpty) return;
    const reception = { ...triedBy(transfer), acknowledged, windowsLost, isWhole };
    this.#say(transfer, this.#memory.concluded(keyOf(transfer.label), reception, this.#clock.mono()));
  }

  #say({ label }: Taught, lesson: Lesson | undefined): void {
    if (lesson === undefined) return;
    const { mac, address, hostName, classes, isLeased, path } = label;
    this.#tell({ mac, address, hostName, classes, isLeased, type: 'tftp.learned', path, ...lesson });
  }
}

function keyOf({ mac, address }: Subject): ClientKey {
  const key = mac ?? address;
  invariant(key !== undefined, 'a client has an address');
  return key;
}

/** A short file does not fill what was agreed. */
function triedBy({ terms, size = 0 }: Taught): Tried {
  const blocks = Math.floor(size / terms.blockSize) + 1;
  return { blockSize: Math.min(terms.blockSize, size), window: Math.min(terms.window, blocks) };
}
