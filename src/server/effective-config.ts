/**
 * The configuration as it works: every key with its value, the line that says so or that it is the default, and what it is. The file and the schema
 * are walked side by side. Secrets are masked: what is called so, and what came from the environment.
 */
import { showRange } from '../base/addresses.ts';
import { looksSecret, MASK } from '../base/secret-names.ts';
import type { Config } from '../config/config.ts';
import { type Path, showPath } from '../config/diagnostics.ts';
import { configJsonSchema, type JsonSchema } from '../config/schema.ts';
import type { YamlSource } from '../config/yaml-source.ts';
import { maskSecrets } from '../files/secrets.ts';

/** One key. */
export interface EffectiveValue {
  /** `networks[0].leaseTime`. */
  readonly path: string;
  /** As it would be written. */
  readonly value: string;
  /** Of the file; undefined for a default. */
  readonly line: number | undefined;
  readonly isDefault: boolean;
  /** What the key is, from the reference. */
  readonly about: string | undefined;
}

/** Devices by the thousand are the inventory's affair. */
const MOST_VALUES = 20_000;

/**
 * All values, in the order of the reference; within lists in the order of the file.
 * @param source undefined where there is no file: then everything is a default.
 * @param config what the file came to, for defaults that depend on other keys.
 */
export function effectiveValues(source: YamlSource | undefined, config: Config | undefined): readonly EffectiveValue[] {
  const walk = new Walk(source);
  walk.visit(configJsonSchema(), source?.value, [], false);
  return walk.values.flatMap((value) => [value, ...derivedBehind(value, walk.values, config)]);
}

class Walk {
  readonly values: EffectiveValue[] = [];
  readonly #source: YamlSource | undefined;

  constructor(source: YamlSource | undefined) {
    this.#source = source;
  }

  /** @param isDefault what is written is the schema's own, and stands in no file. */
  visit(schema: JsonSchema, written: unknown, path: Path, isDefault: boolean, about = schema.description): void {
    if (this.values.length >= MOST_VALUES) return;
    const [value, isOwn] = written === undefined ? [path.length === 0 ? {} : schema.default, true] : [written, isDefault];
    // Nothing is said, and nothing is done without it.
    if (value === undefined) return;
    if (isMapping(value)) {
      const mapping = value;
      const branch = schema.anyOf?.find((one) => one.properties !== undefined && fits(one, mapping)) ?? schema;
      if (branch.properties !== undefined) {
        this.#mapping(branch.properties, mapping, path, isOwn);
        return;
      }
      if (Object.keys(mapping).length > 0) {
        for (const [name, inner] of Object.entries(mapping)) this.visit({}, inner, [...path, name], isOwn, about);
        return;
      }
      if (isOwn) return;
    }
    if (Array.isArray(value) && value.some((item) => isMapping(item))) {
      const items = schema.items ?? schema.anyOf?.find((one) => one.items !== undefined)?.items ?? {};
      for (const [at, item] of (value as readonly unknown[]).entries()) this.visit(items, item, [...path, at], isOwn);
      return;
    }
    this.#say(path, value, isOwn, about);
  }

  #mapping(properties: Readonly<Record<string, JsonSchema>>, written: Mapping, path: Path, isDefault: boolean): void {
    for (const [name, schema] of Object.entries(properties)) this.visit(schema, written[name], [...path, name], isDefault);
  }

  #say(path: Path, value: unknown, isDefault: boolean, about: string | undefined): void {
    const isSecret =
      path.some((part) => typeof part === 'string' && looksSecret(part)) || (!isDefault && this.#source?.isFilled(path) === true);
    const line = isDefault ? undefined : this.#source?.locate(path, 'key')?.line;
    this.values.push({ path: showPath(path), value: isSecret ? MASK : showWritten(value), line, isDefault, about });
  }
}

type Mapping = Readonly<Record<string, unknown>>;

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a branch of a schema knows all keys of a mapping. */
function fits({ properties = {} }: JsonSchema, mapping: Mapping): boolean {
  return Object.keys(mapping).every((key) => Object.hasOwn(properties, key));
}

/** On one line, as YAML takes it; whatever looks secret in it is masked. */
function showWritten(value: unknown): string {
  if (typeof value === 'string') return maskSecrets([value]).join('');
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return JSON.stringify(value, (name, inner: unknown) => {
    if (name !== '' && looksSecret(name)) return MASK;
    return typeof inner === 'string' ? maskSecrets([inner]).join('') : inner;
  });
}

/** Defaults that depend on other keys, behind the first key of their network that is there. */
function derivedBehind({ path }: EffectiveValue, all: readonly EffectiveValue[], config: Config | undefined): readonly EffectiveValue[] {
  const [, at] = /^networks\[(\d+)\]\.mode$/.exec(path) ?? [];
  const network = at === undefined ? undefined : config?.networks[Number(at)];
  if (network === undefined) return [];
  const derived = { name: network.name, pools: network.pools?.map(showRange).join(', '), identity: network.identity };
  return Object.entries(derived).flatMap(([key, value]) => {
    const own = `networks[${at}].${key}`;
    const isThere = all.some((one) => one.path === own || one.path.startsWith(`${own}[`));
    if (value === undefined || isThere) return [];
    const about = configJsonSchema().properties?.['networks']?.items?.properties?.[key]?.description;
    return [{ path: own, value, line: undefined, isDefault: true, about }];
  });
}
