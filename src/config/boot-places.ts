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
