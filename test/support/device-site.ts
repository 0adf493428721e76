/** A site at which every simulated device gets what it wants: explicit options of the configuration, and static files. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DEVICES } from '../../src/probe/devices/index.ts';
import type { Section } from './appliance.ts';

const URL_BASE = `http://\${server}:8080`;

const hexOf = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
/** One sub-option of option 43. */
const sub = (code: number, hexadecimal: string): string =>
  `${code.toString(16).padStart(2, '0')}${(hexadecimal.length / 2).toString(16).padStart(2, '0')}${hexadecimal}`;

/** What single devices are told, by their names. */
const TOLD: Readonly<Record<string, Section>> = {
  gigaset: { options: { captivePortal: `${URL_BASE}/gigaset/` } },
  'avaya-j179': { options: { avayaSettings: `HTTPSRVR=\${server},HTTPPORT=8080,HTTPDIR=avaya` } },
  catalyst: { address: '192.168.77.21' },
  'iosxe-pnp': { boot: { file: `${URL_BASE}/ztp.py` } },
  nexus: { boot: { file: 'poap.py' } },
  arista: { boot: { file: `${URL_BASE}/arista.sh` } },
  juniper: { options: { vendor: { hex: sub(1, hexOf('juniper.conf')) + sub(3, hexOf('tftp')) } } },
  onie: { options: { captivePortal: `${URL_BASE}/onie-installer.bin` } },
  sonic: { boot: { file: `${URL_BASE}/ztp.json` } },
  cumulus: { options: { ztpScript: `${URL_BASE}/cumulus.sh` } },
  'aruba-cx': { options: { vendor: { hex: sub(144, hexOf('aruba.cfg')) } } },
  dell: { boot: { file: 'FTOS.bin' }, options: { pxeConfigFile: 'dell.cfg' } },
  extreme: { options: { vendor: { hex: sub(100, 'c0a84d01') + sub(101, hexOf('extreme.xsf')) } } },
  mikrotik: { boot: { file: 'routeros.elf' } },
  unifi: { options: { vendor: { hex: sub(1, 'c0a84d09') } } },
  'ruckus-ap': { options: { vendor: { hex: sub(6, hexOf('192.168.77.9')) } } },
  snom: { options: { vendor: { hex: sub(66, hexOf(`http://192.168.77.1:8080`)) + sub(67, hexOf('snom/{mac}.xml')) } } },
};

/** What the configuration says of them. */
export const DEVICE_HOSTS: readonly Section[] = DEVICES.flatMap(({ name, mac }) =>
  TOLD[name] === undefined ? [] : [{ mac, name, ...TOLD[name] }],
);

export const DEVICE_BOOT: Section = {
  files: { bios: 'undionly.kpxe', 'uefi-x64': 'ipxe.efi', 'uefi-arm64': 'grubaa64.efi' },
  http: { 'uefi-x64': `${URL_BASE}/boot.efi` },
  ipxe: 'boot.ipxe',
};

/** The least that passes for a program of UEFI; with `wholeOctets`, one whose header says that it has so many (its one section ends there). */
export function efiProgram(machine: number, octets = 4096, wholeOctets?: number): Uint8Array {
  const file = new Uint8Array(octets);
  const view = new DataView(file.buffer);
  view.setUint16(0, 0x4d5a);
  view.setUint32(60, 64, true);
  view.setUint32(64, 0x50450000);
  view.setUint16(68, machine, true);
  if (wholeOctets !== undefined) {
    view.setUint16(70, 1, true);
    view.setUint32(88 + 16, wholeOctets, true);
  }
  return file;
}

const POAP = '#!/bin/env python\n#md5sum="SUM"\nprint("hello")\n';
const POAP_SUM = createHash('md5').update(POAP.replace('#md5sum="SUM"\n', '')).digest('hex');

/** The files, by their names below the root. */
const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'SEP001B54AABBCC.cnf.xml':
    '<device><processNodeName>192.168.77.1</processNodeName><loadInformation>SIP42.9-4-2SR4-1S</loadInformation><dialTemplate>dialplan.xml</dialTemplate></device>\n',
  'SIP42.9-4-2SR4-1S.loads': 'jar42sip.9-4-2ES26.sbn\0cnu42.9-4-2ES26.sbn\0',
  'jar42sip.9-4-2ES26.sbn': new Uint8Array(3000),
  'cnu42.9-4-2ES26.sbn': new Uint8Array(512),
  'dialplan.xml': '<DIALTEMPLATE><TEMPLATE MATCH="*" Timeout="5"/></DIALTEMPLATE>\n',
  'XMLDefault.cnf.xml': '<Default><callManagerGroup><processNodeName>192.168.77.2</processNodeName></callManagerGroup></Default>\n',
  'spa504G.cfg': '<flat-profile><Profile_Rule ua="na">/$MA.xml</Profile_Rule></flat-profile>\n',
  '002699123456.xml': '<flat-profile><Proxy_1_ ua="na">192.168.77.1</Proxy_1_></flat-profile>\n',
  '000000000000.cfg': '<APPLICATION APP_FILE_PATH="sip.ld" CONFIG_FILES="[PHONE_MAC_ADDRESS]-user.cfg, common.cfg"/>\n',
  '64167f010203-user.cfg': '<user reg.1.server.1.address="192.168.77.1"/>\n',
  'common.cfg': '<common/>\n',
  'y000000000000.boot': '#!version:1.0.0.1\ninclude:config <common-yealink.cfg>\ninclude:config "$mac.cfg"\n',
  'common-yealink.cfg': '#!version:1.0.0.1\n',
  '805ec0112233.cfg': '#!version:1.0.0.1\naccount.1.sip_server.1.address = 192.168.77.1\n',
  'cfgc074ad2bd859.xml':
    '<gs_provision version="1"><mac>c074ad2bd859</mac><config version="1"><P47>192.168.77.1</P47></config></gs_provision>\n',
  'snom/0004137ABBCC.xml': '<setting-files><file url="settings-{mac}.xml"/></setting-files>\n',
  'snom/settings-0004137ABBCC.xml': '<settings><phone-settings><user_host idx="1">192.168.77.1</user_host></phone-settings></settings>\n',
  'avaya/J100Supgrade.txt': 'GET 46xxsettings.txt\n',
  'avaya/46xxsettings.txt': 'SET SIP_CONTROLLER_LIST "192.168.77.1:5060;transport=tcp"\n',
  '00085D123456.cfg': 'sip proxy ip: 192.168.77.1\n',
  '0c383e07e16c.cfg': '<<VOIP CONFIG FILE>>Version:2.0002\nSIP1 Register Addr   :192.168.77.1\n',
  'gigaset/7C2F80123456.xml': '<ProviderFrame><RegistrarServer class="symb_item" value="192.168.77.1"/></ProviderFrame>\n',
  'KX-HDV230.cfg': 'CFG_STANDARD_FILE_PATH="Config{MAC}.cfg"\n',
  'Config0080F0123456.cfg': 'SIP_RGSTR_ADDR_1="192.168.77.1"\n',
  'network-confg': 'ip host Access-1 192.168.77.21\n',
  'access-1-confg': 'hostname Access-1\nend\n',
  'ztp.py': 'import cli\n',
  'poap.py': POAP.replace('SUM', POAP_SUM),
  'arista.sh': '#!/usr/bin/env bash\n',
  'juniper.conf': 'system { host-name qfx; }\n',
  'onie-installer.bin': new Uint8Array(70_000),
  'ztp.json': JSON.stringify({
    ztp: { '02-script': { plugin: { url: 'sonic.sh' } }, '01-configdb-json': { url: { source: 'config_db.json' } } },
  }),
  'config_db.json': '{}\n',
  'sonic.sh': '#!/bin/sh\n',
  'cumulus.sh': '#!/bin/bash\n# CUMULUS-AUTOPROVISIONING\n',
  'aruba.cfg': 'hostname cx\n',
  'device.cfg': 'sysname comware\n',
  'FTOS.bin': new Uint8Array(10_000),
  'dell.cfg': 'hostname dell\n',
  'extreme.xsf': 'configure snmp sysName x\n',
  'routeros.elf': new Uint8Array(2000),
  '9ffefdef/start4.elf': new Uint8Array(4096),
  '9ffefdef/config.txt': 'arm_64bit=1\n',
  '9ffefdef/kernel8.img': new Uint8Array(9000),
  'undionly.kpxe': new Uint8Array(70_000),
  'ipxe.efi': efiProgram(0x8664, 200_000),
  'boot.efi': efiProgram(0x8664),
  'grubaa64.efi': efiProgram(0xaa64),
  'grub.cfg': 'set timeout=5\n',
  'boot.ipxe': `#!ipxe\nset menu pxelinux.cfg/default\nchain \${menu} || shell\n`,
  'pxelinux.cfg/default': 'DEFAULT linux\n',
};

/** Puts the files of all devices below a folder. */
export function writeDeviceFiles(root: string): void {
  for (const [name, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
}

/** How each of them ends there. */
export const DEVICE_VERDICTS: Readonly<Record<string, string>> = {
  'cisco-7962': 'got its configuration SEP001B54AABBCC.cnf.xml (158 octets) and would register at 192.168.77.1',
  'cisco-8851': 'got its configuration XMLDefault.cnf.xml (104 octets) and would register at 192.168.77.2',
  'cisco-spa504g': 'got its configuration 002699123456.xml (71 octets) and would register at 192.168.77.1',
  'polycom-vvx': 'got its configuration common.cfg (10 octets) and would register at 192.168.77.1',
  'yealink-t48': 'got its configuration 805ec0112233.cfg (64 octets) and would register at 192.168.77.1',
  grandstream: 'got its configuration cfgc074ad2bd859.xml (117 octets) and would register at 192.168.77.1',
  snom: 'got its configuration settings-0004137ABBCC.xml (98 octets) and would register at 192.168.77.1',
  'avaya-j179': 'got its configuration 46xxsettings.txt (58 octets) and would register at 192.168.77.1:5060',
  mitel: 'got its configuration 00085D123456.cfg (27 octets) and would register at 192.168.77.1',
  fanvil: 'got its configuration 0c383e07e16c.cfg (70 octets) and would register at 192.168.77.1',
  gigaset: 'got its configuration 7C2F80123456.xml (89 octets) and would register at 192.168.77.1',
  panasonic: 'got its configuration Config0080F0123456.cfg (32 octets) and would register at 192.168.77.1',
  catalyst: 'got its configuration access-1-confg (22 octets)',
  'iosxe-pnp': 'got ztp.py (11 octets) and would run it in its guest shell',
  nexus: 'got its script poap.py (76 octets), whose sum is right, and would run it',
  arista: 'got arista.sh (20 octets) and would run this script',
  juniper: 'got juniper.conf (26 octets) and would commit it',
  onie: 'got its installer onie-installer.bin (70,000 octets) and would run it',
  sonic: 'got its ZTP file ztp.json (106 octets) with 2 sections (01-configdb-json, 02-script), and everything that they name',
  cumulus: 'got its script cumulus.sh (39 octets) and would run it',
  'aruba-cx': 'got aruba.cfg (12 octets) and would apply it',
  comware: 'got device.cfg (16 octets) and would run it',
  dell: 'got FTOS.bin (10,000 octets) and dell.cfg (14 octets) and would apply it',
  extreme: 'got extreme.xsf (25 octets) and would run this script',
  mikrotik: 'got routeros.elf (2,000 octets) and would start it',
  unifi: 'knows its controller and would report to http://192.168.77.9:8080/inform',
  'ruckus-ap': 'knows its controllers and would join 192.168.77.9',
  pi4: 'got its firmware and 9ffefdef/kernel8.img (9,000 octets) and would start it',
  'pxe-bios': 'iPXE got its script boot.ipxe and default (14 octets), which it would start',
  'uefi-x64': 'iPXE got its script boot.ipxe and default (14 octets), which it would start',
  'uefi-arm64': 'started GRUB, which got its menu grub.cfg (14 octets)',
  httpboot: 'got boot.efi (4,096 octets) by HTTP and would start it',
  ipxe: 'iPXE got its script boot.ipxe and default (14 octets), which it would start',
  uboot: 'U-Boot got its menu pxelinux.cfg/default (14 octets)',
  'debian-pc': 'has the address 192.168.77.100',
};
