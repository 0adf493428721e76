/** A `node:dgram` socket as a `DatagramPort`. */
import type { Socket } from 'node:dgram';
import { ipv4, parseIpv4, showIpv4 } from '../base/addresses.ts';
import type { DatagramListener, DatagramPort, Endpoint } from './ports.ts';

/** What `createSocket` is to be called with: addresses are never names here, so nothing has to wait for a resolver. */
export const numericLookup = (
  address: string,
  _options: unknown,
  found: (fault: NodeJS.ErrnoException | null, address: string, family: number) => void,
): void => found(null, address, 4);

/** Wraps a socket that is bound already. From here on it belongs to the port, which closes it. */
export function datagramPort(socket: Socket): DatagramPort {
  const { address, port } = socket.address();
  const local: Endpoint = { address: parseIpv4(address) ?? ipv4(0), port };
  let isOpen = true;
  let onDatagram: DatagramListener | undefined;
  let onFault: ((fault: Error) => void) | undefined;
  const fault = (error: Error) => {
    if (isOpen) onFault?.(error);
  };
  socket.on('error', fault);
  socket.on('message', (message, { address: from, port: fromPort }) => {
    if (!isOpen) return;
    const bytes = new Uint8Array(message.buffer, message.byteOffset, message.byteLength);
    onDatagram?.(bytes, { address: parseIpv4(from) ?? ipv4(0), port: fromPort }, 0);
  });
  const closed = Promise.withResolvers<void>();
  return {
    local,
    onDatagram(listener) {
      onDatagram = listener;
    },
    onFault(listener) {
      onFault = listener;
    },
    send(bytes, to) {
      if (!isOpen) return;
      try {
        socket.send(bytes, to.port, showIpv4(to.address), (error) => {
          if (error) fault(error);
        });
      } catch (error) {
        // Port 0, which any datagram may claim to come from, is refused by Node itself.
        fault(error instanceof Error ? error : new Error(String(error)));
      }
    },
    close() {
      if (isOpen) {
        isOpen = false;
        socket.close(() => closed.resolve());
      }
      return closed.promise;
    },
  };
}

/** The same port, with `forget` called as soon as it is asked to close. */
export function forgettingWhenClosed<Port extends { close(): Promise<void> }>(port: Port, forget: () => void): Port {
  return {
    ...port,
    close() {
      forget();
      return port.close();
    },
  };
}
