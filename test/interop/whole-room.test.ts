/** One network with machines of every kind, all switched on at once: each gets its own. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Appliance, bench } from '../support/appliance.ts';
import { LINUX_SAYS, putBootImages, putImages, putSmallLinux } from '../support/boot-images.ts';
import type { Program } from '../support/program.ts';
import { firmwareFile, type PcOptions, startPc } from '../support/qemu.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

interface Machine extends PcOptions {
  /** The file that it has to get first. */
  readonly first: string;
  /** What it says at the end. */
  readonly says: string;
}

const ROOM: readonly Machine[] = [
  { firmware: 'bios', mac: '52:54:00:a0:00:01', first: 'pxelinux.0', says: LINUX_SAYS },
  { firmware: 'uefi', mac: '52:54:00:a0:00:02', first: 'grubx64.efi', says: LINUX_SAYS },
  { firmware: 'uefi', mac: '52:54:00:a0:00:03', first: 'ipxe.efi', says: LINUX_SAYS },
  { firmware: 'uefi-secure', mac: '52:54:00:a0:00:04', first: 'shimx64.efi', says: LINUX_SAYS },
  { firmware: 'uefi', by: 'http', mac: '52:54:00:a0:00:05', first: 'ipxe.efi', says: LINUX_SAYS },
  // Its Linux would be another one.
  { firmware: 'uefi-arm64', mac: '52:54:00:a0:00:06', first: 'grubaa64.efi', says: 'GRUB RUNS ON arm64' },
];

const TOOLS = [
  'qemu-system-x86_64',
  'qemu-system-aarch64',
  'apt-get',
  ...(['uefi', 'uefi-secure', 'uefi-arm64'] as const).map(firmwareFile),
];

describeWith(TOOLS, 'a room of machines', () => {
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
        files: { bios: 'pxelinux.0', 'uefi-x64': 'grubx64.efi', 'uefi-arm64': 'grubaa64.efi', 'uefi-x64-http': 'ipxe.efi' },
      },
      hosts: [
        // The card of a BIOS PC runs iPXE; it is to do as a ROM of another maker.
        { mac: '52:54:00:a0:00:01', boot: { ipxe: 'pxelinux.0' } },
        { mac: '52:54:00:a0:00:03', boot: 'ipxe' },
        { mac: '52:54:00:a0:00:04', boot: 'grub-secureboot' },
      ],
    });
    await putBootImages(appliance.tftpRoot);
    await putImages(appliance.tftpRoot, ['grub-arm64']);
    await putSmallLinux(appliance.tftpRoot);
    appliance.offer('grub/grub.cfg-01-52-54-00-a0-00-06', 'echo "GRUB RUNS ON $grub_cpu"\nsleep 1\nhalt\n');
  });

  afterEach(async () => {
    for (const machine of machines) await machine.kill();
    await appliance.stop();
  });

  afterAll(() => leaveNothing(ethernet));

  it('boots each by its own way', { timeout: 300_000 }, async () => {
    await appliance.start();
    const room = ROOM.map((machine) => ({ ...machine, program: startPc(ethernet, machine) }));
    machines = room.map(({ program }) => program);
    await Promise.all(room.map(({ program, says }) => program.waitFor(new RegExp(says), 280_000)));
    for (const { mac, first } of ROOM) {
      const [fetched] = appliance.events('transfer.done', { mac, direction: 'read' });
      expect([mac, String(fetched?.['path']).replace(/^\//, '')]).toEqual([mac, first]);
    }
    expect(appliance.events('transfer.failed')).toEqual([]);
  });
});
