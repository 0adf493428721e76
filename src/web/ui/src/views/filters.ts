/** Filters of the open view, kept in the address, so that a link shows what its sender saw. */
import { refine, route } from '../router.ts';

/** Empty: it is not set. */
export function filterOf(key: string): string {
  return route.value.query.get(key) ?? '';
}

/** Sets some, keeps the others; an empty one is taken out. */
export function setFilters(changes: Readonly<Record<string, string>>): void {
  const next = { ...Object.fromEntries(route.peek().query), ...changes };
  refine(Object.fromEntries(Object.entries(next).filter(([, value]) => value !== '')));
}

/** Whether one of the texts holds what was typed; upper and lower case are one. */
export function holds(typed: string, ...texts: readonly (string | undefined)[]): boolean {
  const wanted = typed.trim().toLowerCase();
  return wanted === '' || texts.some((text) => text?.toLowerCase().includes(wanted) === true);
}
