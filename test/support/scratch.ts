/** Temporary directories, gone when the process ends however it ends, save by a kill. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made = new Set<string>();

process.once('exit', () => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

/** A new directory that any user may enter, since servers and clients give up root. */
export function scratch(purpose: string): string {
  const directory = mkdtempSync(join(tmpdir(), `bl-${purpose}-`));
  chmodSync(directory, 0o755);
  made.add(directory);
  return directory;
}
