/**
 * RFC 3442: a client that takes classless routes (121) ignores the router (3), so the way out has to stand among the routes too.
 * Windows asks for them by Microsoft's older number, 249.
 */
import { OPTION } from './codes.ts';
import type { Options } from './packet.ts';

const CLASSLESS_ROUTES = 121;
const MICROSOFT_ROUTES = 249;
/** A prefix of no bits, and no octet of a network behind it. */
const DEFAULT_WIDTH = 0;

/** The options with routes for both kinds of clients, each with a default route where there is a router. */
export function withDefaultRoutes(options: Options): Options {
  const given = options.get(CLASSLESS_ROUTES);
  const microsoft = options.get(MICROSOFT_ROUTES) ?? given;
  if (microsoft === undefined) return options;
  const router = options.get(OPTION.router)?.subarray(0, 4);
  const completed = new Map(options);
  if (given !== undefined) completed.set(CLASSLESS_ROUTES, completedRoutes(given, router));
  return completed.set(MICROSOFT_ROUTES, completedRoutes(microsoft, router));
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
