/** What a catalogue's answer holds. */
import { invariant, type Result } from '../../src/base/result.ts';
import type { FoundFile } from '../../src/files/catalog.ts';
import type { Refusal } from '../../src/files/refusal.ts';

/** The whole content as text, one character an octet, or why there is none. The file is closed. */
export async function contentOf(answer: Result<FoundFile, Refusal> | Promise<Result<FoundFile, Refusal>>): Promise<string> {
  const found = await answer;
  if (!found.ok) return found.error.refused;
  const { file } = found.value;
  const octets = Buffer.alloc(file.size);
  const read = file.read(octets, 0);
  file.close();
  invariant(read.ok && read.value === file.size, 'a readable file');
  return octets.toString('latin1');
}
