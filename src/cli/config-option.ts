/** The configuration that a command works with. */
import { existsSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { showDiagnostics } from '../config/diagnostics.ts';
import { type LoadOutcome, loadConfig } from '../config/load.ts';
import { defaultConfig } from '../config/resolve.ts';
import type { Output } from './output.ts';

/** The configuration that is used when none is named and it is there. */
export const DEFAULT_CONFIG = 'config.yaml';

/**
 * The named file, else ./config.yaml, else the built-in defaults. What is wrong goes to `output`: also the warnings for a command that
 * serves by the file, only the errors for one that looks something up. Undefined when the file cannot be used; the command has failed then.
 */
export async function configOf(named: string | undefined, output: Output, says: 'warnings too' | 'errors'): Promise<Config | undefined> {
  const { config, diagnostics: all } = await readConfigOf(named);
  const diagnostics = all.filter(({ severity }) => says === 'warnings too' || severity === 'error');
  if (diagnostics.length > 0) output.note(`${showDiagnostics(diagnostics, { colour: output.colour.note })}\n`);
  if (config === undefined) output.fail();
  return config;
}

/** As `configOf`, with the faults and warnings handed over instead of said. */
export async function readConfigOf(named: string | undefined): Promise<LoadOutcome> {
  if (named === undefined && !existsSync(DEFAULT_CONFIG)) return { config: defaultConfig(process.cwd()), diagnostics: [] };
  return loadConfig(named ?? DEFAULT_CONFIG, process.env);
}
