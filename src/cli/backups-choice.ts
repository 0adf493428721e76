/** Which backup is meant on the command line, and what to say when there is none. */
import { existsSync } from 'node:fs';
import { parseIpv4, parseMac } from '../base/addresses.ts';
import { nearestName } from '../base/near-name.ts';
import type { Config } from '../config/config.ts';
import { namedHosts } from '../config/named-hosts.ts';
import type { Lease } from '../dhcp/lease.ts';
import { plainText } from '../events/plain-text.ts';
import { type Backup, backupsIn } from '../files/backups.ts';
import { showName } from '../files/safe-path.ts';
import { deviceFolder } from '../files/uploads.ts';
import type { Version } from '../files/versions.ts';
import { readLeases } from '../leases/read-leases.ts';
import { leaseFile } from '../server/appliance-start.ts';

/** A name that somebody else chose, fit for a terminal. */
export function shownName(name: string): string {
  return plainText(showName(name));
}

/**
 * Everything that is kept.
 * @throws {Error} when a folder may not be read, with what to do about it.
 */
export async function allBackups(config: Config): Promise<readonly Backup[]> {
  return readable(backupsIn(config.tftp.uploads.dir));
}

/** What `reading` gives; a file or folder that may not be read is a sentence for the operator. */
export async function readable<Value>(reading: Promise<Value>): Promise<Value> {
  try {
    return await reading;
  } catch (error) {
    throw new Error(withAdvice(error instanceof Error ? error.message : String(error)), { cause: error });
  }
}

/** What the system said, fit for a terminal, and what to do when it is about rights. */
export function withAdvice(fault: string): string {
  const isRights = /\b(?:EACCES|EPERM)\b/.test(fault);
  const advice = isRights
    ? '; backups hold passwords and belong to the user that the server runs as: run this as that user, or with sudo'
    : '';
  return `${plainText(fault)}${advice}`;
}

/**
 * Those of one device: a folder's name, a name of the configuration, a MAC address, or the address or host name of a lease.
 * @throws {Error} when there are none, with what there is instead.
 */
export function ofDevice(config: Config, backups: readonly Backup[], written: string): readonly Backup[] {
  const isThere = (name: string): boolean => backups.some(({ device }) => device.toLowerCase() === name.toLowerCase());
  const wanted = foldersOf(config, written).find(isThere) ?? foldersByLease(config, written).find(isThere);
  if (wanted === undefined) throw new Error(missing('no backups of', written, [...new Set(backups.map(({ device }) => device))]));
  return backups.filter(({ device }) => device.toLowerCase() === wanted.toLowerCase());
}

function foldersOf(config: Config, written: string): readonly string[] {
  const mac = parseMac(written);
  const host = namedHosts(config.hosts).find((one) => one.mac === mac || one.name.toLowerCase() === written.toLowerCase());
  return [
    written,
    ...(mac === undefined ? [] : [deviceFolder({ mac }, undefined)]),
    // Before it had a name, its uploads went to the folder of its MAC address.
    ...(host === undefined ? [] : [deviceFolder({ mac: host.mac }, host.name), deviceFolder({ mac: host.mac }, undefined)]),
  ];
}

/** The folders of the devices that hold, or held, this address, or call themselves so; the latest lease first. */
function foldersByLease(config: Config, written: string): readonly string[] {
  const address = parseIpv4(written);
  const isMeant = (lease: Lease): boolean =>
    address === undefined ? lease.hostName?.toLowerCase() === written.toLowerCase() : lease.address === address;
  return leasesOf(config)
    .filter(isMeant)
    .toSorted((a, b) => b.since - a.since)
    .flatMap(({ mac }) => (mac === undefined ? [] : foldersOf(config, mac)));
}

function leasesOf({ server }: Config): readonly Lease[] {
  const file = leaseFile(server.dataDir);
  try {
    return existsSync(file) ? readLeases(file) : [];
  } catch {
    // Backups are there without leases; then a device is found by its folder's name only.
    return [];
  }
}

/** Whether a file is a configuration that runs, by what devices and people call it. */
const RUNNING = /running|-confg$|^(?:config|backup|archive)(?:\.\w+)?$/i;
const ANY_CONFIG = /conf|cfg|\.(?:rsc|xsf|set|backup)$/i;

/** The one of several files that somebody means who names none: the running configuration; undefined where that is not clear. */
function usualFile(own: readonly Backup[]): Backup | undefined {
  const lastName = ({ file }: Backup): string => file.slice(file.lastIndexOf('/') + 1);
  const [own0] = own;
  const isRunning = (backup: Backup): boolean =>
    RUNNING.test(lastName(backup)) ||
    lastName(backup)
      .replace(/\.\w+$/, '')
      .toLowerCase() === own0?.device.toLowerCase();
  for (const fits of [isRunning, (backup: Backup) => ANY_CONFIG.test(lastName(backup))]) {
    const [only, ...others] = own.filter(fits);
    if (only !== undefined && others.length === 0) return only;
  }
  return undefined;
}

/**
 * The one that is meant.
 * @param file may be left out when the device has one file only, or one that is its running configuration.
 * @throws {Error} when none is, with what there is instead.
 */
export function chooseBackup(config: Config, backups: readonly Backup[], device: string, file: string | undefined): Backup {
  const own = ofDevice(config, backups, device);
  const names = own.map((backup) => backup.file);
  if (file === undefined) {
    const meant = own.length === 1 ? own[0] : usualFile(own);
    if (meant === undefined) throw new Error(`${shownName(device)} has several files, name one: ${listed(names)}`);
    return meant;
  }
  const found = own.find((backup) => showName(backup.file) === file || backup.file === file);
  if (found === undefined) throw new Error(missing(`${shownName(device)} has no backup of`, file, names));
  return found;
}

/**
 * @param number undefined for the newest.
 * @throws {Error} when there is no such version, with those that there are.
 */
export function chooseVersion({ device, file, versions }: Backup, number: number | undefined): Version {
  const version = number === undefined ? versions.at(-1) : versions.find((one) => one.number === number);
  if (version !== undefined) return version;
  const [oldest, newest] = [versions[0]?.number ?? 0, versions.at(-1)?.number ?? 0];
  const kept = oldest === newest ? `only version ${newest} is kept` : `kept are ${oldest} to ${newest}`;
  throw new Error(`${shownName(device)} has no version ${number} of ${shownName(file)}; ${kept}`);
}

const MOST_LISTED = 20;

function missing(what: string, name: string, known: readonly string[]): string {
  const near = nearestName(name, known.map(showName));
  const there = known.length === 0 ? 'nothing is kept yet' : `there is ${listed(known)}`;
  return `${what} ${shownName(name)}; ${near === undefined ? there : `did you mean ${shownName(near)}?`}`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_LISTED).map(shownName).join(', ');
  return names.length > MOST_LISTED ? `${shown} and ${names.length - MOST_LISTED} more` : shown;
}
