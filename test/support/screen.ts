/** A terminal without a window: what a person would see of the octets that a program wrote to one. */
import xterm from '@xterm/headless';

/** The size of a terminal in characters. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

const SCROLLBACK = 20_000;

export class Screen {
  readonly terminal: xterm.Terminal;

  constructor({ columns, rows }: ScreenSize) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, scrollback: SCROLLBACK, allowProposedApi: true });
  }

  /** Interprets octets of a terminal; resolves when all of them are on the screen. */
  write(octets: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => this.terminal.write(octets, resolve));
  }

  resize({ columns, rows }: ScreenSize): void {
    this.terminal.resize(columns, rows);
  }

  /** What the window shows, line by line, without blanks at the ends of lines. */
  get lines(): readonly string[] {
    const { baseY, length } = this.terminal.buffer.active;
    return this.#from(baseY, length);
  }

  /** Everything, with what has gone out at the top. Lines that the terminal had to break are whole again. */
  get history(): readonly string[] {
    const whole: string[] = [];
    const { active } = this.terminal.buffer;
    for (let row = 0; row < active.length; row += 1) {
      const line = active.getLine(row);
      const text = line?.translateToString(true) ?? '';
      if (line?.isWrapped === true) whole.push((whole.pop() ?? '') + text);
      else whole.push(text);
    }
    return whole;
  }

  #from(first: number, end: number): readonly string[] {
    return Array.from(
      { length: end - first },
      (_none, at) => this.terminal.buffer.active.getLine(first + at)?.translateToString(true) ?? '',
    );
  }
}
