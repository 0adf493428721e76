/**
 * An area at the bottom of a terminal that is drawn anew when something changes, while the log goes on above it. Everything goes through the output
 * of the log, which never waits: one write takes the area away, adds the lines of the log, and draws the area again, ten times a second at most.
 *
 * The cursor rests in the first column of the last line. A terminal that breaks lines anew when it is made narrower leaves it there, so that it is
 * known where the area begins.
 */
import type { LogOutput } from '../../observe/log-output.ts';
import type { AreaSize } from './layout.ts';
import { widthOf } from './screen-text.ts';

export interface AreaOutput extends LogOutput {
  /** Something waits to be taken by the terminal: it is stopped, or slow. */
  readonly isBehind: boolean;
}

export interface AreaParts {
  readonly output: AreaOutput;
  readonly size: () => AreaSize;
  /** The lines to be shown; asked for when something has changed. */
  readonly draw: (size: AreaSize) => readonly string[];
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  readonly later: (millis: number, then: () => void) => void;
}

const FRAME_MS = 100;
/** A terminal that was stopped is looked at again. */
const BEHIND_MS = 500;

const ESC = '\u001b[';
const HIDE_CURSOR = `${ESC}?25l`;
const SHOW_CURSOR = `${ESC}?25h`;
/** Terminals that know it show all that comes in between at once; others leave it out. */
const [BEGIN, END] = [`${ESC}?2026h`, `${ESC}?2026l`];
/** A line that takes more columns than was reckoned ends at the edge, and begins no other one. */
const [NO_BREAKS, BREAKS] = [`${ESC}?7l`, `${ESC}?7h`];
const ERASE_BELOW = `${ESC}J`;

export class LiveArea implements LogOutput {
  readonly #parts: AreaParts;
  /** Lines of the log that wait for the next frame. */
  #waiting: string[] = [];
  /** What stands there now. */
  #drawn: readonly string[] = [];
  #isShown = false;
  #isScheduled = false;
  #isChanged = false;
  #lastFrameAt = Number.NEGATIVE_INFINITY;

  constructor(parts: AreaParts) {
    this.#parts = parts;
  }

  /** A line of the log. */
  write(line: string): void {
    if (!this.#isShown) {
      this.#parts.output.write(line);
      return;
    }
    this.#waiting.push(line);
    this.#schedule();
  }

  takeLost(): number {
    return this.#parts.output.takeLost();
  }

  flush(patienceMs?: number): void {
    this.hide();
    this.#parts.output.flush(patienceMs);
  }

  /** From now on the area is there. */
  show(): void {
    if (this.#isShown) return;
    this.#isShown = true;
    this.touch();
  }

  /** Takes the area away, and gives the cursor back. */
  hide(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    const wasDrawn = this.#drawn.length > 0;
    const text = this.#erased() + this.#takeWaiting();
    this.#parts.output.write(wasDrawn ? `${text}${SHOW_CURSOR}` : text);
  }

  /** What it shows has changed, or the size of the terminal has. */
  touch(): void {
    this.#isChanged = true;
    if (this.#isShown) this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    const wait = this.#lastFrameAt + FRAME_MS - this.#parts.now();
    if (wait <= 0) this.#frame();
    else this.#frameIn(wait);
  }

  #frameIn(millis: number): void {
    this.#isScheduled = true;
    this.#parts.later(millis, () => {
      this.#isScheduled = false;
      if (this.#isShown) this.#frame();
    });
  }

  #frame(): void {
    const { output, draw, size, now } = this.#parts;
    this.#lastFrameAt = now();
    if (output.isBehind) {
      const rest = this.#erased() + this.#takeWaiting();
      if (rest !== '') output.write(rest);
      this.#isChanged = true;
      this.#frameIn(BEHIND_MS);
      return;
    }
    const lines = this.#isChanged || this.#drawn.length === 0 ? draw(size()) : this.#drawn;
    this.#isChanged = false;
    if (this.#waiting.length === 0 && isSame(lines, this.#drawn) && !this.#isNarrower()) return;
    const isFirst = this.#drawn.length === 0;
    output.write(
      `${BEGIN}${isFirst ? HIDE_CURSOR : ''}${this.#erased()}${this.#takeWaiting()}${NO_BREAKS}${lines.join('\r\n')}\r${BREAKS}${END}`,
    );
    this.#drawn = lines;
  }

  #takeWaiting(): string {
    const text = this.#waiting.join('');
    this.#waiting = [];
    return text;
  }

  /** What takes away the area that stands there. */
  #erased(): string {
    if (this.#drawn.length === 0) return '';
    const { columns } = this.#parts.size();
    const above = this.#drawn.slice(0, -1).reduce((rows, line) => rows + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
    this.#drawn = [];
    return `\r${above === 0 ? '' : `${ESC}${above}A`}${ERASE_BELOW}`;
  }

  #isNarrower(): boolean {
    const { columns } = this.#parts.size();
    return this.#drawn.some((line) => widthOf(line) > columns);
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, at) => line === b[at]);
}
