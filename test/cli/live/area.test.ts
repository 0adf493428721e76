/** The area below the log, as a terminal shows what it writes. */
import { describe, expect, test } from 'vitest';
import { type AreaOutput, LiveArea } from '../../../src/cli/live/area.ts';
import { Screen } from '../../support/screen.ts';

class Bench {
  readonly screen: Screen;
  size: { columns: number; rows: number };
  shown: readonly string[] = ['one', 'two'];
  readonly writes: string[] = [];
  isBehind = false;
  draws = 0;
  #now = 0;
  #timers: { at: number; then: () => void }[] = [];
  readonly area: LiveArea;

  constructor(columns = 20, rows = 10) {
    this.size = { columns, rows };
    this.screen = new Screen(this.size);
    const bench = this;
    const output: AreaOutput = {
      write: (text) => void this.writes.push(text),
      takeLost: () => 0,
      flush: () => undefined,
      get isBehind() {
        return bench.isBehind;
      },
    };
    this.area = new LiveArea({
      output,
      size: () => this.size,
      draw: () => {
        this.draws += 1;
        return this.shown;
      },
      now: () => this.#now,
      later: (millis, then) => void this.#timers.push({ at: this.#now + millis, then }),
    });
  }

  pass(millis: number): void {
    this.#now += millis;
    const due = this.#timers.filter(({ at }) => at <= this.#now);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { then } of due) then();
  }

  async lines(): Promise<readonly string[]> {
    for (const text of this.writes.splice(0)) await this.screen.write(text.replaceAll(/(?<!\r)\n/g, '\r\n'));
    const { lines } = this.screen;
    return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
  }

  async history(): Promise<readonly string[]> {
    await this.lines();
    return this.screen.history.filter((line) => line !== '');
  }

  get cursorIsHidden(): boolean {
    return this.#seen.lastIndexOf('\u001b[?25l') > this.#seen.lastIndexOf('\u001b[?25h');
  }

  get #seen(): string {
    return this.writes.join('');
  }
}

describe('The area below the log', () => {
  test('writes lines as they are before it is shown, and after it was hidden', () => {
    const bench = new Bench();
    bench.area.write('first\n');
    bench.area.hide();
    expect(bench.writes).toEqual(['first\n']);
  });

  test('stands below the lines of the log, whole and in order, and leaves nothing when it goes', async () => {
    const bench = new Bench();
    bench.area.write('first\n');
    bench.area.show();
    for (let at = 1; at <= 30; at += 1) {
      bench.area.write(`line ${at} of the log\n`);
      bench.pass(40);
    }
    bench.pass(200);
    expect((await bench.lines()).slice(-3)).toEqual(['line 30 of the log', 'one', 'two']);
    bench.area.hide();
    const whole = Array.from({ length: 30 }, (_none, at) => `line ${at + 1} of the log`);
    expect(await bench.history()).toEqual(['first', ...whole]);
  });

  test('grows and shrinks in its place', async () => {
    const bench = new Bench();
    bench.area.write('log\n');
    bench.area.show();
    bench.shown = ['one', 'two', 'three', 'four'];
    bench.pass(100);
    bench.area.touch();
    bench.pass(100);
    expect(await bench.lines()).toEqual(['log', 'one', 'two', 'three', 'four']);
    bench.shown = ['last'];
    bench.area.touch();
    bench.pass(100);
    expect(await bench.lines()).toEqual(['log', 'last']);
  });

  test('is drawn ten times a second at most, and not at all when nothing has changed', () => {
    const bench = new Bench();
    bench.area.show();
    const before = bench.writes.length;
    for (let at = 0; at < 1000; at += 1) {
      bench.shown = [String(at)];
      bench.area.touch();
      bench.area.write('x\n');
      bench.pass(1);
    }
    expect(bench.writes.length - before).toBeLessThanOrEqual(10);
    bench.pass(1000);
    const [quiet, draws] = [bench.writes.length, bench.draws];
    bench.area.touch();
    bench.pass(1000);
    expect(bench.writes.length).toBe(quiet);
    expect(bench.draws).toBe(draws + 1);
  });

  test('is taken away as a whole when a narrower window has broken its lines anew', async () => {
    const bench = new Bench(20, 12);
    bench.area.write('log\n');
    bench.shown = ['a'.repeat(20), 'b'.repeat(15), 'c'.repeat(18)];
    bench.area.show();
    expect(await bench.lines()).toHaveLength(4);
    bench.size = { columns: 8, rows: 12 };
    bench.screen.resize(bench.size);
    bench.shown = ['aa', 'cc'];
    bench.area.touch();
    bench.pass(100);
    expect(await bench.lines()).toEqual(['log', 'aa', 'cc']);
    bench.size = { columns: 30, rows: 12 };
    bench.screen.resize(bench.size);
    bench.area.touch();
    bench.area.write('more\n');
    bench.pass(100);
    expect(await bench.lines()).toEqual(['log', 'more', 'aa', 'cc']);
  });

  test('cannot break a line where the width of a letter was reckoned wrongly', async () => {
    const bench = new Bench(10, 6);
    bench.shown = ['0123456789ABC', 'last'];
    bench.area.show();
    expect(await bench.lines()).toEqual(['012345678C', 'last']);
  });

  test('goes when the terminal does not take what is written, and comes back afterwards', async () => {
    const bench = new Bench();
    bench.area.show();
    bench.isBehind = true;
    bench.area.write('first\n');
    bench.pass(100);
    bench.area.write('second\n');
    bench.pass(500);
    expect(await bench.lines()).toEqual(['first', 'second']);
    const { draws } = bench;
    bench.area.touch();
    bench.pass(400);
    expect(bench.draws).toBe(draws);
    bench.isBehind = false;
    bench.pass(500);
    expect(await bench.lines()).toEqual(['first', 'second', 'one', 'two']);
  });

  test('gives the cursor back, once', () => {
    const bench = new Bench();
    bench.area.show();
    expect(bench.cursorIsHidden).toBe(true);
    bench.area.flush();
    expect(bench.cursorIsHidden).toBe(false);
    const { length } = bench.writes;
    bench.area.flush();
    bench.area.hide();
    expect(bench.writes).toHaveLength(length);
  });
});
