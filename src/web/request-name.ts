/** From the target of a request (RFC 9112 §3.2) to the name of a file, and back to a link. Names are octets, one character each; see `safe-path.ts`. */
import { err, ok, type Result } from '../base/result.ts';

/** No system opens a longer path (PATH_MAX of Linux); rules for names look at each octet more than once. */
const LONGEST_NAME = 4096;

/**
 * The name that is asked for, without its leading `/`; empty for the root. A query is nobody's business here: iPXE scripts like to add one.
 * @returns in words what is wrong with the target.
 */
export function requestName(target: string): Result<string, string> {
  // A client that takes us for a proxy sends the whole URL (§3.2.2).
  const withoutHost = target.replace(/^https?:\/\/[^/?#]*/i, '');
  const path = withoutHost.split(/[?#]/, 1)[0] ?? '';
  if (path === '' && withoutHost !== target) return ok('');
  if (!path.startsWith('/')) return err('the target of the request is no path');
  if (/%(?![0-9a-f]{2})/i.test(path)) return err('a % in the path is not followed by two hexadecimal digits');
  const name = path.slice(1).replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return name.length > LONGEST_NAME ? err(`no file has a name of ${name.length} octets`) : ok(name);
}

/** A path for a link. */
export function linkTo(path: string): string {
  return `/${path.replace(/[^A-Za-z0-9._~/-]/g, (octet) => `%${octet.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)}`;
}
