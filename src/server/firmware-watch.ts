/** Images of firmware while the server runs: their digests are computed beside everything else, and who fetched one is remembered. */

import type { Clock } from '../base/clock.ts';
import { faultText } from '../base/result.ts';
import type { FirmwareImage, ImageStanding } from '../boot/image-rules.ts';
import type { EventBus } from '../events/bus.ts';
import type { AppEvent } from '../events/events.ts';
import { showName } from '../files/safe-path.ts';
import { type DigestMemory, type FirmwareState, firmwareState, readFirmware } from '../images/firmware.ts';
import { digestsFile, readDigests, takingsFile, writeDigests } from './firmware-files.ts';
import { TakenImages } from './taken-images.ts';

export interface FirmwareWatchParts {
  readonly dataDir: string;
  readonly bus: EventBus;
  readonly clock: Clock;
  /** This part of the standing is another one. */
  readonly onChange: (what: keyof ImageStanding) => void;
}

/** What is watched. */
export interface WatchedImages {
  readonly images: readonly FirmwareImage[];
  /** Absolute path of the folder that they lie in. */
  readonly root: string;
}

const LOOK_EVERY_MS = 5_000;
/** A file that somebody is copying here right now is read when it has come to rest. */
const AT_REST_MS = 3_000;

export class FirmwareWatch {
  readonly #parts: FirmwareWatchParts;
  readonly #memory: DigestMemory;
  readonly #taken: TakenImages;
  readonly #stopListening: () => void;
  #watched: WatchedImages = { images: [], root: '/' };
  #states: ReadonlyMap<FirmwareImage, FirmwareState> = new Map();
  /** What was told of each file last, so that it is told once. */
  readonly #told = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isClosed = false;

  private constructor(parts: FirmwareWatchParts, memory: DigestMemory, taken: TakenImages) {
    this.#parts = parts;
    this.#memory = memory;
    this.#taken = taken;
    this.#stopListening = parts.bus.listen((event) => this.#hear(event));
  }

  static async open(parts: FirmwareWatchParts): Promise<FirmwareWatch> {
    const { dataDir, clock, onChange, bus } = parts;
    const onFault = (fault: unknown): void =>
      bus.tell({ type: 'server.fault', where: 'the memory of fetched images', detail: faultText(fault) });
    const taken = await TakenImages.open({ file: takingsFile(dataDir), clock, onChange: () => onChange('taken'), onFault });
    return new FirmwareWatch(parts, await readDigests(digestsFile(dataDir)), taken);
  }

  /** Watches these from now on. Resolves when it is known how they are, as far as they need not be read for it. */
  async watch(watched: WatchedImages): Promise<void> {
    this.#watched = watched;
    this.#taken.configure(watched.images);
    this.#states = await this.#look();
    clearInterval(this.#timer);
    if (watched.images.length === 0) return;
    this.#timer = setInterval(() => this.#lookAgain(), LOOK_EVERY_MS).unref();
    this.#lookAgain();
  }

  get standing(): ImageStanding {
    const withheld = [...this.#states].flatMap(([image, state]) => {
      const why = obstacleOf(image, state);
      return why === undefined ? [] : [{ file: image.file, why }];
    });
    return { withheld, taken: this.#taken.list };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopListening();
    clearInterval(this.#timer);
    await this.#taken.close();
  }

  #look(): Promise<ReadonlyMap<FirmwareImage, FirmwareState>> {
    const { images, root } = this.#watched;
    const looks = images.map(async (image) => [image, await firmwareState(root, image, this.#memory)] as const);
    return Promise.all(looks).then((states) => new Map(states));
  }

  #lookAgain(): void {
    this.#looking = this.#looking
      .then(() => this.#readAll())
      .catch((fault: unknown) => this.#parts.bus.tell({ type: 'server.fault', where: 'images of firmware', detail: faultText(fault) }));
  }

  async #readAll(): Promise<void> {
    this.#adopt(await this.#look());
    let hasRead = false;
    for (const [image, state] of this.#states) {
      if (this.#isClosed || !this.#watched.images.includes(image)) return;
      if (state.is !== 'unread' || this.#parts.clock.wall() - state.changedAt < AT_REST_MS) {
        this.#tell(image, state);
        continue;
      }
      const read = await readFirmware(this.#watched.root, image, this.#memory);
      if (!this.#watched.images.includes(image)) return;
      hasRead = true;
      this.#adopt(new Map(this.#states).set(image, read));
      this.#tell(image, read);
    }
    if (hasRead) await writeDigests(digestsFile(this.#parts.dataDir), this.#memory);
  }

  #adopt(states: ReadonlyMap<FirmwareImage, FirmwareState>): void {
    const before = JSON.stringify(this.standing.withheld);
    this.#states = states;
    if (JSON.stringify(this.standing.withheld) !== before) this.#parts.onChange('withheld');
  }

  #tell(image: FirmwareImage, state: FirmwareState): void {
    const event = eventOf(image, state);
    const text = JSON.stringify(event ?? '');
    if (event === undefined || this.#told.get(image.file) === text) return;
    this.#told.set(image.file, text);
    this.#parts.bus.tell(event);
  }

  #hear(event: AppEvent): void {
    if (event.type !== 'transfer.done' || event.direction !== 'read' || event.mac === undefined) return;
    const path = (event.servedAs ?? event.path).replaceAll('\\', '/').replace(/^\/+/, '');
    const found = [...this.#states].find(([image]) => showName(image.file) === path);
    if (found === undefined) return;
    const [{ file }, state] = found;
    const size = state.is === 'read' ? state.known.size : state.is === 'unread' ? state.size : Number.POSITIVE_INFINITY;
    // By HTTP a part is a transfer, too; the last one ends where the file does.
    if ((event.resumedAt ?? 0) + event.octets < size) return;
    const { mac, address, hostName } = event;
    const seconds = this.#taken.add(mac, file);
    this.#parts.bus.tell({ type: 'image.taken', mac, address, hostName, file: path, seconds });
  }
}

/** Why nobody may have an image, completing "the file …". What has no digest to be compared with is given as it is. */
function obstacleOf({ sha256, md5 }: FirmwareImage, state: FirmwareState): string | undefined {
  if (state.is === 'read' && state.wrong !== undefined) {
    const { algorithm, expected, found } = state.wrong;
    return `is not what it should be: its ${algorithm} is ${found} and not ${expected} (images)`;
  }
  const isCompared = sha256 !== undefined || md5 !== undefined;
  return state.is === 'unread' && isCompared ? 'is being compared with its digest, which takes a moment (images)' : undefined;
}

function eventOf(image: FirmwareImage, state: FirmwareState): AppEvent | undefined {
  const file = showName(image.file);
  if (state.is === 'missing') return { type: 'image.missing', file, why: state.why };
  if (state.is === 'unread') return undefined;
  const { size, sha256, md5 } = state.known;
  return state.wrong === undefined ? { type: 'image.checked', file, size, sha256, md5 } : { type: 'image.wrong', file, ...state.wrong };
}
