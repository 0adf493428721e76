/**
 * What devices called the versions of a backup, where each has a name of its own: an empty file beside the version that says so,
 * `0007-as-sw1-Nov-28-01-02-03.123-4`. Several may stand for one version: what came again unchanged is not stored again.
 */
import { readdir, stat, unlink, writeFile } from 'node:fs/promises';
import { errnoOf } from './refusal.ts';
import { diskPath, joinSafe, type SafePath } from './safe-path.ts';

/** A name that was sent, and the number of the version that it is. */
export interface SentName {
  readonly number: number;
  /** One character an octet. */
  readonly name: string;
}

interface Note extends SentName {
  readonly fileName: SafePath;
}

const NOTE = /^(\d{4,9})-as-([A-Za-z0-9._%-]+)$/;
/** What file systems take, in octets. */
const LONGEST = 240;

/** All that is noted in a folder of versions, in the order of the versions; none when there is no such folder. */
export async function sentNamesIn(folder: Buffer): Promise<readonly SentName[]> {
  return (await notesIn(folder)).map(({ number, name }) => ({ number, name }));
}

/** The number of the version that was sent by this name, whatever its case; the newest of several. */
export async function numberSentAs(folder: Buffer, name: SafePath): Promise<number | undefined> {
  return (await notesIn(folder)).findLast((note) => isSame(note.name, name))?.number;
}

/** Notes a name, and forgets it where it was noted of another version, those of versions that are gone, and the oldest of more than `most`. Rejects with the system's error. */
export async function noteSentName(folder: Buffer, number: number, name: SafePath, most: number): Promise<void> {
  const fileName = `${String(number).padStart(4, '0')}-as-${encoded(name)}`;
  const before = await notesIn(folder);
  if (fileName.length <= LONGEST) await writeFile(diskPath(folder, joinSafe(fileName)), '', { mode: 0o640 });
  const versions = new Set((await readdir(folder)).filter((entry) => !NOTE.test(entry)).map((entry) => Number.parseInt(entry, 10)));
  const others = before.filter((note) => note.fileName !== fileName);
  const kept = others.filter((note) => versions.has(note.number) && !isSame(note.name, name));
  const excess = kept.length < most ? [] : (await oldestFirst(folder, kept)).slice(0, kept.length - most + 1);
  for (const note of others) {
    if (!kept.includes(note) || excess.includes(note)) await unlink(diskPath(folder, note.fileName));
  }
}

async function oldestFirst(folder: Buffer, notes: readonly Note[]): Promise<readonly Note[]> {
  const timed = await Promise.all(notes.map(async (note) => ({ note, at: (await stat(diskPath(folder, note.fileName))).mtimeMs })));
  return timed.toSorted((a, b) => a.note.number - b.note.number || a.at - b.at).map(({ note }) => note);
}

async function notesIn(folder: Buffer): Promise<readonly Note[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return [];
    throw error;
  });
  return names
    .flatMap((fileName) => {
      const match = NOTE.exec(fileName);
      return match === null ? [] : [{ number: Number(match[1]), name: decoded(match[2] ?? ''), fileName: joinSafe(fileName) }];
    })
    .toSorted((a, b) => a.number - b.number);
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** As part of a file's name. */
function encoded(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function decoded(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}
