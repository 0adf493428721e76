/** For which devices an image of firmware is. */
import { describe, expect, test } from 'vitest';
import type { Mac } from '../../src/base/addresses.ts';
import { type DeviceModel, type FirmwareImage, fileNamed, ImageRules } from '../../src/boot/image-rules.ts';

const FILE = 'images/cat9k.bin';
const MAC = '00:1b:54:00:00:09' as Mac;

function image(changes: Partial<FirmwareImage> = {}): FirmwareImage {
  const nothing = { models: undefined, profile: undefined, version: undefined, note: undefined, sha256: undefined, md5: undefined };
  return { file: FILE, ...nothing, unknownModel: 'allow', offerAgainAfterSeconds: 3600, ...changes };
}

test.each<[what: string, image: Partial<FirmwareImage>, device: DeviceModel, obstacle: string | undefined]>([
  ['no model, any device', {}, { model: 'WS-C2960' }, undefined],
  ['the model', { models: ['C9300*'] }, { model: 'C9300-24T' }, undefined],
  ['the model in another case', { models: ['c9300*'] }, { model: 'C9300-24T' }, undefined],
  ['one of several models', { models: ['C9200*', 'C9300-??T'] }, { model: 'C9300-24T' }, undefined],
  ['another model', { models: ['C9300*', 'C9200*'] }, { model: 'WS-C2960' }, 'is for C9300*, C9200*, and this is a WS-C2960 (images)'],
  [
    'a model that is longer than the pattern',
    { models: ['C9300'] },
    { model: 'C9300-24T' },
    'is for C9300, and this is a C9300-24T (images)',
  ],
  ['an unknown model', { models: ['C9300*'] }, {}, undefined],
  [
    'an unknown model that is refused',
    { models: ['C9300*'], unknownModel: 'refuse' },
    {},
    'is for C9300*, and nobody knows what this device is (images, unknownModel)',
  ],
  ['the profile', { profile: 'cisco-sip', unknownModel: 'refuse' }, { profile: 'cisco-sip' }, undefined],
  [
    'another profile',
    { profile: 'cisco-sip' },
    { profile: 'yealink' },
    'is for devices of the profile cisco-sip, and this one has yealink (images)',
  ],
  [
    'the model of an unknown profile',
    { models: ['CP-8*'], profile: 'cisco-sip', unknownModel: 'refuse' },
    { model: 'CP-8841' },
    'is for CP-8*, and nobody knows what this device is (images, unknownModel)',
  ],
])('%s', (_what, changes, device, obstacle) => {
  expect(new ImageRules([image(changes)]).obstacle(FILE, device)).toBe(obstacle);
});

describe('the rules', () => {
  test('say nothing of files that are no images', () => {
    expect(new ImageRules([image({ models: ['x'] })]).obstacle('pxelinux.0', { model: 'y' })).toBeUndefined();
  });

  test('let a device have a file that is there for two kinds of devices, when it is one of them', () => {
    const rules = new ImageRules([image({ models: ['a'] }), image({ models: ['b'] })]);
    expect([rules.obstacle(FILE, { model: 'b' }), rules.obstacle(FILE, { model: 'c' })]).toEqual([
      undefined,
      'is for a, and this is a c (images)',
    ]);
  });

  test('withhold a file from everybody, and name one that was taken to everybody but who took it', () => {
    const rules = new ImageRules([image(), image({ file: 'other' })]);
    const [at, until] = ['2026-11-28T01:00Z', '2026-11-28T02:00Z'];
    rules.stand({ withheld: [{ file: 'other', why: 'is wrong' }], taken: [{ mac: MAC, file: FILE, at, until }] });
    expect(rules.obstacle('other', {})).toBe('is wrong');
    expect(rules.obstacle(FILE, {}), 'by its name it is there').toBeUndefined();
    expect([...rules.notToBeNamed({}, MAC)]).toEqual([
      [FILE, `was fetched by it at ${at}, and is named again from ${until} on`],
      ['other', 'is wrong'],
    ]);
    expect([...rules.notToBeNamed({}, undefined)]).toEqual([['other', 'is wrong']]);
  });
});

test.each([
  ['images/x.bin', 'images/x.bin'],
  ['/images/x.bin\0', 'images/x.bin'],
  ['\\images\\x.bin', 'images/x.bin'],
  ['tftp://192.168.77.1/images/x.bin', 'images/x.bin'],
  ['http://192.168.77.1:8080/images/x.bin', 'images/x.bin'],
])('%j names %s', (name, file) => expect(fileNamed(name)).toBe(file));
