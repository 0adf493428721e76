/**
 * UDP with what every system has. A socket cannot be bound to an interface, so the one that is bound to no address receives from all,
 * and what it sends goes through a socket bound to the interface's own address: that decides the way out of a broadcast and the
 * sender that the client sees.
 */
import { datagramPort } from '../datagram-port.ts';
import type { DatagramPort, InterfaceControl, SocketFactory, UdpOptions } from '../ports.ts';
import { AddressSockets, bindSocket } from './address-sockets.ts';

/** @param interfaces tells the address of an interface. A port for all addresses can be open on one interface at a time. */
export function portableSockets(interfaces: InterfaceControl): SocketFactory {
  const addressSockets = new AddressSockets();
  /** Which interface has the port number for all addresses. */
  const receivers = new Map<number, string>();

  async function openForAll(options: UdpOptions): Promise<DatagramPort> {
    const { interface: name, port: wanted } = options;
    const other = receivers.get(wanted);
    if (other !== undefined) throw new Error(`this system can serve UDP port ${wanted} on one interface only, and that is ${other}`);
    const address = interfaces.list().find((facts) => facts.name === name)?.addresses[0]?.address;
    if (address === undefined) throw new Error(`${name} has no IPv4 address to send from`);
    const receiver = await openReceiver(options);
    const { port } = receiver.local;
    receivers.set(port, name);
    try {
      return joined(receiver, await addressSockets.acquire('all', address, { ...options, port }), () => receivers.delete(port));
    } catch (fault) {
      receivers.delete(port);
      await receiver.close();
      throw fault;
    }
  }

  return {
    openUdp: (options) => (options.address === undefined ? openForAll(options) : addressSockets.acquire('own', options.address, options)),
    openRawLink: () => undefined,
  };
}

/**
 * First without, then with the permission to share the port: the first attempt finds out whether another program has it, which the
 * second, needed for our own socket beside it, would not.
 */
async function openReceiver(options: UdpOptions): Promise<DatagramPort> {
  const probe = datagramPort(await bindSocket('0.0.0.0', options, false));
  await probe.close();
  return datagramPort(await bindSocket('0.0.0.0', options, true));
}

function joined(receiver: DatagramPort, sender: DatagramPort, closed: () => void): DatagramPort {
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
      closed();
    },
  };
}
