/** `bootlace backups restore`: an old version becomes the newest, so that its device reads it back under the plain name. */
import { stat } from 'node:fs/promises';
import process from 'node:process';
import { parseMac, showIpv4 } from '../base/addresses.ts';
import type { Config } from '../config/config.ts';
import { namedHosts } from '../config/named-hosts.ts';
import type { Backup } from '../files/backups.ts';
import { type ConfigFamily, familyOf, familyOfVendor } from '../files/config-families.ts';
import type { SafePath } from '../files/safe-path.ts';
import { deviceFolder } from '../files/uploads.ts';
import { vendorLookup } from '../observe/vendors.ts';
import { nameToRead, restoreContent, whyNotRestored } from '../server/backup-restore.ts';
import { allBackups, chooseBackup, chooseVersion, ofDevice, readable, shownName, withAdvice } from './backups-choice.ts';
import { readContent } from './backups-text.ts';
import { configOf } from './config-option.ts';
import { type Output, paint, showTable } from './output.ts';

export interface RestoreFlags {
  readonly config?: string;
  /** Undefined for the newest. */
  readonly version?: number;
  /** The name to read it by; undefined for the one that it was sent by. */
  readonly as?: string;
}

export async function restoreBackup(device: string, file: string | undefined, flags: RestoreFlags, output: Output): Promise<void> {
  const config = await configOf(flags.config, output, 'errors');
  if (config === undefined) return;
  const { uploads } = config.tftp;
  const asked = meant(config, await allBackups(config), device, file, flags.version);
  const { backup } = asked;
  const version = chooseVersion(backup, asked.number);
  const whyNot = whyNotRestored(config);
  if (whyNot !== undefined) throw new Error(`${whyNot}; take it out with \`bootlace backups show --reveal --output FILE\``);
  const name = freeName(config, backup, flags.as);
  const { octets, text } = await readContent(config, backup, version);
  await becomeOwnerOf(uploads.dir);
  const stored = await readable(restoreContent(config, backup, name, octets));
  if (!stored.ok) throw new Error(`it could not be stored: ${withAdvice(stored.error)}`);
  const what = `version ${version.number} of ${shownName(backup.device)}/${shownName(backup.file)}`;
  const { number, unchanged, reader } = stored.value;
  const place = `${shownName(reader)}/${shownName(name)}`;
  if (unchanged) output.line(`${what} is what ${shownName(reader)} reads as ${shownName(name)} already`);
  else output.line(`${what} is now version ${number} of ${place}: ${shownName(reader)} reads it as ${shownName(name)}`);
  for (const line of advice(config, shownName(name), familyFor(config, reader, text), output.colour.line)) output.line(line);
}

/** What `restore sw1 6` means: version 6, unless there is a file of that name. */
function meant(
  config: Config,
  backups: readonly Backup[],
  device: string,
  file: string | undefined,
  version: number | undefined,
): { readonly backup: Backup; readonly number: number | undefined } {
  const isNumber = file !== undefined && version === undefined && /^\d{1,9}$/.test(file);
  const isFile = isNumber && ofDevice(config, backups, device).some((backup) => backup.file === file);
  return isNumber && !isFile
    ? { backup: chooseBackup(config, backups, device, undefined), number: Number(file) }
    : { backup: chooseBackup(config, backups, device, file), number: version };
}

/** @throws {Error} when the name cannot be one, or when somebody would get another file by it. */
function freeName(config: Config, backup: Backup, wanted: string | undefined): SafePath {
  const name = nameToRead(config, wanted === undefined ? backup.file : Buffer.from(wanted).toString('latin1'));
  if (name.ok) return name.value;
  throw new Error(`${name.error}${/comes first$/.test(name.error) ? '; restore it with --as ANOTHER-NAME' : ''}`);
}

/** What root would write here, the server could not read afterwards: it gave up root. */
async function becomeOwnerOf(folder: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(folder);
  if (uid === 0) return;
  process.setgroups?.([gid]);
  process.setgid?.(gid);
  process.setuid?.(uid);
}

/** By the configuration itself, else by who made the device; what is no text is no configuration. */
function familyFor(config: Config, reader: SafePath, text: string | undefined): ConfigFamily | undefined {
  const family = text === undefined ? undefined : familyOf(text);
  if (text === undefined || family !== undefined) return family;
  const mac = namedHosts(config.hosts).find((host) => deviceFolder({ mac: host.mac }, host.name) === reader)?.mac ?? parseMac(reader);
  const vendor = mac === undefined ? undefined : vendorLookup()(mac);
  return vendor === undefined ? undefined : familyOfVendor(vendor);
}

/** What to type on the device. */
function advice(config: Config, name: string, family: ConfigFamily | undefined, colours: boolean): readonly string[] {
  const servers = config.networks.flatMap(({ name: network, attachment }) =>
    attachment.kind === 'interface' && attachment.address !== undefined ? [{ network, address: showIpv4(attachment.address.address) }] : [],
  );
  const places = servers.length === 0 ? [{ network: '', address: 'SERVER' }] : servers;
  const lines: string[] = [];
  for (const { network, address } of places) {
    const where = places.length > 1 ? `, on network ${network}` : '';
    const commands = family?.commands(address, name) ?? [];
    lines.push('', `${family === undefined ? 'The device fetches it by TFTP' : `Type on the device (${family.name})`}${where}:`);
    if (family === undefined) lines.push(`  file ${paint('bold', name, colours)} from ${paint('bold', address, colours)}`);
    else lines.push(...showTable(commands.map(([command, effect]) => [`  ${command}`, effect])).split('\n'));
  }
  if (servers.length === 0) lines.push('', 'SERVER is the address of this machine on the device’s network.');
  return lines;
}
