import { describe, expect, test } from 'vitest';
import { EXPECTED_MISSES, expectedMiss, missAdvice } from '../../src/boot/expected-misses.ts';

describe('a miss that is normal', () => {
  test.each([
    ['pxelinux.cfg/b8945908-d6a6-41a9-611d-74a6ab80b83d', 'PXELINUX'],
    ['/mybootdir/pxelinux.cfg/01-88-99-aa-bb-cc-dd', 'PXELINUX'],
    ['pxelinux.cfg/C0A84D01', 'PXELINUX'],
    ['pxelinux.cfg/C', 'PXELINUX'],
    ['pxelinux.cfg/default-arm-bcm283x-rpi', 'U-Boot'],
    ['grub/grub.cfg-7726a678-7fc0-4853-a4f6-c85ac36a120a', 'GRUB'],
    ['/grub/grub.cfg-01-52-54-00-ec-33-81', 'GRUB'],
    ['grub.cfg-0A000082', 'GRUB'],
    ['grub/x86_64-efi/crypto.lst', 'GRUB'],
    ['autoexec.ipxe', 'iPXE'],
    ['\\EFI\\BOOT\\revocations.efi', 'shim'],
    ['CTLSEP001B54AABBCC.tlv', 'Cisco IP phone'],
    ['ITLSEP001B54AABBCC.tlv', 'Cisco IP phone'],
    ['ITLFile.tlv', 'Cisco IP phone'],
    ['SEP001B54AABBCC.cnf.xml.sgn', 'Cisco IP phone'],
    ['network-confg', 'Cisco IOS'],
    ['cisconet.cfg', 'Cisco IOS'],
    ['router-confg', 'Cisco IOS'],
    ['switch1-confg', 'Cisco IOS'],
    ['network.conf', 'Juniper'],
    ['netdesc.cfg', 'HPE and H3C Comware'],
    ['fp-net.cfg', 'Dell N, Netgear'],
    ['0004f2aabbcc-phone.cfg', 'Poly phone'],
    ['000000000000-directory.xml', 'Poly phone'],
    ['y000000000000.boot', 'Yealink phone'],
    ['00-11-22-33-44-55/onie-installer-x86_64-acme_1-r0', 'ONIE'],
    ['onie-installer.bin', 'ONIE'],
    ['1a2b3c4d/start4.elf', 'Raspberry Pi'],
    ['dc-a6-32-01-36-c2/config.txt', 'Raspberry Pi'],
    ['recovery.elf', 'Raspberry Pi'],
  ])('%j: %s', (name, device) => expect(expectedMiss(name)).toMatch(new RegExp(`^${device}`)));
});

describe('a miss that may be a fault', () => {
  test.each([
    'pxelinux.0',
    'pxelinux.cfg/default',
    'grub/grub.cfg',
    'grubx64.efi',
    'SEP001B54AABBCC.cnf.xml',
    'XMLDefault.cnf.xml',
    '001b54aabbcc.cfg',
    'config.txt',
    'start4.elf',
    'C0A84D01.img',
    '',
  ])('%j', (name) => expect(expectedMiss(name)).toBeUndefined());
});

describe('a device whose family is known', () => {
  test.each([
    ['001565112233.cfg', 'yealink', undefined, 'Yealink phone asks for its configuration: put it'],
    ['0004f2aabbcc.cfg', 'polycom', 'Poly phone: it asks for 000000000000.cfg next', undefined],
    ['c81feA83e85a.cfg', 'avaya', 'Avaya phone: 46xxsettings.txt is enough for it', undefined],
    // Its habits are its family's first, and then everybody's.
    ['pxelinux.cfg/C0A84D01', 'yealink', 'PXELINUX', undefined],
    ['readme.txt', 'yealink', undefined, undefined],
    ['SIP42.9-4-2SR3-1S.loads', undefined, undefined, 'asks for its firmware: put the firmware'],
    ['001565112233.cfg', undefined, undefined, undefined],
    ['x', 'no-such-family', undefined, undefined],
  ])('%j of %s', (name, profile, normal, advice) => {
    const said = (text: string | undefined): unknown => (text === undefined ? undefined : expect.stringContaining(text));
    expect([expectedMiss(name, profile), missAdvice(name, profile)]).toEqual([said(normal), said(advice)]);
  });
});

test('every row says whose habit it is, and where that is written down', () => {
  for (const { device, say, source } of EXPECTED_MISSES) expect([device, say, source].every((text) => text.length > 3)).toBe(true);
});
