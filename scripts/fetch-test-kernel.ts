/**
 * Puts what the boot tests start on a virtual PC into a directory: a Linux kernel and a static busybox, taken from Debian's packages.
 * Nothing is installed.
 *
 *   node scripts/fetch-test-kernel.ts DIRECTORY CACHE
 */
import { join, resolve } from 'node:path';
import { aptSource } from '../src/images/apt-source.ts';
import type { BootImage, ImagePart } from '../src/images/catalogue.ts';
import { fetchImages } from '../src/images/fetch-images.ts';
import { PackageCache } from '../src/images/package-cache.ts';
import { runProgram } from '../src/images/run-program.ts';

/** The kernels that Debian and Ubuntu build for virtual machines, then those for all machines. */
const NEWEST_KERNELS = ['linux-image-cloud-amd64', 'linux-image-virtual', 'linux-image-amd64', 'linux-image-generic'];

/** The kernel's package carries its version in its name; a package without one depends on the newest. */
async function kernelPackages(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of NEWEST_KERNELS) {
    const { stdout } = await runProgram(['apt-cache', 'depends', name]);
    found.push(...(/^ +Depends: (linux-image-\d\S*)/m.exec(stdout)?.slice(1, 2) ?? []));
  }
  return found;
}

async function main([directory, cache]: readonly string[]): Promise<void> {
  if (directory === undefined || cache === undefined) throw new Error('usage: fetch-test-kernel.ts DIRECTORY CACHE');
  const parts: readonly ImagePart[] = [
    { packages: await kernelPackages(), architecture: 'amd64', files: [{ place: 'vmlinuz', inside: ['boot/vmlinuz-*'] }] },
    { packages: ['busybox-static'], architecture: 'amd64', files: [{ place: 'busybox', inside: ['bin/busybox'] }] },
  ];
  const image: BootImage = { name: 'test-kernel', what: 'what the boot tests start', octets: 0, downloadOctets: 0, parts };
  const order = {
    images: [image],
    root: resolve(directory),
    isForced: false,
    source: await aptSource(resolve(cache)),
    cache: new PackageCache(join(resolve(cache), 'packages')),
    now: () => new Date(),
  };
  const silent = () => undefined;
  const outcomes = await fetchImages(order, {
    signal: new AbortController().signal,
    arrived: silent,
    planned: silent,
    began: ({ name, version }) => console.log(`${name} ${version}`),
    ended: silent,
    note: (text) => console.error(text),
  });
  const failures = outcomes.flatMap((outcome) => (outcome.did === 'failed' ? [outcome.why] : []));
  if (failures.length > 0) throw new Error(failures.join('\n'));
}

try {
  await main(process.argv.slice(2));
} catch (fault) {
  console.error(`fetch-test-kernel: ${fault instanceof Error ? fault.message : String(fault)}`);
  process.exitCode = 1;
}
