/** Classless static routes, option 121 (RFC 3442) and Microsoft's 249, which has the same form. */
import { type Cidr, ipv4At, ipv4Bytes, networkOf, parseCidr, parseIpv4, showCidr, showIpv4 } from '../base/addresses.ts';
import { ByteWriter } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';

const WANTED =
  'must be routes such as "10.17.0.0/16 via 192.168.77.1", "default via 192.168.77.1" or { to: 10.17.0.0/16, via: 192.168.77.1 }';

/** One route, or a list of them: `10.17.0.0/16 via 192.0.2.1`, `default via 192.0.2.1`, or `{ to, via }`. */
export function encodeRoutes(value: unknown): Result<Uint8Array, string> {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (items.length === 0) return err('must not be an empty list');
  const writer = new ByteWriter(9 * items.length);
  for (const item of items) {
    const route = writtenRoute(item);
    if (route === undefined) return err(WANTED);
    const to = route.to === 'default' ? parseCidr('0.0.0.0/0') : parseCidr(route.to);
    const via = parseIpv4(route.via);
    if (to === undefined || via === undefined) return err(WANTED);
    if (networkOf(to) !== to.address) {
      return err(`must name the network itself: ${showCidr({ address: networkOf(to), prefix: to.prefix })} instead of ${route.to}`);
    }
    writer
      .u8(to.prefix)
      .bytes(ipv4Bytes(to.address).subarray(0, significantOctets(to.prefix)))
      .bytes(ipv4Bytes(via));
  }
  return ok(writer.done());
}

/** A list of `network/prefix via gateway`. */
export function decodeRoutes(bytes: Uint8Array): Result<string[], string> {
  const routes: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const prefix = bytes[at] ?? 0;
    if (prefix > 32) return err(`has a route with a prefix of ${prefix} bits`);
    const octets = significantOctets(prefix);
    const end = at + 1 + octets + 4;
    if (end > bytes.length) return err('ends within a route');
    const network = new Uint8Array(4);
    network.set(bytes.subarray(at + 1, at + 1 + octets));
    // Bits behind the prefix can stand in its last octet; they mean nothing.
    const to: Cidr = { address: networkOf({ address: ipv4At(network), prefix }), prefix };
    routes.push(`${showCidr(to)} via ${showIpv4(ipv4At(bytes, end - 4))}`);
    at = end;
  }
  return routes.length === 0 ? err('is empty') : ok(routes);
}

/** Octets of the network that stand on the wire: only those that the prefix reaches (RFC 3442). */
function significantOctets(prefix: number): number {
  return Math.ceil(prefix / 8);
}

function writtenRoute(item: unknown): { readonly to: string; readonly via: string } | undefined {
  if (typeof item === 'string') {
    const [to, via, gateway, ...more] = item.trim().split(/\s+/);
    if (to === undefined || more.length > 0) return undefined;
    if (gateway === undefined) return via === undefined ? undefined : { to, via };
    return via === 'via' ? { to, via: gateway } : undefined;
  }
  if (typeof item !== 'object' || item === null) return undefined;
  const { to, via } = item as { readonly to?: unknown; readonly via?: unknown };
  return typeof to === 'string' && typeof via === 'string' ? { to, via } : undefined;
}
