/** The files of a store: their names, and how a new store takes the place of a damaged one. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { WallMs } from '../base/clock.ts';

const SECTOR_OCTETS = 4096;

/** SQLite's write-ahead log beside a file. */
export function logOf(file: string): string {
  return `${file}-wal`;
}

/** The journal beside it: `leases.journal`. Not `leases.db-journal`, which SQLite would take for its own. */
export function journalOf(file: string): string {
  return `${file.replace(/\.db$/, '')}.journal`;
}

/** Makes room for a new store and its folder, and gives the name to make it under. */
export function beginRebuilding(file: string): string {
  // Leases say who is where: nothing for everybody.
  mkdirSync(dirname(file), { recursive: true, mode: 0o750 });
  const begun = `${file}.rebuilding`;
  for (const part of partsOf(begun)) rmSync(part, { force: true });
  return begun;
}

/** The store that was begun is complete and closed: sets aside what stands in its place, and puts it there. */
export function endRebuilding(file: string, now: WallMs): string | undefined {
  move(`${file}.rebuilding`, rebuiltName(file));
  return finishRebuilding(file, now)?.aside;
}

/**
 * Goes on where a power failure has interrupted `endRebuilding`. Gives the name of what was set aside, unless that had been done
 * before; undefined at most starts, as there is nothing to do.
 */
export function finishRebuilding(file: string, now: WallMs): { readonly aside: string | undefined } | undefined {
  if (!existsSync(rebuiltName(file))) return undefined;
  const aside = setAside(file, now);
  move(rebuiltName(file), file);
  return { aside };
}

/** 0 when it is not there. */
export function octetsOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The whole file. A bad sector reads as zeros: what is around it can still be read. */
export function readAll(file: string): Uint8Array {
  return readPart(file, 0, octetsOf(file));
}

/** The octets from `from` on, `length` at most. */
export function readPart(file: string, from: number, length: number): Uint8Array {
  const octets = new Uint8Array(Math.max(0, Math.min(length, octetsOf(file) - from)));
  if (octets.length === 0) return octets;
  const descriptor = openSync(file, 'r');
  try {
    for (let at = 0; at < octets.length; at += SECTOR_OCTETS) {
      try {
        readSync(descriptor, octets, at, Math.min(SECTOR_OCTETS, octets.length - at), from + at);
      } catch {
        // Stays zero.
      }
    }
  } finally {
    closeSync(descriptor);
  }
  return octets;
}

function rebuiltName(file: string): string {
  return `${file}.rebuilt`;
}

/** File, write-ahead log, the index of the log, and the journal. */
function partsOf(file: string): readonly [string, string, string, string] {
  return [file, logOf(file), `${file}-shm`, journalOf(file)];
}

/** Renames what there is of a store to `FILE.damaged-20261120T072500Z`, each part with its ending. */
function setAside(file: string, now: WallMs): string | undefined {
  const parts = partsOf(file);
  if (!parts.some((part) => existsSync(part))) return undefined;
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  let aside = `${file}.damaged-${stamp}`;
  for (let count = 2; partsOf(aside).some((part) => existsSync(part)); count += 1) aside = `${file}.damaged-${stamp}-${count}`;
  for (const [index, name] of partsOf(aside).entries()) {
    const part = parts[index];
    if (part !== undefined && existsSync(part)) renameSync(part, name);
  }
  syncFolder(file);
  return aside;
}

/** A rename that is on the disk when this returns. */
function move(from: string, to: string): void {
  renameSync(from, to);
  syncFolder(to);
}

/** Makes the names in a file's folder durable. Windows cannot open a folder, and needs no such thing. */
export function syncFolder(file: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
