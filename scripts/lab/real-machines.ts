/** Real firmware in virtual PCs: one with BIOS and one with UEFI, where QEMU is installed. */
import { join } from 'node:path';
import { putBootImages } from '../../test/support/boot-images.ts';
import { findTool } from '../../test/support/find-tool.ts';
import type { Program } from '../../test/support/program.ts';
import { type Firmware, firmwareFile, startPc } from '../../test/support/qemu.ts';
import type { VirtualSwitch } from '../../test/support/virtual-switch.ts';

export interface RealMachine {
  readonly name: string;
  readonly firmware: Firmware;
  readonly mac: string;
  /** Below the root. */
  readonly bootFile: string;
}

/** Where the real boot programs are, apart from those that simulated devices take for real. */
const FOLDER = 'real';

const MACHINES: readonly (RealMachine & { readonly needs: string })[] = [
  {
    name: 'qemu-bios',
    firmware: 'bios',
    mac: '52:54:00:5c:03:01',
    bootFile: `${FOLDER}/pxelinux.0`,
    needs: '/usr/lib/ipxe/qemu/pxe-virtio.rom',
  },
  {
    name: 'qemu-uefi',
    firmware: 'uefi',
    mac: '52:54:00:5c:03:02',
    bootFile: `${FOLDER}/grubx64.efi`,
    needs: firmwareFile('uefi'),
  },
];

/** Those that can run here, and why another cannot. */
export function realMachines(): { readonly there: readonly RealMachine[]; readonly missing: readonly string[] } {
  const emulator = findTool('qemu-system-x86_64') !== undefined;
  const there = MACHINES.filter(({ needs }) => emulator && findTool(needs) !== undefined);
  const missing = MACHINES.filter((machine) => !there.includes(machine)).map(
    ({ name, needs }) => `${name} is left out: ${emulator ? needs : 'qemu-system-x86_64'} is not installed (scripts/install-test-tools.sh)`,
  );
  return { there, missing };
}

/** Fetches their boot programs from Debian's packages, unless they were fetched before. */
export async function putRealFiles(root: string): Promise<void> {
  await putBootImages(join(root, FOLDER));
}

/** Switches one on; its serial line is the program's output. */
export function switchOn(plugInto: VirtualSwitch, { firmware, mac }: RealMachine): Program {
  return startPc(plugInto, { firmware, mac });
}
