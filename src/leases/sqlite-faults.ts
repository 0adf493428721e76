/** What SQLite's faults mean for a store, in words for the operator. Codes: https://www.sqlite.org/rescode.html */
import { StoreDamage } from './lease-store.ts';

const BUSY = 5;
const LOCKED = 6;
const NO_PERMISSION = 3;
const READ_ONLY = 8;
const INPUT_OUTPUT = 10;
const CORRUPT = 11;
const FULL = 13;
const CANNOT_OPEN = 14;
const NOT_A_DATABASE = 26;
/** Of the input/output faults, those that mean that octets of the file are gone: a bad sector, a file too short, a file system that says so itself. */
const GONE = new Set([266, 522, 8458]);

/** A fault of SQLite as a `StoreDamage`, or as an Error that says what to do; anything else as it is. */
export function storeFault(fault: unknown, file: string): unknown {
  if (!(fault instanceof Error) || !('errcode' in fault) || typeof fault.errcode !== 'number') return fault;
  const primary = fault.errcode & 0xff;
  if (primary === CORRUPT || primary === NOT_A_DATABASE || GONE.has(fault.errcode))
    return new StoreDamage(`${file} is damaged: ${fault.message}`, { cause: fault });
  const remedy = REMEDIES[primary];
  return remedy === undefined ? fault : new Error(`${file}: ${fault.message}; ${remedy}`, { cause: fault });
}

/** Another program has the file's lock. */
export function isHeld(fault: unknown): boolean {
  return fault instanceof Error && 'errcode' in fault && typeof fault.errcode === 'number' && (fault.errcode & 0xff) === BUSY;
}

const REMEDIES: Readonly<Record<number, string>> = {
  [BUSY]: 'another program holds it, and has to let go of it first',
  [LOCKED]: 'another program holds it, and has to let go of it first',
  [NO_PERMISSION]: 'let the user that the server runs as write it',
  [READ_ONLY]: 'let the user that the server runs as write it and its folder, on a disk that is not mounted read-only',
  [CANNOT_OPEN]: 'let the user that the server runs as write it and its folder, on a disk that is not mounted read-only',
  [INPUT_OUTPUT]: 'look whether the disk is full or broken',
  [FULL]: 'make room on the disk',
};
