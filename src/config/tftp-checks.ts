/** What the keys of `tftp` mean together. */
import { type Finding, warning } from './diagnostics.ts';
import { shadowOf } from './remap-rule.ts';
import type { WrittenConfig } from './schema.ts';

/** Rules for names that no name can come to. */
export function checkTftp({ tftp }: WrittenConfig): readonly Finding[] {
  return tftp.remap.flatMap((_, at) => {
    const shadow = shadowOf(tftp.remap, at);
    if (shadow === undefined) return [];
    return [warning(['tftp', 'remap', at, 'match'], `no name comes to this rule: rule ${shadow + 1} takes all that it could fit`)];
  });
}
