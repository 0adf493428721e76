/** Images of firmware as the program uses them. */
import type { FirmwareImage } from '../boot/image-rules.ts';
import type { WrittenConfig } from './schema.ts';

export function resolveImages(images: WrittenConfig['images']): readonly FirmwareImage[] {
  return images.flatMap(({ file, model, profile, version, sha256, md5, note, unknownModel, offerAgainAfter }) => {
    const path = imageFile(file);
    if (path === undefined) return [];
    return [{ file: path, models: model, profile, version, sha256, md5, note, unknownModel, offerAgainAfterSeconds: offerAgainAfter }];
  });
}

/** The path below the root, one character an octet; undefined for one that leads out of it. */
export function imageFile(file: string): string | undefined {
  const steps = Buffer.from(file)
    .toString('latin1')
    .replaceAll('\\', '/')
    .split('/')
    .filter((step) => step !== '' && step !== '.');
  return steps.length === 0 || steps.includes('..') ? undefined : steps.join('/');
}
