/** Images of firmware: for which devices each is, and who is not told of one. */
import type { Mac } from '../base/addresses.ts';
import { fitsGlob } from './glob.ts';
import { SERVER_VARIABLE } from './server-variable.ts';

/** One image, as the configuration describes it. Plain data: it crosses threads. */
export interface FirmwareImage {
  /** Below the root of the files, without a leading `/`; one character an octet. */
  readonly file: string;
  /** Patterns with `*` and `?`; upper and lower case are the same. Undefined: any model. */
  readonly models: readonly string[] | undefined;
  /** The kind of device, by the name of its profile; undefined: any. */
  readonly profile: string | undefined;
  /** For people. */
  readonly version: string | undefined;
  readonly note: string | undefined;
  /** What they have to be, in lower-case hexadecimal. */
  readonly sha256: string | undefined;
  readonly md5: string | undefined;
  /** What a device gets of which nobody knows the model. */
  readonly unknownModel: 'allow' | 'refuse';
  /** How long no DHCP answer names it to a device that has just fetched it. */
  readonly offerAgainAfterSeconds: number;
}

/** What is known of a device: from `hosts`, or from what it says in DHCP. */
export interface DeviceModel {
  readonly model?: string | undefined;
  readonly profile?: string | undefined;
}

/** A device that has an image, for as long as it is not told of it again. */
export interface TakenImage {
  readonly mac: Mac;
  readonly file: string;
  /** When, and until when it is not told: for people. */
  readonly at: string;
  readonly until: string;
}

/** How the images stand now. Plain data: it crosses threads. */
export interface ImageStanding {
  /** Files that nobody may have, and why, completing "the file …". */
  readonly withheld: readonly { readonly file: string; readonly why: string }[];
  readonly taken: readonly TakenImage[];
}

export const NOTHING_TAKEN: ImageStanding = { withheld: [], taken: [] };

/** The images of a configuration, found by their files. */
export class ImageRules {
  readonly #byFile = new Map<string, FirmwareImage[]>();
  #standing: ImageStanding;

  constructor(images: readonly FirmwareImage[], standing: ImageStanding = NOTHING_TAKEN) {
    this.#standing = standing;
    for (const image of images) {
      const others = this.#byFile.get(image.file);
      if (others === undefined) this.#byFile.set(image.file, [image]);
      else others.push(image);
    }
  }

  get isEmpty(): boolean {
    return this.#byFile.size === 0;
  }

  /** From now on. */
  stand(standing: ImageStanding): void {
    this.#standing = standing;
  }

  /** Why a device may not have a file, completing "the file …"; undefined: it may, or the file is no image. @param file below the root. */
  obstacle(file: string, device: DeviceModel): string | undefined {
    const images = this.#byFile.get(file);
    if (images === undefined) return undefined;
    const withheld = this.#standing.withheld.find((one) => one.file === file);
    if (withheld !== undefined) return withheld.why;
    const obstacles = images.map((image) => modelObstacle(image, device));
    return obstacles.includes(undefined) ? undefined : obstacles[0];
  }

  /** The images that no answer of DHCP names to a device now, and why, completing "it …". */
  notToBeNamed(device: DeviceModel, mac: Mac | undefined): ReadonlyMap<string, string> {
    const reasons = new Map<string, string>();
    for (const file of this.#byFile.keys()) {
      const taken = this.#standing.taken.find((one) => one.mac === mac && one.file === file);
      const why =
        taken === undefined ? this.obstacle(file, device) : `was fetched by it at ${taken.at}, and is named again from ${taken.until} on`;
      if (why !== undefined) reasons.set(file, why);
    }
    return reasons;
  }

  /** True where it is this device that has the file already. */
  hasTaken(mac: Mac | undefined, file: string): boolean {
    return this.#standing.taken.some((one) => one.mac === mac && one.file === file);
  }
}

function modelObstacle({ models, profile, unknownModel }: FirmwareImage, device: DeviceModel): string | undefined {
  const model = device.model?.toLowerCase();
  if (models !== undefined && model !== undefined && !models.some((pattern) => fitsGlob(pattern.toLowerCase(), model)))
    return `is for ${models.join(', ')}, and this is a ${device.model ?? ''} (images)`;
  if (profile !== undefined && device.profile !== undefined && profile !== device.profile)
    return `is for devices of the profile ${profile}, and this one has ${device.profile} (images)`;
  const isUnknown = (models !== undefined && model === undefined) || (profile !== undefined && device.profile === undefined);
  if (!isUnknown || unknownModel === 'allow') return undefined;
  return `is for ${models?.join(', ') ?? `the profile ${profile ?? ''}`}, and nobody knows what this device is (images, unknownModel)`;
}

/** The file that a name in a DHCP answer means: without the server of a URL, and as paths below the root are written. */
export function fileNamed(name: string): string {
  return name
    .replace(/\0+$/, '')
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')
    .replace(SERVER_VARIABLE, '')
    .replaceAll('\\', '/')
    .replace(/^\/+/, '');
}
