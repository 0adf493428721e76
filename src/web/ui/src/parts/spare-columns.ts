/** Tables leave some of their columns out where there is no room. */
import { isWide } from './narrow.ts';

/** @param spare keys of columns that can be done without. */
export function fittingColumns<C extends { readonly key: string }>(columns: readonly C[], spare: readonly string[]): readonly C[] {
  return isWide() ? columns : columns.filter(({ key }) => !spare.includes(key));
}
