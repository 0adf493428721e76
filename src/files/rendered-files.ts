/** What was made for devices, kept until the configuration changes: the size that a device is told and the octets that it gets are of one text. */
import type { MadeFrom } from './catalog.ts';
import { MemoryFile } from './memory-file.ts';

export interface RenderedFile {
  readonly file: MemoryFile;
  readonly made: MadeFrom;
}

/** Ten thousand phones with files of three kilobytes. */
const MOST_OCTETS = 32 * 1024 * 1024;

const encoder = new TextEncoder();

export class RenderedFiles {
  readonly #files = new Map<string, RenderedFile>();
  #octets = 0;

  get(key: string): RenderedFile | undefined {
    return this.#files.get(key);
  }

  put(key: string, text: string, made: MadeFrom): RenderedFile {
    const rendered = { file: new MemoryFile(encoder.encode(text)), made };
    this.#files.set(key, rendered);
    this.#octets += rendered.file.size;
    for (const [oldest, { file }] of this.#files) {
      if (this.#octets <= MOST_OCTETS || oldest === key) break;
      this.#files.delete(oldest);
      this.#octets -= file.size;
    }
    return rendered;
  }
}
