/**
 * PXE ROMs and UEFI's network stack.
 *
 * | firmware | takes | source |
 * | --- | --- | --- |
 * | Intel Boot Agent, most BIOS ROMs | file and siaddr; with the class PXEClient also option 43 that says "just download it" | PXE 2.1 table 2-1 |
 * | EDK2 | the class with any of 43.6 to 43.10: the file of the offer; the class without 43: always port 4011 | PxeBcDhcp4.c |
 * | EDK2 | neither: the file of the offer, when it carries one | PxeBcDhcp4.c |
 * | some Supermicro and HP boards | only one of these | bug reports of other servers |
 */
import { latin1Bytes } from '../../base/bytes.ts';
import { OPTION } from '../../dhcp/codes.ts';
import type { DhcpRequest } from '../../dhcp/request.ts';
import { pxeMenuOptions } from '../pxe-menu.ts';
import type { Asked, FirmwareProfile, ReplyShape } from './profile.ts';

const CLASS = latin1Bytes('PXEClient');
/**
 * PXE 2.1 table 2-1, discovery control (tag 6) bit 3: "a boot file name is in the offer, just download it".
 * Without it a ROM that sees the class PXEClient asks a boot server on port 4011 first and ends in PXE-E55.
 */
const JUST_DOWNLOAD = Uint8Array.of(6, 1, 8, 255);

/** Everything in the offer. */
export const IN_OFFER: ReplyShape = {
  what: 'with the class PXEClient and option 43',
  namesFile: true,
  options({ request, pxeMenu }) {
    const vendorSpecific = pxeMenu === undefined ? undefined : pxeMenuOptions(pxeMenu, request.via.server);
    return new Map([
      [OPTION.vendorClass as number, CLASS],
      [OPTION.vendorSpecific, vendorSpecific ?? JUST_DOWNLOAD],
      ...machineOf(request),
    ]);
  },
};

/** An address, a server and a file, as to any other client. */
const PLAIN: ReplyShape = {
  what: 'without the class PXEClient and option 43',
  namesFile: true,
  options: ({ request }) => new Map(machineOf(request)),
};

/** The class alone: the file is told on port 4011 (a "BINL" server). */
export const ON_4011: ReplyShape = {
  what: 'with the class PXEClient, and the file on port 4011',
  namesFile: false,
  options: ({ request }) => new Map([[OPTION.vendorClass as number, CLASS], ...machineOf(request)]),
};

/** *Field note:* some ROMs pass over offers without their own machine identifier. */
export function machineOf(request: DhcpRequest): readonly (readonly [number, Uint8Array])[] {
  const machine = request.packet.options.get(OPTION.clientMachineId);
  return machine === undefined ? [] : [[OPTION.clientMachineId, machine]];
}

export const PXE: FirmwareProfile = {
  loader: 'pxe',
  evidence: 'PXE 2.1; EDK2 NetworkPkg/UefiPxeBcDxe; dnsmasq',
  needsNoFile: false,
  shapes({ facts, role, pxeMenu }: Asked) {
    // What has no class of PXE sees nothing in an answer that has it.
    if (!facts.vendorClass.startsWith('PXEClient')) return [PLAIN];
    if (role === 'dhcp') return facts.architecture === 'bios' ? [IN_OFFER, PLAIN, ON_4011] : [IN_OFFER, ON_4011, PLAIN];
    // Beside another server, UEFI is led to port 4011: many a UEFI takes a file from a proxy's offer wrongly, or not at all.
    return facts.architecture === 'bios' || pxeMenu !== undefined ? [IN_OFFER, ON_4011] : [ON_4011, IN_OFFER];
  },
};
