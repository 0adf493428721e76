/** Temporary directories. Their names hold the id of the process that made them, so that those of a crashed run are swept. */
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made = new Set<string>();

/** A new directory that any user may enter, since servers and clients give up root. */
export function scratch(purpose: string): string {
  const directory = mkdtempSync(join(tmpdir(), `bl-${process.pid}-${purpose}-`));
  chmodSync(directory, 0o755);
  made.add(directory);
  return directory;
}

/** Removes what this process has made. */
export function removeScratch(): void {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
  made.clear();
}

/** Removes what runs have left whose process is gone. */
export function sweepScratch(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = /^bl-(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}
