/** What a command said, line by line. */
import type { Output } from '../../src/cli/output.ts';

export class MemoryOutput implements Output {
  readonly lines: string[] = [];
  readonly notes: string[] = [];
  readonly colour = { line: false, note: false };
  hasFailed = false;
  readonly #folder: string;

  /** @param folder is left out of what is said, as it has another name each time. */
  constructor(folder = '') {
    this.#folder = folder;
  }

  line(text: string): void {
    this.lines.push(...text.replaceAll(this.#folder, '').split('\n'));
  }

  note(text: string): void {
    this.notes.push(...text.replaceAll(this.#folder, '').split('\n'));
  }

  fail(): void {
    this.hasFailed = true;
  }
}
