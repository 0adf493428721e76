/**
 * Taking a device into an inventory: one more line in a table, after it was tried whether it fits beside everything else that the configuration
 * says. The command line and the console both do it so.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, extname, relative, resolve } from 'node:path';
import type { Mac } from '../base/addresses.ts';
import { err, ok, type Result } from '../base/result.ts';
import { withDevice } from '../config/adopted-device.ts';
import type { Config, HostConfig } from '../config/config.ts';
import { DEVICE_COLUMNS } from '../config/csv-inventory.ts';
import type { Diagnostic } from '../config/diagnostics.ts';
import type { Environment } from '../config/environment.ts';
import { loadConfig } from '../config/load.ts';
import { replaceFile } from '../config/replace-file.ts';
import { withLock } from '../files/lock-file.ts';
import { filesConfigOf, templatesOf } from './live-files.ts';

/** What is to be written of a device. */
export interface DeviceToAdopt {
  readonly mac: Mac;
  readonly name?: string | undefined;
  readonly profile?: string | undefined;
  readonly model?: string | undefined;
  readonly serial?: string | undefined;
  readonly address?: string | undefined;
  readonly vars?: Readonly<Record<string, string>> | undefined;
}

/** Where it is written. */
export interface AdoptionPlace {
  /** The file of the configuration, as whoever asks calls it. */
  readonly file: string;
  /** What it holds. */
  readonly config: Pick<Config, 'inventory'>;
  readonly env: Environment;
  /** The CSV file that gets the device; undefined: the first that the configuration names, or `inventory.csv` beside it. */
  readonly inventory?: string | undefined;
  /** Whoever asks does so over the network: what it gives stands for itself, and for no file and no environment variable of this machine. */
  readonly isFromAfar?: boolean | undefined;
}

export interface Adopted {
  readonly host: HostConfig;
  /** Names of the files that are made for it. */
  readonly files: readonly string[];
  /** What has to be written in the configuration before the device counts: it does not name this inventory yet. */
  readonly advice: string | undefined;
  /** What was noticed of its line besides. */
  readonly warnings: readonly Diagnostic[];
}

/** Where the inventory is that is made where the configuration names none. */
const NEW_INVENTORY = 'inventory.csv';

/** Values that stand for something else: what is in a file, or an environment variable. */
const REACHING = /^\s*file:|\$\{/i;

/** Adds a device, or says why nothing was changed: in a sentence, or with everything that is wrong with the line that it would be. */
export async function adoptDevice(wanted: DeviceToAdopt, place: AdoptionPlace): Promise<Result<Adopted, string | readonly Diagnostic[]>> {
  const { file, config: before, env } = place;
  const target = inventoryOf(place);
  if (!target.ok) return target;
  const device = columnsOf(wanted, place);
  if (!device.ok) return device;
  return withLock(`${target.value}.lock`, async () => {
    const text = existsSync(target.value) ? await readFile(target.value, 'utf8') : undefined;
    const changed = withDevice(text, device.value);
    if (!changed.ok) return err(`${target.value} cannot be added to: ${changed.error}`);
    const { config, diagnostics } = await loadConfig(file, env, { path: target.value, text: changed.value });
    const line = lastLine(changed.value);
    const host = config?.hosts.find(({ key, place: at }) => key.mac === wanted.mac && at.endsWith(`:${line}`));
    const isAbout = ({ file: found, position, severity }: Diagnostic): boolean =>
      severity === 'error' || (position?.line === line && resolve(found) === target.value);
    const about = diagnostics.filter(isAbout);
    if (config === undefined || host === undefined) return err(about.map(whyNot));
    await replaceFile(target.value, changed.value);
    const files = templatesOf(filesConfigOf(config, [])).namesOf(host);
    const shown = relative(dirname(resolve(file)), target.value);
    const isNamed = before.inventory.includes(target.value);
    const advice = isNamed ? undefined : `${file} does not name this file yet; add the line:\n\ninventory: ./${shown}`;
    return ok({ host, files, advice, warnings: about });
  });
}

/** The first CSV file that the configuration names, or the one that was asked for. */
function inventoryOf({ config, file, inventory: wanted }: AdoptionPlace): Result<string, string> {
  if (wanted !== undefined && extname(wanted).toLowerCase() !== '.csv') return err(`${wanted} is no CSV file: its name has to end in .csv`);
  if (wanted !== undefined) return ok(resolve(wanted));
  return ok(config.inventory.find((path) => extname(path).toLowerCase() === '.csv') ?? resolve(dirname(file), NEW_INVENTORY));
}

function columnsOf(
  { vars = {}, ...own }: DeviceToAdopt,
  { isFromAfar = false }: Pick<AdoptionPlace, 'isFromAfar'>,
): Result<Readonly<Record<string, string>>, string> {
  const { mac, name, profile, model, serial, address } = own;
  const columns = Object.entries({ mac, name, profile, model, serial, address }).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  const all = [...columns, ...Object.entries(vars)];
  const broken = all.find(([key, value]) => /\p{Cc}/u.test(key + value));
  if (broken !== undefined) return err(`${broken[0].replace(/\p{Cc}/gu, '\u00b7')} must not hold control characters`);
  const reaching = isFromAfar ? all.find(([, value]) => REACHING.test(value)) : undefined;
  if (reaching !== undefined)
    return err(`${reaching[0]} must not be taken from a file or from the environment here; write it into the inventory by hand`);
  const taken = Object.keys(vars).find((key) => DEVICE_COLUMNS.some((column) => column === key.toLowerCase()));
  if (taken !== undefined) return err(`${taken} is no variable, but a column of its own: give it as ${taken.toLowerCase()}`);
  return ok({ ...Object.fromEntries(columns), ...vars });
}

function lastLine(text: string): number {
  return text.trimEnd().split('\n').length;
}

/** Nothing is left out, as nothing is written. */
function whyNot(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, severity: 'error', message: diagnostic.message.replace(/; this device is left out$/, '') };
}
