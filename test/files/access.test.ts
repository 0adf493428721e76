import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseMac } from '../../src/base/addresses.ts';
import { invariant } from '../../src/base/result.ts';
import { parseWho, showWho, type Who } from '../../src/boot/who.ts';
import type { Subject } from '../../src/events/events.ts';
import { AccessRules, type AccessSettings } from '../../src/files/access.ts';
import { FileCatalog } from '../../src/files/catalog.ts';
import { DiskRoute } from '../../src/files/disk-route.ts';
import { NameRules } from '../../src/files/name-rules.ts';
import { cidr, ip } from '../support/addresses.ts';
import { contentOf } from '../support/found-file.ts';
import { scratch } from '../support/scratch.ts';

const PHONE: Subject = { address: ip('192.168.77.21'), mac: parseMac('00:1b:54:aa:bb:cc'), isLeased: true, classes: ['phones'] };
const PC: Subject = { address: ip('192.168.77.22'), mac: parseMac('66:00:00:00:00:01'), isLeased: true };
/** Has told us its MAC, and its address is from somewhere else. */
const INFORMER: Subject = { address: ip('192.168.77.23'), mac: PHONE.mac, classes: ['phones'] };
const STRANGER: Subject = { address: ip('10.0.0.9') };

function whos(...texts: string[]): readonly Who[] {
  return texts.map((text) => {
    const who = parseWho(text, () => true);
    invariant(who !== undefined, text);
    return who;
  });
}

function rules(settings: Partial<AccessSettings>): AccessRules {
  return new AccessRules({ isHost: (mac) => mac === PHONE.mac, ...settings });
}

const names = new Map([
  [PHONE, 'phone'],
  [PC, 'pc'],
  [INFORMER, 'informer'],
  [STRANGER, 'stranger'],
]);

describe('who may read (tftp.allow, tftp.deny)', () => {
  test.each<[allow: string[], deny: string[], may: string[]]>([
    [[], [], ['phone', 'pc', 'informer', 'stranger']],
    [['192.168.77.0/24'], [], ['phone', 'pc', 'informer']],
    [['192.168.77.22'], [], ['pc']],
    [['00:1B:54:*'], [], ['phone']],
    [['001b54aabb??'], [], ['phone']],
    [['class:phones'], [], ['phone']],
    [['lease'], [], ['phone', 'pc']],
    [['host'], [], ['phone']],
    [['host', '10.0.0.0/8'], [], ['phone', 'stranger']],
    [[], ['192.168.77.0/24'], ['stranger']],
    [[], ['lease'], ['informer', 'stranger']],
    [['192.168.77.0/24'], ['class:phones'], ['pc', 'informer']],
    [['host'], ['192.168.77.21'], []],
  ])('allow %j, deny %j: %j', (allow, deny, may) => {
    const access = rules({ read: { allow: whos(...allow), deny: whos(...deny) } });
    expect([...names].filter(([from]) => access.ofReader(from) === undefined).map(([, name]) => name)).toEqual(may);
    expect([...names].every(([from]) => access.ofWriter(from) === undefined)).toBe(true);
  });

  test('is said to the operator with the rule that decides', () => {
    const access = rules({ read: { allow: whos('lease'), deny: whos('192.168.77.22') }, write: { allow: whos('host'), deny: [] } });
    expect(access.ofReader(PC)).toEqual({ refused: 'forbidden', detail: 'tftp.deny names it: 192.168.77.22' });
    expect(access.ofReader(STRANGER)).toEqual({ refused: 'forbidden', detail: 'tftp.allow does not name it; it names lease' });
    expect(access.ofWriter(PC)?.detail).toBe('tftp.uploads.allow does not name it; it names host');
  });

  test.each(['192.168.77.0/24', '192.168.77.9', '00:1b:54:*', 'class:voice phones', 'lease', 'host'])('%s is read as it is shown', (text) =>
    expect(whos(text).map(showWho)).toEqual([text]),
  );

  test.each(['anybody', 'class:', '192.168.77.0/33', ''])('%j is nobody', (text) => expect(parseWho(text, () => false)).toBeUndefined());
});

describe('a catalogue', () => {
  const root = join(scratch('access'), 'root');
  mkdirSync(join(root, 'own'), { recursive: true });
  for (const name of ['plain', 'SEP001B54AABBCC.cnf.xml', '00-1b-54-aa-bb-cc.cfg']) writeFileSync(join(root, name), name);
  symlinkSync('../plain', join(root, 'own', '001b54aabbcc'));
  const catalogOf = (settings: Partial<AccessSettings>) => new FileCatalog([new DiskRoute(root)], new NameRules({ root }), rules(settings));

  test('gives nothing to who may not read, and takes nothing from who may not write', async () => {
    const catalog = catalogOf({ read: { allow: whos('host'), deny: [] }, write: { allow: [], deny: whos('host') } });
    expect(await contentOf(catalog.open('plain', PHONE))).toBe('plain');
    expect(await contentOf(catalog.open('plain', PC))).toBe('forbidden');
    expect(await contentOf(catalog.open('no-such-file', PC))).toBe('forbidden');
    expect(await catalog.create('up', PHONE)).toMatchObject({ ok: false, error: { detail: 'tftp.uploads.deny names it: host' } });
    expect(await catalog.create('up', PC)).toMatchObject({ ok: false, error: { detail: 'uploads are not taken' } });
  });

  test.each<[string, Subject, string]>([
    ['plain', STRANGER, 'plain'],
    ['SEP001B54AABBCC.cnf.xml', PHONE, 'SEP001B54AABBCC.cnf.xml'],
    ['SEP001B54AABBCC.cnf.xml', PC, 'forbidden'],
    ['SEP001B54AABBCC.cnf.xml', INFORMER, 'forbidden'],
    ['SEP001B54AABBCC.cnf.xml', STRANGER, 'forbidden'],
    ['sep001b54aabbcc.CNF.XML', PC, 'forbidden'],
    ['\\tftpboot\\SEP001B54AABBCC.cnf.xml', PC, 'forbidden'],
    ['00-1b-54-aa-bb-cc.cfg', PHONE, '00-1b-54-aa-bb-cc.cfg'],
    ['00-1b-54-aa-bb-cc.cfg', PC, 'forbidden'],
    ['own/001b54aabbcc', PC, 'forbidden'],
    ['own/001b54aabbcc', PHONE, 'plain'],
    ['SEP001B54AABBCC.cnf.xml', { address: ip('10.9.9.9') }, 'SEP001B54AABBCC.cnf.xml'],
    ['SEP660000000001.cnf.xml', PHONE, 'not-found'],
  ])('with secure.boundToMac: %s for %j: %s', async (name, from, content) => {
    const catalog = catalogOf({ boundToMac: { except: [cidr('10.9.0.0/16')] } });
    expect(await contentOf(catalog.open(name, from))).toBe(content);
  });

  test('says whose file it is, and who asked', async () => {
    const answer = await catalogOf({ boundToMac: { except: [] } }).open('SEP001B54AABBCC.cnf.xml', PC);
    invariant(!answer.ok, 'not for it');
    expect(answer.error.detail).toContain('for 00:1b:54:aa:bb:cc alone, and the address that asks is leased to 66:00:00:00:00:01');
  });
});
