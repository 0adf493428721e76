/** Where a file is, as options, configurations and scripts name it: a URL, a server with a folder, or a bare address. */
import { type Ipv4, parseIpv4, showIpv4 } from '../base/addresses.ts';
import { err, ok, type Result } from '../base/result.ts';

/** A server, and a folder or a file there. */
export interface Place {
  readonly scheme: 'tftp' | 'http';
  readonly server: Ipv4;
  readonly port: number;
  /** Below the root, without a leading `/`; a folder ends in one, or is empty. */
  readonly path: string;
}

const PORTS = { tftp: 69, http: 80 } as const;
const LAST_PORT = 65535;

export function placeAt(server: Ipv4, path = '', scheme: Place['scheme'] = 'tftp', port: number = PORTS[scheme]): Place {
  return { scheme, server, port, path };
}

/**
 * Reads what an option holds; what has no scheme is TFTP, unless `bare` says otherwise. The error says why this device could not go there from here:
 * names are not looked up in a simulation.
 */
export function readPlace(text: string, bare: Place['scheme'] = 'tftp'): Result<Place, string> {
  const url = /^([a-z]+):\/\/(?:[^/@]*@)?([^/:]+)(?::(\d+))?(?:\/(.*))?$/i.exec(text);
  if (url === null) {
    const [host = '', ...path] = text.split('/');
    const address = parseIpv4(host);
    if (address === undefined) return err(`${text} is a name, which a device would look up by DNS and a simulation does not`);
    return ok(placeAt(address, path.join('/'), bare));
  }
  const [, scheme = '', host = '', port, path = ''] = url;
  const known = scheme.toLowerCase();
  if (known !== 'tftp' && known !== 'http') return err(`${text} needs ${scheme}, which is not served`);
  const server = parseIpv4(host);
  if (server === undefined) return err(`${text} names ${host}, which a device would look up by DNS and a simulation does not`);
  const number = port === undefined ? PORTS[known] : Number(port);
  if (number < 1 || number > LAST_PORT) return err(`${text} names port ${number}, which there is not`);
  return ok(placeAt(server, path, known, number));
}

/** A file beside a place: a URL of its own, one from the root, or one in the folder of the place. */
export function besides(place: Place, name: string): Result<Place, string> {
  if (/^[a-z]+:\/\//i.test(name)) return readPlace(name);
  if (name.startsWith('/')) return ok({ ...place, path: name.slice(1) });
  return ok({ ...place, path: folderOf(place) + name });
}

/** A file in a place that is a folder, whether or not that ends in a `/`. */
export function inFolder(place: Place, name: string): Place {
  const folder = place.path === '' || place.path.endsWith('/') ? place.path : `${place.path}/`;
  return { ...place, path: folder + name };
}

export function showPlace({ scheme, server, port, path }: Place): string {
  return `${scheme}://${showIpv4(server)}${port === PORTS[scheme] ? '' : `:${port}`}/${path}`;
}

function folderOf({ path }: Place): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
