/** What the virtual PCs boot: real boot programs and a small Linux that says a word and powers off. */
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Program } from './program.ts';
import { scratch } from './scratch.ts';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
/** Downloads are kept here between runs: XDG_CACHE_HOME for the programs that fetch. */
const CACHE_HOME = join(CHECKOUT, 'node_modules/.cache');
const CACHE = join(CACHE_HOME, 'bootlace');

/** What the small Linux says on the serial line, followed by its kernel's command line. */
export const LINUX_SAYS = 'THE KERNEL RUNS:';

/** Copies the boot programs, and the menus of the repository's boot-images/, into `directory`. */
export async function putBootImages(directory: string): Promise<void> {
  const images = join(CACHE, 'images');
  await new Program([join(CHECKOUT, 'scripts/fetch-boot-images.sh'), images], { env: { XDG_CACHE_HOME: CACHE_HOME } }).succeeded(300_000);
  cpSync(images, directory, { recursive: true });
  for (const menu of ['boot.ipxe', 'pxelinux.cfg', 'grub'])
    cpSync(join(CHECKOUT, 'boot-images', menu), join(directory, menu), { recursive: true });
}

/** Fetches these images into `directory`, as an operator would. */
export async function putImages(directory: string, names: readonly string[]): Promise<void> {
  const command = [process.execPath, join(CHECKOUT, 'bin/bootlace.js'), 'images', 'fetch', ...names, '--root', directory] as const;
  await new Program(command, { env: { XDG_CACHE_HOME: CACHE_HOME } }).succeeded(300_000);
}

/** Puts `vmlinuz` and `initrd.gz` into `directory`: a Linux that says `LINUX_SAYS` on the serial line and powers off. */
export async function putSmallLinux(directory: string): Promise<void> {
  const parts = join(CACHE, 'kernel');
  await new Program([process.execPath, join(CHECKOUT, 'scripts/fetch-test-kernel.ts'), parts, CACHE]).succeeded(300_000);
  copyFileSync(join(parts, 'vmlinuz'), join(directory, 'vmlinuz'));
  writeFileSync(join(directory, 'initrd.gz'), await buildInitrd(join(parts, 'busybox')));
}

/** An initial RAM disk with one program, busybox, which packs it too. */
async function buildInitrd(busybox: string): Promise<Uint8Array> {
  const root = scratch('initrd');
  mkdirSync(join(root, 'bin'));
  mkdirSync(join(root, 'proc'));
  copyFileSync(busybox, join(root, 'bin/busybox'));
  chmodSync(join(root, 'bin/busybox'), 0o755);
  symlinkSync('busybox', join(root, 'bin/sh'));
  const init = ['#!/bin/sh', '/bin/busybox mount -t proc proc /proc', `echo "${LINUX_SAYS} $(/bin/busybox cat /proc/cmdline)"`];
  writeFileSync(join(root, 'init'), `${[...init, '/bin/busybox poweroff -f'].join('\n')}\n`, { mode: 0o755 });
  const archive = join(scratch('archive'), 'initrd.gz');
  const pack = `cd "$1" && find . | "$2" cpio -o -H newc | gzip -1 > "$3"`;
  await new Program(['sh', '-c', pack, 'sh', root, join(root, 'bin/busybox'), archive]).succeeded();
  return readFileSync(archive);
}
