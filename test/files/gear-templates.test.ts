/** The templates for network gear that come with the program: what a switch gets that asks as its vendor has it ask. */

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { NO_VARS, type TemplateSource, type VarValue } from '../../src/boot/template-source.ts';
import { readTemplates, SHIPPED_TEMPLATES } from '../../src/config/template-files.ts';
import type { Subject } from '../../src/events/events.ts';
import { AccessRules } from '../../src/files/access.ts';
import { FileCatalog } from '../../src/files/catalog.ts';
import { DiskRoute } from '../../src/files/disk-route.ts';
import { PoapRoute } from '../../src/files/poap-route.ts';
import { TemplateRoute } from '../../src/files/template-route.ts';
import { ip, mac } from '../support/addresses.ts';
import { contentOf } from '../support/found-file.ts';
import { scratch } from '../support/scratch.ts';

const root = scratch('gear-templates');
const OWN_CONFIG = 'hostname by-hand\r\n! \xff\nend';
const MAC = mac('c2:00:66:bb:00:00');
const FROM: Subject = { mac: MAC, address: ip('192.168.77.21'), isLeased: true };
const { sources, diagnostics } = readTemplates([{ path: SHIPPED_TEMPLATES, origin: 'shipped' }], {});

function catalogFor(
  profile: string,
  values: Readonly<Record<string, VarValue>>,
  name = 'lab-1',
  templates: readonly TemplateSource[] = sources,
) {
  const known = {
    key: { mac: MAC },
    name,
    address: ip('192.168.77.21'),
    profile,
    model: undefined,
    serial: 'FDO21030Q6Y',
    vars: { ...NO_VARS, values },
    place: 'config.yaml:1',
  };
  const made = new TemplateRoute(
    { templates, origin: 'shipped', hosts: [known], unknown: [], httpPort: 8080, folderOf: () => undefined },
    new AccessRules(),
  );
  const disk = new DiskRoute(root);
  return new FileCatalog([new PoapRoute([disk, made], new Set()), disk, made]);
}

const get = (profile: string, file: string, values: Readonly<Record<string, VarValue>> = {}): Promise<string> =>
  contentOf(catalogFor(profile, values).open(file, FROM, ip('192.168.77.1')));

beforeAll(() => {
  mkdirSync(join(root, 'by-hand'));
  writeFileSync(join(root, 'by-hand/lab-1-confg'), OWN_CONFIG, 'latin1');
  writeFileSync(join(root, 'own-confg'), OWN_CONFIG, 'latin1');
});

it('none of them has a fault', () => expect(diagnostics).toEqual([]));

describe('Cisco AutoInstall', () => {
  test('first step: the address of the device, and the name that it is to take', async () => {
    expect(await get('cisco-ios', 'network-confg')).toBe('!\nip host lab-1 192.168.77.21\nend\n');
    expect(await get('cisco-ios', 'cisconet.cfg')).toContain('ip host lab-1 192.168.77.21\n');
  });

  test('second step: the configuration of that name, in whatever case it asks for it', async () => {
    const text = await get('cisco-ios', 'LAB-1-confg', { domain: 'bench.lan', secret: 'x1', lines: ['vlan 10', ' name voice'] });
    expect(text).toMatch(
      /^!\nhostname lab-1\nip domain name bench\.lan\nusername admin privilege 15 secret x1\n!\nvlan 10\n name voice\nline vty 0 4\n/,
    );
    expect(text).toMatch(/\nend\n*$/);
  });

  test('a configuration that lies in the root is given octet by octet', async () => {
    expect(await contentOf(catalogFor('cisco-ios', {}, 'own').open('own-confg', FROM))).toBe(OWN_CONFIG);
  });

  test('a device of another family gets none of it', async () => {
    expect(await get('arista', 'network-confg')).toBe('not-found');
  });
});

describe('each family', () => {
  test.each<[string, string, Readonly<Record<string, VarValue>>, RegExp]>([
    ['cisco-ios', 'router-confg', { interface: 'Vlan1' }, /^interface Vlan1\n ip address dhcp\n no shutdown\n!$/m],
    [
      'nexus',
      'conf.FDO21030Q6Y',
      { address: '10.0.0.5/24' },
      /^hostname lab-1\nfeature ssh\ninterface mgmt0\n {2}vrf member management\n {2}ip address 10\.0\.0\.5\/24\n {2}no shutdown$/m,
    ],
    ['arista', 'arista-startup-config', {}, /^hostname lab-1\ninterface Management1\n {3}ip address dhcp\n!\nend$/m],
    [
      'juniper',
      'juniper.conf',
      { rootPassword: '$6$x$y' },
      /host-name lab-1;\n {4}root-authentication \{\n {8}encrypted-password "\$6\$x\$y";/,
    ],
    ['juniper', 'lab-1.conf', { rootPassword: 'x' }, /vme \{/],
    [
      'cumulus',
      'cumulus-ztp',
      { sshKey: "ssh-ed25519 A it's" },
      /^#!\/bin\/bash\n# CUMULUS-AUTOPROVISIONING\n[\s\S]*set-hostname 'lab-1'\n[\s\S]*echo 'ssh-ed25519 A it'\\''s' >>/,
    ],
    ['comware', 'network.cfg', {}, /^ip host lab-1 192\.168\.77\.21$/m],
    ['comware', 'lab-1.cfg', {}, /^ sysname lab-1\n#\ninterface Vlan-interface1\n ip address dhcp-alloc\n#\nreturn$/m],
    ['aruba-cx', 'aruba-cx.cfg', {}, /^hostname lab-1\ninterface mgmt\n {4}no shutdown\n {4}ip dhcp$/m],
    ['extreme', 'extreme.xsf', { lines: ['create vlan voice'] }, /^configure snmp sysName "lab-1"\ncreate vlan voice\nenable ssh2\nsave$/m],
  ])('%s: %s', async (profile, file, values, text) => expect(await get(profile, file, values)).toMatch(text));

  test('Junos without a password for root gets nothing: it would take nothing', async () => {
    expect(await get('juniper', 'juniper.conf')).toBe('fault');
  });

  test('SONiC gets JSON, with its configuration by HTTP', async () => {
    const tasks = JSON.parse(await get('sonic', 'ztp.json', { config: 'leaf/config_db.json', image: 'sonic "x".bin' })) as object;
    expect(tasks).toEqual({
      ztp: {
        '01-firmware': { install: { url: 'http://192.168.77.1:8080/sonic "x".bin' }, 'reboot-on-success': true },
        '02-configdb-json': {
          url: { source: 'http://192.168.77.1:8080/leaf/config_db.json', destination: '/etc/sonic/config_db.json' },
        },
      },
    });
  });

  test('POAP gets a script with the sum of its lines', async () => {
    const script = await get('nexus', 'poap.py');
    const [line = ''] = /^#md5sum=.*\n/m.exec(script) ?? [];
    expect(line).toBe(`#md5sum="${createHash('md5').update(script.replace(line, ''), 'latin1').digest('hex')}"\n`);
    expect(script).toMatch(/^#!\/bin\/env python\n#md5sum="[0-9a-f]{32}"\n/);
    expect(script).toContain('SERVER = "192.168.77.1"\nVRF = "management"\n');
  });
});
