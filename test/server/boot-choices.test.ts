import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Mac } from '../../src/base/addresses.ts';
import type { BootChoice } from '../../src/boot/boot-choices.ts';
import { EventBus } from '../../src/events/bus.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { BootChoices } from '../../src/server/boot-choices.ts';
import { bootChoicesFile, readBootChoices, writeBootChoices } from '../../src/server/boot-choices-file.ts';
import { scratch } from '../support/scratch.ts';

const MAC = '52:54:00:00:00:01' as Mac;
const OTHER = '52:54:00:00:00:02' as Mac;

let file: string;
let bus: EventBus;
let told: AppEvent[];
let inForce: readonly BootChoice[];
let choices: BootChoices;

const open = () =>
  BootChoices.open(file, bus, async (all) => {
    inForce = all;
  });

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  file = bootChoicesFile(join(scratch('choices'), 'data'));
  bus = new EventBus((fault) => {
    throw fault;
  });
  told = [];
  inForce = [];
  bus.listen((event) => told.push(event));
  choices = await open();
});

afterEach(async () => {
  await choices.close();
  vi.useRealTimers();
});

const sent = (mac: Mac, choice: string | undefined): void =>
  bus.tell({
    type: 'transfer.done',
    transfer: 1,
    protocol: 'tftp',
    direction: 'read',
    path: 'boot.ipxe',
    octets: 1,
    millis: 1,
    resent: 0,
    mac,
    choice,
  });
const types = () => told.map(({ type }) => type).filter((type) => type.startsWith('boot.'));

describe('Choices of a running server', () => {
  it('are in force, told and on the disk at once, and outlive a restart', async () => {
    await choices.choose({ mac: MAC, entry: 'linux', once: false });
    expect([inForce, types()]).toEqual([[{ mac: MAC, entry: 'linux', once: false }], ['boot.chosen']]);
    await choices.close();
    choices = await open();
    expect(choices.all).toEqual([{ mac: MAC, entry: 'linux', once: false }]);
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it('are replaced by others for the same device, and cleared', async () => {
    await choices.choose({ mac: MAC, entry: 'linux', once: false });
    await choices.choose({ mac: MAC, entry: 'disk', once: true });
    expect(inForce).toEqual([{ mac: MAC, entry: 'disk', once: true }]);
    expect([await choices.clear(MAC), await choices.clear(MAC), inForce]).toEqual([true, false, []]);
    expect(await readBootChoices(file)).toEqual([]);
  });

  it('for one time are used up when a menu made with them was sent whole, a moment later: a loader may read it twice', async () => {
    await choices.choose({ mac: MAC, entry: 'linux', once: true });
    await choices.choose({ mac: OTHER, entry: 'linux', once: true });
    sent(MAC, 'linux');
    await vi.advanceTimersByTimeAsync(4_999);
    sent(MAC, 'linux');
    expect(inForce).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(2);
    expect(inForce).toEqual([{ mac: OTHER, entry: 'linux', once: true }]);
    expect(told.at(-1)).toMatchObject({ type: 'boot.choice-used', mac: MAC, entry: 'linux' });
    await choices.close();
    expect(await readBootChoices(file)).toEqual(inForce);
  });

  it('are not used up by a file without them, by another device, or by an older choice', async () => {
    await choices.choose({ mac: MAC, entry: 'linux', once: true });
    sent(MAC, undefined);
    sent(OTHER, 'linux');
    sent(MAC, 'disk');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(inForce).toHaveLength(1);
  });

  it('that are to stay are not used up', async () => {
    await choices.choose({ mac: MAC, entry: 'linux', once: false });
    sent(MAC, 'linux');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(inForce).toHaveLength(1);
  });

  it('that are made anew in that moment are not used up by the menu before', async () => {
    await choices.choose({ mac: MAC, entry: 'linux', once: true });
    sent(MAC, 'linux');
    await choices.choose({ mac: MAC, entry: 'linux', once: true });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(inForce).toHaveLength(1);
  });

  it('that were used up just before the end are gone after it', async () => {
    await choices.choose({ mac: MAC, entry: 'linux', once: true });
    sent(MAC, 'linux');
    await choices.close();
    expect(await readBootChoices(file)).toEqual([]);
  });
});

describe('The file', () => {
  it('that is damaged is told, and nothing is chosen', async () => {
    await writeBootChoices(file, []);
    for (const text of ['{', '{"choices":[{"mac":"x","entry":"y"}]}', '{"choices":{}}', 'null']) {
      writeFileSync(file, text);
      await expect(readBootChoices(file)).rejects.toThrow(/is damaged; delete it/);
    }
    expect((await open()).all).toEqual([]);
    expect(told.at(-1)).toMatchObject({ type: 'server.fault' });
  });

  it('is for people, too', async () => {
    await writeBootChoices(file, [{ mac: MAC, entry: 'linux', once: true }]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ choices: [{ mac: MAC, entry: 'linux', once: true }] });
  });
});
