/** UDP sockets bound to an address of ours, each of which may serve two ports of the same number: the one for this address, and the one for all. */
import { createSocket } from 'node:dgram';
import { type Ipv4, showIpv4 } from '../../base/addresses.ts';
import { datagramPort, numericLookup } from '../datagram-port.ts';
import { explainOpening } from '../open-fault.ts';
import type { DatagramListener, DatagramPort, UdpOptions } from '../ports.ts';

/** `own` asked for this very address and goes first; `all` receives for every address and sends from here. */
export type Role = 'own' | 'all';

interface Listeners {
  onDatagram?: DatagramListener;
  onFault?: (fault: Error) => void;
}

interface Shared {
  readonly port: DatagramPort;
  readonly users: Map<Role, Listeners>;
}

/** To be asked for one port after the other, not for two at once. */
export class AddressSockets {
  /** By `address:port`. */
  readonly #shared = new Map<string, Shared>();

  /** A port on that address, on a new socket or on the one that the other role has open. */
  async acquire(role: Role, address: Ipv4, options: UdpOptions): Promise<DatagramPort> {
    const shared = this.#shared.get(`${showIpv4(address)}:${options.port}`) ?? (await open(address, options));
    if (shared.users.has(role)) throw explainOpening(Object.assign(new Error('opened twice'), { code: 'EADDRINUSE' }), options);
    const key = `${showIpv4(address)}:${shared.port.local.port}`;
    this.#shared.set(key, shared);
    return portOf(role, shared, () => {
      if (this.#shared.get(key) === shared) this.#shared.delete(key);
    });
  }
}

function portOf(role: Role, { port, users }: Shared, forget: () => void): DatagramPort {
  const listeners: Listeners = {};
  users.set(role, listeners);
  return {
    local: port.local,
    onDatagram(listener) {
      listeners.onDatagram = listener;
    },
    onFault(listener) {
      listeners.onFault = listener;
    },
    send(bytes, to) {
      if (users.get(role) === listeners) port.send(bytes, to);
    },
    async close() {
      if (users.get(role) === listeners) users.delete(role);
      if (users.size > 0) return;
      forget();
      await port.close();
    },
  };
}

async function open(address: Ipv4, options: UdpOptions): Promise<Shared> {
  const port = datagramPort(await bindSocket(address, options, true));
  const users: Shared['users'] = new Map();
  port.onDatagram((bytes, from, waitedMs) => (users.get('own') ?? users.get('all'))?.onDatagram?.(bytes, from, waitedMs));
  port.onFault((fault) => {
    for (const { onFault } of users.values()) onFault?.(fault);
  });
  return { port, users };
}

/** A bound socket. With `shares`, the port may be open already for another address, `0.0.0.0` among them. */
export function bindSocket(address: Ipv4, options: UdpOptions, shares: boolean) {
  const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof createSocket>>();
  const socket = createSocket({ type: 'udp4', reuseAddr: shares, lookup: numericLookup });
  const fail = (fault: Error) => {
    socket.close();
    reject(explainOpening(fault, options));
  };
  socket.once('error', fail);
  socket.bind(options.port, showIpv4(address), () => {
    socket.off('error', fail);
    try {
      if (options.broadcast === true) socket.setBroadcast(true);
      if (options.receiveBuffer !== undefined) socket.setRecvBufferSize(options.receiveBuffer);
      resolve(socket);
    } catch (fault) {
      fail(fault instanceof Error ? fault : new Error(String(fault)));
    }
  });
  return promise;
}
