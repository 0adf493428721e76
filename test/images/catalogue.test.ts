import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { safePath } from '../../src/files/safe-path.ts';
import { BOOT_IMAGES, imageOf, imageWith, USUAL_IMAGES } from '../../src/images/catalogue.ts';

const files = BOOT_IMAGES.flatMap((image) => image.parts.flatMap((part) => part.files));

describe('The catalogue of boot images', () => {
  it('has a name once', () => {
    const names = BOOT_IMAGES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(USUAL_IMAGES.map((name) => imageOf(name)?.name)).toEqual(USUAL_IMAGES);
  });

  it('has every place for one file, below the root', () => {
    const sources = Map.groupBy(files, ({ place }) => place);
    for (const [place, found] of sources) {
      expect(new Set(found).size, place).toBe(1);
      expect(safePath(place), place).toEqual({ ok: true, value: place });
    }
  });

  it.each([
    ['pxelinux.0', 'pxelinux'],
    ['ipxe.efi', 'ipxe'],
    ['grubx64.efi', 'grub'],
    ['grubaa64.efi', 'grub-arm64'],
    ['shimx64.efi', 'secureboot'],
    ['shimaa64.efi', 'secureboot-arm64'],
    ['debian-installer/amd64/linux', 'debian-installer'],
    ['own/kernel', undefined],
  ])('knows what %s is of', (place, image) => {
    expect(imageWith(place)?.name).toBe(image);
  });

  it('is described in boot-images/README.md', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../boot-images/README.md'), 'utf8');
    for (const { name } of BOOT_IMAGES) expect(readme).toContain(`## \`${name}\``);
    for (const { place } of files) expect(readme).toContain(place);
  });
});
