/** Yealink: SIP-T, CP, W. */
import { latin1Text } from '../../../base/bytes.ts';
import { OPTION } from '../../../dhcp/codes.ts';
import type { DhcpPacket } from '../../../dhcp/packet.ts';
import { vendorClassOf } from '../../client-facts.ts';
import { MAC, mayMiss, mustBe, PUT_CONFIGURATION, PUT_FIRMWARE } from '../asked.ts';
import type { DeviceProfile } from '../device-profile.ts';
import { texts, vlanText } from '../dialect.ts';

/**
 * The last two or three digits of `y0000000000NN.cfg`, the file of all phones of a model: as in the first number of its firmware's version.
 * Seen in public provisioning tables: 25 28 29 35 36 37 52 53 54 58 65 to 70 73 74 76 77 78 108; the others are from the versions.
 */
export const YEALINK_HARDWARE: ReadonlyMap<string, number> = new Map([
  ['T20P', 7],
  ['T22P', 5],
  ['T26P', 4],
  ['T28P', 0],
  ['T32G', 32],
  ['T38G', 38],
  ['T19P_E2', 53],
  ['T21P_E2', 52],
  ['T23P', 44],
  ['T23G', 44],
  ['T27P', 45],
  ['T27G', 69],
  ['T29G', 46],
  ['T31P', 123],
  ['T31G', 123],
  ['T33G', 124],
  ['T40P', 54],
  ['T40G', 76],
  ['T41P', 36],
  ['T41S', 68],
  ['T42G', 29],
  ['T42S', 67],
  ['T42U', 108],
  ['T43U', 107],
  ['T46G', 28],
  ['T46S', 66],
  ['T46U', 108],
  ['T48G', 35],
  ['T48S', 65],
  ['T48U', 108],
  ['T52S', 74],
  ['T53', 95],
  ['T53W', 95],
  ['T54S', 70],
  ['T54W', 96],
  ['T57W', 97],
  ['T58', 58],
  ['W52P', 25],
  ['W60B', 77],
  ['W90', 130],
  ['CP860', 37],
  ['CP920', 78],
  ['CP960', 73],
]);

/** The name of the file of all phones of a model; undefined for one that is not in the table. `SIP-T48S` and `T48S` are the same. */
export function commonFileOf(model: string): string | undefined {
  const id = YEALINK_HARDWARE.get(model.replace(/^sip-/i, '').toUpperCase());
  return id === undefined ? undefined : `y${String(id).padStart(12, '0')}.cfg`;
}

/** The host name that it gives itself from the works is its model. */
function modelOf(packet: DhcpPacket): string | undefined {
  const name = latin1Text(packet.options.get(OPTION.hostName) ?? new Uint8Array());
  return /^(?:sip-t\w+|w\d{2}\w*|cp\d{3}\w*)/i.exec(name)?.[0];
}

export const YEALINK: DeviceProfile = {
  name: 'yealink',
  title: 'Yealink phone',
  kind: 'phone',
  evidence:
    'class, host name and parameter list: a public table of DHCP fingerprints; the option of one’s own before 66, and boot files: Yealink guides; hardware ids: public provisioning tables',
  signs: { classes: ['yealink'] },
  recognise(packet) {
    return /^yealink/i.test(vendorClassOf(packet)) ? { model: modelOf(packet), serial: undefined } : undefined;
  },
  provision(server) {
    return new Map([...texts([OPTION.tftpServerName, 160, 161], server.url), ...vlanText(server)]);
  },
  files: [
    mayMiss(`${MAC}\\.boot`, 'boot file', 'without boot files it goes on to its .cfg files'),
    mayMiss('y0{12}\\.boot', 'boot file of all', 'without boot files it goes on to its .cfg files'),
    mayMiss('y\\d{12}\\.cfg', 'configuration of its model', 'it goes on to its own'),
    mustBe(`${MAC}\\.cfg`, 'configuration', PUT_CONFIGURATION),
    mayMiss(`${MAC}-(?:local|all|calllog|contact)\\.(?:cfg|xml)`, 'its own settings', 'it asks for what it may have stored itself'),
    mustBe('[\\w.() -]+\\.rom', 'firmware', PUT_FIRMWARE),
  ],
};
