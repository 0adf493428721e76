import { describe, expect, it } from 'vitest';
import { type BootLevel, type BootSettings, NO_BOOT_SETTINGS } from '../../src/boot/boot-settings.ts';
import { loaderAsking } from '../../src/boot/loader-names.ts';

const levels = (settings: Partial<BootSettings>): readonly BootLevel[] => [
  { of: 'site', name: undefined, settings: { ...NO_BOOT_SETTINGS, ...settings } },
];

describe('Whose menu it is', () => {
  it.each([
    ['pxelinux.cfg/default', 'pxelinux'],
    ['boot/pxelinux.cfg/default', 'pxelinux'],
    ['pxelinux.cfg/default-arm', undefined],
    ['pxelinux.cfg/01-52-54-00-00-00-01', undefined],
    ['mypxelinux.cfg/default', undefined],
    ['grub/grub.cfg', 'grub'],
    ['grub/x86_64-efi/grub.cfg', 'grub'],
    ['boot/grub/i386-pc/grub.cfg', 'grub'],
    ['grub/grub.cfg-01-52-54-00-00-00-01', undefined],
    ['grub/themes/grub.cfg', undefined],
    ['grub.cfg', undefined],
    ['boot.ipxe', 'ipxe'],
    ['ipxe/boot.ipxe', 'ipxe'],
    ['reboot.ipxe', undefined],
  ])('%s: %s', (path, loader) => expect(loaderAsking(path, levels({ chain: 'ipxe' }))).toBe(loader));

  it.each<[settings: Partial<BootSettings>, path: string, loader: string | undefined]>([
    [{ chain: 'grub' }, 'grub.cfg', 'grub'],
    [{ chain: 'grub-secureboot' }, 'grub.cfg', 'grub'],
    [{ files: { 'uefi-x64': '/EFI\\fedora\\grubx64.efi' } }, 'EFI/fedora/grub.cfg', 'grub'],
    [{ files: { 'uefi-x64': 'EFI/fedora/grubx64.efi' } }, 'grub.cfg', undefined],
    [{ file: 'efi/shimaa64.efi' }, 'efi/grub.cfg', 'grub'],
    [{ files: { 'uefi-x64': 'ipxe.efi' } }, 'grub.cfg', undefined],
  ])('%j: %s beside the configured GRUB: %s', (settings, path, loader) => expect(loaderAsking(path, levels(settings))).toBe(loader));
});
