/** The secret that whoever asks from another machine has to know: made once, and kept where its owner alone can read it. */
import { randomBytes } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const OCTETS = 24;

export interface WebToken {
  readonly token: string;
  readonly file: string;
}

/** Reads the token of a data directory; makes one where there is none, or none worth the name. Rejects with the system's error. */
export async function webTokenIn(dataDir: string): Promise<WebToken> {
  const file = path.join(dataDir, 'web-token');
  const known = await readFile(file, 'utf8').catch(() => '');
  if (/^[\w-]{16,}$/.test(known.trim())) return { token: known.trim(), file };
  const token = randomBytes(OCTETS).toString('base64url');
  await writeFile(file, `${token}\n`, { mode: 0o600 });
  // One that was there keeps its mode otherwise.
  await chmod(file, 0o600);
  return { token, file };
}
