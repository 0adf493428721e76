import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BootImage } from '../../src/images/catalogue.ts';
import { type FetchNews, fetchImages, type PartOutcome } from '../../src/images/fetch-images.ts';
import { readManifest } from '../../src/images/manifest.ts';
import { mirrorSource } from '../../src/images/mirror-source.ts';
import { PackageCache } from '../../src/images/package-cache.ts';
import { imageStateOf, partStateOf } from '../../src/images/placed-state.ts';
import { FakeMirror, type FakePackage, sha256 } from '../support/fake-mirror.ts';
import { findTool } from '../support/find-tool.ts';
import { removeScratch, scratch } from '../support/scratch.ts';

const IMAGE: BootImage = {
  name: 'loader',
  what: 'a loader',
  octets: 0,
  downloadOctets: 0,
  parts: [
    {
      packages: ['loader-2', 'loader'],
      architecture: 'all',
      files: [
        { place: 'loader.0', inside: ['lib/loader.0'] },
        { place: 'deep/menu', inside: ['menus/none', 'menus/menu-*'] },
        { place: 'extra', inside: ['lib/extra'], isOptional: true },
      ],
    },
  ],
};
const LOADER: FakePackage = {
  name: 'loader',
  version: '1.0-1',
  files: { 'usr/lib/loader.0': 'the loader', 'usr/menus/menu-7': 'the menu', 'usr/big': randomLike(200_000) },
};

/** Octets that no packing makes shorter. */
function randomLike(octets: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: octets }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
}

let mirror: FakeMirror;
let folder: string;
let notes: string[];
beforeEach(async () => {
  mirror = await FakeMirror.start(LOADER);
  folder = scratch('images');
  notes = [];
});
afterEach(async () => {
  await mirror.close();
  removeScratch();
  vi.unstubAllEnvs();
});

const root = (...path: string[]): string => join(folder, 'root', ...path);
const packages = (): string => join(folder, 'cache/packages');
const content = (place: string): string => readFileSync(root(place), 'utf8');

interface More {
  readonly isForced?: boolean;
  readonly signal?: AbortSignal;
}

async function fetchAll({ isForced = false, signal }: More = {}): Promise<readonly PartOutcome[]> {
  let came = 0;
  const news: FetchNews = {
    signal: signal ?? new AbortController().signal,
    arrived: (octets) => {
      came += octets;
      mirror.came(came);
    },
    note: (text) => notes.push(text),
    planned: () => undefined,
    began: () => undefined,
    ended: () => undefined,
  };
  const source = mirrorSource({ url: mirror.url, suite: 'stable', keyring: undefined, folder: join(folder, 'cache/mirrors') });
  const order = { images: [IMAGE], root: root(), isForced, source, cache: new PackageCache(packages()), now: () => new Date(0) };
  return fetchImages(order, news);
}

async function stateNow(): Promise<string> {
  const manifest = await readManifest(root());
  return imageStateOf(await Promise.all(IMAGE.parts.map((part) => partStateOf(root(), part, manifest))), []);
}

/** What is below the root, with everything that was left behind. */
const allFiles = (): readonly string[] =>
  existsSync(root())
    ? readdirSync(root(), { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map(({ name }) => name)
        .toSorted()
    : [];

const failure = ([outcome]: readonly PartOutcome[]): string => (outcome?.did === 'failed' ? outcome.why : `it ${outcome?.did}`);

describe('Fetching boot images', () => {
  it('places the files of a package, and records what they are and where they are from', async () => {
    expect(await stateNow()).toBe('missing');
    expect(await fetchAll()).toMatchObject([{ did: 'placed', before: undefined, files: ['loader.0', 'deep/menu'] }]);
    expect([content('loader.0'), content('deep/menu')]).toEqual(['the loader', 'the menu']);
    expect(Object.fromEntries(await readManifest(root()))).toMatchObject({
      'loader.0': { package: 'loader', version: '1.0-1', sha256: sha256('the loader'), at: '1970-01-01T00:00:00.000Z' },
      'deep/menu': { sha256: sha256('the menu') },
    });
    expect(allFiles()).toEqual(['.images.json', 'loader.0', 'menu']);
    expect(await stateNow()).toBe('there');
  });

  it('does nothing when all is there, and downloads nothing', async () => {
    await fetchAll();
    mirror.asked.length = 0;
    expect(await fetchAll()).toMatchObject([{ did: 'kept', version: '1.0-1' }]);
    expect(
      mirror.asked.map(({ path }) => path),
      'the index is known',
    ).toEqual(['dists/stable/InRelease']);
  });

  it('brings what is newer, and nothing that is older', async () => {
    await fetchAll();
    mirror.offer({ ...LOADER, version: '1.0-2', files: { ...LOADER.files, 'usr/lib/loader.0': 'a newer one' } });
    expect(await fetchAll()).toMatchObject([{ did: 'placed', before: '1.0-1' }]);
    expect(content('loader.0')).toBe('a newer one');
    mirror.offer(LOADER);
    expect(await fetchAll()).toMatchObject([{ did: 'kept', version: '1.0-2' }]);
    expect(readdirSync(packages()), 'one package of a name is kept').toEqual(['loader_all.deb', 'loader_all.json']);
  });

  it('takes the first package of those that are there, and a file that only newer ones have', async () => {
    mirror.offer(LOADER, { name: 'loader-2', version: '0.1', files: { ...LOADER.files, 'usr/lib/extra': 'more' } });
    expect(await fetchAll()).toMatchObject([{ did: 'placed', facts: { name: 'loader-2' } }]);
    expect(content('extra')).toBe('more');
  });

  it('brings back a file that is missing, from the cache', async () => {
    await fetchAll();
    rmSync(root('deep'), { recursive: true });
    expect(await stateNow()).toBe('partly');
    mirror.asked.length = 0;
    await fetchAll();
    expect([await stateNow(), mirror.downloads]).toEqual(['there', []]);
  });
});

describe('A download', () => {
  it('goes on where the line broke', async () => {
    mirror.breaksAfter = [70_000, 1];
    expect(await fetchAll()).toMatchObject([{ did: 'placed' }]);
    expect(mirror.downloads.map(({ range }) => range)).toEqual([undefined, 'bytes=70000-', 'bytes=70001-']);
  });

  it('goes on the next time, when the line breaks again and again', async () => {
    mirror.breaksAfter = [50_000, 10_000, 0, 0, 0];
    expect(failure(await fetchAll())).toMatch(/broke off again and again .*run it again, and it goes on from there/);
    expect(allFiles()).toEqual([]);
    mirror.asked.length = 0;
    expect(await fetchAll()).toMatchObject([{ did: 'placed' }]);
    expect(mirror.downloads).toMatchObject([{ range: 'bytes=60000-' }]);
  });

  it('begins again where the mirror gives only whole files', async () => {
    mirror.breaksAfter = [70_000];
    mirror.ignoresRanges = true;
    expect(await fetchAll()).toMatchObject([{ did: 'placed' }]);
  });

  it('begins again when the half that lay there was of something else', async () => {
    const half = `loader_all.${sha256(mirror.debOf('loader')).slice(0, 12)}.partial`;
    mkdirSync(packages(), { recursive: true });
    writeFileSync(join(packages(), half), 'something else');
    expect(await fetchAll()).toMatchObject([{ did: 'placed' }]);
  });

  it('is not used when it is not what the index says, and not kept', async () => {
    const deb = Uint8Array.from(mirror.debOf('loader'));
    deb[deb.length - 1] = (deb.at(-1) ?? 0) ^ 1;
    mirror.replace(mirror.poolPathOf('loader'), deb);
    expect(failure(await fetchAll())).toMatch(
      /loader 1\.0-1 from stable on 127\.0\.0\.1:\d+ is not what the archive says it is \(sha256 .*nothing of it was used/,
    );
    expect([allFiles(), readdirSync(packages())]).toEqual([[], []]);
  });

  it('is not read on when it is longer than the index says', async () => {
    mirror.replace(mirror.poolPathOf('loader'), Buffer.concat([mirror.debOf('loader'), Buffer.alloc(10_000_000)]));
    expect(failure(await fetchAll())).toMatch(/is longer than the \d+ octets that it should have/);
    expect(allFiles()).toEqual([]);
  });

  it('is not begun when the index is not what Release says', async () => {
    mirror.replace('dists/stable/main/binary-amd64/Packages.gz', Buffer.from('anything'));
    expect(failure(await fetchAll())).toMatch(/the package loader-2 or loader is not here, and stable on .* could not be asked/);
    expect(notes.at(-1)).toMatch(/is not what its Release says it is.*; going on with what is here already/);
    expect(mirror.downloads).toEqual([]);
  });

  it('says what the mirror does not have', async () => {
    mirror.offer({ ...LOADER, name: 'other' });
    expect(failure(await fetchAll())).toMatch(/^stable on 127\.0\.0\.1:\d+ has no package loader-2 or loader$/);
  });

  it('leaves nothing in the root when it is stopped, and what has come for the next time', async () => {
    mirror.stalls = true;
    const stop = new AbortController();
    const fetching = fetchAll({ signal: stop.signal });
    await vi.waitFor(() => expect(readdirSync(packages())).toHaveLength(1));
    stop.abort(new Error('stopped'));
    await expect(fetching).rejects.toThrow('stopped');
    expect(allFiles()).toEqual([]);
    mirror.stalls = false;
    expect(await fetchAll()).toMatchObject([{ did: 'placed' }]);
  });
});

describe('Without a network', () => {
  it('what is there is kept, and what is in the cache is enough', async () => {
    await fetchAll();
    await mirror.close();
    expect(await fetchAll()).toMatchObject([{ did: 'kept' }]);
    expect(notes.at(-1)).toMatch(/InRelease cannot be read: .*; going on with what is here already/);
    rmSync(root('loader.0'));
    expect(await fetchAll()).toMatchObject([{ did: 'placed' }]);
    rmSync(packages(), { recursive: true });
    rmSync(root('loader.0'));
    expect(failure(await fetchAll())).toMatch(/is not here, and stable on .* could not be asked/);
  });

  it('a package in the cache that was damaged is no package', async () => {
    await fetchAll();
    writeFileSync(join(packages(), 'loader_all.deb'), 'damaged');
    await mirror.close();
    expect(failure(await fetchAll({ isForced: true }))).toMatch(/broke off/);
    expect(content('loader.0')).toBe('the loader');
  });
});

describe('Files of somebody else', () => {
  it('that were changed since are left alone, without a download, until they are to be replaced', async () => {
    await fetchAll();
    writeFileSync(root('loader.0'), 'changed by hand');
    mirror.asked.length = 0;
    expect(await stateNow()).toBe('changed');
    expect(failure(await fetchAll())).toBe('loader.0: put there or changed by somebody else; --force replaces it');
    expect([content('loader.0'), mirror.downloads]).toEqual(['changed by hand', []]);
    await fetchAll({ isForced: true });
    expect([content('loader.0'), await stateNow()]).toEqual(['the loader', 'there']);
  });

  it('that were put there are left alone, with all others of that package', async () => {
    mkdirSync(root());
    writeFileSync(root('loader.0'), 'mine');
    expect(failure(await fetchAll())).toBe('loader.0: put there or changed by somebody else; --force replaces it');
    expect(allFiles()).toEqual(['loader.0']);
  });

  it('with the very same content are only put on record', async () => {
    mkdirSync(root());
    writeFileSync(root('loader.0'), 'the loader');
    expect(await fetchAll()).toMatchObject([{ did: 'placed' }]);
    expect(await stateNow()).toBe('there');
  });

  it('behind a link are not written to: the link is replaced when that is wanted', async () => {
    mkdirSync(root());
    writeFileSync(join(folder, 'elsewhere'), 'precious');
    symlinkSync(join(folder, 'elsewhere'), root('loader.0'));
    expect(failure(await fetchAll())).toMatch(/^loader\.0: put there/);
    await fetchAll({ isForced: true });
    expect([content('loader.0'), readFileSync(join(folder, 'elsewhere'), 'utf8')]).toEqual(['the loader', 'precious']);
  });

  it('are not reached by a folder that leads out of the root', async () => {
    mkdirSync(root());
    mkdirSync(join(folder, 'outside'));
    symlinkSync(join(folder, 'outside'), root('deep'));
    expect(failure(await fetchAll({ isForced: true }))).toMatch(/deep leads out of /);
    expect([allFiles(), readdirSync(join(folder, 'outside'))]).toEqual([['deep'], []]);
  });

  it('are no folders: those are never replaced', async () => {
    mkdirSync(root('loader.0'), { recursive: true });
    expect(failure(await fetchAll({ isForced: true }))).toMatch(/loader\.0 is a folder, and is left alone/);
    expect(allFiles()).toEqual([]);
  });
});

describe('A package', () => {
  it('that lacks a file is refused as a whole', async () => {
    mirror.offer({ ...LOADER, files: { 'usr/lib/loader.0': 'the loader' } });
    expect(failure(await fetchAll())).toBe('the package loader 1.0-1 cannot be used: it has no menus/none');
    expect(allFiles()).toEqual([]);
  });

  it.each([
    ['is nothing of the kind', Buffer.from('<html>'), /it is no Debian package/],
    ['is cut off', undefined, /it is damaged: an ar header is wrong/],
  ])('that %s is said to be so', async (_what, octets, why) => {
    const whole = mirror.debOf('loader');
    const bad = octets ?? whole.subarray(0, 150);
    const facts = { name: 'loader', version: '1.0-1', architecture: 'all', path: 'pool/x', octets: bad.length, sha256: sha256(bad) };
    mkdirSync(packages(), { recursive: true });
    writeFileSync(join(packages(), 'loader_all.deb'), bad);
    writeFileSync(join(packages(), 'loader_all.json'), JSON.stringify(facts));
    await mirror.close();
    expect(failure(await fetchAll())).toMatch(why);
  });

  it.each(['gz', 'zst'] as const)('packed as .%s is unpacked where there is no dpkg', async (packing) => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    for (const tool of ['tar', 'gzip']) symlinkSync(findTool(tool) ?? '', join(bin, tool));
    mirror.offer({ ...LOADER, packing });
    vi.stubEnv('PATH', bin);
    expect(failure(await fetchAll())).toBe('it placed');
    expect(content('deep/menu')).toBe('the menu');
  });

  it('cannot be unpacked where there is no tar, and that is said', async () => {
    vi.stubEnv('PATH', join(folder, 'nothing'));
    expect(failure(await fetchAll())).toMatch(/the program 'tar' is not there, which unpacks packages; install it/);
  });
});
