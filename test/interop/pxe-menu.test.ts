/** The menu that UEFI firmware shows by itself (PXE 2.1 §2.4): what was chosen is asked for on port 4011. */
import { expect, it } from 'vitest';
import { LINUX_SAYS } from '../support/boot-images.ts';
import { describePc } from '../support/pc-bench.ts';
import { firmwareFile } from '../support/qemu.ts';

/** Control-M, which this firmware takes for F8: terminals differ in what they send for that. */
const CONTROL_M = '\r';
const DOWN = '\x1b[B';
const ENTER = '\r';

describePc([firmwareFile('uefi')], 'a menu of the firmware', (onBench) => {
  const menu = {
    title: 'What shall this machine boot?',
    timeout: '10s',
    pxe: true,
    entries: [
      { name: 'ipxe', title: 'iPXE', file: { 'uefi-x64': 'ipxe.efi' } },
      { name: 'grub', title: 'GRUB and Linux', file: { 'uefi-x64': 'grubx64.efi' } },
    ],
  };

  it('is shown when somebody asks for it, and the chosen entry is started', async () => {
    const { appliance } = onBench();
    const mac = '52:54:00:3e:01:01';
    const lines = ['set timeout=0', 'menuentry "Linux" {', '  linux /vmlinuz console=ttyS0 panic=-1', '  initrd /initrd.gz', '}'];
    // GRUB would show the same menu; a file for one machine goes before it.
    appliance.offer('grub/grub.cfg-01-52-54-00-3e-01-01', `${lines.join('\n')}\n`);
    const pc = await onBench().turnOn({ firmware: 'uefi', mac }, { menu });
    await pc.waitFor(/What shall this machine boot\?/, 60_000);
    pc.type(CONTROL_M);
    await pc.waitFor(/GRUB and Linux/, 20_000);
    pc.type(DOWN);
    pc.type(ENTER);
    await appliance.event('boot.answered', { mac, bootFile: 'grubx64.efi' });
    await pc.waitFor(new RegExp(LINUX_SAYS), 110_000);
    await pc.finished();
  });

  it('starts its first entry when nobody does', async () => {
    const { appliance } = onBench();
    const mac = '52:54:00:3e:01:02';
    const pc = await onBench().turnOn({ firmware: 'uefi', mac }, { menu: { ...menu, timeout: '2s' }, ipxe: 'boot.ipxe' });
    await appliance.event('boot.answered', { mac, bootFile: 'ipxe.efi' });
    await pc.waitFor(/iPXE/, 60_000);
    expect(appliance.events('transfer.done', { mac, path: 'ipxe.efi' })).toHaveLength(1);
  });
});
