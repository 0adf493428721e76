/** What V8 makes of our sources is kept from one start to the next, and made with bursts in mind. To be called before the program is loaded. */
import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

/**
 * V8's second optimising compiler takes a function after this many calls, 3,000 otherwise. Its work costs more than it gives in the one
 * second that a room full of PCs takes to boot; a server that stays busy gets there all the same.
 */
const CALLS_BEFORE_LAST_COMPILER = 60_000;

/**
 * Room for young objects in each thread that is started from now on: at most 16 MiB otherwise, and 1 MiB after a rest. What a message or a transfer makes
 * is gone at once; more room is only memory, and longer pauses when it is full. With less, a crowd after a quiet hour begins with one collection after
 * the other.
 */
const YOUNG_MIB = 4;

/**
 * No helper sweeps the heap of Node's own objects. The thread that a heap belongs to asks its event loop again and again whether the helper is done,
 * and the DHCP thread goes before all others on its core: where there is one core, the helper gets no turn until the kernel lets ordinary threads have
 * their twentieth. Seen as a core that was busy with nothing for most of a second, several times a minute.
 */
const SWEEP_ALONE = '--single-threaded-gc';

/** Keeps compiled code in a folder of this user's own, for this thread and those that follow; where there can be none, starts are slower. */
export function keepCompiledCode(): void {
  setFlagsFromString(`--max-semi-space-size=${YOUNG_MIB}`);
  setFlagsFromString(`--min-semi-space-size=${YOUNG_MIB}`);
  // Once V8 runs, this does nothing but what it is here for: the flags that it stands for at a start are left as they are.
  setFlagsFromString(SWEEP_ALONE);
  setFlagsFromString(`--invocation-count-for-turbofan=${CALLS_BEFORE_LAST_COMPILER}`);
  const folder = ownFolder();
  if (folder === undefined) return;
  enableCompileCache(folder);
  process.env['NODE_COMPILE_CACHE'] = folder;
}

/** Code is run as it is found: it must be nobody else's. Undefined where that cannot be told. */
function ownFolder(): string | undefined {
  const user = process.getuid?.();
  if (user === undefined) return undefined;
  const folder = join(tmpdir(), `bootlace-compiled-${user}`);
  try {
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
    const facts = lstatSync(folder);
    return facts.isDirectory() && facts.uid === user && (facts.mode & 0o077) === 0 ? folder : undefined;
  } catch {
    return undefined;
  }
}
