/** `bootlace devices adopt`: one more line in an inventory. */
import { existsSync } from 'node:fs';
import type { Mac } from '../base/addresses.ts';
import { showDiagnostics } from '../config/diagnostics.ts';
import { type Adopted, adoptDevice } from '../server/adoption.ts';
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

export async function adopt(mac: Mac, { var: vars, file: inventory, config: named, ...own }: AdoptFlags, output: Output): Promise<void> {
  const file = named ?? DEFAULT_CONFIG;
  if (!existsSync(file)) throw new Error(`there is no ${file} to say where the inventory is`);
  const config = await configOf(file, output, 'errors');
  if (config === undefined) return;
  const outcome = await adoptDevice({ mac, ...own, vars }, { file, config, env: process.env, inventory });
  if (!outcome.ok && typeof outcome.error === 'string') throw new Error(outcome.error);
  const diagnostics = outcome.ok ? outcome.value.warnings : outcome.error;
  if (diagnostics.length > 0 && typeof diagnostics !== 'string')
    output.note(`${showDiagnostics(diagnostics, { colour: output.colour.note })}\n`);
  if (outcome.ok) report(outcome.value, output);
  else {
    output.note(`${mac} is not adopted, and nothing is changed`);
    output.fail();
  }
}

function report({ host: { key, name, place }, files, advice }: Adopted, output: Output): void {
  output.line(`${name === undefined ? '' : `${name}, `}${key.mac} is in ${place}`);
  if (files.length > 0) output.line(`files are made for it under the names ${files.join(', ')}`);
  if (advice !== undefined) output.line(advice);
}
