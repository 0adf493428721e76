/** A PC with BIOS firmware and the iPXE ROM of its network card boots from the appliance. */
import { expect, it } from 'vitest';
import { LINUX_SAYS } from '../support/boot-images.ts';
import { describePc } from '../support/pc-bench.ts';

// The ROM of the card is an iPXE: without `boot.ipxe` it gets the file of its architecture, as the ROM of another maker would.
const FILES = { bios: 'pxelinux.0' };

describePc(['/usr/lib/ipxe/qemu/pxe-virtio.rom'], 'a BIOS PC', (onBench) => {
  it('gets pxelinux.0, its menu, a kernel and an initial RAM disk, and runs them', async () => {
    const { appliance } = onBench();
    const mac = '52:54:00:b1:05:01';
    const menu = [
      'DEFAULT menu.c32',
      'TIMEOUT 10',
      'MENU TITLE Machines of the bench',
      'LABEL linux',
      'KERNEL vmlinuz',
      'INITRD initrd.gz',
      'APPEND console=ttyS0 panic=-1',
      'IPAPPEND 2',
    ];
    appliance.offer('pxelinux.cfg/01-52-54-00-b1-05-01', `${menu.join('\n')}\n`);
    const pc = await onBench().turnOn({ firmware: 'bios', mac }, { files: FILES });

    await pc.waitFor(/Machines of the bench/, 60_000);
    const [line] = await pc.waitFor(new RegExp(`${LINUX_SAYS}[^\\n]*\\n`), 90_000);
    expect(line).toContain('BOOTIF=01-52-54-00-b1-05-01');
    await pc.finished();

    await appliance.event('lease.bound', { mac, bootFile: 'pxelinux.0' });
    const fetched = appliance.events('transfer.done', { mac, direction: 'read' }).map((event) => event['path']);
    expect(fetched).toEqual(expect.arrayContaining(['pxelinux.0', 'ldlinux.c32', 'menu.c32', 'vmlinuz', 'initrd.gz']));
    expect(appliance.events('transfer.failed', { mac })).toEqual([]);
  });

  it('gets boot.ipxe as soon as it runs iPXE, shows its menu, and goes on to the menu of pxelinux.cfg/default', async () => {
    const { appliance } = onBench();
    const mac = '52:54:00:b1:05:02';
    const pc = await onBench().turnOn({ firmware: 'bios', mac }, { files: FILES, ipxe: 'boot.ipxe' });

    await pc.waitFor(/\[l\] PXELINUX or GRUB from the server/, 60_000);
    expect(pc.output).toContain(mac);
    pc.type('l');
    await pc.waitFor(/Automatic boot in/, 60_000);

    await appliance.event('lease.bound', { mac, bootFile: 'http://192.168.77.1:8080/boot.ipxe' });
    await appliance.event('transfer.done', { mac, path: 'pxelinux.cfg/default' });
  });
});
