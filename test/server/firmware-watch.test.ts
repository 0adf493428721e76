import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Mac } from '../../src/base/addresses.ts';
import { type Clock, monoMs, wallMs } from '../../src/base/clock.ts';
import type { FirmwareImage } from '../../src/boot/image-rules.ts';
import { EventBus } from '../../src/events/bus.ts';
import type { AppEvent } from '../../src/events/events.ts';
import type { TransferEvent } from '../../src/events/transfer-events.ts';
import { digestsFile, takingsFile } from '../../src/server/firmware-files.ts';
import { FirmwareWatch } from '../../src/server/firmware-watch.ts';
import { eventually } from '../support/program.ts';
import { scratch } from '../support/scratch.ts';

const MAC = '52:54:00:00:00:01' as Mac;
const NOON = Date.UTC(2026, 10, 28, 12);
const MINUTE = 60_000;

let folder: string;
let bus: EventBus;
let told: AppEvent[];
let changes: number;
let now: number;
let watch: FirmwareWatch | undefined;

const clock: Clock = { wall: () => wallMs(now), mono: () => monoMs(0) };

beforeEach(() => {
  folder = scratch('firmware');
  mkdirSync(join(folder, 'root'));
  now = NOON;
  changes = 0;
  told = [];
  bus = new EventBus((fault) => {
    throw fault;
  });
  bus.listen((event) => told.push(event));
});

afterEach(async () => {
  await watch?.close();
  vi.useRealTimers();
});

function put(file: string, content: string): void {
  const place = join(folder, 'root', file);
  writeFileSync(place, content);
  utimesSync(place, new Date(NOON), new Date(NOON - MINUTE));
}

const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');

function image(changed: Partial<FirmwareImage> = {}): FirmwareImage {
  const nothing = { models: undefined, profile: undefined, version: undefined, note: undefined, sha256: undefined, md5: undefined };
  return { file: 'ios.bin', ...nothing, unknownModel: 'allow', offerAgainAfterSeconds: 3600, ...changed };
}

async function opened(...images: readonly FirmwareImage[]): Promise<FirmwareWatch> {
  await watch?.close();
  watch = await FirmwareWatch.open({ dataDir: join(folder, 'data'), bus, clock, onChange: () => (changes += 1) });
  await watch.watch({ images, root: join(folder, 'root') });
  return watch;
}

const types = () => told.map(({ type }) => type).filter((type) => type.startsWith('image.'));
const fetched = (changed: Partial<Extract<TransferEvent, { type: 'transfer.done' }>> = {}): void =>
  bus.tell({
    type: 'transfer.done',
    transfer: 1,
    protocol: 'tftp',
    direction: 'read',
    path: 'ios.bin',
    octets: 4,
    millis: 1,
    mac: MAC,
    ...changed,
  });

describe('An image', () => {
  it('is withheld until it is compared with its digest, and then there', async () => {
    put('ios.bin', 'good');
    const { standing } = await opened(image({ sha256: sha256('good') }));
    expect(standing.withheld).toEqual([{ file: 'ios.bin', why: 'is being compared with its digest, which takes a moment (images)' }]);
    await eventually('it is read', () => types().length > 0);
    expect([types(), watch?.standing.withheld, changes]).toEqual([['image.checked'], [], 1]);
  });

  it('with a wrong digest is withheld, and told once', async () => {
    put('ios.bin', 'bad!');
    await opened(image({ sha256: sha256('good') }));
    await eventually('it is read', () => types().length > 0);
    expect(types()).toEqual(['image.wrong']);
    expect(watch?.standing.withheld).toMatchObject([
      { file: 'ios.bin', why: expect.stringMatching(/^is not what it should be: its SHA-256 is/) as string },
    ]);
  });

  it('without a digest is there at once, and compared with nothing', async () => {
    put('ios.bin', 'any!');
    expect((await opened(image())).standing.withheld).toEqual([]);
  });

  it('that is not there is told, and withheld from nobody', async () => {
    await opened(image({ sha256: sha256('good') }));
    await eventually('it is told', () => types().length > 0);
    expect([types(), watch?.standing.withheld]).toEqual([['image.missing'], []]);
  });

  it('is not read again after a restart, unless it is another', async () => {
    put('ios.bin', 'good');
    await opened(image({ sha256: sha256('good') }));
    await eventually('its digests are on the disk', () => {
      try {
        return readFileSync(digestsFile(join(folder, 'data')), 'utf8').includes(sha256('good'));
      } catch {
        return undefined;
      }
    });
    expect((await opened(image({ sha256: sha256('good') }))).standing.withheld).toEqual([]);
    put('ios.bin', 'other');
    expect((await opened(image({ sha256: sha256('good') }))).standing.withheld).toHaveLength(1);
  });
});

describe('A device that has fetched an image', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    put('ios.bin', 'good');
  });

  it('is not told of it for its time, over a restart of the server', async () => {
    await opened(image());
    fetched();
    const taken = [{ mac: MAC, file: 'ios.bin', at: '2026-11-28T12:00Z', until: '2026-11-28T13:00Z' }];
    expect([watch?.standing.taken, changes]).toEqual([taken, 1]);
    expect(told.at(-1)).toMatchObject({ type: 'image.taken', mac: MAC, file: 'ios.bin', seconds: 3600 });
    now += 59 * MINUTE;
    await watch?.close();
    expect((await opened(image())).standing.taken).toEqual(taken);
    now += 2 * MINUTE;
    expect(watch?.standing.taken).toEqual([]);
    await vi.advanceTimersByTimeAsync(60 * MINUTE);
    expect(changes, 'and DHCP hears of it').toBe(2);
  });

  it.each<[what: string, event: Parameters<typeof fetched>[0], taken: number]>([
    ['a part of it', { octets: 3 }, 0],
    ['the rest of it by HTTP', { octets: 1, resumedAt: 3, protocol: 'http' }, 1],
    ['another name that led to it', { path: 'IOS.BIN', servedAs: 'ios.bin' }, 1],
    ['another file', { path: 'pxelinux.0' }, 0],
    ['nobody knows who', { mac: undefined }, 0],
    ['an upload', { direction: 'write' }, 0],
  ])('%s', async (_what, event, taken) => {
    await opened(image());
    fetched(event);
    expect(watch?.standing.taken).toHaveLength(taken);
  });

  it('is told of it again at once where that is wanted', async () => {
    await opened(image({ offerAgainAfterSeconds: 0 }));
    fetched();
    expect(watch?.standing.taken).toEqual([]);
    expect(told.at(-1)).toMatchObject({ type: 'image.taken', seconds: 0 });
  });

  it('is forgotten with a damaged memory, which is told', async () => {
    mkdirSync(join(folder, 'data'), { recursive: true });
    writeFileSync(takingsFile(join(folder, 'data')), '{"taken":[{"mac":1}]}');
    await opened(image());
    expect(told).toMatchObject([{ type: 'server.fault', detail: expect.stringMatching(/is damaged; delete it/) as string }]);
  });
});
