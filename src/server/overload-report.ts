/** Tells of shed work: at once when it begins, then at most once an interval while it goes on, with how much it was. */
export class OverloadReport {
  readonly #intervalMs: number;
  readonly #tell: (shed: number) => void;
  #shed = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(intervalMs: number, tell: (shed: number) => void) {
    this.#intervalMs = intervalMs;
    this.#tell = tell;
  }

  add(shed: number): void {
    this.#shed += shed;
    if (this.#shed > 0 && this.#timer === undefined) this.#report();
  }

  /** Tells what is not told yet. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#shed > 0) this.#tell(this.#shed);
    this.#shed = 0;
  }

  #report(): void {
    this.#tell(this.#shed);
    this.#shed = 0;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#shed > 0) this.#report();
    }, this.#intervalMs);
    this.#timer.unref();
  }
}
