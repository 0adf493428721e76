import { describe, expect, test } from 'vitest';
import { macsInName } from '../../src/boot/mac-in-name.ts';

describe('the MAC in a name', () => {
  test.each([
    ['Cisco phones', 'SEP001B54AABBCC.cnf.xml'],
    ['Cisco phones', 'CTLSEP001B54AABBCC.tlv'],
    ['Cisco ATA', 'ATA001B54AABBCC.cnf.xml'],
    ['Cisco 7940', 'SIP001B54AABBCC.cnf'],
    ['Cisco SPA', 'spa001b54aabbcc.cfg'],
    ['Polycom, Yealink, Fanvil', '001b54aabbcc.cfg'],
    ['Polycom', '001b54aabbcc-phone.cfg'],
    ['Aastra', '001B54AABBCC.cfg'],
    ['Grandstream', 'cfg001b54aabbcc.xml'],
    ['snom', 'snom760-001B54AABBCC.htm'],
    ['Panasonic', 'Config001B54AABBCC.cfg'],
    ['Alcatel', 'config.001b54aabbcc.xml'],
    ['PXELINUX', 'pxelinux.cfg/01-00-1b-54-aa-bb-cc'],
    ['GRUB', 'grub/grub.cfg-01-00-1b-54-aa-bb-cc'],
    ['Raspberry Pi, ONIE', '00-1b-54-aa-bb-cc/config.txt'],
    ['iPXE', 'menu-00:1b:54:aa:bb:cc.ipxe'],
    ['Ruckus', 'switch001b.54aa.bbcc-config.cfg'],
  ])('%s: %s', (_device, name) => expect(macsInName(name)).toEqual(['00:1b:54:aa:bb:cc']));

  test('each of several', () => expect(macsInName('a001b54aabbcd/01-00-1b-54-aa-bb-cc-001b54aabbce')).toEqual(['00:1b:54:aa:bb:ce']));

  test.each([
    'pxelinux.0',
    'pxelinux.cfg/b8945908-d6a6-41a9-611d-74a6ab80b83d',
    'pxelinux.cfg/C0A84D01',
    '000000000000.cfg',
    'y000000000065.cfg',
    '001b54aabbccd.cfg',
    '00-1b-54-aa-bb.cfg',
    '1a2b3c4d/start4.elf',
    '7c1f3a9c2e5d7c1f3a9c2e5d7c1f3a9c.bin',
  ])('is not in %s', (name) => expect(macsInName(name)).toEqual([]));
});
