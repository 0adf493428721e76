/** The configurations that the documentation shows are right. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { checkText } from '../../src/config/load.ts';

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));

/** Every YAML block of the pages in which each is a whole configuration. */
const pages = ['boot', 'network-gear', 'phones'].flatMap((folder) => readdirSync(join(DOCS, folder)).map((name) => join(folder, name)));
const blocks = pages.flatMap((page) => {
  const found = readFileSync(join(DOCS, page), 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```/gm);
  return Array.from(found, ([, yaml = '']): readonly [string, string] => [page, yaml]);
});

it.each(blocks)('docs/%s: %s', (page, yaml) => {
  const { diagnostics } = checkText(yaml, { file: page, env: {} });
  // An entry may be one of a menu on another page.
  const errors = diagnostics.filter(({ severity, message }) => severity === 'error' && !message.startsWith('no menu has an entry'));
  expect(errors).toEqual([]);
});
