// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a rule names what it knows of a client
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { parseMac } from '../../src/base/addresses.ts';
import { invariant } from '../../src/base/result.ts';
import { parseLinearPattern } from '../../src/config/linear-pattern.ts';
import type { Subject } from '../../src/events/events.ts';
import { FileCatalog } from '../../src/files/catalog.ts';
import { DiskRoute } from '../../src/files/disk-route.ts';
import { NameRules, type NameSettings } from '../../src/files/name-rules.ts';
import { ip } from '../support/addresses.ts';
import { contentOf } from '../support/found-file.ts';
import { scratch } from '../support/scratch.ts';

const PHONE: Subject = { address: ip('192.168.77.21'), mac: parseMac('00:1b:54:aa:bb:cc') };
const STRANGER: Subject = { address: ip('192.168.77.99') };

let base: string;
let root: string;

beforeEach(() => {
  base = scratch('names');
  root = join(base, 'lab-root');
  mkdirSync(root);
});

/** Makes files below the root, each with its own path as content. */
function put(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), path);
  }
}

function catalogOf(settings: Partial<NameSettings> = {}): FileCatalog {
  const nameOf = (mac: string) => (mac === PHONE.mac ? 'desk 101' : undefined);
  return new FileCatalog([new DiskRoute(root)], new NameRules({ root, nameOf, ...settings }));
}

/** `path (what was tolerated)`, or why not. */
async function lookup(catalog: FileCatalog, name: string, from = STRANGER): Promise<string> {
  const found = await catalog.open(name, from);
  if (!found.ok) return found.error.refused;
  found.value.file.close();
  const { path, tolerated } = found.value;
  return tolerated === undefined ? path : `${path} (${tolerated})`;
}

describe('a name that is not quite right finds the file, and what was overlooked is said', () => {
  test.each([
    ['boot/x64/wdsnbp.com', 'boot/x64/wdsnbp.com'],
    ['\\boot\\x64\\wdsnbp.com', 'boot/x64/wdsnbp.com (backslashes, a leading /)'],
    ['/boot/x64/wdsnbp.com', 'boot/x64/wdsnbp.com (a leading /)'],
    ['boot//x64/wdsnbp.com', 'boot/x64/wdsnbp.com (a doubled /)'],
    ['./boot/./x64/wdsnbp.com', 'boot/x64/wdsnbp.com (./ in it)'],
    ['boot/x86/../x64/wdsnbp.com', 'boot/x64/wdsnbp.com (../ in it)'],
    ['C:\\boot\\x64\\wdsnbp.com', 'boot/x64/wdsnbp.com (backslashes, a drive letter)'],
    ['c:boot/x64/wdsnbp.com', 'boot/x64/wdsnbp.com (a drive letter)'],
    ['tftpboot/boot/x64/wdsnbp.com', 'boot/x64/wdsnbp.com (the root’s own name in front)'],
    ['/srv/tftp/pxelinux.0', 'pxelinux.0 (a leading /, the root’s own name in front)'],
    ['lab-root/pxelinux.0', 'pxelinux.0 (the root’s own name in front)'],
    ['BOOT/X64/WDSNBP.COM', 'boot/x64/wdsnbp.com (wrong case)'],
    ['pxelinux.0;mode=octet', 'pxelinux.0 (;mode= at its end)'],
    [
      'C:\\TFTPBOOT\\..\\tftpboot\\Boot\\x64\\wdsnbp.com;mode=octet',
      'boot/x64/wdsnbp.com (backslashes, ../ in it, ;mode= at its end, a drive letter, the root’s own name in front, wrong case)',
    ],
    ['C:\\..\\..\\pxelinux.0', 'forbidden'],
    ['tftpboot/../../pxelinux.0', 'forbidden'],
    ['tftpboot/nothing', 'not-found'],
    ['C:', 'not-found'],
    [';mode=octet', 'not-found'],
  ])('%j: %s', async (name, found) => {
    put('boot/x64/wdsnbp.com', 'pxelinux.0');
    expect(await lookup(catalogOf(), name)).toBe(found);
  });

  test('the root’s absolute path in front', async () => {
    put('a/f');
    expect(await lookup(catalogOf(), `${root}/a/f`)).toBe('a/f (a leading /, the root’s own name in front)');
  });

  test('a file whose name fits better wins as soon as it is there', async () => {
    put('f');
    const catalog = catalogOf();
    expect(await lookup(catalog, 'tftpboot/F')).toBe('f (the root’s own name in front, wrong case)');
    put('F');
    expect(await lookup(catalog, 'tftpboot/F')).toBe('F (the root’s own name in front)');
    put('tftpboot/f');
    expect(await lookup(catalog, 'tftpboot/F')).toBe('F (the root’s own name in front)');
    put('tftpboot/F');
    expect(await lookup(catalog, 'tftpboot/F')).toBe('tftpboot/F');
    rmSync(join(root, 'tftpboot'), { recursive: true });
    rmSync(join(root, 'F'));
    expect(await lookup(catalog, 'tftpboot/F')).toBe('f (the root’s own name in front, wrong case)');
  });

  test('what is missing is said with every place that was looked at', async () => {
    const answer = await catalogOf().open('tftpboot/x', STRANGER);
    expect(answer).toEqual({ ok: false, error: { refused: 'not-found', detail: `${root}/tftpboot/x, ${root}/x` } });
  });

  test('no name at all leads out of the root', async () => {
    writeFileSync(join(base, 'secret'), 'secret');
    put('in/f');
    symlinkSync('..', join(root, 'up'));
    symlinkSync('../secret', join(root, 'in', 'out'));
    const catalog = catalogOf({ remap: [{ match: pattern('^r(.*)$'), to: '$1' }] });
    const piece = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      'C:',
      'up',
      'UP',
      'in',
      'out',
      'secret',
      'f',
      'r',
      'tftpboot',
      'lab-root',
      ';mode=octet',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 10 }), async (pieces) => {
        for (const name of [pieces.join(''), pieces.join('/')]) expect(await contentOf(catalog.open(name, PHONE))).not.toBe('secret');
      }),
      { numRuns: 300 },
    );
  });
});

describe('a loader that lost its folder (shim)', () => {
  test.each([
    ['grubx64.efi', 'debian/grubx64.efi (beside debian/shimx64.efi, which it fetched last)'],
    ['/grubx64.efi', 'debian/grubx64.efi (a leading /, beside debian/shimx64.efi, which it fetched last)'],
    ['\\EFI\\BOOT\\grubx64.efi', 'debian/grubx64.efi (backslashes, a leading /, beside debian/shimx64.efi, which it fetched last)'],
    ['GRUBX64.EFI', 'debian/grubx64.efi (beside debian/shimx64.efi, which it fetched last, wrong case)'],
    ['grub/grub.cfg', 'debian/grub/grub.cfg (beside debian/shimx64.efi, which it fetched last)'],
    ['mmx64.efi', 'mmx64.efi'],
    ['revocations.efi', 'not-found'],
  ])('%j: %s', async (name, found) => {
    put('debian/shimx64.efi', 'debian/grubx64.efi', 'debian/grub/grub.cfg', 'debian/mmx64.efi', 'mmx64.efi');
    const catalog = catalogOf();
    await lookup(catalog, 'debian/shimx64.efi');
    expect(await lookup(catalog, name, PHONE)).toBe(name === 'mmx64.efi' ? found : 'not-found');
    expect(await lookup(catalog, name)).toBe(found);
  });

  test('forgets its folder when it fetches something from the root', async () => {
    put('debian/shimx64.efi', 'debian/grubx64.efi', 'plain');
    const catalog = catalogOf();
    for (const name of ['debian/shimx64.efi', 'plain']) await lookup(catalog, name);
    expect(await lookup(catalog, 'grubx64.efi')).toBe('not-found');
  });
});

function pattern(text: string) {
  const read = parseLinearPattern(text);
  invariant(read.ok, 'a pattern');
  return read.value;
}

describe('rules of tftp.remap', () => {
  const rule = (match: string, to: string) => ({ match: pattern(match), to });

  test.each<[string, Subject, readonly (readonly [string, string])[], string]>([
    ['cfg/a', STRANGER, [['^cfg/(.*)$', 'configs/$1']], 'configs/a (rule 1 of tftp.remap)'],
    ['\\cfg\\a', STRANGER, [['^/?cfg/(.*)$', 'configs/$1']], 'configs/a (backslashes, a leading /, rule 1 of tftp.remap)'],
    ['cfg/A', STRANGER, [['^cfg/(.*)$', 'configs/$1']], 'configs/a (rule 1 of tftp.remap, wrong case)'],
    ['my-cfg/a', STRANGER, [['^cfg/', 'configs/']], 'not-found'],
    ['x', STRANGER, [['y', 'z'], ['x', 'configs/a'], ['x', 'plain']], 'configs/a (rule 2 of tftp.remap)'], // biome-ignore format: a rule a column
    ['any', PHONE, [['.*', 'own/${mac}']], 'own/00-1b-54-aa-bb-cc (rule 1 of tftp.remap)'],
    ['any', PHONE, [['.*', 'own/${ip}']], 'own/192.168.77.21 (rule 1 of tftp.remap)'],
    ['any', PHONE, [['.*', 'own/${name}']], 'own/desk_101 (rule 1 of tftp.remap)'],
    ['plain', STRANGER, [['.*', 'own/${name}']], 'plain'],
    ['a-b', STRANGER, [['(.)-(.)', '$$/$2$1']], '$/ba (rule 1 of tftp.remap)'],
    ['x..', STRANGER, [['x', '']], 'forbidden'],
    ['x', STRANGER, [['x', '']], 'forbidden'],
  ])('%j of %j by %j: %s', async (name, from, rules, found) => {
    put('configs/a', 'plain', 'own/00-1b-54-aa-bb-cc', 'own/192.168.77.21', 'own/desk_101', '$/ba');
    expect(await lookup(catalogOf({ remap: rules.map(([match, to]) => rule(match, to)) }), name, from)).toBe(found);
  });

  test('name the same place to who writes', async () => {
    const rules = new NameRules({ remap: [rule('^cfg/', 'configs/')] });
    expect(rules.pathOf('/cfg/a', STRANGER)).toMatchObject({ ok: true, value: { path: 'configs/a' } });
  });
});

describe('a folder for each client goes before the root (tftp.perClientRoot)', () => {
  test.each<[NameSettings['perClientRoot'], Subject, string]>([
    ['none', PHONE, 'f'],
    ['ip', PHONE, '192.168.77.21/f'],
    ['mac', PHONE, '00-1b-54-aa-bb-cc/f'],
    ['name', PHONE, 'desk_101/f'],
    ['ip', STRANGER, 'f'],
    ['mac', STRANGER, 'f'],
    ['name', STRANGER, 'f'],
    ['mac', { ...STRANGER, hostName: '00-1b-54-aa-bb-cc' }, 'f'],
    ['name', { ...STRANGER, hostName: 'desk_101' }, 'f'],
  ])('%s of %j: %s', async (perClientRoot, from, found) => {
    put('f', 'only-here', '192.168.77.21/f', '00-1b-54-aa-bb-cc/f', 'desk_101/f');
    const catalog = catalogOf({ perClientRoot });
    expect(await lookup(catalog, 'f', from)).toBe(found);
    expect(await lookup(catalog, 'only-here', from)).toBe('only-here');
  });
});
