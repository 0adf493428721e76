/** One writer at a time, over all processes: the server, and `bootlace backups restore` beside it. */
import { open, readFile, stat, unlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf } from './refusal.ts';

/** Nothing that is done under a lock takes as long; who holds it longer has died, or its number belongs to somebody else. */
const LONGEST_MS = 30_000;
const LOOK_AGAIN_MS = 10;

/**
 * Runs `task` while `file` is there, which is made for it and removed after it. Its folder has to exist.
 * Waits for another holder as long as that one lives. Rejects with the system's error, or as `task` does.
 */
export async function withLock<Value>(file: string, task: () => Promise<Value>): Promise<Value> {
  while (!(await take(file))) {
    if (await isAbandoned(file)) await unlink(file).catch(() => undefined);
    else await sleep(LOOK_AGAIN_MS);
  }
  try {
    return await task();
  } finally {
    await unlink(file).catch(() => undefined);
  }
}

/** @returns false when somebody holds it. */
async function take(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o640);
    await handle.writeFile(`${process.pid}\n`).catch(() => {
      // On a full disk the lock has no name in it; it is one all the same.
    });
    await handle.close();
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  try {
    if (Date.now() - (await stat(file)).mtimeMs > LONGEST_MS) return true;
    const holder = Number(await readFile(file, 'utf8'));
    return holder > 0 && !isRunning(holder);
  } catch {
    // Gone in the meantime, or another user's: looked at again.
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) !== 'ESRCH';
  }
}
