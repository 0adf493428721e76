/**
 * How much may still be taken: the size limit, the quotas and the free space of the disk. What is announced is claimed
 * beforehand, so that a client hears that there is no room before it sends anything, and two of them cannot have the same room.
 */
import { statfsSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock, MonoMs } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import { showSize } from '../events/quantities.ts';
import { errnoOf, type Refusal, refusal } from './refusal.ts';
import { diskPath, type SafePath } from './safe-path.ts';

export interface RoomLimits {
  /** Absolute path of the uploads. */
  readonly dir: string;
  /** Octets that one file may have. */
  readonly maxSize: number;
  /** Octets that all uploads together may have; undefined: as many as the disk takes. */
  readonly quota: number | undefined;
  /** Octets that the folder of one device may have. */
  readonly quotaPerDevice: number | undefined;
}

/** Leases and log are often on the same disk, and have to be written when uploads no longer can be. */
export const DISK_RESERVE = 16 * 1024 * 1024;

/** A count goes on by what is stored and removed here. Others can change the folder too, so that it is made anew now and then. */
const COUNT_LASTS_MS = 3_600_000;
/** Before anybody is refused it is made anew as well: somebody may have made room. But a crowd that is refused costs one count. */
const REFUSED_COUNT_LASTS_MS = 5_000;

interface Count {
  readonly at: MonoMs;
  octets: number;
}

/** A folder that has a quota; undefined is the folder of all uploads. */
interface Limited {
  readonly device: string | undefined;
  readonly quota: number;
}

export class UploadRoom {
  readonly #limits: RoomLimits;
  readonly #clock: Clock;
  readonly #counts = new Map<string | undefined, Count>();
  readonly #claims = new Set<RoomClaim>();
  #deciding: Promise<unknown> = Promise.resolve();

  constructor(limits: RoomLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /**
   * Room for an upload; give it back with `settle`.
   * @param device its folder; undefined where devices have none.
   * @param size octets that the client announced, 0 when it did not.
   * @returns `full`, with what is in the way. Never rejects.
   */
  claim(device: string | undefined, size: number): Promise<Result<RoomClaim, Refusal>> {
    // One after another: of two that fit alone, the first gets the room.
    const decision = this.#deciding.then(() => this.#decide(new RoomClaim(this, device, size)));
    this.#deciding = decision;
    return decision;
  }

  async #decide(claim: RoomClaim): Promise<Result<RoomClaim, Refusal>> {
    this.#claims.add(claim);
    const refused = this.tooLarge(claim.size) ?? this.#diskShortage() ?? (await this.shortage(claim));
    if (refused === undefined) return ok(claim);
    this.#claims.delete(claim);
    return err(refused);
  }

  /** Takes back a claim, of which `octets` more, or fewer, are on the disk now: below the device's folder, or only below the uploads. */
  settle(claim: RoomClaim, octets: number, where: 'device' | 'elsewhere'): void {
    this.#claims.delete(claim);
    for (const [device, count] of this.#counts) {
      if (device === undefined || (where === 'device' && device === claim.device)) count.octets += octets;
    }
  }

  tooLarge(size: number): Refusal | undefined {
    const { maxSize } = this.#limits;
    return size > maxSize ? refusal('full', `${showSize(size)} is more than the ${showSize(maxSize)} of tftp.uploads.maxSize`) : undefined;
  }

  /** The quota that all that is claimed would break. */
  async shortage(claim: RoomClaim): Promise<Refusal | undefined> {
    for (const limited of this.#limitsOf(claim)) {
      if (await this.#fits(limited, COUNT_LASTS_MS)) continue;
      if (await this.#fits(limited, REFUSED_COUNT_LASTS_MS)) continue;
      const [key, whose] = limited.device === undefined ? ['quota', 'the uploads have'] : ['quotaPerDevice', `${limited.device} has`];
      const used = showSize(this.#counts.get(limited.device)?.octets ?? 0);
      return refusal('full', `${whose} ${used} of the ${showSize(limited.quota)} of tftp.uploads.${key}, which leaves no room for it`);
    }
    return undefined;
  }

  #limitsOf({ device }: RoomClaim): readonly Limited[] {
    const { quota, quotaPerDevice } = this.#limits;
    return [
      ...(device === undefined || quotaPerDevice === undefined ? [] : [{ device, quota: quotaPerDevice }]),
      ...(quota === undefined ? [] : [{ device: undefined, quota }]),
    ];
  }

  async #fits({ device, quota }: Limited, lastsMs: number): Promise<boolean> {
    const known = this.#counts.get(device);
    if (known === undefined || this.#clock.mono() - known.at > lastsMs) {
      const { dir } = this.#limits;
      const octets = await octetsBelow(device === undefined ? Buffer.from(dir) : diskPath(dir, device as SafePath));
      this.#counts.set(device, { at: this.#clock.mono(), octets });
    }
    let claimed = 0;
    for (const claim of this.#claims) if (device === undefined || claim.device === device) claimed += claim.size;
    return (this.#counts.get(device)?.octets ?? 0) + claimed <= quota;
  }

  #diskShortage(): Refusal | undefined {
    const free = freeOctets(this.#limits.dir);
    if (free === undefined) return undefined;
    let claimed = DISK_RESERVE;
    for (const claim of this.#claims) claimed += claim.unwritten;
    return claimed <= free ? undefined : refusal('full', `the disk of ${this.#limits.dir} has ${showSize(free)} left`);
  }
}

/** Room that one upload holds. */
export class RoomClaim {
  readonly device: string | undefined;
  readonly #room: UploadRoom;
  readonly #claimed: number;
  #written = 0;

  constructor(room: UploadRoom, device: string | undefined, size: number) {
    this.#room = room;
    this.device = device;
    this.#claimed = size;
  }

  /** Octets that are claimed, or written where that is more. */
  get size(): number {
    return Math.max(this.#claimed, this.#written);
  }

  get unwritten(): number {
    return this.size - this.#written;
  }

  /** Room for `octets` more of the file. Within what was announced there always is. */
  async grow(octets: number): Promise<Result<void, Refusal>> {
    this.#written += octets;
    if (this.#written <= this.#claimed) return ok(undefined);
    const refused = this.#room.tooLarge(this.#written) ?? (await this.#room.shortage(this));
    return refused === undefined ? ok(undefined) : err(refused);
  }

  /** Gives the claim back: see `UploadRoom.settle`. */
  settle(octets: number, where: 'device' | 'elsewhere'): void {
    this.#room.settle(this, octets, where);
  }
}

/** Files that are on their way are claimed, not counted. */
const RUNNING = /\.part$/;

/** Octets of all plain files below a folder; 0 when it is not there. What cannot be read does not count. */
async function octetsBelow(folder: Buffer): Promise<number> {
  let octets = 0;
  const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' }).catch(() => []);
  for (const entry of entries) {
    const name = entry.name.toString('latin1') as SafePath;
    const path = diskPath(folder, name);
    if (entry.isDirectory()) octets += await octetsBelow(path);
    else if (entry.isFile() && !RUNNING.test(name)) octets += (await lstat(path).catch(() => undefined))?.size ?? 0;
  }
  return octets;
}

/** Octets that may be written to the disk of a folder, which may have to be made yet; undefined where the system does not say. */
function freeOctets(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch (error) {
    const above = dirname(folder);
    return errnoOf(error) === 'ENOENT' && above !== folder ? freeOctets(above) : undefined;
  }
}
