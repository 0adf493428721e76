import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { AccessRules } from '../../src/files/access.ts';
import { FileCatalog } from '../../src/files/catalog.ts';
import { DiskRoute } from '../../src/files/disk-route.ts';
import { NameRules } from '../../src/files/name-rules.ts';
import { listingPage } from '../../src/web/listing-page.ts';
import { cidr, ip, mac } from '../support/addresses.ts';
import { scratch } from '../support/scratch.ts';

const base = scratch('list');
const root = join(base, 'root');
const OWN = { address: ip('192.168.77.9'), mac: mac('00:1b:54:aa:bb:cc'), isLeased: true };

beforeAll(() => {
  for (const folder of ['b-folder', 'a-folder/below', '.hidden', '../outside']) mkdirSync(join(root, folder), { recursive: true });
  for (const file of ['z', 'a.cfg', '.secret', '<i>&"\'.txt', 'SEP001B54AABBCC.cnf.xml', 'a-folder/File', 'back\\slash', '../outside/f']) {
    writeFileSync(join(root, file), 'four');
  }
  symlinkSync('a.cfg', join(root, 'link'));
  symlinkSync('../outside/f', join(root, 'link-out'));
  symlinkSync('../outside', join(root, 'folder-out'));
  symlinkSync('nowhere', join(root, 'link-dead'));
});

function catalog(access?: AccessRules): FileCatalog {
  return new FileCatalog([new DiskRoute(root)], new NameRules({ root }), access);
}

function namesIn(name: string, from = OWN, access?: AccessRules): readonly string[] | string {
  const list = catalog(access).list(name, from);
  return list.ok ? list.value.names.map(({ name: below, isFolder }) => (isFolder ? `${below}/` : below)) : list.error.refused;
}

describe('the list of a folder', () => {
  it('has folders first, and neither what is hidden nor what leads out of the root', () => {
    expect(namesIn('')).toEqual(['a-folder/', 'b-folder/', '<i>&"\'.txt', 'SEP001B54AABBCC.cnf.xml', 'a.cfg', 'link', 'z']);
  });

  it.each([
    ['a-folder/', ['below/', 'File']],
    ['a-folder', ['below/', 'File']],
    ['\\A-Folder\\', ['below/', 'File']],
    ['b-folder//', []],
    ['a.cfg', 'not-found'],
    ['none', 'not-found'],
    ['folder-out/', 'not-found'],
    ['../outside/', 'forbidden'],
    ['..', 'not-found'],
    ['a-folder/..', 'not-found'],
    ['.bootlace-incoming/', 'not-found'],
  ] as const)('%s', (name, expected) => {
    expect(namesIn(name)).toEqual(expected);
  });

  it('is for readers alone', () => {
    const access = new AccessRules({ read: { allow: [], deny: [{ kind: 'network', network: cidr('192.168.77.0/24') }] } });
    expect(namesIn('', OWN, access)).toBe('forbidden');
  });

  it('leaves out files that are for another device (tftp.secure.boundToMac)', () => {
    const access = new AccessRules({ boundToMac: { except: [] } });
    expect(namesIn('', OWN, access)).toContain('SEP001B54AABBCC.cnf.xml');
    expect(namesIn('', { ...OWN, mac: mac('00:1b:54:00:00:01') }, access)).not.toContain('SEP001B54AABBCC.cnf.xml');
  });

  it('as a page can do no harm, and its links lead where they say', () => {
    const list = catalog().list('', OWN);
    const page = list.ok ? listingPage(list.value) : '';
    expect(page).toContain('<a href="/%3Ci%3E%26%22%27.txt">&lt;i&gt;&amp;&quot;&#39;.txt</a></td><td class="n">4 B</td>');
    expect(page).not.toMatch(/<script|<i>|src=|https?:/);
    expect(page).toContain('<a href="/a-folder/">a-folder/</a>');
    const below = catalog().list('a-folder/below', OWN);
    expect(below.ok ? listingPage(below.value) : '').toContain('<a href="/a-folder/">../</a>');
  });

  it('does not grow without end', () => {
    mkdirSync(join(root, '../many'));
    for (let at = 0; at < 2_010; at++) writeFileSync(join(base, 'many', `f${at}`), '');
    const many = new FileCatalog([new DiskRoute(join(base, 'many'))]).list('', OWN);
    expect(many.ok && [many.value.names.length, many.value.omitted]).toEqual([2_000, 10]);
    expect(many.ok && listingPage(many.value)).toContain('10 more are not listed.');
  });
});
