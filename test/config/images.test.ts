/** `images`: what may be written, and what is noticed about it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { scratch } from '../support/scratch.ts';

const SHA256 = 'a'.repeat(64);

async function load(images: string) {
  const folder = scratch('images');
  mkdirSync(join(folder, 'tftp'));
  writeFileSync(join(folder, 'tftp/there.bin'), 'x');
  writeFileSync(
    join(folder, 'config.yaml'),
    `tftp: { root: ./tftp }\nboot: { ipxe: "http://192.0.2.1/x" , files: {} }\nimages:\n${images}`,
  );
  const { config, diagnostics } = await loadConfig(join(folder, 'config.yaml'), {});
  return { images: config?.images, said: diagnostics.map(({ severity, path, message }) => `${severity} ${path}: ${message}`) };
}

test('defaults, and one model in the place of a list', async () => {
  expect(await load(`  - { file: /there.bin, model: C9300*, sha256: "${SHA256.toUpperCase()}", md5: "${'b'.repeat(32)}" }\n`)).toEqual({
    images: [
      {
        file: 'there.bin',
        models: ['C9300*'],
        profile: undefined,
        version: undefined,
        note: undefined,
        sha256: SHA256,
        md5: 'b'.repeat(32),
        unknownModel: 'allow',
        offerAgainAfterSeconds: 3600,
      },
    ],
    said: [],
  });
});

test.each<[what: string, images: string, said: string]>([
  ['a missing file', '  - { file: gone.bin }\n', 'warning images[0].file: there is no image gone.bin'],
  ['a file outside', '  - { file: ../gone.bin }\n', 'warning images[0].file: ../gone.bin leads out of'],
  [
    'a short digest',
    '  - { file: there.bin, sha256: abc }\n',
    'error images[0].sha256: `sha256` must be the 64 hexadecimal digits of a digest',
  ],
  [
    'digests that differ',
    `  - { file: there.bin, sha256: ${SHA256} }\n  - { file: ./there.bin, sha256: ${'b'.repeat(64)} }\n`,
    'warning images[1]: image 1 is the same file, and says that its digest is another',
  ],
])('%s', async (_what, images, said) => {
  expect((await load(images)).said.join('\n')).toContain(said);
});
