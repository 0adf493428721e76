/** A 64-bit ARM machine with UEFI firmware. */
import { expect, it } from 'vitest';
import { putImages } from '../support/boot-images.ts';
import { describePc } from '../support/pc-bench.ts';
import { firmwareFile } from '../support/qemu.ts';

describePc(['qemu-system-aarch64', firmwareFile('uefi-arm64')], 'a 64-bit ARM machine', (onBench) => {
  it('gets GRUB for its architecture, and its menu', async () => {
    const { appliance } = onBench();
    const mac = '52:54:00:aa:64:01';
    await putImages(appliance.tftpRoot, ['grub-arm64']);
    appliance.offer('grub/grub.cfg', 'echo "GRUB RUNS ON $grub_cpu"\nsleep 1\nhalt\n');
    const pc = await onBench().turnOn({ firmware: 'uefi-arm64', mac }, 'pxelinux');
    await pc.waitFor(/GRUB RUNS ON arm64/, 110_000);
    await appliance.event('lease.bound', { mac, bootFile: 'grubaa64.efi' });
    expect(appliance.events('transfer.failed', { mac })).toEqual([]);
  });
});
