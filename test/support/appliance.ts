/** `bootlace up` in a namespace, from a directory of its own, with its log as objects. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import type { EventType } from '../../src/events/events.ts';
import type { Namespace } from './netns.ts';
import type { Ending, Finished, Program } from './program.ts';
import { scratch } from './scratch.ts';

/** The server's own address and network in these tests. */
export const SERVER = '192.168.77.1';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(CHECKOUT, 'bin/bootlace.js');

/** A part of the configuration as it is written in YAML. */
export type Section = Readonly<Record<string, unknown>>;

/** The sections of `config.yaml`; what is left out has the appliance's own default, save `log` and the directories. */
export interface ApplianceConfig {
  readonly server?: Section;
  readonly networks?: readonly Section[];
  readonly hosts?: readonly Section[];
  readonly inventory?: string;
  readonly unknown?: readonly Section[];
  readonly boot?: Section | string;
  readonly provision?: Section | string;
  readonly tftp?: Section;
  readonly images?: readonly Section[];
  readonly http?: Section;
  readonly web?: Section;
  readonly services?: Section;
  readonly leases?: Section;
}

/** A network on whichever wired interface is found, 192.168.77.1/24 put on it, addresses .100 to .199; nobody looks for other servers first. */
export function bench(changes: Section = {}): Section {
  return {
    name: 'bench',
    interface: 'auto',
    address: `${SERVER}/24`,
    assign: true,
    pools: ['192.168.77.100-192.168.77.199'],
    guard: 'off',
    ...changes,
  };
}

/** A line of the log. The event's own fields stand beside these. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly event?: EventType;
  readonly [field: string]: unknown;
}

export class Appliance {
  /** Holds config.yaml, `data` and `tftp`, and outlives a restart. */
  readonly directory: string;
  readonly tftpRoot: string;
  readonly #machine: Namespace;
  readonly #lines: LogLine[] = [];
  readonly #listeners = new Set<() => void>();
  #program: Program | undefined;

  constructor(machine: Namespace, config: ApplianceConfig) {
    this.#machine = machine;
    this.directory = scratch('appliance');
    this.tftpRoot = join(this.directory, 'tftp');
    mkdirSync(this.tftpRoot);
    this.configure(config);
  }

  /** Writes another configuration; the next start reads it. */
  configure(config: ApplianceConfig): void {
    const written = {
      ...config,
      server: { dataDir: './data', ...config.server },
      tftp: { root: './tftp', ...config.tftp },
      log: { level: 'debug', format: 'json' },
    };
    writeFileSync(join(this.directory, 'config.yaml'), stringify(written));
  }

  /** Puts a file under the TFTP root. */
  offer(path: string, content: string | Uint8Array): void {
    const file = join(this.tftpRoot, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  /** Moves a file under the TFTP root. */
  move(from: string, to: string): void {
    mkdirSync(dirname(join(this.tftpRoot, to)), { recursive: true });
    renameSync(join(this.tftpRoot, from), join(this.tftpRoot, to));
  }

  /** Starts it; resolves when it has told `until`. */
  async start(until: EventType = 'network.up'): Promise<void> {
    expect(this.#program, 'it runs already').toBeUndefined();
    const from = this.mark();
    const program = this.#machine.start([process.execPath, MAIN, 'up', '--config', join(this.directory, 'config.yaml')], {
      cwd: this.directory,
      // Who called sudo for the test run has nothing to do with the appliance.
      env: { SUDO_UID: undefined, SUDO_GID: undefined, SUDO_USER: undefined },
    });
    this.#program = program;
    program.onChange(this.#reader(program));
    await this.event(until, {}, from);
  }

  /** Its process id; undefined when it does not run. */
  get pid(): number | undefined {
    return this.#program?.pid;
  }

  /** Has it read its configuration again, as an init system would. */
  hangUp(): void {
    this.#program?.signal('SIGHUP');
  }

  /** Runs another of its commands beside it, in the same place. */
  run(command: string, ...args: readonly string[]): Promise<Finished> {
    const options = { cwd: this.directory };
    return this.#machine
      .start([process.execPath, MAIN, command, ...args, '--config', join(this.directory, 'config.yaml')], options)
      .finished();
  }

  /** All lines of its log, of former starts too. */
  get log(): readonly LogLine[] {
    return this.#lines;
  }

  /** The place in the log where we are now, for `event` and `events`. */
  mark(): number {
    return this.#lines.length;
  }

  /** The lines since `from` that tell this event, with these fields. */
  events(type: EventType, fields: Section = {}, from = 0): readonly LogLine[] {
    return this.#lines.slice(from).filter((line) => line.event === type && hasFields(line, fields));
  }

  /** Waits for an event with these fields, told since `from`. */
  event(type: EventType, fields: Section = {}, from = 0, timeoutMs = 20_000): Promise<LogLine> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        this.#listeners.delete(look);
        act();
      };
      const fail = (what: string): void => {
        const told = this.#lines.slice(from).map((line) => JSON.stringify(line));
        const wanted = `${type} ${JSON.stringify(fields)}`;
        settle(() =>
          reject(new Error(`${what} ${wanted}; the log since then:\n${told.join('\n')}\n${this.#program?.output.slice(-2000)}`)),
        );
      };
      const look = (): void => {
        const [line] = this.events(type, fields, from);
        if (line !== undefined) settle(() => resolve(line));
        else if (this.#program?.isRunning === false) fail('ended without telling');
      };
      const timer = setTimeout(() => fail(`did not tell within ${timeoutMs} ms`), timeoutMs);
      this.#listeners.add(look);
      look();
    });
  }

  /** Ends it as Ctrl-C or an init system would, and holds it to a clean end. */
  async stop(): Promise<void> {
    if (this.#program === undefined) return;
    const { output } = this.#program;
    const ending = await this.#program.stop('SIGTERM');
    this.#program = undefined;
    expect(ending, `its end, after\n${output.slice(-2000)}`).toEqual({ code: 0, signal: null });
    expect(this.events('server.fault'), 'faults of our own').toEqual([]);
  }

  /** Ends it without a chance to tidy up, as a power failure would. */
  async kill(): Promise<Ending | undefined> {
    const ending = await this.#program?.kill();
    this.#program = undefined;
    return ending;
  }

  /** Takes the lines of one program's output as they become whole. */
  #reader(program: Program): () => void {
    let readTo = 0;
    return () => {
      const { output } = program;
      for (let end = output.indexOf('\n', readTo); end >= 0; end = output.indexOf('\n', readTo)) {
        const line = parseLine(output.slice(readTo, end));
        readTo = end + 1;
        if (line !== undefined) this.#lines.push(line);
      }
      for (const listener of [...this.#listeners]) listener();
    };
  }
}

function hasFields(line: LogLine, fields: Section): boolean {
  return Object.entries(fields).every(([field, value]) => line[field] === value);
}

function parseLine(text: string): LogLine | undefined {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    // What is not JSON (a complaint about the configuration) stays in the program's output, which a failing wait shows.
    return undefined;
  }
}
