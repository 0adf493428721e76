/**
 * Where log lines go: a file descriptor, written without ever waiting for its reader. A pager that is not scrolled, a terminal
 * stopped with Ctrl-S or a full disk must not hold up DHCP: lines are kept for a while, then given up and counted.
 *
 * pino's own destination is not used: its asynchronous writes occupy a thread that keeps the process from exiting while a pipe
 * is full, and its flush at exit tries for ever when the disk is.
 */
import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';

/** What the logger writes to. */
export interface LogOutput {
  /** One line with its line break. Never throws, never blocks. */
  write(line: string): void;
  /** Lines given up since the last call. */
  takeLost(): number;
  /** Tries for at most `patienceMs` to get rid of what is kept. Blocks, so it is for the end of the program only. */
  flush(patienceMs?: number): void;
}

/** The system's part, so that a test can play a full disk. `write` returns how many octets were taken, or throws an errno. */
export interface OutputSystem {
  write(octets: Uint8Array): number;
  later(millis: number, then: () => void): void;
  sleep(millis: number): void;
}

const RETRY_MS = 100;
const MOST_KEPT_OCTETS = 1 << 20;

/** The reader is gone for good; everything else (a full pipe, a full disk) may pass. */
const GONE: ReadonlySet<string> = new Set(['EPIPE', 'EBADF']);

/** Lines in order, as much as the other side takes. */
export class PatientOutput implements LogOutput {
  readonly #system: OutputSystem;
  #kept: Uint8Array[] = [];
  #keptOctets = 0;
  #lost = 0;
  #isGone = false;
  #isWaiting = false;

  constructor(system: OutputSystem) {
    this.#system = system;
  }

  write(line: string): void {
    if (this.#isGone) return;
    const octets = new TextEncoder().encode(line);
    if (this.#keptOctets + octets.length > MOST_KEPT_OCTETS) {
      this.#lost += 1;
      return;
    }
    this.#kept.push(octets);
    this.#keptOctets += octets.length;
    if (!this.#isWaiting) this.#drain();
  }

  /** Something waits to be taken by the other side. */
  get isBehind(): boolean {
    return this.#kept.length > 0;
  }

  takeLost(): number {
    // As long as the reader does not read, there is no place to say so.
    if (this.#kept.length > 0) return 0;
    const lost = this.#lost;
    this.#lost = 0;
    return lost;
  }

  flush(patienceMs = 500): void {
    for (let waited = 0; waited <= patienceMs; waited += 10) {
      this.#empty();
      if (this.#kept.length === 0) return;
      this.#system.sleep(10);
    }
  }

  #drain(): void {
    this.#empty();
    if (this.#kept.length === 0) return;
    this.#isWaiting = true;
    this.#system.later(RETRY_MS, () => {
      this.#isWaiting = false;
      this.#drain();
    });
  }

  #empty(): void {
    let first = this.#kept[0];
    while (first !== undefined) {
      const taken = this.#tryToWrite(first);
      if (taken === 0) return;
      this.#keptOctets -= taken;
      if (taken < first.length) this.#kept[0] = first.subarray(taken);
      else this.#kept.shift();
      first = this.#kept[0];
    }
  }

  #tryToWrite(octets: Uint8Array): number {
    try {
      return this.#system.write(octets);
    } catch (fault) {
      if (GONE.has(errorCode(fault))) {
        this.#isGone = true;
        this.#kept = [];
        this.#keptOctets = 0;
      }
      return 0;
    }
  }
}

/** An output on a file descriptor, 1 being stdout. */
export function openOutput(fd = 1): PatientOutput {
  const own = openWithoutWaiting(fd);
  return new PatientOutput({
    write: (octets) => writeSync(own.fd, octets),
    later: (millis, then) => {
      setTimeout(then, millis).unref();
    },
    sleep: (millis) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millis);
    },
  });
}

/**
 * A descriptor that answers EAGAIN instead of waiting. A pipe or terminal is opened anew with O_NONBLOCK: setting the flag on the
 * descriptor itself would also set it for the shell and everybody else who shares it. A socket (systemd, a supervisor) cannot be
 * opened anew; Node sets the flag when it makes a stream of it. A file never makes its writer wait. Where there is no /proc, or the
 * terminal belongs to another user, the descriptor itself has to do.
 */
function openWithoutWaiting(fd: number): { readonly fd: number; readonly stream?: Socket } {
  try {
    const stats = fstatSync(fd);
    if (stats.isSocket()) return { fd, stream: new Socket({ fd, readable: false }).unref().on('error', () => undefined) };
    if (!stats.isFIFO() && !stats.isCharacterDevice()) return { fd };
    return { fd: openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY) };
  } catch {
    return { fd };
  }
}

function errorCode(fault: unknown): string {
  return fault instanceof Error && 'code' in fault ? String(fault.code) : '';
}
