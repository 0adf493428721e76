/** Whose file a name is, among the families that fetch their configuration by themselves. */
import { madeWhenAsked } from '../base/made-when-asked.ts';
import type { AskedFile, DeviceProfile } from './profiles/device-profile.ts';
import { DEVICES, deviceProfile } from './profiles/devices.ts';

/** A file, and who asks for it. */
export interface AskedBy {
  /** For people; several where they ask for the very same. */
  readonly family: string;
  readonly file: AskedFile;
}

interface Found {
  readonly profile: DeviceProfile;
  readonly file: AskedFile;
}

/** What most names are in a room that boots is nobody's: one look says so, where a hundred patterns one after another were half of a small file's log. */
const anyName = madeWhenAsked(() => new RegExp(DEVICES.flatMap(({ files }) => files.map(({ name }) => name.source)).join('|'), 'i'));

/**
 * Undefined for a name that no family asks for, and for one that means one thing to one family and another to the next, such as
 * `001b54aabbcc.cfg`.
 * @param profile the family of the device, where it is known: then no other's habits count.
 */
export function askedBy(name: string, profile?: string): AskedBy | undefined {
  const path = name.replaceAll('\\', '/').replace(/^\/+/, '');
  if (!anyName().test(path)) return undefined;
  const own = profile === undefined ? undefined : deviceProfile(profile);
  const found = (own === undefined ? DEVICES : [own]).flatMap((family): readonly Found[] => {
    const file = family.files.find((one) => one.name.test(path));
    return file === undefined ? [] : [{ profile: family, file }];
  });
  const [first] = found;
  if (first === undefined) return undefined;
  const { file } = first;
  const isOne = found.every((other) => other.file === file || (other.file.miss.isNormal && file.miss.isNormal));
  if (!isOne) return undefined;
  const families = found.filter((other) => other.file === file).map(({ profile: { title } }) => title);
  return { family: families.join(' or '), file };
}
