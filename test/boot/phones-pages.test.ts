/** The pages of phones say what their profiles hold. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DEVICES } from '../../src/boot/profiles/devices.ts';
import { commonFileOf, YEALINK_HARDWARE } from '../../src/boot/profiles/phones/yealink.ts';

const FOLDER = fileURLToPath(new URL('../../docs/phones/', import.meta.url));
const read = (name: string): string => readFileSync(FOLDER + name, 'utf8');
const index = read('README.md');
const pages = readdirSync(FOLDER).filter((name) => name !== 'README.md');

describe('docs/phones', () => {
  it.each(DEVICES.filter(({ kind }) => kind === 'phone').map((profile) => [profile.name, profile] as const))(
    'has %s on a page of the index, with everything that it asks for',
    (name, { files }) => {
      const page = pages.find((one) => read(one).includes(`profile: ${name}`));
      if (page === undefined) throw new Error('it is on no page');
      expect(index).toContain(`(${page})`);
      expect(index).toContain(`\`${name}\``);
      for (const { what } of files) expect(read(page)).toContain(what);
      expect(read(page)).toMatch(/\*\*Verified:\*\* [\s\S]*\*\*From documents only:\*\* /);
    },
  );

  it('has the hardware ids of Yealink', () => {
    const rows = Array.from(read('yealink.md').matchAll(/^\| (\w+) \| `(y\d{12}\.cfg)` \|$/gm), ([, model = '', file]) => [model, file]);
    expect(rows).toEqual(Array.from(YEALINK_HARDWARE.keys(), (model) => [model, commonFileOf(model)]));
  });
});
