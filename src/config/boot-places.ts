/** Every place of the file where something is said about booting. */
import type { WrittenBoot } from './boot-keys.ts';
import type { Path } from './diagnostics.ts';
import type { WrittenConfig } from './schema.ts';

export interface BootPlace {
  /** Of the mapping, or the word in its place. */
  readonly path: Path;
  readonly boot: WrittenBoot;
}

export type BootingParts = Pick<WrittenConfig, 'boot' | 'networks' | 'classes' | 'hosts'>;

export function bootPlaces({ boot, networks, classes, hosts }: BootingParts): readonly BootPlace[] {
  const below = (list: string, items: readonly { readonly boot: WrittenBoot }[]): readonly BootPlace[] =>
    items.map((item, at) => ({ path: [list, at, 'boot'], boot: item.boot }));
  return [{ path: ['boot'], boot }, ...below('networks', networks), ...below('classes', classes), ...below('hosts', hosts)];
}

/** A file or a URL that is named in the configuration, and where. */
export interface NamedFile {
  readonly path: Path;
  readonly file: string;
}

/** All that are named at one place, those of its menu included. */
export function filesNamedAt({ path, boot: { file, files, http, ipxe, menu } }: BootPlace): readonly NamedFile[] {
  const byArchitecture = Object.entries({ files, http }).flatMap(([key, all]) =>
    Object.entries(all ?? {}).map(([name, one]) => ({ path: [...path, key, name], file: one })),
  );
  const ofMenu = (menu?.entries ?? []).flatMap(({ kernel, initrd, file: program }, at) =>
    Object.entries({ kernel: [kernel], initrd: initrd ?? [], file: [program] }).flatMap(([key, named]) =>
      named
        .flatMap((one) => (typeof one === 'object' ? Object.values(one) : [one]))
        .map((one) => ({ path: [...path, 'menu', 'entries', at, key], file: one })),
    ),
  );
  const single = Object.entries({ file, ipxe }).map(([key, one]) => ({ path: [...path, key], file: one }));
  return [...byArchitecture, ...single, ...ofMenu].flatMap((one) => (one.file === undefined ? [] : [{ path: one.path, file: one.file }]));
}
