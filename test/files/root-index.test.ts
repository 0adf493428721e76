import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { FileCatalog } from '../../src/files/catalog.ts';
import { DiskRoute } from '../../src/files/disk-route.ts';
import { NameRules } from '../../src/files/name-rules.ts';
import { RootIndex } from '../../src/files/root-index.ts';
import type { SafePath } from '../../src/files/safe-path.ts';
import { scratch } from '../support/scratch.ts';

let root: string;
let now: number;
let index: RootIndex;

beforeEach(() => {
  root = scratch('index');
  now = 0;
  index = new RootIndex(root, () => now);
});

function put(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
}

const near = (path: string) => index.near(path as SafePath);

describe('the file that may have been meant', () => {
  test.each([
    ['grubx64.efi', 'debian/grubx64.efi'],
    ['EFI/BOOT/GRUBX64.EFI', 'debian/grubx64.efi'],
    ['debian/grubx46.efi', 'debian/grubx64.efi'],
    ['debian/shimx64.efi', undefined],
    ['pxelinux.cfg/defualt', 'pxelinux.cfg/default'],
    ['ipxe.efi', 'top/ipxe.efi'],
    ['secret', undefined],
  ])('%j: %s', (asked, found) => {
    put('debian/grubx64.efi', 'debian/vmlinuz', 'pxelinux.cfg/default', 'top/ipxe.efi', 'top/below/ipxe.efi', '.bootlace-incoming/secret');
    symlinkSync('..', join(root, 'up'));
    expect(near(asked)).toBe(found);
  });

  test('is found anew some seconds later', () => {
    expect(near('f')).toBeUndefined();
    put('a/f');
    expect(near('f')).toBeUndefined();
    now = 6_000;
    expect(near('f')).toBe('a/f');
  });

  test('is told of a catalogue by any name for it, and of no name that leads out', () => {
    put('debian/grubx64.efi');
    const catalog = new FileCatalog([new DiskRoute(root)], new NameRules({ root }));
    expect(catalog.near('C:\\tftpboot\\grubx64.efi', {})).toBe('debian/grubx64.efi');
    expect(catalog.near('../grubx64.efi', {})).toBeUndefined();
  });
});

test('a large root is read as far as time allows, and a flood of misses gets no more guesses than time allows', () => {
  for (let n = 0; n < 30; n++) put(`d${n}/file${n}`);
  // Every look at the clock takes 3 ms: seven folders in 20 ms.
  const slow = new RootIndex(root, () => {
    now += 3;
    return now;
  });
  expect(slow.near('file0' as SafePath)).toBe('d0/file0');
  expect(slow.near('file29' as SafePath)).toBeUndefined();
  let guesses = 0;
  while (slow.near('file0' as SafePath) !== undefined) guesses += 1;
  expect(guesses).toBeLessThan(10);
});
