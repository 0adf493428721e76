/** A site that says one word of its server and has an inventory: everything else comes from the families and templates of the program. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEVICES } from '../../src/probe/devices/index.ts';
import type { ApplianceConfig, Section } from './appliance.ts';

/** Gear in the inventory, by the name of its simulated device. */
const GEAR: Readonly<Record<string, Section>> = {
  catalyst: { profile: 'cisco-ios', address: '192.168.77.21' },
  nexus: { profile: 'nexus' },
  arista: { profile: 'arista' },
  juniper: { profile: 'juniper', vars: { rootPassword: '$6$salt$hash' } },
  sonic: { profile: 'sonic' },
  cumulus: { profile: 'cumulus' },
  'aruba-cx': { profile: 'aruba-cx' },
  comware: { profile: 'comware' },
  extreme: { profile: 'extreme' },
  onie: { boot: { file: 'onie-installer.bin' } },
  dell: { boot: { file: 'dell.cfg' } },
};

/** Families of phones of which nobody wrote a single one down. */
const PHONES = [
  'cisco-sip',
  'cisco-sccp',
  'cisco-spa',
  'cisco-mpp',
  'polycom',
  'yealink',
  'grandstream',
  'snom',
  'avaya',
  'mitel',
  'fanvil',
  'gigaset',
  'panasonic',
];

const PHONE_VARS = { sipServer: '192.168.77.5', extension: 101, password: 'secret of the phones' };

/** What stands in the configuration, beside networks and `tftp.root`. */
export const PROVISIONED = {
  provision: `\${server}`,
  hosts: DEVICES.flatMap(({ name, mac }) => (GEAR[name] === undefined ? [] : [{ mac, name, ...GEAR[name] }])),
  unknown: PHONES.map((profile) => ({ profile, vars: PHONE_VARS })),
  http: { port: 8080 },
} satisfies ApplianceConfig;

/** What no template makes: images, and a configuration that somebody wrote by hand. */
export function writeProvisionedFiles(root: string): void {
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'onie-installer.bin'), '#!/bin/sh\nexit 0\n');
  writeFileSync(join(root, 'dell.cfg'), 'hostname dell\n');
  writeFileSync(join(root, 'config_db.json'), '{ "DEVICE_METADATA": {} }\n');
}

/** What becomes of each; a device that is not here does not provision itself. */
export const PROVISIONED_VERDICTS: Readonly<Record<string, RegExp>> = {
  'cisco-7962': /^got its configuration SEP001B54AABBCC\.cnf\.xml .* would register at 192\.168\.77\.5/,
  'cisco-8851': /^got its configuration SEP002A10112233\.cnf\.xml .* would register at 192\.168\.77\.5/,
  'cisco-spa504g': /would register at 192\.168\.77\.5/,
  'polycom-vvx': /would register at 192\.168\.77\.5/,
  'yealink-t48': /^got its configuration 805ec0112233\.cfg .* would register at 192\.168\.77\.5/,
  grandstream: /^got its configuration cfgc074ad2bd859\.xml .* would register at 192\.168\.77\.5/,
  snom: /would register at 192\.168\.77\.5/,
  'avaya-j179': /^got its configuration 46xxsettings\.txt .* would register at 192\.168\.77\.5/,
  mitel: /^got its configuration 00085D123456\.cfg .* would register at 192\.168\.77\.5/,
  fanvil: /^got its configuration 0c383e07e16c\.cfg .* would register at 192\.168\.77\.5/,
  gigaset: /^got its configuration 7C2F80123456\.xml .* would register at 192\.168\.77\.5/,
  panasonic: /^got its configuration Config0080F0123456\.cfg .* would register at 192\.168\.77\.5/,
  catalyst: /^got its configuration catalyst-confg/,
  nexus: /^got its script poap\.py .* whose sum is right/,
  arista: /^got arista-startup-config/,
  juniper: /^got juniper\.conf .* would commit it/,
  onie: /^got its installer|^would run|onie-installer/,
  sonic: /ztp\.json/,
  cumulus: /^got its script cumulus-ztp .* would run it/,
  'aruba-cx': /^got aruba-cx\.cfg|aruba-cx\.cfg/,
  comware: /^got comware\.cfg .* would run it/,
  dell: /dell\.cfg/,
  extreme: /extreme\.xsf/,
  unifi: /^knows its controller .*192\.168\.77\.1/,
  'ruckus-ap': /^knows its controllers .*192\.168\.77\.1/,
};
