/** `bootlace devices adopt`: one more line in an inventory, after it was tried whether it fits beside all others. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, extname, relative, resolve } from 'node:path';
import type { Mac } from '../base/addresses.ts';
import { withDevice } from '../config/adopted-device.ts';
import type { Config, HostConfig } from '../config/config.ts';
import { DEVICE_COLUMNS } from '../config/csv-inventory.ts';
import { type Diagnostic, showDiagnostics } from '../config/diagnostics.ts';
import { loadConfig } from '../config/load.ts';
import { replaceFile } from '../config/replace-file.ts';
import { withLock } from '../files/lock-file.ts';
import { filesConfigOf, templatesOf } from '../server/live-files.ts';
import { configOf, DEFAULT_CONFIG } from './config-option.ts';
import type { Output } from './output.ts';

export interface AdoptFlags {
  readonly config?: string;
  readonly name?: string;
  readonly profile?: string;
  readonly model?: string;
  readonly serial?: string;
  readonly address?: string;
  readonly var: Readonly<Record<string, string>>;
  readonly file?: string;
}

/** Where the inventory is that is made where the configuration names none. */
const NEW_INVENTORY = 'inventory.csv';

export async function adopt(mac: Mac, flags: AdoptFlags, output: Output): Promise<void> {
  const file = flags.config ?? DEFAULT_CONFIG;
  if (!existsSync(file)) throw new Error(`there is no ${file} to say where the inventory is`);
  const before = await configOf(file, output, 'errors');
  if (before === undefined) return;
  const target = inventoryOf(before, file, flags.file);
  const device = deviceOf(mac, flags);
  const isNamed = before.inventory.includes(target);
  const host = await withLock(`${target}.lock`, async () => {
    const text = existsSync(target) ? await readFile(target, 'utf8') : undefined;
    const changed = withDevice(text, device);
    if (!changed.ok) throw new Error(`${target} cannot be added to: ${changed.error}`);
    const { config, diagnostics } = await loadConfig(file, process.env, { path: target, text: changed.value });
    const line = lastLine(changed.value);
    const adopted = config?.hosts.find(({ key, place }) => key.mac === mac && place.endsWith(`:${line}`));
    const isAbout = ({ file: found, position, severity }: Diagnostic): boolean =>
      severity === 'error' || (position?.line === line && resolve(found) === target);
    const about = diagnostics.filter(isAbout).map((found) => (adopted === undefined ? whyNot(found) : found));
    if (about.length > 0) output.note(`${showDiagnostics(about, { colour: output.colour.note })}\n`);
    if (config === undefined || adopted === undefined) return undefined;
    await replaceFile(target, changed.value);
    return { adopted, config };
  });
  if (host === undefined) {
    output.note(`${mac} is not adopted, and nothing is changed`);
    output.fail();
    return;
  }
  report(host.adopted, host.config, output);
  const shown = relative(dirname(resolve(file)), target);
  if (!isNamed) output.line(`${file} does not name this file yet; add the line:\n\ninventory: ./${shown}`);
}

/** The first CSV file that the configuration names, or the one that was asked for. */
function inventoryOf({ inventory }: Config, file: string, wanted: string | undefined): string {
  if (wanted !== undefined && extname(wanted).toLowerCase() !== '.csv')
    throw new Error(`${wanted} is no CSV file: its name has to end in .csv`);
  if (wanted !== undefined) return resolve(wanted);
  return inventory.find((path) => extname(path).toLowerCase() === '.csv') ?? resolve(dirname(file), NEW_INVENTORY);
}

function deviceOf(mac: Mac, { name, profile, model, serial, address, var: vars }: AdoptFlags): Readonly<Record<string, string>> {
  const own = Object.entries({ mac, name, profile, model, serial, address }).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  for (const [key, value] of [...own, ...Object.entries(vars)]) {
    if (/\p{Cc}/u.test(key + value)) throw new Error(`${key} must not hold control characters`);
  }
  const taken = Object.keys(vars).find((key) => DEVICE_COLUMNS.some((column) => column === key.toLowerCase()));
  if (taken !== undefined) throw new Error(`${taken} is no variable: write --${taken.toLowerCase()} instead of --var ${taken}=…`);
  return { ...Object.fromEntries(own), ...vars };
}

function lastLine(text: string): number {
  return text.trimEnd().split('\n').length;
}

/** Nothing is left out, as nothing is written. */
function whyNot(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, severity: 'error', message: diagnostic.message.replace(/; this device is left out$/, '') };
}

function report(host: HostConfig, config: Config, output: Output): void {
  const { key, name, place } = host;
  output.line(`${name === undefined ? '' : `${name}, `}${key.mac} is in ${place}`);
  const names = templatesOf(filesConfigOf(config, [])).namesOf(host);
  if (names.length > 0) output.line(`files are made for it under the names ${names.join(', ')}`);
}
