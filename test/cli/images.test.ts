import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imagesCommand } from '../../src/cli/images.ts';
import { defaultCacheFolder, imagesCalled, imagesFor } from '../../src/cli/images-choice.ts';
import { ProgressReport, progressLine } from '../../src/cli/progress.ts';
import { configFrom } from '../support/config-text.ts';
import { FakeMirror, type FakePackage } from '../support/fake-mirror.ts';
import { MemoryOutput } from '../support/memory-output.ts';
import { removeScratch, scratch } from '../support/scratch.ts';

const MEMTEST: FakePackage = {
  name: 'memtest86+',
  version: '7.20-1',
  architecture: 'amd64',
  files: Object.fromEntries(['x64.bin', 'x64.efi', 'ia32.bin', 'ia32.efi'].map((end) => [`boot/memtest86+${end}`, `tests ${end}`])),
};

let mirror: FakeMirror;
let folder: string;
beforeEach(async () => {
  mirror = await FakeMirror.start(MEMTEST);
  folder = scratch('images');
  writeFileSync(join(folder, 'config.yaml'), 'tftp: { root: ./served }\nboot: { files: { bios: memtest/memtest-x64 } }\n');
});
afterEach(async () => {
  await mirror.close();
  removeScratch();
});

async function images(words: readonly string[], { isTerminal = false } = {}): Promise<MemoryOutput> {
  const output = new MemoryOutput(folder, { isTerminal });
  const places = ['--config', join(folder, 'config.yaml'), '--cache', join(folder, 'cache'), '--mirror', mirror.url.href];
  await imagesCommand(output).parseAsync([...words, ...places], { from: 'user' });
  return output;
}

/** The row of an image in the table, as its cells. */
const row = (output: MemoryOutput, name: string): readonly string[] =>
  output.lines.find((line) => line.startsWith(`${name} `))?.split(/ {2,}/) ?? [];

describe('bootlace images', () => {
  it('lists what there is, fetches what the configuration boots, and lists what is there then', async () => {
    expect(row(await images(['list']), 'memtest').slice(0, 2)).toEqual(['memtest', 'missing']);
    const fetched = await images(['fetch']);
    expect(fetched.lines).toEqual([
      expect.stringMatching(/^memtest: 4 files from memtest86\+ 7\.20-1, .* sha256 [0-9a-f]{16}…$/),
      'put into /served',
    ]);
    expect(fetched.hasFailed).toBe(false);
    expect(row(await images(['list']), 'memtest')).toEqual(['memtest', 'there', '54 B', '-', '7.20-1', expect.any(String)]);
    expect((await images(['fetch', 'memtest'])).lines).toEqual(['memtest: there already (7.20-1)']);
  });

  it('knows of a newer version when one was seen, and of files that somebody changed', async () => {
    await images(['fetch']);
    mirror.offer({ ...MEMTEST, version: '7.30-1' });
    expect(row(await images(['list']), 'memtest')[1], 'a list asks nobody').toBe('there');
    rmSync(join(folder, 'served/memtest/memtest-ia32'));
    writeFileSync(join(folder, 'served/memtest/memtest-x64'), 'my own');
    const refused = await images(['fetch']);
    expect([refused.hasFailed, refused.lines]).toEqual([true, []]);
    expect(refused.notes.at(-1)).toBe('memtest: memtest/memtest-x64: put there or changed by somebody else; --force replaces it');
    expect((await images([])).lines.at(-1)).toBe('1 image with files that somebody else put there or changed: memtest');
    expect((await images(['fetch', '--force'])).lines[0]).toContain('7.30-1 (was 7.20-1)');
    await images(['fetch', 'memtest']);
    const { lines } = await images(['list', '--json']);
    const { root, images: all } = JSON.parse(lines.join('\n')) as { root: string; images: readonly { name: string }[] };
    expect(root).toBe('/served');
    expect(all.find(({ name }) => name === 'memtest')).toMatchObject({
      state: 'there',
      versions: ['7.30-1'],
      files: [{ place: 'memtest/memtest-x64', state: 'ours', placed: { package: 'memtest86+' } }, {}, {}, {}],
    });
  });

  it('says that there is something newer once an index was read', async () => {
    await images(['fetch']);
    mirror.offer({ ...MEMTEST, version: '7.30-1' });
    // What is fetched for another image brings the index up to date.
    await images(['fetch', 'ipxe']);
    expect(row(await images(['list']), 'memtest')).toEqual([
      'memtest',
      'old',
      '54 B',
      expect.any(String),
      '7.20-1 → 7.30-1',
      expect.any(String),
    ]);
  });

  it('fails for one image, and brings the others all the same', async () => {
    const output = await images(['fetch', 'grub', 'memtest']);
    expect(output.hasFailed).toBe(true);
    expect(output.notes.at(-1)).toMatch(/^grub: stable on 127\.0\.0\.1:\d+ has no package grub-efi-amd64-signed$/);
    expect(output.lines).toHaveLength(2);
  });

  it('goes to another folder when one is named, without a configuration', async () => {
    const output = new MemoryOutput(folder);
    const words = ['fetch', 'memtest', '--root', join(folder, 'other'), '--cache', join(folder, 'cache'), '--mirror', mirror.url.href];
    await imagesCommand(output).parseAsync(words, { from: 'user' });
    expect(output.lines.at(-1)).toBe('put into /other');
  });

  it.each([
    [['fetch', 'memtes'], /there is no image "memtes"; did you mean memtest\? \(there are pxelinux, ipxe, /],
    [['fetch', '--suite', '../x'], /\.\.\/x is no name of a Debian release/],
    [['fetch', '--keyring', '/nowhere'], /there is no keyring \/nowhere/],
  ])('refuses %s', async (words, why) => {
    await expect(images(words)).rejects.toThrow(why);
  });

  it.each([
    ['nonsense', /nonsense is no address of a mirror/],
    ['ftp://mirror.example/debian', /reached by http: or https:, not by ftp:/],
  ])('refuses the mirror %s', async (address, why) => {
    const command = imagesCommand(new MemoryOutput()).parseAsync(['fetch', 'grub', '--root', folder, '--mirror', address], {
      from: 'user',
    });
    await expect(command).rejects.toThrow(why);
  });

  it('shows how far it is: line by line, or drawn over on a terminal', async () => {
    expect((await images(['fetch'])).notes.slice(-2)).toEqual([
      expect.stringMatching(/^downloading memtest86\+ 7\.20-1, \d/),
      expect.stringMatching(/^downloaded memtest86\+ 7\.20-1 in \d/),
    ]);
    rmSync(join(folder, 'cache'), { recursive: true });
    rmSync(join(folder, 'served'), { recursive: true });
    mkdirSync(join(folder, 'served'));
    const { notes, drawn } = await images(['fetch'], { isTerminal: true });
    expect(notes.some((note) => note.startsWith('downloading'))).toBe(false);
    expect(drawn.find((line) => line !== '')).toMatch(/^\[ {24}\] {2}0 %/);
    expect(drawn.at(-1)).toBe('');
  });
});

describe('What is fetched when nothing is named', () => {
  const namesFor = (yaml: string | undefined): readonly string[] => {
    return imagesFor(yaml === undefined ? undefined : configFrom(yaml)).map(({ name }) => name);
  };

  it.each([
    ['no configuration', undefined, ['pxelinux', 'ipxe', 'grub']],
    ['one that says nothing of it', 'log: { level: info }', ['pxelinux', 'grub']],
    ['one that boots nothing', 'boot: { files: {} }', ['pxelinux', 'ipxe', 'grub']],
    ['PXELINUX and GRUB', 'boot: { files: { bios: pxelinux.0, uefi-x64: grubx64.efi } }', ['pxelinux', 'grub']],
    ['a menu of iPXE', 'boot: { files: { bios: /pxelinux.0 }, ipxe: boot.ipxe }', ['pxelinux', 'ipxe']],
    ['shim', 'boot: { files: { uefi-arm64: shimaa64.efi } }', ['secureboot-arm64']],
    ['a URL of ours', `boot: { files: { uefi-x64: "http://\${server}:8080/ipxe.efi" }, ipxe: boot.ipxe }`, ['ipxe']],
    ["somebody else's URL", 'boot: { files: { uefi-x64: "http://10.0.0.1/ipxe.efi" }, ipxe: boot.ipxe }', ['ipxe']],
    ['files of its own', 'boot: { files: { bios: own.0 } }', []],
    [
      'a class',
      'boot: { files: { bios: own.0 } }\nclasses: [{ name: a, match: { arch: uefi-x64 }, boot: { file: grubx64.efi } }]',
      ['grub'],
    ],
  ])('%s', (_what, yaml, names) => {
    expect(namesFor(yaml)).toEqual(names);
  });

  it('is each image once', () => {
    expect(imagesCalled(['grub', 'grub']).map(({ name }) => name)).toEqual(['grub']);
  });
});

describe('The line of a download', () => {
  const half = { what: 'memtest86+ 7.20', done: 5 * 2 ** 20, total: 10 * 2 ** 20, recent: { octets: 2 ** 20, millis: 1000 } };

  it.each([
    ['half of it', half, 120, '[============            ]  50 %  5 MiB of 10 MiB  1 MiB/s  5 s left  memtest86+ 7.20'],
    [
      'no rate yet',
      { ...half, recent: { octets: 0, millis: 0 } },
      120,
      '[============            ]  50 %  5 MiB of 10 MiB  memtest86+ 7.20',
    ],
    ['all of it', { ...half, done: half.total }, 120, '[========================]  100 %  10 MiB of 10 MiB  1 MiB/s  memtest86+ 7.20'],
    ['a narrow terminal', half, 60, '50 %  5 MiB of 10 MiB  1 MiB/s  5 s left'],
    ['a very narrow one', half, 20, '50 %  5 MiB of 10 M'],
  ])('%s', (_what, progress, columns, line) => {
    expect(progressLine(progress, columns)).toBe(line);
  });

  it('tells the rate of the last few seconds, not of all time', () => {
    const output = new MemoryOutput('', { isTerminal: true });
    let now = 0;
    const report = new ProgressReport(output, () => now);
    report.plan(100 * 2 ** 20);
    report.begin('a package', 100 * 2 ** 20);
    for (const [second, octets] of [
      [1, 2 ** 20],
      [2, 2 ** 20],
      [10, 2 ** 20],
      [11, 10 * 2 ** 20],
      [16, 10 * 2 ** 20],
    ] as const) {
      now = second * 1000;
      report.add(octets);
    }
    // From second 11 on: 10 MiB in 5 s.
    expect(output.drawn.at(-1)).toContain('23 MiB of 100 MiB  2 MiB/s');
  });
});

describe('The cache', () => {
  it('is where the system has it', () => {
    expect(defaultCacheFolder('linux')).toMatch(/bootlace$/);
    expect(defaultCacheFolder('darwin')).toMatch(/bootlace$/);
  });
});
