/** The templates that come with the program, each rendered for a device of its family. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseXml } from '@rgrove/parse-xml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEVICES, deviceProfile } from '../../src/boot/profiles/devices.ts';
import { loadConfig } from '../../src/config/load.ts';
import { readTemplates, SHIPPED_TEMPLATES } from '../../src/config/template-files.ts';
import { catalogOf, filesConfigOf } from '../../src/server/live-files.ts';
import { ip, mac } from '../support/addresses.ts';

const MAC = '00:1b:54:aa:bb:cc';
const PHONES = DEVICES.filter(({ kind }) => kind === 'phone').map(({ name }) => name);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bootlace-phone-templates-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const ONE_LINE = { extension: 101, password: 's3cret', displayName: 'Desk 101', sipServer: 'pbx.example.net' };

/** The file of that name for a phone of the profile, with these variables. */
async function made(profile: string, name: string, vars: object = ONE_LINE, model = 'snomD785'): Promise<string> {
  const host = { mac: MAC, name: 'desk-101', address: '192.168.77.21', profile, model, vars };
  const file = join(folder, `${profile}.yaml`);
  const networks = [{ interface: 'eth1', address: '192.168.77.1/24' }];
  writeFileSync(file, JSON.stringify({ networks, hosts: [host], boot: { files: {} }, tftp: { root: folder } }));
  const { config, diagnostics } = await loadConfig(file, {});
  if (config === undefined) throw new Error(JSON.stringify(diagnostics));
  expect(diagnostics.filter(({ path }) => path.startsWith('hosts') || path === '')).toEqual([]);
  const from = { mac: mac(MAC), address: ip('192.168.77.21'), isLeased: true };
  const found = await catalogOf(filesConfigOf(config, [])).open(name, from, ip('192.168.77.1'));
  if (!found.ok) throw new Error(found.error.detail);
  const octets = new Uint8Array(found.value.file.size);
  found.value.file.read(octets, 0);
  return new TextDecoder().decode(octets);
}

/** Every name that a family asks for and that is made, and how the file begins. */
const FILES: readonly (readonly [profile: string, name: string, begins: string])[] = [
  ['cisco-sip', 'SEP001B54AABBCC.cnf.xml', '<?xml version="1.0" encoding="UTF-8"?>\n<device>\n  <fullConfig>'],
  ['cisco-sip', 'dialplan.xml', '<DIALTEMPLATE>'],
  ['cisco-sip', 'SIP001B54AABBCC.cnf', 'proxy1_address : pbx.example.net\n'],
  ['cisco-sccp', 'SEP001B54AABBCC.cnf.xml', '<?xml version="1.0" encoding="UTF-8"?>\n<device>\n  <devicePool>'],
  ['cisco-mpp', '8851-3PCC.xml', '<flat-profile>\n  <Profile_Rule ua="na">http://192.168.77.1:8080/$MA.xml<'],
  ['cisco-mpp', '001b54aabbcc.xml', '<flat-profile>'],
  ['cisco-spa', 'spa504G.cfg', '<flat-profile>\n  <Profile_Rule ua="na">http://192.168.77.1:8080/$MA.xml<'],
  ['cisco-spa', 'spa001b54aabbcc.cfg', '<flat-profile>'],
  ['polycom', '001b54aabbcc.cfg', '<?xml version="1.0" standalone="yes"?>\n<APPLICATION '],
  ['polycom', '001b54aabbcc-user.cfg', '<?xml version="1.0" standalone="yes"?>\n<PHONE_CONFIG>'],
  ['yealink', '001b54aabbcc.cfg', '#!version:1.0.0.1\naccount.1.enable = 1\n'],
  ['grandstream', 'cfg001b54aabbcc.xml', '<?xml version="1.0" encoding="UTF-8"?>\n<gs_provision version="1">\n  <mac>001b54aabbcc</mac>'],
  ['snom', 'snomD785-001B54AABBCC.htm', '<?xml version="1.0" encoding="utf-8"?>\n<settings>'],
  ['snom', '001B54AABBCC.xml', '<?xml version="1.0" encoding="utf-8"?>\n<settings>'],
  ['avaya', 'J100Supgrade.txt', 'GET 46xxsettings.txt\n'],
  ['avaya', '46xxsettings.txt', 'SET SIP_CONTROLLER_LIST pbx.example.net:5060;transport=udp\n'],
  ['mitel', 'startup.cfg', 'dhcp: 1\n'],
  ['mitel', '001B54AABBCC.cfg', 'sip proxy ip: pbx.example.net\n'],
  ['fanvil', '001b54aabbcc.cfg', '<<VOIP CONFIG FILE>>Version:2.0002\n'],
  ['gigaset', '001B54AABBCC.xml', '<?xml version="1.0" encoding="ISO-8859-1"?>\n<ProviderFrame '],
  ['panasonic', 'KX-HDV230.cfg', '# Panasonic SIP Phone Standard Format File #\n'],
  ['panasonic', 'Config001B54AABBCC.cfg', '# Panasonic SIP Phone Standard Format File #\n'],
];

/** Names whose content is XML whatever they end in. */
function isXml(text: string): boolean {
  return text.startsWith('<') && !text.startsWith('<<');
}

describe('A template that comes with the program', () => {
  it.each(FILES)('of %s makes %s', async (profile, name, begins) => {
    const text = await made(profile, name);
    expect(text.slice(0, begins.length)).toBe(begins);
    if (isXml(text)) expect(() => parseXml(text)).not.toThrow();
    expect(text.endsWith('\n')).toBe(true);
    // It is one that the family asks for.
    if (name !== '001b54aabbcc-user.cfg') expect(deviceProfile(profile)?.files.some((file) => file.name.test(name))).toBe(true);
  });

  const LINES = {
    ...ONE_LINE,
    sipTransport: 'tcp',
    ntpServer: '192.168.77.9',
    adminPassword: 'adm',
    voicemail: '*97',
    timeZone: 'GMT',
    outboundProxy: 'edge.example.net',
    lines: [
      { extension: 101, password: 'one' },
      { extension: 102, password: `t<w&o"'`, displayName: 'Ä & B', label: 'door', sipServer: 'other.example.net' },
    ],
  };
  it.each(FILES)('of %s makes %s with everything that there is to say', async (profile, name) => {
    const text = await made(profile, name, LINES);
    if (isXml(text)) expect(() => parseXml(text)).not.toThrow();
    const hasLines = /101/.test(await made(profile, name));
    const isOfOneLine = ['grandstream', 'avaya'].includes(profile);
    expect(text.includes('102')).toBe(hasLines && !isOfOneLine);
  });

  it('of every family is among these', () => {
    const { sources, diagnostics } = readTemplates([{ path: SHIPPED_TEMPLATES, origin: 'shipped' }], {});
    expect(diagnostics).toEqual([]);
    const tried = new Set(FILES.map(([profile]) => profile));
    expect(PHONES.filter((name) => !tried.has(name))).toEqual([]);
    const phones = sources.filter(({ profile, answers }) => PHONES.includes(profile) && answers.length > 0);
    expect(phones).toHaveLength(FILES.length - 1);
    expect(PHONES.filter((name) => !phones.some(({ profile }) => profile === name))).toEqual([]);
  });

  it('that anybody gets holds nothing of a device', async () => {
    for (const [profile, name] of FILES) {
      const text = await made(profile, name);
      const { sources } = readTemplates([{ path: SHIPPED_TEMPLATES, origin: 'shipped' }], {});
      const isPublic = sources.some((source) => source.profile === profile && source.isPublic && source.answers.includes(name));
      if (isPublic) expect(text).not.toMatch(/s3cret|101|pbx/);
    }
  });
});

describe('Cisco’s configuration', () => {
  it('has its elements in the order that the firmware wants', async () => {
    const { root } = parseXml(await made('cisco-sip', 'SEP001B54AABBCC.cnf.xml'));
    const names = (root?.children ?? []).flatMap((child) => ('name' in child ? [String(child.name)] : []));
    expect(names).toEqual([
      'fullConfig',
      'deviceProtocol',
      'devicePool',
      'sipProfile',
      'commonProfile',
      'loadInformation',
      'vendorConfig',
      'transportLayerProtocol',
    ]);
  });

  it('says what it cannot do without', async () => {
    await expect(made('cisco-sip', 'SEP001B54AABBCC.cnf.xml', { extension: 101 })).rejects.toThrow(/vars\.sipServer is not known/);
  });
});
