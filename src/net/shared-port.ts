/** A socket for a crowd on systems that send and receive one datagram at a time. */
import type { DatagramPort, SharedPort } from './ports.ts';

/** The port as one that many share. From here on it belongs to that, which closes it. */
export function sharedPort(port: DatagramPort): SharedPort {
  return {
    local: port.local,
    onDatagram: (listener) => port.onDatagram((bytes, from) => listener(bytes, from.address, from.port)),
    onFault: (listener) => port.onFault(listener),
    send: (octets, address, peer) => port.send(octets.slice(), { address, port: peer }),
    sendRun(memory, at, octets, stride, address, peer) {
      const end = at + octets;
      // Node keeps the octets until they are sent, which can be after this turn.
      for (let from = at; from < end; from += stride)
        port.send(memory.octets.slice(from, Math.min(from + stride, end)), { address, port: peer });
    },
    close: () => port.close(),
  };
}
