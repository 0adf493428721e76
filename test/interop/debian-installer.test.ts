/** Debian's installer, as `bootlace images` brings it, from power-on to its first screen. */
import { expect, it } from 'vitest';
import { putImages } from '../support/boot-images.ts';
import { describePc } from '../support/pc-bench.ts';

describePc(['/usr/lib/ipxe/qemu/pxe-virtio.rom'], 'a PC that is to be installed', (onBench) => {
  it('gets the kernel and the initial RAM disk by HTTP, and asks for the language', async () => {
    const { appliance } = onBench();
    const mac = '52:54:00:de:b1:01';
    await putImages(appliance.tftpRoot, ['debian-installer']);
    const folder = 'debian-installer/amd64';
    const script = ['#!ipxe', `kernel ${folder}/linux initrd=initrd.gz console=ttyS0 ---`, `initrd ${folder}/initrd.gz`, 'boot'];
    appliance.offer('boot.ipxe', `${script.join('\n')}\n`);
    const pc = await onBench().turnOn({ firmware: 'bios', mac, memory: 1024 }, 'ipxe');
    await pc.waitFor(/Select a language/, 110_000);
    const fetched = appliance.events('transfer.done', { mac, protocol: 'http' }).map((event) => event['path']);
    expect(fetched).toEqual(expect.arrayContaining([`${folder}/linux`, `${folder}/initrd.gz`]));
  });
});
