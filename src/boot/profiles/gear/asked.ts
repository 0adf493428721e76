/** Rows of files that gear asks for. */
import type { AskedFile } from '../device-profile.ts';

/** At the beginning of the name or of its last part. */
const START = '(?:^|/)';

/** A file that it does well without. */
export function optional(name: string, what: string, say: string): AskedFile {
  return { name: new RegExp(`${START}${name}$`, 'i'), what, miss: { isNormal: true, say } };
}

/** A file without which it gets no configuration. */
export function needed(name: string, what: string, say: string): AskedFile {
  return { name: new RegExp(`${START}${name}$`, 'i'), what, miss: { isNormal: false, say } };
}
