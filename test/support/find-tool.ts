/** Where programs are. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian keeps some of the clients where only root's PATH looks. */
const PLACES = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/local/sbin'];

/** Where a program is, or undefined. A name with slashes is a file that has to be readable. */
export function findTool(name: string): string | undefined {
  const candidates = name.includes('/') ? [name] : PLACES.map((place) => join(place, name));
  return candidates.find((file) => isUsable(file, name.includes('/') ? constants.R_OK : constants.X_OK));
}

function isUsable(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}
