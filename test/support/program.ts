/** A running program whose output is kept, so that a test can wait for what it says. */
/* biome-ignore-all lint/suspicious/noControlCharactersInRegex: the escape sequences of terminals begin with a control character */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Keeps the standard input open, for `type`. */
  readonly interactive?: boolean;
  /** Keeps the escape sequences of its output, to be shown on a terminal. */
  readonly coloured?: boolean;
}

/** How a program ended. `code` is null when a signal ended it. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a finished program left: its exit code, and its output with and without what it said on standard error. */
export interface Finished extends Ending {
  readonly output: string;
  readonly stdout: string;
}

/** Ended with a fault or not in time; the message holds the command line and the end of the output. */
export class ProgramFault extends Error {}

export class Program {
  readonly commandLine: string;
  readonly #child: ChildProcess;
  readonly #listeners = new Set<() => void>();
  readonly ended: Promise<Ending>;
  #output = '';
  #stdout = '';
  #ending: Ending | undefined;

  constructor(command: readonly [string, ...string[]], options: ProgramOptions = {}) {
    const [file, ...args] = command;
    this.commandLine = command.join(' ');
    this.#child = spawn(file, args, { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: 'pipe' });
    this.ended = new Promise((resolve) => {
      const end = (ending: Ending): void => {
        this.#ending ??= ending;
        this.#changed();
        resolve(this.#ending);
      };
      this.#child.once('error', (fault) => {
        this.#output += `\n${fault.message}\n`;
        end({ code: 127, signal: null });
      });
      // 'close' and not 'exit': by then all output has been read. A grandchild may hold the pipes open, hence the grace.
      this.#child.once('close', (code, signal) => end({ code, signal }));
      this.#child.once('exit', (code, signal) => setTimeout(() => end({ code, signal }), 500).unref());
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      const readable = options.coloured === true ? (text: string) => text : screenText();
      stream?.setEncoding('utf8').on('data', (text: string) => {
        const said = readable(text);
        this.#output += said;
        if (stream === this.#child.stdout) this.#stdout += said;
        this.#changed();
      });
    }
    // A program that ends before it has read its input is no fault of the test.
    this.#child.stdin?.on('error', () => undefined);
    if (options.interactive !== true) this.#child.stdin?.end();
  }

  /** The process id, absent when the program could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return this.#ending === undefined;
  }

  /** Everything that it has said until now, as a screen shows it: without escape sequences. */
  get output(): string {
    return this.#output;
  }

  /** Types into an interactive program. */
  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** Calls `listener` whenever something was said, and at the end. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Resolves with the first match in the output, said already or still to come; throws when it ends or `timeoutMs` passes without. */
  waitFor(pattern: RegExp, timeoutMs = 20_000): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        this.#listeners.delete(look);
        act();
      };
      const look = (): void => {
        const match = new RegExp(pattern).exec(this.#output);
        if (match !== null) settle(() => resolve(match));
        else if (!this.isRunning) settle(() => reject(this.#fault(`ended without saying ${String(pattern)}`)));
      };
      const timer = setTimeout(() => settle(() => reject(this.#fault(`did not say ${String(pattern)} within ${timeoutMs} ms`))), timeoutMs);
      this.#listeners.add(look);
      look();
    });
  }

  /** Waits for the end; kills it and throws when `timeoutMs` passes first. */
  async finished(timeoutMs = 60_000): Promise<Finished> {
    const late = AbortSignal.timeout(timeoutMs);
    const ending = await Promise.race([
      this.ended,
      new Promise<undefined>((resolve) => late.addEventListener('abort', () => resolve(undefined))),
    ]);
    if (ending !== undefined) return { ...ending, output: this.#output, stdout: this.#stdout };
    await this.kill();
    throw this.#fault(`did not end within ${timeoutMs} ms`);
  }

  /** Waits for the end and throws unless the exit code is 0. */
  async succeeded(timeoutMs = 60_000): Promise<Finished> {
    const finished = await this.finished(timeoutMs);
    if (finished.code !== 0) throw this.#fault(`ended with ${finished.signal ?? finished.code}`);
    return finished;
  }

  /** Sends a signal; a program that has ended hears nothing. */
  signal(signal: NodeJS.Signals): void {
    if (this.isRunning) this.#child.kill(signal);
  }

  /** Asks it to end, and kills it when it has not within `graceMs`. */
  async stop(signal: NodeJS.Signals = 'SIGTERM', graceMs = 10_000): Promise<Ending> {
    this.signal(signal);
    const first = await Promise.race([this.ended, sleep(graceMs, undefined, { ref: false })]);
    return first ?? (await this.kill());
  }

  /** Ends it at once, without a chance to tidy up. */
  kill(): Promise<Ending> {
    this.signal('SIGKILL');
    return this.ended;
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #fault(what: string): ProgramFault {
    return new ProgramFault(`${this.commandLine}\n${what}; it said:\n${this.#output.replace(/ {8,}/g, '  ').slice(-4000)}`);
  }
}

/** Takes pieces of terminal output and returns them without escape sequences, also where a piece ends inside of one. */
function screenText(): (piece: string) => string {
  let rest = '';
  return (piece) => {
    const whole = rest + piece;
    const cut = /\x1b[^A-Za-z]{0,12}$/.exec(whole)?.index ?? whole.length;
    rest = whole.slice(cut);
    return whole.slice(0, cut).replace(/\x1b(\[[0-9;?=]*[A-Za-z]|[()][0-9A-Za-z]|[%@=>].?)/g, '');
  };
}

/** Looks every 50 ms until `probe` gives something; throws with `what` when it has not within `timeoutMs`. */
export async function eventually<Value>(
  what: string,
  probe: () => Value | undefined | false | Promise<Value | undefined | false>,
  timeoutMs = 20_000,
): Promise<Value> {
  const giveUpAt = performance.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > giveUpAt) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await sleep(50);
  }
}
