import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseIpv4, parseMac } from '../../src/base/addresses.ts';
import { type Clock, monoMs, wallMs } from '../../src/base/clock.ts';
import { invariant } from '../../src/base/result.ts';
import type { Subject } from '../../src/events/events.ts';
import { FileCatalog } from '../../src/files/catalog.ts';
import { DiskRoute } from '../../src/files/disk-route.ts';
import { INCOMING_FOLDER } from '../../src/files/safe-path.ts';
import { deviceFolder, type UploadSettings, Uploads } from '../../src/files/uploads.ts';
import { contentOf } from '../support/found-file.ts';
import { scratch } from '../support/scratch.ts';

const SWITCH: Subject = { address: parseIpv4('192.168.77.9'), mac: parseMac('00:1b:54:00:00:09'), hostName: 'whatever it says' };
const OTHER: Subject = { address: parseIpv4('192.168.77.10') };

/** The time of the uploads is a second later with each. */
const BEGIN = Date.UTC(2026, 10, 20, 6, 30, 0) / 1000;
const DAY = 86_400;

/** A folder with uploads of this policy, and what a test does with them. */
function bench(policy: UploadSettings['policy'], dir = join(scratch('uploads'), 'in'), changes: Partial<UploadSettings> = {}) {
  let uploadsStored = 0;
  const clock: Clock = { wall: () => wallMs((BEGIN + uploadsStored) * 1000), mono: () => monoMs(0) };
  const limits = { maxSize: 1000, quota: undefined, quotaPerDevice: undefined, keepPartialSeconds: DAY };
  const settings = { policy, dir, keep: 3, ...limits, ...changes };
  const uploads = new Uploads(settings, clock, (mac) => (mac === SWITCH.mac ? 'switch1' : undefined));
  const catalog = new FileCatalog([uploads]);
  return {
    dir,
    uploads,
    catalog,
    /** Where the file was stored, or why not. */
    async put(name: string, content: string, from: Subject = SWITCH): Promise<string> {
      const sink = await catalog.create(name, from);
      if (!sink.ok) return sink.error.refused;
      for (const octet of Buffer.from(content)) expect(await sink.value.write(Uint8Array.of(octet))).toMatchObject({ ok: true });
      const stored = await sink.value.commit();
      if (!stored.ok) return stored.error.refused;
      uploadsStored += 1;
      return `${stored.value.storedAs.replace(`${dir}/`, '')}${stored.value.unchanged ? ' unchanged' : ''}`;
    },
    get: (name: string, from: Subject = SWITCH): Promise<string> => contentOf(catalog.open(name, from)),
    unfinished: () => (existsSync(join(dir, INCOMING_FOLDER)) ? readdirSync(join(dir, INCOMING_FOLDER)) : []),
  };
}

describe('policy version', () => {
  test('every upload is a numbered, dated and hashed file in a folder of the device', async () => {
    const { dir, put } = bench('version');
    expect(await put('switch1-confg', 'one')).toBe('switch1/switch1-confg/0001-20261120T063000Z-7692c3ad');
    expect(await put('switch1-confg', 'two')).toBe('switch1/switch1-confg/0002-20261120T063001Z-3fc4ccfe');
    expect(readFileSync(join(dir, 'switch1/switch1-confg/0001-20261120T063000Z-7692c3ad'), 'utf8')).toBe('one');
    expect(statSync(join(dir, 'switch1/switch1-confg/0001-20261120T063000Z-7692c3ad')).mode & 0o777).toBe(0o640);
  });

  test('the same content as the newest is noted, not stored; as an older one it is a new version', async () => {
    const { put } = bench('version');
    await put('cfg', 'one');
    expect(await put('cfg', 'one')).toBe('switch1/cfg/0001-20261120T063000Z-7692c3ad unchanged');
    await put('cfg', 'two');
    expect(await put('cfg', 'one')).toMatch(/0003-.*-7692c3ad$/);
  });

  test('the oldest goes when there are more than are kept; its number is not used again', async () => {
    const { dir, put } = bench('version');
    for (const content of ['1', '2', '3', '4', '5']) await put('cfg', content);
    expect(readdirSync(join(dir, 'switch1/cfg')).map((name) => name.slice(0, 4))).toEqual(['0003', '0004', '0005']);
  });

  test('the device reads its newest back under the plain name; nobody else does', async () => {
    const { put, get } = bench('version');
    await put('backup/cfg', 'one');
    await put('backup/cfg', 'two');
    expect(await get('backup/cfg')).toBe('two');
    expect(await get('backup/cfg', OTHER)).toBe('not-found');
    expect(await get('backup')).toBe('not-found');
  });

  test('uploads of one file at one time become two versions', async () => {
    const { dir, put } = bench('version');
    await Promise.all([put('cfg', 'one'), put('cfg', 'two'), put('cfg', 'three')]);
    expect(readdirSync(join(dir, 'switch1/cfg'))).toHaveLength(3);
  });

  test('a file and a folder of the same name live side by side', async () => {
    const { put, get } = bench('version');
    await put('a', 'file');
    await put('a/b', 'below');
    expect(await get('a')).toBe('file');
    expect(await get('a/b')).toBe('below');
  });

  test.each<[Subject, string | undefined, string]>([
    [SWITCH, 'desk-101', 'desk-101'],
    [SWITCH, 'desk 101/..', 'desk_101_..'],
    [SWITCH, '../../etc', '_.._etc'],
    [SWITCH, '..', '00-1b-54-00-00-09'],
    [SWITCH, undefined, '00-1b-54-00-00-09'],
    [SWITCH, 'x'.repeat(200), 'x'.repeat(63)],
    [OTHER, undefined, '192.168.77.10'],
    [{}, undefined, 'unknown'],
  ])('the folder of %j, called %j', (from, givenName, folder) => expect(deviceFolder(from, givenName)).toBe(folder));

  test('who claims the name of another does not read its backups', async () => {
    const { put, get } = bench('version');
    await put('cfg', 'secret');
    expect(await get('cfg', { ...OTHER, hostName: 'switch1' })).not.toBe('secret');
    expect(await get('cfg')).toBe('secret');
  });
});

describe('names with a time are versions of one backup', () => {
  const [FIRST, SECOND, THIRD] = ['sw1-Nov-28-01-02-03.123-4', 'sw1-Nov-28-02-02-03.456-5', 'sw1-Nov-28-03-02-03.789-6'] as const;

  test('each is found by its own name, and the newest by what they have in common', async () => {
    const { dir, put, get } = bench('version');
    // Cisco IOS looks whether the name is free, and shows a fault for what it does not get.
    expect(await get(FIRST)).toBe('not-found');
    expect(await put(FIRST, 'one')).toMatch(/^switch1\/sw1\/0001-/);
    expect(await get(SECOND)).toBe('not-found');
    expect(await put(SECOND, 'two')).toMatch(/^switch1\/sw1\/0002-/);
    expect(readdirSync(join(dir, 'switch1'))).toEqual(['sw1']);
    expect([await get(FIRST), await get(SECOND), await get('sw1')]).toEqual(['one', 'two', 'two']);
    expect(await get(FIRST, OTHER)).toBe('not-found');
  });

  test('what came again unchanged is found by both names', async () => {
    const { dir, put, get } = bench('version');
    await put(FIRST, 'one');
    expect(await put(SECOND, 'one')).toMatch(/^switch1\/sw1\/0001-.* unchanged$/);
    expect([await get(FIRST), await get(SECOND)]).toEqual(['one', 'one']);
    expect(readdirSync(join(dir, 'switch1/sw1'))).toHaveLength(3);
  });

  test('a name goes with its version; a counter that begins anew means the newer one', async () => {
    const { dir, put, get } = bench('version');
    for (const [name, content] of [
      [FIRST, '1'],
      [SECOND, '2'],
      [THIRD, '3'],
      ['switch1-1', '4'],
      ['switch1-1', '5'],
    ] as const)
      await put(name, content);
    await put('sw1-Nov-29-03-02-03.789-7', '4');
    expect([await get(FIRST), await get(SECOND), await get(THIRD)]).toEqual(['not-found', '2', '3']);
    expect(await get('switch1-1')).toBe('5');
    expect(readdirSync(join(dir, 'switch1/sw1')).filter((name) => name.includes('-as-'))).toHaveLength(3);
  });

  test('no more names are noted than versions are kept', async () => {
    const { dir, put } = bench('version');
    for (let hour = 10; hour < 20; hour++) await put(`sw1-Nov-28-${hour}-02-03.123-${hour}`, 'same');
    expect(readdirSync(join(dir, 'switch1/sw1'))).toHaveLength(4);
  });

  test('with folders in it', async () => {
    const { put, get } = bench('version');
    expect(await put('backup/sw1-nov/28/2026.rsc', 'one')).toMatch(/^switch1\/backup\/sw1.rsc\/0001-/);
    expect(await get('backup/sw1-nov/28/2026.rsc')).toBe('one');
  });
});

describe('what devices put around a name', () => {
  test.each<[sent: string, place: string]>([
    ['/running-config', 'running-config'],
    ['\\\\running-config', 'running-config'],
    ['C:\\backup\\running-config', 'backup/running-config'],
    ['c:running-config', 'running-config'],
    ['backup//./running-config;mode=octet', 'backup/running-config'],
  ])('%s', async (sent, place) => {
    const { put, get } = bench('version');
    expect(await put(sent, 'one')).toMatch(new RegExp(`^switch1/${place}/0001-`));
    expect(await get(sent)).toBe('one');
  });

  test('upper and lower case are one backup, and read either way', async () => {
    const { dir, put, get } = bench('version');
    await put('Router-confg', 'one');
    expect(await put('router-confg', 'two')).toMatch(/^switch1\/Router-confg\/0002-/);
    expect(readdirSync(join(dir, 'switch1'))).toEqual(['Router-confg']);
    expect([await get('router-confg'), await get('Router-confg'), await get('ROUTER-CONFG')]).toEqual(['two', 'two', 'two']);
    expect(await get('router-confg', OTHER)).toBe('not-found');
  });
});

/** FACTS of the vendors' manuals: what the command of each puts on the wire. */
describe('the commands of network gear', () => {
  test.each<[command: string, onTheWire: string, file: string]>([
    ['Cisco IOS: copy running-config tftp:', 'router-confg', 'router-confg'],
    ['Cisco IOS: copy running-config tftp:, as the host name is written', 'Router-confg', 'Router-confg'],
    ['Cisco IOS: archive, path tftp://…/$h-$t', 'switch1-Nov-28-01-02-03.123-4', 'switch1'],
    ['Cisco IOS: archive, path tftp://…/$h', 'switch1-4', 'switch1'],
    ['Cisco ASA: write net 192.168.77.1:asa.cfg', 'asa.cfg', 'asa.cfg'],
    ['Cisco NX-OS: copy running-config tftp://…/n9k.cfg vrf management', 'n9k.cfg', 'n9k.cfg'],
    ['Polycom', '0004f2112233-app.log', '0004f2112233-app.log'],
    ['HP ProVision: copy running-config tftp 192.168.77.1 sw.pcc', 'sw.pcc', 'sw.pcc'],
    ['Comware: backup startup-configuration to 192.168.77.1 startup.cfg', 'startup.cfg', 'startup.cfg'],
    ['AOS-CX: copy running-config tftp://…/cx.cfg cli', 'cx.cfg', 'cx.cfg'],
    ['Arista EOS: copy running-config tftp:/192.168.77.1/eos', '/eos', 'eos'],
    ['Juniper, archival', 'core1_20261128_010203_juniper.conf.gz', 'core1_juniper.conf.gz'],
    ['Dell OS10: copy running-configuration tftp://…/os10.cfg', 'os10.cfg', 'os10.cfg'],
    ['Extreme EXOS: upload configuration 192.168.77.1 x.xsf', 'x.xsf', 'x.xsf'],
    ['FortiOS: execute backup config tftp fgt.conf 192.168.77.1', 'fgt.conf', 'fgt.conf'],
    ['PAN-OS: tftp export configuration from running-config.xml to 192.168.77.1', 'running-config.xml', 'running-config.xml'],
    ['RouterOS: /tool fetch mode=tftp upload=yes dst-path=flash/r.rsc', 'flash/r.rsc', 'flash/r.rsc'],
  ])('%s', async (_command, onTheWire, file) => {
    const { put, get } = bench('version');
    expect(await get(onTheWire)).toBe('not-found');
    expect(await put(onTheWire, 'one')).toMatch(new RegExp(`^switch1/${file.replaceAll('.', '[.]')}/0001-`));
    expect(await put(onTheWire, 'two')).toMatch(new RegExp(`^switch1/${file.replaceAll('.', '[.]')}/0002-`));
    expect(await get(onTheWire)).toBe('two');
  });
});

describe('policies create and overwrite', () => {
  test.each(['create', 'overwrite'] as const)('%s: a new file, with the folders on its way, readable by all', async (policy) => {
    const { dir, put, get } = bench(policy);
    expect(await put('a/b/c.cfg', 'one')).toBe('a/b/c.cfg');
    expect(readFileSync(join(dir, 'a/b/c.cfg'), 'utf8')).toBe('one');
    expect(await get('a/b/c.cfg', OTHER)).toBe('one');
  });

  test('create: an existing file is refused at once and kept', async () => {
    const { put, get } = bench('create');
    await put('cfg', 'old');
    expect(await put('cfg', 'new')).toBe('exists');
    expect(await get('cfg')).toBe('old');
  });

  test('create: of two at one time the first to end wins', async () => {
    const { catalog, get, unfinished } = bench('create');
    const sinks = await Promise.all([catalog.create('cfg', SWITCH), catalog.create('cfg', SWITCH)]);
    const outcomes: string[] = [];
    for (const sink of sinks) {
      invariant(sink.ok, 'no such file yet');
      await sink.value.write(Buffer.from(outcomes.length === 0 ? 'first' : 'second'));
      const stored = await sink.value.commit();
      outcomes.push(stored.ok ? 'stored' : stored.error.refused);
    }
    expect(outcomes).toEqual(['stored', 'exists']);
    expect(await get('cfg')).toBe('first');
    expect(unfinished()).toEqual([]);
  });

  test('overwrite: the old file stays whole until the new one is', async () => {
    const { catalog, put, get } = bench('overwrite');
    await put('cfg', 'old');
    const sink = await catalog.create('cfg', SWITCH);
    invariant(sink.ok, 'overwriting');
    await sink.value.write(Buffer.from('new'));
    expect(await get('cfg')).toBe('old');
    await sink.value.commit();
    expect(await get('cfg')).toBe('new');
  });

  test('the folder that is served may take the uploads; unfinished ones cannot be named there', async () => {
    const root = scratch('served');
    const { uploads, catalog } = bench('create', root);
    const served = new FileCatalog([new DiskRoute(root), uploads]);
    const sink = await catalog.create('cfg', SWITCH);
    invariant(sink.ok, 'a new file');
    await sink.value.write(Buffer.from('half'));
    expect(await served.open('cfg', OTHER)).toMatchObject({ ok: false, error: { refused: 'not-found' } });
    const [name] = readdirSync(join(root, INCOMING_FOLDER));
    expect(await served.open(`${INCOMING_FOLDER}/${name}`, OTHER)).toMatchObject({ ok: false });
    const keptAs = await sink.value.abort();
    expect(readFileSync(keptAs ?? '', 'utf8')).toBe('half');
    expect(await served.open(`${INCOMING_FOLDER}/${basename(keptAs ?? '')}`, OTHER)).toMatchObject({ ok: false });
  });
});

describe('what is refused', () => {
  test('everything under deny', async () => {
    const { dir, put } = bench('deny');
    expect(await put('cfg', 'x')).toBe('forbidden');
    expect(existsSync(dir)).toBe(false);
  });

  test.each(['../out', 'a/../../out', '', 'folder/'])('%j', async (name) => {
    expect(await bench('overwrite').put(name, 'x')).toMatch(/forbidden|not-found/);
  });

  test('a folder, a link that leads out, a file in the place of a folder', async () => {
    const base = scratch('links');
    const dir = join(base, 'in');
    mkdirSync(join(dir, 'folder'), { recursive: true });
    writeFileSync(join(base, 'secret'), 'secret');
    writeFileSync(join(dir, 'file'), 'file');
    symlinkSync('../secret', join(dir, 'link-out'));
    symlinkSync('..', join(dir, 'link-up'));
    symlinkSync('folder', join(dir, 'link-in'));
    const { put } = bench('overwrite', dir);
    for (const name of ['folder', 'link-out', 'link-up/evil', 'link-up/new/evil', 'file/x'])
      expect([name, await put(name, 'x')]).toEqual([name, 'forbidden']);
    expect(await put('link-in/x', 'x')).toBe('link-in/x');
    expect(readFileSync(join(dir, 'folder/x'), 'utf8')).toBe('x');
    expect(readdirSync(base).sort()).toEqual(['in', 'secret']);
    expect(readFileSync(join(base, 'secret'), 'utf8')).toBe('secret');
  });

  test('a link in the place of the folder for unfinished uploads is neither swept nor written to', async () => {
    const base = scratch('incoming');
    const dir = join(base, 'in');
    mkdirSync(dir);
    mkdirSync(join(base, 'elsewhere'));
    writeFileSync(join(base, 'elsewhere', 'precious'), 'x');
    symlinkSync('../elsewhere', join(dir, INCOMING_FOLDER));
    const { uploads, put } = bench('create', dir);
    await uploads.sweep();
    expect(await put('cfg', 'x')).toBe('forbidden');
    expect(readdirSync(join(base, 'elsewhere'))).toEqual(['precious']);
  });

  test('a disk error while writing is an answer, not an exception', async () => {
    const { catalog } = bench('create');
    const sink = await catalog.create('cfg', SWITCH);
    invariant(sink.ok, 'an upload');
    await sink.value.abort();
    expect(await sink.value.write(Buffer.from('x'))).toMatchObject({ ok: false, error: { refused: 'fault' } });
    expect(await sink.value.commit()).toMatchObject({ ok: false });
  });
});
