/** How far a download is: a line that is drawn over and over on a terminal, plain lines elsewhere. */
import { showMillis, showRate, showSeconds, showSize } from '../events/quantities.ts';
import type { Output } from './output.ts';

/** A download as a whole. */
export interface Progress {
  /** What is being done at the moment. */
  readonly what: string;
  readonly done: number;
  readonly total: number;
  /** Octets and milliseconds of the last few seconds, from which the rate is told. */
  readonly recent: { readonly octets: number; readonly millis: number };
}

/** Columns of the bar. */
const BAR = 24;
const DRAW_EVERY_MS = 100;
/** What the rate is taken from. */
const RECENT_MS = 5000;

/** The line for `columns` columns: what, bar, share, octets, rate and time that is left, as far as they are known and fit. */
export function progressLine({ what, done, total, recent }: Progress, columns: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const bar = `[${'='.repeat(Math.round(share * BAR)).padEnd(BAR)}]`;
  const rate = showRate(recent.octets, recent.millis);
  const leftSeconds = recent.octets > 0 ? ((total - done) * recent.millis) / recent.octets / 1000 : undefined;
  const figures = [
    `${Math.floor(share * 100)} %`,
    `${showSize(done)} of ${showSize(total)}`,
    ...(rate === undefined ? [] : [rate]),
    ...(rate === undefined || leftSeconds === undefined || share === 1 ? [] : [`${showSeconds(leftSeconds)} left`]),
  ].join('  ');
  const whole = `${bar}  ${figures}  ${what}`;
  // A line that is wider than the terminal would begin a new one each time.
  return (whole.length < columns ? whole : figures).slice(0, Math.max(0, columns - 1));
}

/** Shows a download as it goes. Moments are milliseconds of a clock that only goes forward. */
export class ProgressReport {
  readonly #output: Output;
  readonly #now: () => number;
  #what = '';
  #whatBeganAt = 0;
  #done = 0;
  #total = 0;
  #drawnAt = Number.NEGATIVE_INFINITY;
  /** How much was done when, for the rate. */
  #marks: readonly { readonly at: number; readonly done: number }[] = [];

  constructor(output: Output, now: () => number) {
    this.#output = output;
    this.#now = now;
  }

  /** What there is to do altogether, in octets. */
  plan(total: number): void {
    this.#total = total;
  }

  /** One of the things to be downloaded. */
  begin(what: string, octets: number): void {
    this.#what = what;
    this.#whatBeganAt = this.#now();
    // What was done with the one before is no part of the rate.
    this.#marks = [{ at: this.#whatBeganAt, done: this.#done }];
    if (this.#output.columns === undefined) this.#output.note(`downloading ${what}, ${showSize(octets)}`);
    else this.#draw();
  }

  /** It is there. */
  end(): void {
    if (this.#output.columns === undefined) this.#output.note(`downloaded ${this.#what} in ${showMillis(this.#now() - this.#whatBeganAt)}`);
  }

  /** Octets that came; fewer than none when they have to come again. */
  add(octets: number): void {
    this.#done += octets;
    const now = this.#now();
    if (now - this.#drawnAt < DRAW_EVERY_MS) return;
    const marks = [...this.#marks, { at: now, done: this.#done }];
    // The newest one from before the stretch stays, so that there is always something to compare with.
    const first = marks.findLastIndex(({ at }) => now - at >= RECENT_MS);
    this.#marks = marks.slice(Math.max(0, first));
    this.#draw();
  }

  /** Takes the line off the terminal. */
  clear(): void {
    this.#output.redraw('');
  }

  #draw(): void {
    const { columns } = this.#output;
    if (columns === undefined || this.#total === 0) return;
    this.#drawnAt = this.#now();
    const [first] = this.#marks;
    const recent = { octets: this.#done - (first?.done ?? 0), millis: this.#drawnAt - (first?.at ?? this.#drawnAt) };
    this.#output.redraw(progressLine({ what: this.#what, done: this.#done, total: this.#total, recent }, columns));
  }
}
