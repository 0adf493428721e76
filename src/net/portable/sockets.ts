/**
 * UDP with what every system has. A socket cannot be bound to an interface, so the one that is bound to no address receives from all,
 * and what it sends goes through a socket bound to the interface's own address: that decides the way out of a broadcast and the
 * sender that the client sees.
 */
import { type Ipv4, NO_ADDRESS } from '../../base/addresses.ts';
import { datagramPort, forgettingWhenClosed } from '../datagram-port.ts';
import { inTurn } from '../in-turn.ts';
import type { DatagramPort, FrameSockets, InterfaceControl, SharedSockets, SocketFactory, StationSockets, UdpOptions } from '../ports.ts';
import { sharedPort } from '../shared-port.ts';
import { AddressSockets, bindSocket } from './address-sockets.ts';

/** @param interfaces tells the address of an interface. A port for all addresses can be open on one interface at a time. */
export function portableSockets(interfaces: InterfaceControl): SocketFactory & SharedSockets & FrameSockets & StationSockets {
  const addressSockets = new AddressSockets();
  const open = new Set<{ readonly port: number; readonly interface: string; readonly isForAll: boolean }>();

  async function openForAll(options: UdpOptions): Promise<DatagramPort> {
    const { interface: name, port: wanted } = options;
    const other = [...open].find(({ port, isForAll }) => isForAll && port === wanted);
    if (other) throw new Error(`this system can serve UDP port ${wanted} on one interface only, and that is ${other.interface}`);
    const address = interfaces.list().find((facts) => facts.name === name)?.addresses[0]?.address;
    if (address === undefined) throw new Error(`${name} has no IPv4 address to send from`);
    const receiver = datagramPort(await bindSocket(NO_ADDRESS, options, true));
    try {
      return joined(receiver, await addressSockets.acquire('all', address, { ...options, port: receiver.local.port }));
    } catch (fault) {
      await receiver.close();
      throw fault;
    }
  }

  const openUdp = inTurn(async (options: UdpOptions) => {
    const { address = NO_ADDRESS, interface: name } = options;
    if (![...open].some(({ port }) => port === options.port)) await probe(address, options);
    const port = await (options.address === undefined ? openForAll(options) : addressSockets.acquire('own', address, options));
    const entry = { port: port.local.port, interface: name, isForAll: options.address === undefined };
    open.add(entry);
    return forgettingWhenClosed(port, () => open.delete(entry));
  });
  return {
    openUdp,
    openShared: async (options) => sharedPort(await openUdp(options)),
    openRawLink: () => undefined,
    openArpProber: () => undefined,
    openReplySniffer: () => undefined,
    openRequestSniffer: () => undefined,
    openFrameLink: () => undefined,
    openStationLink: () => undefined,
  };
}

/** Finds out whether another program has the port; the sockets themselves, which share it among each other, would not notice. */
async function probe(address: Ipv4, options: UdpOptions): Promise<void> {
  const port = datagramPort(await bindSocket(address, options, false));
  await port.close();
}

function joined(receiver: DatagramPort, sender: DatagramPort): DatagramPort {
  return {
    local: receiver.local,
    onDatagram(listener) {
      receiver.onDatagram(listener);
      sender.onDatagram(listener);
    },
    onFault(listener) {
      receiver.onFault(listener);
      sender.onFault(listener);
    },
    send: (bytes, to) => sender.send(bytes, to),
    async close() {
      await Promise.all([receiver.close(), sender.close()]);
    },
  };
}
