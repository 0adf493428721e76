/** Whether the window is as a media query says. */
import { useEffect, useState } from 'preact/hooks';

function useMedia(query: string): boolean {
  const [isMatching, setMatching] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const listen = (): void => setMatching(media.matches);
    listen();
    media.addEventListener('change', listen);
    return () => media.removeEventListener('change', listen);
  }, [query]);
  return isMatching;
}

/** Whether tables have room for all their columns; on a tablet they leave some out. The style sheets have the same limit. */
export function useRoom(): boolean {
  return useMedia('(min-width: 1100px)');
}

/** The columns that there is room for. */
export function fittingColumns<C extends { readonly key: string }>(
  columns: readonly C[],
  hasRoom: boolean,
  spare: readonly string[],
): readonly C[] {
  return hasRoom ? columns : columns.filter(({ key }) => !spare.includes(key));
}
