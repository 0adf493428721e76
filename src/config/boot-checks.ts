/** Boot files that would not do what was meant. */
import { isIpxeItself } from '../boot/boot-plan.ts';
import { type BootingParts, type BootPlace, bootPlaces } from './boot-places.ts';
import type { Finding } from './diagnostics.ts';

/** Finds an iPXE that would have nothing to go on with, and entries that no menu has. */
export function checkBoot(written: BootingParts): readonly Finding[] {
  const places = bootPlaces(written);
  const hasScript = places.some(({ boot }) => boot.ipxe !== undefined || boot.chain === 'ipxe' || boot.menu !== undefined);
  return [...(hasScript ? [] : places.flatMap(loneIpxe)), ...strayEntries(places)];
}

function loneIpxe({ path, boot }: BootPlace): readonly Finding[] {
  return Object.entries(boot.files ?? {}).flatMap(([name, file]): readonly Finding[] =>
    file === undefined || !isIpxeItself(file)
      ? []
      : [
          {
            severity: 'warning',
            path: [...path, 'files', name],
            at: 'value',
            message: `${file} is iPXE, and once it runs there is nothing for it to boot`,
            hint: 'set `boot.ipxe` to its script, or give it a `boot.menu`',
          },
        ],
  );
}

/** Which menu a host sees depends on its classes and its network, so that any menu will do. */
function strayEntries(places: readonly BootPlace[]): readonly Finding[] {
  const known = places.flatMap(({ boot }) => boot.menu?.entries.map(({ name }) => name) ?? []);
  return places.flatMap(({ path, boot: { entry } }): readonly Finding[] => {
    if (entry === undefined || known.includes(entry)) return [];
    const hint = known.length === 0 ? 'there is no `boot.menu`' : `there are ${[...new Set(known)].join(', ')}`;
    return [{ severity: 'error', path: [...path, 'entry'], at: 'value', message: `no menu has an entry ${entry}`, hint }];
  });
}
