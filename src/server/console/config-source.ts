/** What the console tells of the configuration, and reading it again. */
import { isDeepStrictEqual } from 'node:util';
import { err, ok, type Result } from '../../base/result.ts';
import type { Config } from '../../config/config.ts';
import type { Diagnostic } from '../../config/diagnostics.ts';
import type { Environment } from '../../config/environment.ts';
import { type LoadOutcome, loadConfig } from '../../config/load.ts';
import type { ConfigControl } from '../../web/api/config-routes.ts';
import type { ConfigStateShape } from '../../web/api/config-shapes.ts';
import { type ApiRefusal, apiRefusal } from '../../web/api/refusal-answer.ts';
import { effectiveValues } from '../effective-config.ts';
import type { ReloadOutcome } from '../reload.ts';

export interface ConfigControlParts {
  /** The one in force. */
  readonly config: () => Config;
  readonly env: Environment;
  readonly reload: () => Promise<ReloadOutcome>;
}

export class ConsoleConfig implements ConfigControl {
  readonly #parts: ConfigControlParts;
  /** As the file was when what is in force was read from it. */
  #inForce: LoadOutcome | undefined;
  /** Several who ask at one time wait for one look at the file. */
  #looking: Promise<ConfigStateShape> | undefined;

  constructor(parts: ConfigControlParts) {
    this.#parts = parts;
  }

  state(): Promise<ConfigStateShape> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<ConfigStateShape> {
    const config = this.#parts.config();
    if (config.file === undefined) return { values: valuesOf({ diagnostics: [] }, config), problems: [] };
    const read = await loadConfig(config.file, this.#parts.env);
    const isSame = isDeepStrictEqual(read.config, config);
    if (isSame || this.#inForce === undefined) this.#inForce = read;
    const changed = isSame || read.config === undefined ? [] : ['the file says something else than what is in force: read it again'];
    return { file: config.file, values: valuesOf(this.#inForce, config), problems: [...changed, ...read.diagnostics.map(sentenceOf)] };
  }

  async reload(): Promise<Result<readonly string[], ApiRefusal>> {
    const outcome = await this.#parts.reload();
    if (outcome.ok) return ok(outcome.changes);
    return err(apiRefusal(409, 'the configuration is not used, and the one before stays in force', outcome.reasons));
  }
}

function valuesOf({ source }: LoadOutcome, config: Config): ConfigStateShape['values'] {
  return effectiveValues(source, config).map(({ path, value, line, isDefault, about }) => ({
    path,
    value,
    ...(line !== undefined && { line }),
    isDefault,
    ...(about !== undefined && { about }),
  }));
}

function sentenceOf({ severity, file, path, position, message, hint }: Diagnostic): string {
  const place = position === undefined ? [file, path].filter((part) => part !== '').join(' ') : `${file}:${position.line}`;
  return `${severity}: ${place}: ${message}${hint === undefined ? '' : `; ${hint}`}`;
}
