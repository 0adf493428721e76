/** What a command said, line by line. */
import type { Output } from '../../src/cli/output.ts';

export class MemoryOutput implements Output {
  readonly lines: string[] = [];
  readonly notes: string[] = [];
  readonly colour: Output['colour'];
  readonly isTerminal: boolean;
  readonly columns: number | undefined;
  /** What was drawn over. */
  readonly drawn: string[] = [];
  /** What was written as octets. */
  readonly written: Uint8Array[] = [];
  exitCode = 0;
  readonly #folder: string;

  /** @param folder is left out of what is said, as it has another name each time. */
  constructor(folder = '', { isTerminal = false, colours = false } = {}) {
    this.#folder = folder;
    this.isTerminal = isTerminal;
    this.columns = isTerminal ? 100 : undefined;
    this.colour = { line: colours, note: colours };
  }

  get hasFailed(): boolean {
    return this.exitCode !== 0;
  }

  octets(content: Uint8Array): void {
    this.written.push(content);
  }

  redraw(text: string): void {
    this.drawn.push(text);
  }

  line(text: string): void {
    this.lines.push(...text.replaceAll(this.#folder, '').split('\n'));
  }

  note(text: string): void {
    this.notes.push(...text.replaceAll(this.#folder, '').split('\n'));
  }

  fail(exitCode = 1): void {
    this.exitCode = exitCode;
  }
}
