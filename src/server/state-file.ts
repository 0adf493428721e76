/** Small files of the data directory, which are replaced as a whole. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { replaceFile } from '../config/replace-file.ts';
import { prepareFolder } from './data-dir.ts';

/** Undefined where there is no file. Rejects with the system's error. */
export async function readState(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((fault: unknown) => {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return undefined;
    throw fault;
  });
}

/** Whoever reads the file, or finds it after a power failure, has what was before or what is after. Rejects with the system's error. */
export async function writeState(file: string, value: object): Promise<void> {
  await prepareFolder(path.dirname(file), undefined);
  await replaceFile(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
