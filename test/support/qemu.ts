/** Machines that boot from the network: QEMU with PC BIOS (SeaBIOS and the iPXE ROM of its card), UEFI for PCs (OVMF) or for 64-bit ARM (AAVMF). */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTool } from './find-tool.ts';
import type { Program } from './program.ts';
import { scratch } from './scratch.ts';
import type { VirtualSwitch } from './virtual-switch.ts';

/** Firmware in a flash memory: its code, and the variables that it begins with. */
interface Flash {
  readonly code: string;
  readonly variables: string;
}

/** Where distributions keep it; the first that is there is taken. */
const FLASHES = {
  uefi: [
    { code: '/usr/share/OVMF/OVMF_CODE_4M.fd', variables: '/usr/share/OVMF/OVMF_VARS_4M.fd' },
    { code: '/usr/share/OVMF/OVMF_CODE.fd', variables: '/usr/share/OVMF/OVMF_VARS.fd' },
    { code: '/usr/share/edk2/x64/OVMF_CODE.4m.fd', variables: '/usr/share/edk2/x64/OVMF_VARS.4m.fd' },
  ],
  // Secure Boot is on, with the keys of Microsoft.
  'uefi-secure': [{ code: '/usr/share/OVMF/OVMF_CODE_4M.secboot.fd', variables: '/usr/share/OVMF/OVMF_VARS_4M.ms.fd' }],
  'uefi-arm64': [{ code: '/usr/share/AAVMF/AAVMF_CODE.fd', variables: '/usr/share/AAVMF/AAVMF_VARS.fd' }],
} as const satisfies Readonly<Record<string, readonly Flash[]>>;

export type Firmware = 'bios' | keyof typeof FLASHES;

export interface PcOptions {
  readonly firmware: Firmware;
  readonly mac: string;
  /** `http`: its firmware does not try PXE before HTTP boot, which takes minutes. */
  readonly by?: 'http';
  /** MiB; 512 where it is not said, 768 on ARM. */
  readonly memory?: number;
}

/**
 * Plugs a PC into the switch and turns it on; its first serial port is the program's output. It boots from the network
 * only, and is off for good when it powers down or resets. It is always emulated: under a KVM that is nested in another
 * hypervisor, as build machines have it, the real-mode code of ROMs may stand still.
 */
export function startPc(
  plugInto: VirtualSwitch,
  { firmware, mac, by, memory = firmware === 'uefi-arm64' ? 768 : 512 }: PcOptions,
): Program {
  const command = [
    ...['-accel', 'tcg', '-m', `${memory}`, '-no-reboot', '-display', 'none', '-monitor', 'none', '-serial', 'stdio'],
    ...['-netdev', `tap,id=lan,ifname=${plugInto.tap()},script=no,downscript=no`],
    ...(by === 'http' ? NO_PXE : []),
    ...machineOf(firmware, `virtio-net-pci,netdev=lan,mac=${mac}`),
  ];
  const emulator = firmware === 'uefi-arm64' ? 'qemu-system-aarch64' : 'qemu-system-x86_64';
  return plugInto.namespace.start([emulator, ...command], { interactive: true });
}

/** Switches of OVMF. */
const NO_PXE = ['IPv4PXESupport', 'IPv6PXESupport'].flatMap((name) => ['-fw_cfg', `name=opt/org.tianocore/${name},string=n`]);

function machineOf(firmware: Firmware, card: string): readonly string[] {
  // An empty `romfile` leaves the network boot to the firmware itself, not to an iPXE ROM on the card.
  const byFirmware = ['-device', `${card},romfile=,bootindex=0`, '-device', 'virtio-rng-pci'];
  switch (firmware) {
    case 'bios':
      // Without graphics SeaBIOS copies the screen to the serial port, so the text of ROMs and menus is seen there too.
      return ['-machine', 'pc,graphics=off', '-boot', 'n', '-device', card];
    case 'uefi':
      return ['-machine', 'q35', ...flash(firmware), ...byFirmware];
    case 'uefi-secure':
      // The variables are written by code in system management mode alone, or Secure Boot would mean nothing.
      return [
        ...['-machine', 'q35,smm=on', '-global', 'driver=cfi.pflash01,property=secure,value=on'],
        ...[...flash(firmware), ...byFirmware],
      ];
    case 'uefi-arm64':
      return ['-machine', 'virt', '-cpu', 'cortex-a57', ...flash(firmware), ...byFirmware];
  }
}

/** The file that shows that firmware is installed, for `describeWith`. */
export function firmwareFile(firmware: keyof typeof FLASHES): string {
  const flashes: readonly Flash[] = FLASHES[firmware];
  return (flashes.find(({ code }) => findTool(code) !== undefined) ?? FLASHES[firmware][0]).code;
}

function flash(firmware: keyof typeof FLASHES): string[] {
  const code = firmwareFile(firmware);
  const image = FLASHES[firmware].find((one) => one.code === code) ?? FLASHES[firmware][0];
  const variables = join(scratch('uefi'), 'variables.fd');
  copyFileSync(image.variables, variables);
  return [
    '-drive',
    `if=pflash,unit=0,format=raw,readonly=on,file=${image.code}`,
    '-drive',
    `if=pflash,unit=1,format=raw,file=${variables}`,
  ];
}
