/**
 * The files that messages of devices are kept in: written some times a second, begun anew when they are large, old ones thrown away. A disk that is full
 * or fails is told once; what waits is kept within a bound and written when it can be.
 */
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { SyslogConfig } from '../config/services-config.ts';
import type { Tell } from '../events/bus.ts';
import type { Subject } from '../events/events.ts';
import { fileNameOf } from './syslog-line.ts';

export interface SyslogFilesParts {
  readonly folder: string;
  readonly clock: Pick<Clock, 'wall'>;
  readonly tell: Tell;
}

const FLUSH_MS = 500;
/** After a failure. */
const RETRY_MS = 5_000;
/** Octets of all lines that wait. */
const MOST_WAITING = 4 * 1024 * 1024;
/** Devices that have a file of their own: whoever makes up senders must not fill the folder. */
const MOST_FILES = 500;
const EVERYBODY_ELSE = 'others';
const FOLDER_MODE = 0o750;
const FILE_MODE = 0o640;
const DAY_FILE = /^(\d{4}-\d{2}-\d{2})\.log(?:\.\d+)?$/;

interface Waiting {
  readonly lines: string[];
  octets: number;
}

export class SyslogFiles {
  readonly #parts: SyslogFilesParts;
  #config: SyslogConfig;
  #waiting = new Map<string, Waiting>();
  #octets = 0;
  /** Names that have a file, without its ending; undefined until the folder was looked at. */
  #names: Set<string> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #lost = 0;
  #isFailing = false;

  constructor(config: SyslogConfig, parts: SyslogFilesParts) {
    this.#config = config;
    this.#parts = parts;
  }

  configure(config: SyslogConfig): void {
    this.#config = config;
  }

  /** Takes a line of a device; it is written within a second. */
  add(device: Subject, line: string): void {
    if (this.#config.files === 'off') return;
    const octets = Buffer.byteLength(line) + 1;
    if (this.#octets + octets > MOST_WAITING) {
      this.#lost += 1;
      return;
    }
    const name = this.#config.files === 'day' ? this.#today() : fileNameOf(device);
    let waiting = this.#waiting.get(name);
    if (waiting === undefined) {
      waiting = { lines: [], octets: 0 };
      this.#waiting.set(name, waiting);
    }
    waiting.lines.push(line);
    waiting.octets += octets;
    this.#octets += octets;
    this.#schedule(FLUSH_MS);
  }

  /** Writes what waits, if the disk lets it. */
  async close(): Promise<void> {
    await this.#flush();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #today(): string {
    return new Date(this.#parts.clock.wall()).toISOString().slice(0, 10);
  }

  #schedule(millis: number): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => void this.#flush(), millis);
    this.#timer.unref();
  }

  #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#writeAll());
    return this.#writing;
  }

  /** Never rejects. */
  async #writeAll(): Promise<void> {
    const due = this.#waiting;
    this.#waiting = new Map();
    let failure: unknown;
    for (const [name, waiting] of due) {
      try {
        await this.#write(this.#fileFor(name, await this.#known()), waiting.lines);
        this.#octets -= waiting.octets;
      } catch (fault) {
        failure ??= fault;
        this.#putBack(name, waiting);
      }
    }
    if (failure === undefined) this.#recovered();
    else this.#failed(failure instanceof Error ? failure.message : String(failure));
  }

  /** Before those that have come meanwhile. */
  #putBack(name: string, { lines, octets }: Waiting): void {
    const later = this.#waiting.get(name);
    this.#waiting.set(name, later === undefined ? { lines, octets } : { lines: [...lines, ...later.lines], octets: octets + later.octets });
  }

  async #known(): Promise<Set<string>> {
    if (this.#names !== undefined) return this.#names;
    await mkdir(this.#parts.folder, { recursive: true, mode: FOLDER_MODE });
    const files = await readdir(this.#parts.folder);
    this.#names = new Set(files.filter((file) => file.endsWith('.log')).map((file) => file.slice(0, -'.log'.length)));
    return this.#names;
  }

  #fileFor(name: string, names: Set<string>): string {
    const chosen = names.has(name) || names.size < MOST_FILES ? name : EVERYBODY_ELSE;
    names.add(chosen);
    return path.join(this.#parts.folder, `${chosen}.log`);
  }

  async #write(file: string, lines: readonly string[]): Promise<void> {
    const text = `${lines.join('\n')}\n`;
    const before = await sizeOf(file);
    const isFull = before > 0 && before + Buffer.byteLength(text) > this.#config.maxSize;
    if (isFull) await this.#beginAnew(file);
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
    const handle = await open(file, flags, FILE_MODE);
    try {
      await handle.appendFile(text);
    } catch (fault) {
      // It is written again as a whole.
      await handle.truncate(isFull ? 0 : before).catch(() => undefined);
      throw fault;
    } finally {
      await handle.close();
    }
    if (this.#config.files === 'day' && before === 0) await this.#forgetOldDays();
  }

  /** `x.log` becomes `x.log.1`, that `x.log.2`, and the last one goes. A day has one beside it. */
  async #beginAnew(file: string): Promise<void> {
    const last = this.#config.files === 'day' ? 1 : this.#config.keep;
    await rm(`${file}.${last}`, { force: true });
    for (let number = last - 1; number >= 1; number -= 1) await renameIfThere(`${file}.${number}`, `${file}.${number + 1}`);
    await renameIfThere(file, `${file}.1`);
  }

  async #forgetOldDays(): Promise<void> {
    const files = await readdir(this.#parts.folder);
    const dayOf = (file: string) => DAY_FILE.exec(file)?.[1];
    const days = [...new Set(files.flatMap((file) => dayOf(file) ?? []))].toSorted();
    const old = new Set(days.slice(0, Math.max(days.length - this.#config.keep, 0)));
    for (const file of files) if (old.has(dayOf(file) ?? '')) await rm(path.join(this.#parts.folder, file), { force: true });
    for (const day of old) this.#names?.delete(day);
  }

  #failed(detail: string): void {
    // The folder may have been taken away.
    this.#names = undefined;
    if (!this.#isFailing) this.#parts.tell({ type: 'syslog.unwritten', where: this.#parts.folder, lost: this.#lost, detail });
    this.#isFailing = true;
    this.#schedule(RETRY_MS);
  }

  #recovered(): void {
    if (this.#isFailing || this.#lost > 0) this.#parts.tell({ type: 'syslog.written-again', where: this.#parts.folder, lost: this.#lost });
    this.#isFailing = false;
    this.#lost = 0;
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (fault) {
    if (isAbsent(fault)) return 0;
    throw fault;
  }
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (fault) {
    if (!isAbsent(fault)) throw fault;
  }
}

function isAbsent(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && fault.code === 'ENOENT';
}
