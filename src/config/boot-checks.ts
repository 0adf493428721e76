/** Boot files that would not do what was meant. */
import { isIpxeItself } from '../boot/boot-plan.ts';
import type { Finding } from './diagnostics.ts';
import type { WrittenConfig } from './schema.ts';

/** Warns of an iPXE that would find nothing to go on with. */
export function checkBoot({ boot }: Pick<WrittenConfig, 'boot'>): readonly Finding[] {
  if (boot.ipxe !== undefined) return [];
  return Object.entries(boot.files).flatMap(([name, file]): readonly Finding[] =>
    file === undefined || !isIpxeItself(file)
      ? []
      : [
          {
            severity: 'warning',
            path: ['boot', 'files', name],
            at: 'value',
            message: `${file} is iPXE, and once it runs there is nothing for it to boot`,
            hint: 'set `boot.ipxe` to its script',
          },
        ],
  );
}
