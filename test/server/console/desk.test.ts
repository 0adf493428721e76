/** What the console tells of devices, backups, menus and the configuration, asked over HTTP of a site on the disk. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { BackupContentShape, BackupDiffShape, BackupFileShape } from '../../../src/web/api/backup-shapes.ts';
import type { ConfigStateShape } from '../../../src/web/api/config-shapes.ts';
import type { FileReadersShape } from '../../../src/web/api/file-shapes.ts';
import type { InventoryShape } from '../../../src/web/api/inventory-shapes.ts';
import { DeskBench, type DeskSite, NETWORK } from '../../support/desk-bench.ts';

let desk: DeskBench;
afterEach(() => desk.close());

const open = async (site: DeskSite): Promise<void> => {
  desk = await DeskBench.open(site);
};

const PHONE = '00:1b:54:aa:bb:cc';
const OTHER = '00:1b:54:00:00:02';
const HOSTS = `hosts:
  - mac: ${PHONE}
    name: desk-101
    address: 192.168.77.21
    profile: cisco-sip
    vars: { extension: 101, sipPassword: hunter2, lines: [{ user: x, secret: hunter3 }], from: "\${LINE}" }
`;
const ENV = { LINE: 'hunter4' };

async function readersOf(path: string): Promise<FileReadersShape> {
  return (await desk.get(`/file-readers?path=${path}`)).json;
}

describe('who would get a file', () => {
  const BOOT = `boot:
  files: { uefi-x64: grubx64.efi }
  menu:
    title: Bench
    entries:
      - { name: install, title: Install, kernel: debian/linux, initrd: debian/initrd.gz }
`;
  const site = (more = ''): DeskSite => ({
    config: `${NETWORK.replace('tftp: { root: ./root }', `tftp: { root: ./root${more} }`)}${BOOT}${HOSTS}`,
    files: { 'root/grubx64.efi': 'x', 'root/debian/initrd.gz': 'x', 'root/other.txt': 'x', 'root/001b54aabbcc.cfg': 'x' },
    seen: [{ mac: OTHER, address: '192.168.77.130', name: 'pc-2' }],
    env: ENV,
  });

  it.each([
    ['a boot file', 'grubx64.efi', OTHER, /^is told to boot it as uefi-x64: /],
    ['a file of an entry of a menu', 'debian/initrd.gz', OTHER, /^the entry install of its menu loads it$/],
    [
      'a file that is made for it',
      'SEP001B54AABBCC.cnf.xml',
      PHONE,
      /^asks for it by this name: it is made for it from the templates of cisco-sip/,
    ],
    ['a file with its MAC address', '001b54aabbcc.cfg', PHONE, /MAC address is in the name/],
    ['a boot file that is not there', 'debian/linux', OTHER, /; but there is no such file$/],
  ])('is said of %s', async (_, path, device, why) => {
    await open(site());
    expect((await readersOf(path)).readers).toContainEqual(expect.objectContaining({ device, why: expect.stringMatching(why) as unknown }));
  });

  it('is nobody for a file that nothing leads to', async () => {
    await open(site());
    expect(await readersOf('other.txt')).toEqual({ path: 'other.txt', readers: [], refused: [] });
  });

  it('is not whom the lists of access refuse', async () => {
    await open(site(`, deny: ["${OTHER}"]`));
    const { readers, refused } = await readersOf('grubx64.efi');
    expect(readers.map(({ device }) => device)).toEqual([PHONE]);
    expect(refused).toEqual([{ device: OTHER, name: 'pc-2', why: `tftp.deny names it: ${OTHER}` }]);
  });

  it('is not another device where files are bound to MAC addresses', async () => {
    await open(site(', secure: { boundToMac: true }'));
    const { readers, refused } = await readersOf('001b54aabbcc.cfg');
    expect([readers.map(({ device }) => device), refused.map(({ device }) => device)]).toEqual([[PHONE], [OTHER]]);
  });
});

describe('the inventory', () => {
  it('tells who is written down, with secrets masked, and who is not', async () => {
    await open({
      config: NETWORK + HOSTS,
      env: ENV,
      seen: [{ mac: OTHER, address: '192.168.77.130', told: { profile: 'yealink', model: 'T54W' } }],
    });
    const { json } = await desk.get('/inventory');
    const { known, unknown, file, profiles } = json as InventoryShape;
    expect(JSON.stringify(json)).not.toMatch(/hunter/);
    expect(known).toEqual([
      {
        mac: PHONE,
        name: 'desk-101',
        address: '192.168.77.21',
        profile: 'cisco-sip',
        vars: { extension: '101', sipPassword: '****', lines: '****', from: '****' },
        place: expect.stringMatching(/config\.yaml:\d+$/) as unknown,
        files: expect.arrayContaining(['SEP001B54AABBCC.cnf.xml']) as unknown,
      },
    ]);
    expect(unknown).toEqual([expect.objectContaining({ mac: OTHER, vendor: 'Maker', address: '192.168.77.130' })]);
    expect(file).toBe(join(desk.dir, 'inventory.csv'));
    expect(profiles).toEqual(expect.arrayContaining(['cisco-sip', 'yealink']));
  });

  it('gets a device', async () => {
    await open({ config: `${NETWORK}inventory: ./phones.csv\n`, files: { 'phones.csv': 'mac,name,profile\n' } });
    const { status, text } = await desk.console.send('POST', '/api/v1/inventory', {
      mac: PHONE,
      name: 'desk-101',
      profile: 'cisco-sip',
      model: '',
      vars: { extension: '101' },
    });
    expect([status, JSON.parse(text)]).toEqual([
      201,
      expect.objectContaining({ place: expect.stringMatching(/phones\.csv:2$/) as unknown }),
    ]);
    expect(readFileSync(join(desk.dir, 'phones.csv'), 'utf8')).toBe(`mac,name,profile,extension\n${PHONE},desk-101,cisco-sip,101\n`);
  });

  it.each([
    ['that is there already', { mac: PHONE }, 409],
    ['without a MAC address', { mac: 'pc-2' }, 422],
    ['that would read a file of this machine', { mac: OTHER, vars: { pin: 'file:/etc/shadow' } }, 422],
    ['that would read the environment', { mac: OTHER, name: `\${HOME}` }, 422],
    ['with a line break', { mac: OTHER, name: 'a\nb' }, 422],
    ['with an address outside of every network', { mac: OTHER, address: '10.1.1.1' }, 409],
  ])('does not get one %s', async (_, device, wanted) => {
    const before = `mac,name\n${PHONE},desk-101\n`;
    await open({ config: `${NETWORK}inventory: ./phones.csv\n`, files: { 'phones.csv': before } });
    const { status, text } = await desk.console.send('POST', '/api/v1/inventory', device);
    const { error, details } = JSON.parse(text) as { error: string; details?: string[] };
    expect([status, error !== '', status !== 409 || details?.length !== 0]).toEqual([wanted, true, true]);
    expect(readFileSync(join(desk.dir, 'phones.csv'), 'utf8')).toBe(before);
  });
});

describe('backups', () => {
  const FOLDER = 'data/uploads/sw1/running-config';
  const V1 = `${FOLDER}/0001-20261120T063000Z-1f3a9c2e`;
  const V2 = `${FOLDER}/0002-20261121T063000Z-2f3a9c2e`;
  const lines = (...changed: string[]): string =>
    [...changed, ...Array.from({ length: 12 }, (_, at) => `vlan ${at}`), 'end', ''].join('\n');
  const site: DeskSite = {
    config: NETWORK,
    files: { [V1]: lines('hostname a', 'enable secret 5 $1$old'), [V2]: lines('hostname b', 'enable secret 5 $1$new', 'extra') },
  };
  const asked = 'device=sw1&file=running-config';

  it('are listed with what each changes', async () => {
    await open(site);
    const { json } = await desk.get('/backups');
    const { backups } = json as { backups: BackupFileShape[] };
    expect(backups).toEqual([
      {
        device: 'sw1',
        file: 'running-config',
        versions: [
          { number: 1, at: Date.UTC(2026, 10, 20, 6, 30), size: expect.any(Number) as unknown, sha256: '1f3a9c2e', summary: 'the first' },
          expect.objectContaining({ number: 2, summary: expect.stringMatching(/^3 lines changed/) as unknown }),
        ],
      },
    ]);
  });

  it('are shown without their secrets', async () => {
    await open(site);
    const { json } = await desk.get(`/backups/content?${asked}&number=2`);
    const { isText, text } = json as BackupContentShape;
    expect([isText, text.includes('hostname b'), /\$1\$/.test(text)]).toEqual([true, true, false]);
  });

  it('are compared side by side, without their secrets', async () => {
    await open(site);
    const { json } = await desk.get(`/backups/diff?${asked}&from=1&to=2`);
    const { rows, added, removed } = json as BackupDiffShape;
    expect(JSON.stringify(json)).not.toContain('$1$');
    expect([added, removed]).toEqual([3, 2]);
    expect(rows.slice(0, 3)).toEqual([
      { kind: 'changed', left: { line: 1, text: 'hostname a' }, right: { line: 1, text: 'hostname b' } },
      {
        kind: 'changed',
        left: { line: 2, text: 'enable secret 5 ****' },
        right: { line: 2, text: expect.stringContaining('****(changed)') as unknown },
      },
      { kind: 'added', right: { line: 3, text: 'extra' } },
    ]);
    expect(rows.slice(3).map(({ kind }) => kind)).toEqual(['same', 'same', 'same', 'gap']);
    expect(rows.at(-1)).toEqual({ kind: 'gap', skipped: 10 });
  });

  it('are given back: a version is the newest again, and who did that is told', async () => {
    await open(site);
    const restored = await desk.console.send('POST', '/api/v1/backups/restore', { device: 'sw1', file: 'running-config', number: 1 });
    expect([restored.status, restored.text]).toEqual([204, '']);
    const newest = readdirSync(join(desk.dir, FOLDER)).toSorted().at(-1) ?? '';
    expect(newest).toMatch(/^0003-/);
    expect(readFileSync(join(desk.dir, FOLDER, newest), 'utf8')).toBe(readFileSync(join(desk.dir, V1), 'utf8'));
    expect(desk.events).toEqual([{ type: 'backup.restored', of: 'sw1', file: 'running-config', version: 1, newest: 3, from: '127.0.0.1' }]);
  });

  it.each([
    ['that are not there', '/backups/content?device=sw2&file=running-config&number=1', 404],
    ['of a number that is not there', `/backups/content?${asked}&number=9`, 404],
    ['outside of their folder', '/backups/content?device=..&file=..%2Fconfig.yaml&number=1', 404],
    ['by something that is no number', `/backups/diff?${asked}&from=one&to=2`, 400],
  ])('%s are not told of', async (_, path, status) => {
    await open(site);
    expect((await desk.get(path)).status).toBe(status);
  });

  it('are not given back where a read would give another file', async () => {
    await open({ ...site, files: { ...site.files, 'root/running-config': 'x' } });
    const refused = await desk.console.send('POST', '/api/v1/backups/restore', { device: 'sw1', file: 'running-config', number: 1 });
    expect([refused.status, existsSync(join(desk.dir, FOLDER))]).toEqual([409, true]);
    expect(readdirSync(join(desk.dir, FOLDER))).toHaveLength(2);
  });
});

describe('menus', () => {
  const MENU = `boot:
  menu:
    title: Bench
    default: local
    entries:
      - { name: install, title: Install, kernel: debian/linux, initrd: debian/initrd.gz }
      - { name: local, title: Disk, local: true }
`;

  it('are told with what is chosen; what is chosen there is taken back there', async () => {
    await open({ config: NETWORK + MENU });
    const path = `/api/v1/boot/${encodeURIComponent(PHONE)}`;
    expect((await desk.console.send('PUT', path, { entry: 'install', isOnce: true })).status).toBe(204);
    expect((await desk.get('/boot')).json).toEqual({
      entries: [
        { name: 'install', title: 'Install', isDefault: false },
        { name: 'local', title: 'Disk', isDefault: true },
      ],
      choices: [{ mac: PHONE, entry: 'install', isOnce: true, by: 'operator' }],
    });
    expect((await desk.console.ask(path, { method: 'DELETE' })).status).toBe(204);
    expect(desk.choices).toEqual([]);
    expect((await desk.console.ask(path, { method: 'DELETE' })).status).toBe(404);
  });

  it('have no entry that nobody wrote, for nobody', async () => {
    await open({ config: NETWORK + MENU });
    const { status, text } = await desk.console.send('PUT', `/api/v1/boot/${PHONE}`, { entry: 'instal', isOnce: false });
    expect([status, text]).toEqual([422, expect.stringContaining('did you mean install?')]);
    expect((await desk.console.send('PUT', '/api/v1/boot/pc', { entry: 'install', isOnce: false })).status).toBe(422);
    expect(desk.choices).toEqual([]);
  });
});

it('a machine that cannot be called is told of, with the reason', async () => {
  await open({ config: NETWORK });
  const { status, text } = await desk.console.ask(`/api/v1/wake/${PHONE}`, { method: 'POST' });
  expect([status, text]).toEqual([409, expect.stringContaining('no interface is up')]);
});

describe('the configuration', () => {
  const files = { 'root/pxelinux.0': 'x', 'root/grubx64.efi': 'x' };

  it('is told with lines, without secrets, and with what is wrong with the file now', async () => {
    await open({ config: NETWORK + HOSTS, env: ENV, files });
    const { json } = await desk.get('/config');
    const { file, values, problems } = json as ConfigStateShape;
    expect([file, problems]).toEqual([join(desk.dir, 'config.yaml'), []]);
    expect(JSON.stringify(json)).not.toMatch(/hunter/);
    expect(values).toContainEqual(expect.objectContaining({ path: 'networks[0].interface', value: 'eth1', line: 3, isDefault: false }));
    writeFileSync(join(desk.dir, 'config.yaml'), NETWORK.replace('interface: eth1', 'interfaces: eth2'));
    const { values: later, problems: found } = (await desk.get('/config')).json as ConfigStateShape;
    expect(later).toContainEqual(expect.objectContaining({ path: 'networks[0].interface', value: 'eth1' }));
    expect(found).toContainEqual(expect.stringContaining('config.yaml:3: unknown key'));
    const refused = await desk.console.send('POST', '/api/v1/config/reload', {});
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('unknown key')]);
  });

  it('is read again', async () => {
    await open({ config: NETWORK, files });
    writeFileSync(join(desk.dir, 'config.yaml'), NETWORK.replace('eth1', 'eth2'));
    expect(((await desk.get('/config')).json as ConfigStateShape).problems).toEqual([expect.stringContaining('something else')]);
    const { status, text } = await desk.console.send('POST', '/api/v1/config/reload', {});
    expect([status, JSON.parse(text)]).toEqual([200, { changes: ['something'] }]);
    const { values, problems } = (await desk.get('/config')).json as ConfigStateShape;
    expect(problems).toEqual([]);
    expect(values).toContainEqual(expect.objectContaining({ path: 'networks[0].interface', value: 'eth2' }));
  });
});
