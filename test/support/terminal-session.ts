/**
 * A program on a terminal of its own: `script` (bsdutils) gives it a pseudo-terminal, and what it writes there is shown by `Screen`. Keys are typed
 * into it as at a keyboard, and its window can be made larger or smaller.
 */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, readlinkSync } from 'node:fs';
import type { Namespace } from './netns.ts';
import { eventually, type Program, type ProgramOptions } from './program.ts';
import { Screen, type ScreenSize } from './screen.ts';

export class TerminalSession {
  readonly program: Program;
  readonly screen: Screen;
  #shownTo = 0;
  #showing: Promise<unknown> = Promise.resolve();

  /** Starts it in a namespace. Words of the command hold nothing that a shell would read otherwise. */
  constructor(machine: Namespace, command: readonly string[], size: ScreenSize, options: ProgramOptions = {}) {
    this.screen = new Screen(size);
    const line = `stty cols ${size.columns} rows ${size.rows} && exec ${command.join(' ')}`;
    this.program = machine.start(['script', '--quiet', '--flush', '--return', '--command', line, '/dev/null'], {
      ...options,
      env: { TERM: 'xterm-256color', CI: undefined, NO_COLOR: undefined, FORCE_COLOR: undefined, ...options.env },
      interactive: true,
      coloured: true,
    });
    this.program.onChange(() => this.#show());
  }

  /** All octets that it wrote, escape sequences included. */
  get written(): string {
    return this.program.output;
  }

  type(keys: string): void {
    this.program.type(keys);
  }

  /** Makes the window another size; the program is told by SIGWINCH. */
  async resize(size: ScreenSize): Promise<void> {
    await this.#showing;
    this.screen.resize(size);
    execFileSync('stty', ['-F', this.#device(), 'cols', String(size.columns), 'rows', String(size.rows)]);
  }

  /** The id of the program's own process. */
  get pid(): number {
    const child = childOf(this.program.pid);
    if (child === undefined) throw new Error(`${this.program.commandLine} has no process of its own`);
    return child;
  }

  /** Resolves with the lines of the window as soon as they are as wanted. */
  async sees(what: string, isThere: (lines: readonly string[]) => boolean, timeoutMs = 20_000): Promise<readonly string[]> {
    try {
      return await eventually(what, () => isThere(this.screen.lines) && this.screen.lines, timeoutMs);
    } catch (fault) {
      throw new Error(`${String(fault)}; the window:\n${this.screen.lines.join('\n')}`, { cause: fault });
    }
  }

  /** Waits until everything that was written is on the screen. */
  async settled(): Promise<void> {
    await this.#showing;
  }

  #show(): void {
    const text = this.program.output.slice(this.#shownTo);
    this.#shownTo = this.program.output.length;
    this.#showing = this.#showing.then(() => this.screen.write(text));
  }

  #device(): string {
    return readlinkSync(`/proc/${this.pid}/fd/1`);
  }
}

/** The process that another one has started. */
function childOf(parent: number | undefined): number | undefined {
  const [children] = globSync(`/proc/${parent}/task/*/children`);
  const pid = children === undefined ? '' : readFileSync(children, 'utf8').trim();
  return pid === '' ? undefined : Number(pid.split(' ')[0]);
}
