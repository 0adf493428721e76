/** Images that are not where `images` says, and those that contradict each other. What their digests are is looked at later: it takes its time. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Finding, warning } from './diagnostics.ts';
import { imageFile } from './resolve-images.ts';
import type { WrittenConfig } from './schema.ts';

/** Looks at the files of `images`. */
export async function checkImages({ images, tftp }: WrittenConfig, baseDir: string): Promise<readonly Finding[]> {
  const root = resolve(baseDir, tftp.root);
  const found = images.map(async ({ file }, at): Promise<readonly Finding[]> => {
    const path = imageFile(file);
    if (path === undefined) return [warning(['images', at, 'file'], `${file} leads out of ${root}, so it is not served`)];
    const place = resolve(root, path);
    const isThere = await stat(place).then(
      (facts) => facts.isFile(),
      () => false,
    );
    return isThere ? [] : [warning(['images', at, 'file'], `there is no image ${file}`, `looked for ${place}`)];
  });
  return [...checkDigests(images), ...(await Promise.all(found)).flat()];
}

function checkDigests(images: WrittenConfig['images']): readonly Finding[] {
  return images.flatMap((image, at) => {
    const earlier = images.slice(0, at).findIndex((other) => imageFile(other.file) === imageFile(image.file));
    const other = images[earlier];
    const isOther = (a: string | undefined, b: string | undefined): boolean => a !== undefined && b !== undefined && a !== b;
    if (other === undefined || !(isOther(other.sha256, image.sha256) || isOther(other.md5, image.md5))) return [];
    return [warning(['images', at], `image ${earlier + 1} is the same file, and says that its digest is another`)];
  });
}
