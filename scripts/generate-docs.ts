/** Writes every generated file anew: `npm run docs`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GENERATED_PAGES } from './generated-pages.ts';

const root = join(import.meta.dirname, '..');

for (const page of GENERATED_PAGES) {
  const place = join(root, page.file);
  await mkdir(dirname(place), { recursive: true });
  await writeFile(place, await page.text());
  console.log(`wrote ${page.file}`);
}
