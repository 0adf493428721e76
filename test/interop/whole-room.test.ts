/** One network with machines of every kind, all switched on at once: each gets its own. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Appliance, bench } from '../support/appliance.ts';
import { LINUX_SAYS, putBootImages, putSmallLinux } from '../support/boot-images.ts';
import type { Program } from '../support/program.ts';
import { type Firmware, firmwareFile, startPc } from '../support/qemu.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

/** Each with the file that it has to get first. */
const ROOM: readonly { readonly firmware: Firmware; readonly mac: string; readonly first: string }[] = [
  { firmware: 'bios', mac: '52:54:00:a0:00:01', first: 'pxelinux.0' },
  { firmware: 'uefi', mac: '52:54:00:a0:00:02', first: 'grubx64.efi' },
  { firmware: 'uefi', mac: '52:54:00:a0:00:03', first: 'ipxe.efi' },
  { firmware: 'uefi-secure', mac: '52:54:00:a0:00:04', first: 'shimx64.efi' },
];

describeWith(['qemu-system-x86_64', 'apt-get', firmwareFile('uefi'), firmwareFile('uefi-secure')], 'a room of machines', () => {
  let ethernet: VirtualSwitch;
  let appliance: Appliance;
  let machines: readonly Program[] = [];

  beforeAll(async () => {
    ethernet = new VirtualSwitch();
    appliance = new Appliance(plugLaptop(ethernet).laptop, {
      networks: [bench()],
      boot: {
        menu: {
          timeout: '1s',
          entries: [{ name: 'linux', kernel: 'vmlinuz', initrd: 'initrd.gz', args: 'console=ttyS0 panic=-1' }],
        },
        files: { bios: 'pxelinux.0', 'uefi-x64': 'grubx64.efi' },
      },
      hosts: [
        // The card of a BIOS PC runs iPXE; it is to do as a ROM of another maker.
        { mac: '52:54:00:a0:00:01', boot: { ipxe: 'pxelinux.0' } },
        { mac: '52:54:00:a0:00:03', boot: 'ipxe' },
        { mac: '52:54:00:a0:00:04', boot: 'grub-secureboot' },
      ],
    });
    await putBootImages(appliance.tftpRoot);
    await putSmallLinux(appliance.tftpRoot);
  });

  afterEach(async () => {
    for (const machine of machines) await machine.kill();
    await appliance.stop();
  });

  afterAll(() => leaveNothing(ethernet));

  it('boots each by its own way to the same Linux', { timeout: 300_000 }, async () => {
    await appliance.start();
    machines = ROOM.map(({ firmware, mac }) => startPc(ethernet, { firmware, mac }));
    await Promise.all(machines.map((machine) => machine.waitFor(new RegExp(LINUX_SAYS), 280_000)));
    for (const { mac, first } of ROOM) {
      const [fetched] = appliance.events('transfer.done', { mac, direction: 'read' });
      expect([mac, String(fetched?.['path']).replace(/^\//, '')]).toEqual([mac, first]);
    }
    expect(appliance.events('transfer.failed')).toEqual([]);
  });
});
