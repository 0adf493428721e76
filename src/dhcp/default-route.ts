/**
 * RFC 3442: a client that takes classless routes (121) ignores the router (3), so the way out has to stand among the routes too.
 * Windows asks for them by Microsoft's older number, 249.
 */
import { OPTION } from './codes.ts';

const CLASSLESS_ROUTES = 121;
const MICROSOFT_ROUTES = 249;
/** A prefix of no bits, and no octet of a network behind it. */
const DEFAULT_WIDTH = 0;

/** Gives the routes to both kinds of clients, each with a default route where there is a router. */
export function addDefaultRoutes(options: Map<number, Uint8Array>): void {
  const given = options.get(CLASSLESS_ROUTES);
  const microsoft = options.get(MICROSOFT_ROUTES) ?? given;
  if (microsoft === undefined) return;
  const router = options.get(OPTION.router)?.subarray(0, 4);
  if (given !== undefined) options.set(CLASSLESS_ROUTES, completedRoutes(given, router));
  options.set(MICROSOFT_ROUTES, completedRoutes(microsoft, router));
}

function completedRoutes(routes: Uint8Array, router: Uint8Array | undefined): Uint8Array {
  if (router === undefined || hasDefaultRoute(routes)) return routes;
  return Uint8Array.of(...routes, DEFAULT_WIDTH, ...router);
}

function hasDefaultRoute(routes: Uint8Array): boolean {
  for (let at = 0; at < routes.length; ) {
    const width = routes[at] ?? 0;
    if (width === DEFAULT_WIDTH) return true;
    at += 1 + Math.ceil(width / 8) + 4;
  }
  return false;
}
