/** A PC with Secure Boot on, with Microsoft's keys in its firmware: shim, Debian's signed GRUB and Debian's signed kernel. */
import { expect, it } from 'vitest';
import { LINUX_SAYS } from '../support/boot-images.ts';
import { describePc } from '../support/pc-bench.ts';
import { firmwareFile } from '../support/qemu.ts';

describePc([firmwareFile('uefi-secure')], 'a PC with Secure Boot', (onBench) => {
  it('gets shim, the GRUB beside it and a kernel, each signed, and runs them', async () => {
    const { appliance } = onBench();
    const mac = '52:54:00:5e:c0:01';
    // In a folder of its own: shim asks for grubx64.efi without one, or for another file of the root.
    appliance.move('shimx64.efi', 'debian/shimx64.efi');
    appliance.move('grubx64.efi', 'debian/grubx64.efi');
    const menu = ['set timeout=0', 'menuentry "Linux" {', '  linux /vmlinuz console=ttyS0 panic=-1', '  initrd /initrd.gz', '}'];
    appliance.offer('debian/grub/grub.cfg', `${menu.join('\n')}\n`);
    appliance.offer('grub/grub.cfg', `${menu.join('\n')}\n`);
    const pc = await onBench().turnOn({ firmware: 'uefi-secure', mac }, { files: { 'uefi-x64': 'debian/shimx64.efi' } });

    await pc.waitFor(new RegExp(LINUX_SAYS), 170_000);
    await pc.finished();

    const fetched = appliance.events('transfer.done', { mac, direction: 'read' });
    expect(fetched.map((event) => event['servedAs'] ?? event['path'])).toEqual(
      expect.arrayContaining(['debian/shimx64.efi', 'debian/grubx64.efi']),
    );
  });
});
