/** Rows of the files that devices ask for. */
import type { AskedFile } from './device-profile.ts';

/** In the names of files. */
export const MAC = '[0-9a-f]{12}';

/** `name` is a regular expression for the last part of the path. */
function row(name: string, what: string, isNormal: boolean, say: string): AskedFile {
  return { name: new RegExp(`(?:^|/)(?:${name})$`, 'i'), what, miss: { isNormal, say } };
}

/** A file that the device does well without. */
export function mayMiss(name: string, what: string, say: string): AskedFile {
  return row(name, what, true, say);
}

/** A file that the device cannot do without. */
export function mustBe(name: string, what: string, say: string): AskedFile {
  return row(name, what, false, say);
}

/** What to do about a configuration that is not there. */
export const PUT_CONFIGURATION = 'put it into the TFTP root, or give the device a host with `profile` and a template';

/** What to do about firmware that is not there. */
export const PUT_FIRMWARE = 'put the firmware into the TFTP root, all files of its archive';
