/**
 * Single files out of a Debian package: an `ar` archive (deb(5)) whose member `data.tar…` holds the files. The system's tar reads that
 * one; a package's own scripts are never run.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, open, realpath, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { fitsGlob } from '../boot/glob.ts';
import type { ImageFile } from './catalogue.ts';
import { isMissingProgram, runOrThrow, runProgram } from './run-program.ts';

const AR_MAGIC = '!<arch>\n';
const HEADER_OCTETS = 60;

/** Where a member of an ar archive lies in its file. */
interface Member {
  readonly name: string;
  readonly start: number;
  readonly octets: number;
}

/** A file of a package that lies unpacked on the disk. */
export interface UnpackedFile {
  readonly place: string;
  readonly file: string;
}

/**
 * Unpacks these files of a package below `folder`, which is made for it.
 * @throws {Error} when the package is damaged, lacks a file, or cannot be unpacked here; files that are optional may be absent.
 */
export async function unpackFiles(
  deb: string,
  files: readonly ImageFile[],
  folder: string,
  signal: AbortSignal,
): Promise<readonly UnpackedFile[]> {
  await mkdir(folder, { recursive: true });
  const data = await dataOf(deb, folder, signal);
  const names = (await tar(['-tf', data], signal)).split('\n').filter((name) => isSafe(name));
  const found = files.flatMap((file) => {
    const name = nameOf(file, names);
    if (name === undefined && file.isOptional !== true) throw new Error(`it has no ${file.inside[0]}`);
    return name === undefined ? [] : [{ place: file.place, name }];
  });
  await tar(['-xf', data, '-C', folder, ...found.map(({ name }) => name)], signal);
  await rm(data);
  return Promise.all(found.map(async ({ place, name }) => ({ place, file: await plainFile(folder, name) })));
}

/** The one name that a file has inside: the first pattern that fits decides, and of several names the first in the order of letters. */
function nameOf({ inside }: ImageFile, names: readonly string[]): string | undefined {
  for (const pattern of inside) {
    const depth = pattern.split('/').length;
    const fitting = names.filter((name) => fitsGlob(pattern, name.split('/').slice(-depth).join('/'))).sort();
    if (fitting[0] !== undefined) return fitting[0];
  }
  return undefined;
}

/** Tar writes where names lead: none of a package of Debian leads upwards, and one that did is not touched. */
function isSafe(name: string): boolean {
  return /^\.\/[^\\]*[^/\\]$/.test(name) && !name.split('/').includes('..');
}

/** The path of what was unpacked, when it is a file with something in it and lies where it should. */
async function plainFile(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  const facts = await lstat(file);
  const isInside = (await realpath(file)).startsWith((await realpath(folder)) + sep);
  if (!facts.isFile() || facts.size === 0 || !isInside) throw new Error(`its ${name} is no plain file`);
  return file;
}

/** The tar archive of the package, as a file: unpacked where dpkg or Node can do that, else as it is, for a tar that can. */
async function dataOf(deb: string, folder: string, signal: AbortSignal): Promise<string> {
  const plain = join(folder, 'data.tar');
  const handle = await open(plain, 'wx');
  try {
    const { code } = await runProgram(['dpkg-deb', '--fsys-tarfile', deb], { signal, outTo: handle.fd });
    if (code === 0) return plain;
  } catch (fault) {
    if (!isMissingProgram(fault)) throw fault;
  } finally {
    await handle.close();
  }
  const member = (await membersOf(deb)).find(({ name }) => name.startsWith('data.tar'));
  if (member === undefined) throw new Error('it is no Debian package');
  const packed = createReadStream(deb, { start: member.start, end: member.start + member.octets - 1 });
  if (member.name === 'data.tar.zst') {
    await pipeline(packed, createZstdDecompress(), createWriteStream(plain), { signal });
    return plain;
  }
  const file = join(folder, member.name);
  await pipeline(packed, createWriteStream(file), { signal });
  return file;
}

/** The members of an ar archive in their order. */
async function membersOf(file: string): Promise<readonly Member[]> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const read = async (at: number, octets: number): Promise<string> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(octets), 0, octets, at);
      return buffer.toString('latin1', 0, bytesRead);
    };
    if ((await read(0, AR_MAGIC.length)) !== AR_MAGIC) throw new Error('it is no Debian package');
    const members: Member[] = [];
    for (let at = AR_MAGIC.length; at + HEADER_OCTETS <= size; ) {
      const header = await read(at, HEADER_OCTETS);
      const octets = Number(header.slice(48, 58));
      const start = at + HEADER_OCTETS;
      if (!header.endsWith('`\n') || !Number.isSafeInteger(octets) || octets < 0 || start + octets > size)
        throw new Error('it is damaged: an ar header is wrong');
      members.push({ name: header.slice(0, 16).trim().replace(/\/$/, ''), start, octets });
      // Members begin at even places.
      at = start + octets + (octets % 2);
    }
    return members;
  } finally {
    await handle.close();
  }
}

async function tar(args: readonly string[], signal: AbortSignal): Promise<string> {
  try {
    return await runOrThrow(['tar', ...args], { signal });
  } catch (fault) {
    if (isMissingProgram(fault)) throw new Error("the program 'tar' is not there, which unpacks packages; install it");
    if (fault instanceof Error && /xz.*(No such file|not found|Cannot exec)/is.test(fault.message))
      throw new Error("tar needs the program 'xz' for this package; install it (xz or xz-utils)", { cause: fault });
    throw fault;
  }
}
