/** A PC with UEFI firmware boots from the appliance, by GRUB and by iPXE. */
import { expect, it } from 'vitest';
import { LINUX_SAYS } from '../support/boot-images.ts';
import { describePc } from '../support/pc-bench.ts';
import { firmwareFile } from '../support/qemu.ts';

describePc([firmwareFile('uefi')], 'a UEFI PC', (onBench) => {
  it('gets GRUB, the menu of its own hardware address, a kernel and an initial RAM disk, and runs them', async () => {
    const { appliance } = onBench();
    const mac = '52:54:00:0e:f1:01';
    const menu = [
      'set timeout=1',
      'menuentry "Machines of the bench" {',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is GRUB's to fill in
      '  linux /vmlinuz console=ttyS0 panic=-1 booted-from=${pxe_default_server}',
      '  initrd /initrd.gz',
      '}',
    ];
    appliance.offer('grub/grub.cfg-01-52-54-00-0e-f1-01', `${menu.join('\n')}\n`);
    const pc = await onBench().turnOn({ firmware: 'uefi', mac }, { files: { bios: 'pxelinux.0', 'uefi-x64': 'grubx64.efi' } });

    const [line] = await pc.waitFor(new RegExp(`${LINUX_SAYS}[^\\n]*\\n`), 110_000);
    expect(line).toContain('booted-from=192.168.77.1');
    await pc.finished();

    await appliance.event('lease.bound', { mac, bootFile: 'grubx64.efi' });
    const fetched = appliance.events('transfer.done', { mac, direction: 'read' }).map((event) => event['path']);
    expect(fetched.map((path) => String(path).replace(/^\//, ''))).toEqual(expect.arrayContaining(['grubx64.efi', 'vmlinuz', 'initrd.gz']));
  });

  it('gets iPXE, then boot.ipxe and its menu, and goes on to GRUB and the menu of grub/grub.cfg', async () => {
    const { appliance } = onBench();
    const mac = '52:54:00:0e:f1:02';
    const pc = await onBench().turnOn({ firmware: 'uefi', mac }, { files: { 'uefi-x64': 'ipxe.efi' }, ipxe: 'boot.ipxe' });

    await pc.waitFor(/\[l\] PXELINUX or GRUB from the server/, 60_000);
    expect(pc.output).toContain(mac);
    pc.type('l');
    await pc.waitFor(/executed automatically in/, 60_000);

    await appliance.event('lease.bound', { mac, bootFile: 'ipxe.efi' });
    await appliance.event('lease.bound', { mac, bootFile: 'http://192.168.77.1:8080/boot.ipxe' });
  });
});
