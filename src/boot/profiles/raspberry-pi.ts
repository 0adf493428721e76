/**
 * Raspberry Pi. It asks for its files by itself: the Pi 3 for `bootcode.bin`, later ones for `start4.elf` and `config.txt` in a folder called
 * like their serial number or MAC.
 *
 * | model | needs | source |
 * | --- | --- | --- |
 * | 3 | option 43 with the text "Raspberry Pi Boot" and three spaces behind it; takes the offer and sends no REQUEST | boot-net.adoc |
 * | 3B+, 4, 5 | option 43 with the text "Raspberry Pi Boot"; the TFTP server in siaddr | boot-net.adoc, eeprom-bootloader.adoc |
 * | some 4 | the TFTP server in 66, too, without a NUL behind it: offers without it are passed over | bug reports of other servers |
 */
import { showIpv4 } from '../../base/addresses.ts';
import { latin1Bytes } from '../../base/bytes.ts';
import { OPTION } from '../../dhcp/codes.ts';
import type { FirmwareProfile, ReplyShape } from './profile.ts';
import { machineOf } from './pxe.ts';

/**
 * The octets that its documentation has: discovery control 3, a prompt "PXE" that does not wait, and a menu with one entry of type 0. Its ROM
 * looks for the text and for nothing else.
 */
function menuOf(text: string): Uint8Array {
  return Uint8Array.of(6, 1, 3, 10, 4, 0, ...latin1Bytes('PXE'), 9, text.length + 3, 0, 0, text.length, ...latin1Bytes(text), 255);
}

const shapeWith = (what: string, text: string): ReplyShape => ({
  what,
  namesFile: false,
  options: ({ request }) =>
    new Map([
      [OPTION.vendorClass as number, latin1Bytes('PXEClient')],
      [OPTION.vendorSpecific, menuOf(text)],
      [OPTION.tftpServerName, latin1Bytes(showIpv4(request.via.server))],
      ...machineOf(request),
    ]),
});

const NAMED = shapeWith('with its own name in option 43', 'Raspberry Pi Boot');
/** The first ROM of the Pi 3 compares with the three spaces that its text ends in. */
const NAMED_WITH_SPACES = shapeWith('with its own name and three spaces in option 43', 'Raspberry Pi Boot   ');

export const RASPBERRY_PI: FirmwareProfile = {
  loader: 'raspberry-pi',
  evidence: 'raspberrypi/documentation: boot-net.adoc, eeprom-bootloader.adoc',
  needsNoFile: true,
  shapes: () => [NAMED, NAMED_WITH_SPACES],
};
