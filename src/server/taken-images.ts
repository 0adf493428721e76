/** Which devices have just fetched which images: for a while DHCP does not name these to them, over a restart of the server as well. */
import type { Mac } from '../base/addresses.ts';
import type { Clock } from '../base/clock.ts';
import type { FirmwareImage, TakenImage } from '../boot/image-rules.ts';
import { readTakings, type Taking, writeTakings } from './firmware-files.ts';

export interface TakenImagesParts {
  readonly file: string;
  readonly clock: Pick<Clock, 'wall'>;
  /** The list is another: something was fetched, or its time is over. */
  readonly onChange: () => void;
  readonly onFault: (fault: unknown) => void;
}

/** Timers take no more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class TakenImages {
  readonly #parts: TakenImagesParts;
  #takings: readonly Taking[];
  #images: readonly FirmwareImage[] = [];
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  private constructor(parts: TakenImagesParts, takings: readonly Taking[]) {
    this.#parts = parts;
    this.#takings = takings;
  }

  /** A file that cannot be read is told, and nothing was fetched. */
  static async open(parts: TakenImagesParts): Promise<TakenImages> {
    try {
      return new TakenImages(parts, await readTakings(parts.file));
    } catch (fault) {
      parts.onFault(fault);
      return new TakenImages(parts, []);
    }
  }

  /** By other images from now on; does not call `onChange`. */
  configure(images: readonly FirmwareImage[]): void {
    this.#images = images;
    this.#forgetOld();
  }

  /** Those whose time is not over. */
  get list(): readonly TakenImage[] {
    return this.#inForce().map(({ mac, file, at }) => ({ mac, file, at: showTime(at), until: showTime(this.#endOf({ file, at })) }));
  }

  /** @returns for how many seconds DHCP does not name the image to the device from now on. */
  add(mac: Mac, file: string): number {
    const seconds = this.#secondsOf(file);
    if (seconds === 0) return 0;
    const others = this.#takings.filter((one) => one.mac !== mac || one.file !== file);
    this.#takings = [...others, { mac, file, at: this.#parts.clock.wall() }];
    this.#changed();
    return seconds;
  }

  /** Resolves when the file is as it is to stay. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#saving;
  }

  #changed(): void {
    this.#forgetOld();
    this.#parts.onChange();
    this.#saving = this.#saving.then(() => writeTakings(this.#parts.file, this.#takings)).catch(this.#parts.onFault);
  }

  #forgetOld(): void {
    clearTimeout(this.#timer);
    this.#takings = this.#inForce();
    if (this.#takings.length === 0) return;
    const next = Math.min(...this.#takings.map((one) => this.#endOf(one))) - this.#parts.clock.wall();
    this.#timer = setTimeout(() => this.#changed(), Math.min(Math.max(next, 1), LONGEST_TIMER_MS)).unref();
  }

  /** A time in the future is one of a clock that was wrong then. */
  #inForce(): readonly Taking[] {
    const now = this.#parts.clock.wall();
    return this.#takings.filter((one) => one.at <= now && this.#endOf(one) > now);
  }

  #endOf({ file, at }: Pick<Taking, 'file' | 'at'>): number {
    return at + this.#secondsOf(file) * 1000;
  }

  #secondsOf(file: string): number {
    return Math.max(0, ...this.#images.filter((image) => image.file === file).map((image) => image.offerAgainAfterSeconds));
  }
}

function showTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`;
}
