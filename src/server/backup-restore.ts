/** Giving an old version of a backup back: it becomes the newest of the file that its device reads. The command line and the console both do it so. */

import { err, ok, type Result } from '../base/result.ts';
import type { Config } from '../config/config.ts';
import { namedHosts } from '../config/named-hosts.ts';
import { plainText } from '../events/plain-text.ts';
import { addVersion, type Backup } from '../files/backups.ts';
import { DiskRoute } from '../files/disk-route.ts';
import { joinSafe, type SafePath, safePath, showName } from '../files/safe-path.ts';
import { deviceFolder } from '../files/uploads.ts';
import type { StoredVersion } from '../files/versions.ts';
import { systemClock } from './system-clock.ts';

/** The folder that the device reads from: once the configuration gives it a name, no longer that of its MAC address. */
export function readerOf({ hosts }: Pick<Config, 'hosts'>, { device }: Pick<Backup, 'device'>): SafePath {
  const host = namedHosts(hosts).find(({ mac }) => deviceFolder({ mac }, undefined) === device);
  return host === undefined ? device : joinSafe(deviceFolder({ mac: host.mac }, host.name));
}

/** Why no device could read a version that is restored; undefined: it can. */
export function whyNotRestored({ tftp }: Pick<Config, 'tftp'>): string | undefined {
  const { policy } = tftp.uploads;
  return policy === 'version' ? undefined : `with tftp.uploads.policy: ${policy} no device reads a version`;
}

/** The name to read it by; the error says that it cannot be one, or that somebody would get another file by it. */
export function nameToRead({ tftp }: Pick<Config, 'tftp'>, name: string): Result<SafePath, string> {
  const shown = plainText(showName(name));
  const path = safePath(name);
  if (!path.ok) return err(`${shown} cannot be a file's name: ${path.error.detail}`);
  const served = new DiskRoute(tftp.root).open({ path: path.value, from: {} });
  if (served === 'not-mine') return path;
  if (served.ok) served.value.file.close();
  return err(`a read of ${shown} gives the file in ${tftp.root}, which comes first`);
}

/** Stores the content of a version as the newest. Rejects with the system's error; a refusal is in words. */
export async function restoreContent(
  { tftp, hosts }: Pick<Config, 'tftp' | 'hosts'>,
  backup: Backup,
  name: SafePath,
  octets: Uint8Array,
): Promise<Result<StoredVersion & { readonly reader: SafePath }, string>> {
  const reader = readerOf({ hosts }, backup);
  const stored = await addVersion(tftp.uploads, { device: reader, file: name }, octets, systemClock);
  return stored.ok ? ok({ ...stored.value, reader }) : err(stored.error.detail);
}
