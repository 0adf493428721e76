import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GENERATED_PAGES } from '../../scripts/generated-pages.ts';
import { loadConfig } from '../../src/config/load.ts';
import { configJsonSchema, type JsonSchema } from '../../src/config/schema.ts';

const root = join(import.meta.dirname, '../..');

describe('files that are made from the source', () => {
  it.each(GENERATED_PAGES)('$file is up to date; `npm run docs` makes it so', async ({ file, text }) => {
    expect(await readFile(join(root, file), 'utf8')).toBe(await text());
  });
});

function undescribed(schema: JsonSchema, path: string): readonly string[] {
  const inner = [
    ...Object.entries(schema.properties ?? {}),
    ...(schema.anyOf ?? []).flatMap((branch) => Object.entries(branch.properties ?? {})),
  ];
  const items = schema.items === undefined ? [] : undescribed(schema.items, `${path}[]`);
  return [
    ...items,
    ...inner.flatMap(([key, value]) => [
      ...(value.description === undefined ? [`${path}.${key}`] : []),
      ...undescribed(value, `${path}.${key}`),
    ]),
  ];
}

describe('the JSON Schema', () => {
  it('describes every key', () => {
    expect(undescribed(configJsonSchema(), '')).toEqual([]);
  });

  it('demands nothing but the name of a class and who belongs to it, the file of an image, the profile of devices that are not known, both sides of a rule for names, where a webhook is and what it is told, and of a menu entries with their names', () => {
    const { classes, images, tftp, web } = configJsonSchema().properties ?? {};
    expect(images?.items?.required).toEqual(['file']);
    expect(classes?.items?.required).toEqual(['name', 'match']);
    expect(tftp?.properties?.['remap']?.items?.required).toEqual(['match', 'to']);
    expect(web?.properties?.['webhooks']?.items?.required).toEqual(['url', 'events']);
    // A menu can stand on each of four levels, and `unknown` is one mapping or a list of them.
    expect(JSON.stringify(configJsonSchema()).match(/"required":/g)).toHaveLength(2 + 1 + 4 * 2 + 2 + 1);
  });
});

it('config.yaml of the repository has no errors', async () => {
  const { config, diagnostics } = await loadConfig(join(root, 'config.yaml'), {});
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(config?.networks).toHaveLength(1);
});
