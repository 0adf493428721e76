import { describe, expect, it } from 'vitest';
import { type AnsweredName, type NamedDevice, readAnsweredName } from '../../src/boot/answered-name.ts';
import { mac } from '../support/addresses.ts';

const MAC = mac('00:1b:54:aa:bb:cc');

function pattern(text: string): AnsweredName {
  const name = readAnsweredName(text);
  if (!name.ok) throw new Error(name.error);
  return name.value;
}

describe('A name says which device it is for', () => {
  it.each<[pattern: string, path: string, device: NamedDevice | undefined]>([
    ['SEP{MAC}.cnf.xml', 'SEP001B54AABBCC.cnf.xml', { mac: MAC }],
    ['SEP{MAC}.cnf.xml', 'sep001b54aabbcc.CNF.XML', { mac: MAC }],
    ['{mac}.cfg', '001B54AABBCC.cfg', { mac: MAC }],
    ['{mac}.cfg', '001b54aabbc.cfg', undefined],
    ['{mac}.cfg', '001b54aabbccd.cfg', undefined],
    ['{mac}.cfg', 'x001b54aabbcc.cfg', undefined],
    ['{mac}.cfg', '001b54aabbccxcfg', undefined],
    ['{mac}.cfg', 'a/001b54aabbcc.cfg', undefined],
    ['{mac}.cfg', '000000000000.cfg', undefined],
    ['snom/{mac-}.xml', 'snom/00-1B-54-aa-bb-cc.xml', { mac: MAC }],
    ['Communicator/SEP{MAC}.cnf.xml', 'communicator/SEP001B54AABBCC.cnf.xml', { mac: MAC }],
    ['/lead/{name}.cfg', 'lead/desk-101.cfg', { name: 'desk-101' }],
    ['{name}.cfg', 'a/b.cfg', undefined],
    ['{serial}.cfg', 'FCH1234.cfg', { serial: 'FCH1234' }],
    ['cfg{model}.xml', 'cfgGRP2614.xml', { model: 'GRP2614' }],
    ['{model}-{mac}.cfg', 'T46-001b54aabbcc.cfg', { model: 'T46', mac: MAC }],
    ['XMLDefault.cnf.xml', 'xmldefault.cnf.xml', {}],
    ['a+b(1).cfg', 'a+b(1).cfg', {}],
    ['a.cfg', 'aXcfg', undefined],
  ])('%s, asked for as %s', (text, path, device) => expect(pattern(text).match(path)).toEqual(device));

  it.each<[pattern: string, isBound: boolean, form: string]>([
    ['SEP{MAC}.cnf.xml', true, 'xml'],
    ['{serial}.json', true, 'json'],
    ['{name}.SH', true, 'shell'],
    ['{model}.cfg', false, 'plain'],
    ['46xxsettings.txt', false, 'plain'],
    ['startup', false, 'plain'],
  ])('%s', (text, isBound, form) => expect(pattern(text)).toMatchObject({ isBound, form }));
});

it.each<[pattern: string, device: NamedDevice, name: string | undefined]>([
  ['SEP{MAC}.cnf.xml', { mac: MAC }, 'SEP001B54AABBCC.cnf.xml'],
  ['{model}/{mac-}.cfg', { mac: MAC, model: 'T46' }, 'T46/00-1b-54-aa-bb-cc.cfg'],
  ['{serial}.cfg', { mac: MAC }, undefined],
])('%s has its name for a device', (text, device, name) => expect(pattern(text).nameFor(device)).toBe(name));

it.each<[pattern: string, fault: RegExp]>([
  ['', /names no file/],
  ['a/', /names no file/],
  ['a\\b', /parted by \//],
  ['../{mac}.cfg', /`\.\.` folder/],
  ['a//b', /empty/],
  ['{mca}.cfg', /did you mean \{mac\}/],
  ['{thing}.cfg', /stands for nothing; there are \{mac\}, \{MAC\}/],
  ['{mac.cfg', /no partner/],
  ['{mac}-{MAC}', /twice/],
  ['a\n', /control/],
])('%j cannot be answered', (text, fault) => {
  const name = readAnsweredName(text);
  expect(name.ok ? 'no fault' : name.error).toMatch(fault);
});
