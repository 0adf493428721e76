/**
 * Only one program at a time may write a store: two that write one journal would overwrite each other's promises. The lock is SQLite's own on an
 * empty file beside the store. It needs no room, it ends with the process however that ends, and readers do not see it.
 */
import { DatabaseSync } from 'node:sqlite';
import { BUSY_MS } from './sqlite-database.ts';
import { isHeld, storeFault } from './sqlite-faults.ts';

export class StoreLock {
  readonly #store: string;
  #held: DatabaseSync | undefined;

  /** @param store the store's file. */
  constructor(store: string) {
    this.#store = store;
  }

  /**
   * Takes the lock, again if its file may have been deleted. Where there can be none, as on a read-only disk, no store can be written either.
   * @throws {Error} when another program has it; the text says so.
   */
  take(): void {
    this.release();
    let file: DatabaseSync | undefined;
    try {
      file = new DatabaseSync(`${this.#store}.lock`);
      file.exec(`PRAGMA busy_timeout = ${BUSY_MS}; BEGIN EXCLUSIVE`);
      this.#held = file;
    } catch (fault) {
      file?.close();
      if (isHeld(fault)) throw storeFault(fault, this.#store);
    }
  }

  release(): void {
    this.#held?.close();
    this.#held = undefined;
  }
}
