import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { FileCatalog } from '../../src/files/catalog.ts';
import { DiskRoute } from '../../src/files/disk-route.ts';
import { PoapRoute, withRightSum } from '../../src/files/poap-route.ts';
import { ip } from '../support/addresses.ts';
import { contentOf } from '../support/found-file.ts';
import { scratch } from '../support/scratch.ts';

const root = scratch('poap');
const FROM = { address: ip('192.168.77.101') };
const md5 = (text: string): string => createHash('md5').update(text, 'latin1').digest('hex');
const script = (line: string, end = '\n'): string => `#!/bin/env python${end}${line}${end}import os${end}`;
const REST = '#!/bin/env python\nimport os\n';

const FILES = {
  'poap.py': script('#md5sum="b00a7fffb305d13a1e02cd0d342afca3"'),
  'poap_right.py': script(`#md5sum="${md5(REST)}"`),
  'poap_without.py': script('# nothing'),
  'lab/setup.py': script('#md5sum=""'),
  'other.py': script('#md5sum="0"'),
  'lab-confg': 'hostname lab\n#md5sum="0"\n',
} as const;

beforeAll(() => {
  mkdirSync(join(root, 'lab'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(root, name), text);
});

const disk = new DiskRoute(root);
const catalog = new FileCatalog([new PoapRoute([disk], new Set(['lab/setup.py', 'lab-confg'])), disk]);

describe('a POAP script', () => {
  it.each([
    ['poap.py', md5(REST)],
    ['POAP.PY', md5(REST)],
    ['lab/setup.py', md5(REST)],
  ])('%s is given with the sum of its other lines', async (name, sum) => {
    expect(await contentOf(catalog.open(name, FROM))).toBe(script(`#md5sum="${sum}"`));
    const found = await catalog.open(name, FROM);
    expect(found.ok && found.value.made?.what).toMatch(/, with its #md5sum line put right$/);
  });

  it.each(['poap_right.py', 'poap_without.py', 'other.py', 'lab-confg'] as const)('%s is given as it lies there', async (name) => {
    expect(await contentOf(catalog.open(name, FROM))).toBe(FILES[name]);
    const found = await catalog.open(name, FROM);
    expect(found.ok && found.value.made).toBeUndefined();
  });

  it('that is changed is summed anew', async () => {
    writeFileSync(join(root, 'poap_edited.py'), script('#md5sum="0"'));
    await contentOf(catalog.open('poap_edited.py', FROM));
    writeFileSync(join(root, 'poap_edited.py'), `${script('#md5sum="0"')}print("more")\n`);
    expect(await contentOf(catalog.open('poap_edited.py', FROM))).toContain(`#md5sum="${md5(`${REST}print("more")\n`)}"`);
  });
});

describe('the sum', () => {
  /** The command line that Cisco's guides print. */
  const cisco = (text: string): string => {
    const place = join(root, 'by-command');
    writeFileSync(place, text, 'latin1');
    const command = `f=${place}; cat $f | sed '/^#md5sum/d' > $f.md5; sed -i "s/^#md5sum=.*/#md5sum=\\"$(md5sum $f.md5 | sed 's/ .*//')\\"/" $f; cat $f`;
    return spawnSync('sh', ['-c', command], { encoding: 'latin1', env: { ...process.env, LC_ALL: 'C' } }).stdout;
  };

  test.each([
    ['a line in the middle', script('#md5sum="x"')],
    ['lines that end as in Windows', script('#md5sum="x"', '\r\n')],
    ['no end of the last line', '#!/bin/env python\nimport os\n#md5sum=1'],
    ['two of them', '#md5sum="1"\nimport os\n#md5sum="2"\n'],
    ['another line that begins so', '#md5sum: see below\n#md5sum="2"\nimport os\n'],
    ['octets that are no ASCII', '#md5sum="2"\n# caf\xe9 \xff\n'],
    ['a line that only looks like it', '#md5sum="2"\n #md5sum="3"\nx = 1\r#md5sum="4"\n'],
  ])('is that of the command line in Cisco’s guides: %s', (_, text) => expect(withRightSum(text)).toBe(cisco(text)));
});
