/** PCs that boot from the network: QEMU with PC BIOS (SeaBIOS and the iPXE ROM of its card) or UEFI (OVMF). */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTool } from './find-tool.ts';
import type { Program } from './program.ts';
import { scratch } from './scratch.ts';
import type { VirtualSwitch } from './virtual-switch.ts';

/** Where distributions keep OVMF; the first that is there is taken. */
const OVMF = [
  { code: '/usr/share/OVMF/OVMF_CODE_4M.fd', variables: '/usr/share/OVMF/OVMF_VARS_4M.fd' },
  { code: '/usr/share/OVMF/OVMF_CODE.fd', variables: '/usr/share/OVMF/OVMF_VARS.fd' },
  { code: '/usr/share/edk2/x64/OVMF_CODE.4m.fd', variables: '/usr/share/edk2/x64/OVMF_VARS.4m.fd' },
];

export interface PcOptions {
  readonly firmware: 'bios' | 'uefi';
  readonly mac: string;
}

/**
 * Plugs a PC into the switch and turns it on; its first serial port is the program's output. It boots from the network
 * only, and is off for good when it powers down or resets. It is always emulated: under a KVM that is nested in another
 * hypervisor, as build machines have it, the real-mode code of ROMs may stand still.
 */
export function startPc(plugInto: VirtualSwitch, options: PcOptions): Program {
  const card = `virtio-net-pci,netdev=lan,mac=${options.mac}`;
  const command = [
    ...['-accel', 'tcg', '-m', '512', '-no-reboot', '-display', 'none', '-monitor', 'none', '-serial', 'stdio'],
    ...['-netdev', `tap,id=lan,ifname=${plugInto.tap()},script=no,downscript=no`],
    ...(options.firmware === 'bios'
      ? // Without graphics SeaBIOS copies the screen to the serial port, so the text of ROMs and menus is seen there too.
        ['-machine', 'pc,graphics=off', '-boot', 'n', '-device', card]
      : // An empty `romfile` leaves the network boot to the firmware itself, not to an iPXE ROM on the card.
        ['-machine', 'q35', ...flash(), '-device', `${card},romfile=,bootindex=0`, '-device', 'virtio-rng-pci']),
  ];
  return plugInto.namespace.start(['qemu-system-x86_64', ...command], { interactive: true });
}

/** The file that shows that UEFI firmware is installed, for `describeWith`. */
export function ovmfFile(): string {
  return OVMF.find(({ code }) => findTool(code) !== undefined)?.code ?? '/usr/share/OVMF/OVMF_CODE.fd';
}

function flash(): string[] {
  const image = OVMF.find(({ code }) => code === ovmfFile());
  if (image === undefined) return [];
  const variables = join(scratch('uefi'), 'variables.fd');
  copyFileSync(image.variables, variables);
  return ['-drive', `if=pflash,format=raw,readonly=on,file=${image.code}`, '-drive', `if=pflash,format=raw,file=${variables}`];
}
