/** Boot programs from Debian's own packages by the machine's apt, as a user without rights; and on a disk that is full. */
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { BootImage } from '../../src/images/catalogue.ts';
import { fetchImages } from '../../src/images/fetch-images.ts';
import { mirrorSource } from '../../src/images/mirror-source.ts';
import { PackageCache } from '../../src/images/package-cache.ts';
import { FakeMirror } from '../support/fake-mirror.ts';
import { Program } from '../support/program.ts';
import { removeScratch, scratch } from '../support/scratch.ts';
import { describeWith } from '../support/tools.ts';

const MAIN = join(import.meta.dirname, '../../bin/bootlace.js');
const NOBODY = 65_534;

describeWith(['apt-get', 'dpkg-deb', 'tar', 'setpriv'], 'Boot images by apt', () => {
  let root = '';
  let cache = '';

  beforeAll(() => {
    root = scratch('served');
    cache = scratch('cache');
    for (const folder of [root, cache]) chownSync(folder, NOBODY, NOBODY);
  });
  afterAll(removeScratch);

  function images(...words: readonly string[]): Program {
    const asNobody = ['setpriv', '--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups'] as const;
    return new Program([...asNobody, process.execPath, MAIN, 'images', ...words, '--root', root, '--cache', cache]);
  }

  it('come without root, each file as Debian has it, and the second time nothing is downloaded', async () => {
    const { output } = await images('fetch', 'pxelinux', 'memtest').succeeded(120_000);
    expect(output).toMatch(/^pxelinux: 10 files from pxelinux .* and syslinux-common /m);
    expect(output).toMatch(/^memtest: 4 files from memtest86\+ /m);
    // A PXE boot program begins with a jump, a Linux kernel says so at 0x202, and UEFI's programs begin as those of DOS do.
    expect(readFileSync(join(root, 'pxelinux.0'))[0]).toBe(0xea);
    expect(readFileSync(join(root, 'memtest/memtest-x64')).toString('latin1', 0x202, 0x206)).toBe('HdrS');
    expect(readFileSync(join(root, 'memtest/memtest-x64.efi')).toString('latin1', 0, 2)).toBe('MZ');
    const again = await images('fetch', 'pxelinux', 'memtest').succeeded(120_000);
    expect(again.output).not.toMatch(/downloading/);
    expect(again.output).toMatch(/^memtest: there already/m);
  });

  it('come for another architecture as well', async () => {
    const { output } = await images('fetch', 'secureboot-arm64').succeeded(120_000);
    expect(output, 'GRUB and shim').toMatch(/^secureboot-arm64: 2 files from /m);
    // The machine field of the PE header: 64-bit ARM.
    for (const name of ['shimaa64.efi', 'grubaa64.efi']) {
      const file = readFileSync(join(root, name));
      expect(file.readUInt16LE(file.readUInt32LE(0x3c) + 4), name).toBe(0xaa64);
    }
    const listed = await images('list', '--json').succeeded();
    const { images: rows } = JSON.parse(listed.stdout) as { images: readonly { name: string; state: string }[] };
    expect(rows.filter(({ state }) => state === 'there').map(({ name }) => name)).toEqual([
      'pxelinux',
      'grub-arm64',
      'secureboot-arm64',
      'memtest',
    ]);
  });

  it('that are stopped by Ctrl-C leave nothing behind', async () => {
    const before = readdirSync(root, { recursive: true }).toSorted();
    const fetching = images('fetch', 'debian-installer');
    await fetching.waitFor(/downloading debian-installer/);
    expect(await fetching.stop('SIGINT')).toMatchObject({ code: 1 });
    expect(fetching.output).toMatch(/stopped; what was not complete is as it was before/);
    expect(readdirSync(root, { recursive: true }).toSorted()).toEqual(before);
    expect(readdirSync(join(cache, 'packages')).filter((name) => name.startsWith('apt-'))).toEqual([]);
  });
});

describeWith(['gpg', 'gpgv', 'tar'], 'A mirror', () => {
  const RELEASE = 'dists/stable/InRelease';
  let mirror: FakeMirror | undefined;
  let folder = '';

  afterEach(async () => {
    await mirror?.close();
    // Its agent outlives gpg.
    execFileSync('gpgconf', ['--homedir', folder, '--kill', 'all']);
    removeScratch();
  });

  it('is believed what was signed by a key of the keyring, and nothing else', async () => {
    folder = scratch('keys');
    const gpg = (...words: readonly string[]) =>
      execFileSync('gpg', ['--homedir', folder, '--batch', '--yes', '--quiet', '--passphrase', '', ...words], { stdio: 'pipe' });
    gpg('--quick-generate-key', 'mirror@example.org', 'ed25519', 'sign', 'never');
    const keyring = join(folder, 'keyring.gpg');
    gpg('--output', keyring, '--export', 'mirror@example.org');
    mirror = await FakeMirror.start({ name: 'pxelinux', version: '1', files: { 'usr/a': 'a' } });
    const source = mirrorSource({ url: mirror.url, suite: 'stable', keyring, folder: join(folder, 'mirrors') });
    const quiet = () => undefined;
    const find = () =>
      source.find([{ name: 'pxelinux', architecture: 'all' }], { signal: new AbortController().signal, arrived: quiet, note: quiet });
    await expect(find()).rejects.toThrow(/InRelease is not signed by a key of .*keyring\.gpg/);

    writeFileSync(join(folder, 'release'), mirror.contentOf(RELEASE));
    gpg('--output', join(folder, 'signed'), '--clearsign', join(folder, 'release'));
    const signed = readFileSync(join(folder, 'signed'));
    mirror.replace(RELEASE, signed);
    expect(await find()).toMatchObject([{ name: 'pxelinux', version: '1' }]);

    // What stands before the signed text is nobody's word.
    const forged = Buffer.from(`SHA256:\n ${'0'.repeat(64)} 1 main/binary-amd64/Packages.gz\n`);
    mirror.replace(RELEASE, Buffer.concat([forged, signed]));
    await expect(find().then((found) => found.map(({ version }) => version))).resolves.toEqual(['1']);
    mirror.replace(RELEASE, Buffer.from(signed.toString().replace('Suite: stable', 'Suite: forged')));
    await expect(find()).rejects.toThrow(/is not signed/);
  });
});

describeWith(['mount', 'umount', 'tar'], 'A full disk', () => {
  let disk = '';
  let mirror: FakeMirror | undefined;

  afterEach(async () => {
    await mirror?.close();
    if (disk !== '') execFileSync('umount', [disk]);
    removeScratch();
  });

  it('costs nothing that was there', async () => {
    disk = scratch('disk');
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]);
    const file = (place: string) => ({ place, inside: [`usr/${place}`] });
    const part = { packages: ['loader'], architecture: 'all', files: [file('a.0'), file('b.0')] } as const;
    const image: BootImage = { name: 'loader', what: '', octets: 0, downloadOctets: 0, parts: [part] };
    mirror = await FakeMirror.start({ name: 'loader', version: '1', files: { 'usr/a.0': 'old a', 'usr/b.0': 'old b' } });
    const cache = scratch('cache');
    const source = mirrorSource({ url: mirror.url, suite: 'stable', keyring: undefined, folder: cache });
    const quiet = () => undefined;
    const fetchAll = () =>
      fetchImages(
        { images: [image], root: disk, isForced: false, source, cache: new PackageCache(cache), now: () => new Date() },
        { signal: new AbortController().signal, arrived: quiet, planned: quiet, began: quiet, ended: quiet, note: quiet },
      );
    expect(await fetchAll()).toMatchObject([{ did: 'placed' }]);
    mirror.offer({ name: 'loader', version: '2', files: { 'usr/a.0': 'new a', 'usr/b.0': Buffer.alloc(400_000, 'b') } });
    expect(await fetchAll()).toMatchObject([{ did: 'failed', why: `there is no room for it in ${disk}; nothing there was changed` }]);
    expect(readdirSync(disk).toSorted()).toEqual(['.images.json', 'a.0', 'b.0']);
    expect(['a.0', 'b.0'].map((name) => readFileSync(join(disk, name), 'utf8'))).toEqual(['old a', 'old b']);
    // As soon as there is room it goes on, from the package that has come already.
    execFileSync('mount', ['-o', 'remount,size=2m', disk]);
    writeFileSync(join(disk, 'of-somebody'), 'else');
    expect(await fetchAll()).toMatchObject([{ did: 'placed', before: '1' }]);
    expect(existsSync(join(disk, 'of-somebody'))).toBe(true);
  });
});
