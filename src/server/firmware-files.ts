/** What is remembered of images of firmware over a restart: their digests, which take time to compute, and which device fetched which. */
import path from 'node:path';
import { type Mac, parseMac } from '../base/addresses.ts';
import type { DigestMemory, KnownDigests } from '../images/firmware.ts';
import { readState, writeState } from './state-file.ts';

/** A device that fetched an image as a whole. */
export interface Taking {
  readonly mac: Mac;
  /** Below the root, one character an octet. */
  readonly file: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export function digestsFile(dataDir: string): string {
  return path.join(dataDir, 'image-digests.json');
}

export function takingsFile(dataDir: string): string {
  return path.join(dataDir, 'images-taken.json');
}

/** Empty where there is no file, or none that can be understood: digests are computed anew. */
export async function readDigests(file: string): Promise<DigestMemory> {
  try {
    const { digests } = JSON.parse((await readState(file)) ?? '{"digests":{}}') as {
      readonly digests: Record<string, Partial<KnownDigests>>;
    };
    return new Map(Object.entries(digests).filter((entry): entry is [string, KnownDigests] => isKnown(entry[1])));
  } catch {
    return new Map();
  }
}

function isKnown({ size, changedAt, sha256, md5 }: Partial<KnownDigests>): boolean {
  return typeof size === 'number' && typeof changedAt === 'number' && typeof sha256 === 'string' && typeof md5 === 'string';
}

/** Rejects with the system's error. */
export function writeDigests(file: string, memory: DigestMemory): Promise<void> {
  return writeState(file, { digests: Object.fromEntries(memory) });
}

/** @throws {Error} with a text for the operator when the file cannot be read, or is not what was written. */
export async function readTakings(file: string): Promise<readonly Taking[]> {
  const text = await readState(file);
  if (text === undefined) return [];
  const takings = takingsIn(text);
  if (takings === undefined) throw new Error(`${file} is damaged; delete it: devices may be told once more of images that they have`);
  return takings;
}

/** Rejects with the system's error. */
export function writeTakings(file: string, taken: readonly Taking[]): Promise<void> {
  return writeState(file, { taken });
}

function takingsIn(text: string): readonly Taking[] | undefined {
  try {
    const { taken } = JSON.parse(text) as { readonly taken: readonly Partial<Record<keyof Taking, unknown>>[] };
    const read = taken.map(({ mac, file, at }) => {
      const known = typeof mac === 'string' ? parseMac(mac) : undefined;
      return known === undefined || typeof file !== 'string' || typeof at !== 'number' ? undefined : { mac: known, file, at };
    });
    return read.every((one) => one !== undefined) ? read : undefined;
  } catch {
    return undefined;
  }
}
