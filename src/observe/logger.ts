/** The log: a listener that writes each event as one line, JSON for programs or columns for people. It never throws and never blocks. */
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import type { Clock } from '../base/clock.ts';
import type { EventListener } from '../events/bus.ts';
import { levelOf } from '../events/catalog.ts';
import type { AppEvent, Level } from '../events/events.ts';
import { DEFAULT_LIMITS, FloodGate, type FloodLimits } from './flood-gate.ts';
import { type Identify, lineOf } from './line.ts';
import type { LogOutput } from './log-output.ts';
import { prettyLines } from './pretty.ts';
import type { VendorOf } from './vendors.ts';

/** How it is written. */
export interface LogSettings {
  /** Events below it are not written. */
  readonly level: Level;
  /** `auto` is pretty on a terminal and JSON elsewhere. */
  readonly format: 'auto' | 'pretty' | 'json';
}

/** What the log is made of. */
export interface LogParts {
  readonly settings: LogSettings;
  readonly output: LogOutput;
  /** Whether a person reads the output as it comes, and whether in colour. */
  readonly terminal: { readonly isTerminal: boolean; readonly colour: boolean };
  readonly clock: Clock;
  readonly identify: Identify;
  readonly vendorOf: VendorOf;
  readonly limits?: FloodLimits;
  /** Calls back after a while; the program's end does not wait for it. */
  readonly later?: (millis: number, then: () => void) => void;
}

/** Writes events. Goes on the bus with `listener`. */
export class EventLog {
  readonly #parts: LogParts;
  #pino: Logger;
  readonly #gate: FloodGate;
  readonly #later: (millis: number, then: () => void) => void;
  #isReminded = false;

  constructor(parts: LogParts) {
    this.#parts = parts;
    this.#gate = new FloodGate(parts.limits ?? DEFAULT_LIMITS);
    this.#later = parts.later ?? laterWithoutHolding;
    this.#pino = openPino(parts);
  }

  /** Writes in another way from the next line on. */
  configure(settings: LogSettings): void {
    this.#pino = openPino({ ...this.#parts, settings });
  }

  readonly listener: EventListener = (event) => {
    this.#writeDue();
    if (!this.#isLoudEnough(event)) return;
    if (this.#gate.admits(event, this.#parts.clock.mono())) this.#write(event);
    else this.#remind();
  };

  /** Writes what is still counted or kept; at the end of the program. Blocks for half a second at most. */
  flush(): void {
    for (const suppressed of this.#gate.close(this.#parts.clock.mono())) this.#write(suppressed);
    this.#parts.output.flush();
    if (this.#writeLost()) this.#parts.output.flush();
  }

  #writeDue(): void {
    for (const suppressed of this.#gate.due(this.#parts.clock.mono())) this.#write(suppressed);
  }

  #write(event: AppEvent): void {
    this.#writeLost();
    if (!this.#isLoudEnough(event)) return;
    const { text, fields } = lineOf(event, this.#parts.identify, this.#parts.vendorOf);
    this.#pino[levelOf(event)](fields, text);
  }

  /** Owns up to lines that were given up, as soon as there is somebody to read it. */
  #writeLost(): boolean {
    const count = this.#parts.output.takeLost();
    if (count > 0) this.#write({ type: 'log.suppressed', of: 'lines that the reader of the log did not take', count, seconds: 0 });
    return count > 0;
  }

  #isLoudEnough(event: AppEvent): boolean {
    return this.#pino.isLevelEnabled(levelOf(event));
  }

  /** A flood that stops is summed up even when nothing else happens afterwards. */
  #remind(): void {
    const wait = this.#gate.wait(this.#parts.clock.mono());
    if (this.#isReminded || wait === undefined) return;
    this.#isReminded = true;
    this.#later(wait, () => {
      this.#isReminded = false;
      this.#writeDue();
      this.#remind();
    });
  }
}

function openPino(parts: LogParts): Logger {
  const options: LoggerOptions = {
    level: parts.settings.level,
    base: null,
    formatters: { level: (label) => ({ level: label }) },
    timestamp: () => `,"time":"${new Date(parts.clock.wall()).toISOString()}"`,
  };
  return pino(options, destinationOf(parts));
}

function destinationOf({ settings, terminal, output }: LogParts): DestinationStream {
  const isPretty = settings.format === 'pretty' || (settings.format === 'auto' && terminal.isTerminal);
  if (!isPretty) return output;
  const pretty = prettyLines(terminal.colour);
  return { write: (json) => output.write(pretty(json)) };
}

function laterWithoutHolding(millis: number, then: () => void): void {
  setTimeout(then, millis).unref();
}
