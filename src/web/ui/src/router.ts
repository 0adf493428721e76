/** What is open, by the part of the address behind `#`: `#/devices`, `#/devices/ID`, `#/log?level=warn`. */
import { signal } from '@preact/signals';

export const VIEW_NAMES = ['devices', 'leases', 'transfers', 'files', 'inventory', 'backups', 'boot', 'log', 'config'] as const;
export type ViewName = (typeof VIEW_NAMES)[number];

export interface Route {
  readonly view: ViewName;
  /** What of it is open, for example the id of a device. */
  readonly id: string | undefined;
  readonly query: URLSearchParams;
}

export const route = signal<Route>(routeOf(location.hash));

/** Follows the address from now on. */
export function startRouter(): void {
  window.addEventListener('hashchange', () => {
    route.value = routeOf(location.hash);
  });
  route.value = routeOf(location.hash);
}

/** The address of a view, for `href`. */
export function hrefOf(view: ViewName, id?: string, query: Readonly<Record<string, string>> = {}): string {
  const asked = new URLSearchParams(query).toString();
  return `#/${view}${id === undefined ? '' : `/${encodeURIComponent(id)}`}${asked === '' ? '' : `?${asked}`}`;
}

export function go(view: ViewName, id?: string, query?: Readonly<Record<string, string>>): void {
  location.hash = hrefOf(view, id, query);
}

/** Changes what the address says of the open view without a step in the history. */
export function refine(query: Readonly<Record<string, string>>): void {
  const { view, id } = route.peek();
  history.replaceState(null, '', hrefOf(view, id, query));
  route.value = routeOf(location.hash);
}

function routeOf(hash: string): Route {
  const [path = '', asked = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [name = '', id] = path.split('/', 2);
  const view = VIEW_NAMES.find((known) => known === name) ?? 'devices';
  return { view, id: id === undefined || id === '' ? undefined : decoded(id), query: new URLSearchParams(asked) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
