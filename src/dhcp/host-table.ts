/** The devices of the configuration, found by what a request says of its sender. */
import type { Ipv4 } from '../base/addresses.ts';
import type { DhcpRequest } from './request.ts';
import type { Host, HostKey } from './subnet.ts';

/** Looks hosts up in one step by MAC or identifier; those that are known by their switch port only are tried one by one. */
export class HostTable {
  readonly #isEmpty: boolean;
  readonly #byMac = new Map<string, Host[]>();
  readonly #byIdentifier = new Map<string, Host[]>();
  readonly #byPort: Host[] = [];
  readonly #byAddress = new Map<Ipv4, Host>();

  constructor(hosts: readonly Host[]) {
    this.#isEmpty = hosts.length === 0;
    for (const host of hosts) {
      const { mac, clientId } = host.key;
      if (mac !== undefined) addTo(this.#byMac, mac, host);
      else if (clientId !== undefined) addTo(this.#byIdentifier, clientId, host);
      else this.#byPort.push(host);
      if (host.address !== undefined) this.#byAddress.set(host.address, host);
    }
  }

  /** The host that sent this, the one that is known by its MAC before the others. */
  find(request: DhcpRequest): Host | undefined {
    if (this.#isEmpty) return undefined;
    const byMac = request.mac === undefined ? undefined : this.#byMac.get(request.mac)?.find((host) => fits(host.key, request));
    if (byMac !== undefined) return byMac;
    const identifier = request.identifier?.slice('id:'.length);
    const byIdentifier = identifier === undefined ? undefined : this.#byIdentifier.get(identifier)?.find((host) => fits(host.key, request));
    return byIdentifier ?? this.#byPort.find((host) => fits(host.key, request));
  }

  /** Whose this address is. */
  reservedAt(address: Ipv4): Host | undefined {
    return this.#byAddress.get(address);
  }
}

function fits(key: HostKey, { mac, identifier, relay }: DhcpRequest): boolean {
  return (
    (key.mac === undefined || key.mac === mac) &&
    (key.clientId === undefined || `id:${key.clientId}` === identifier) &&
    (key.circuitId === undefined || key.circuitId === relay?.circuitId) &&
    (key.remoteId === undefined || key.remoteId === relay?.remoteId)
  );
}

function addTo(map: Map<string, Host[]>, key: string, host: Host): void {
  const hosts = map.get(key);
  if (hosts === undefined) map.set(key, [host]);
  else hosts.push(host);
}
