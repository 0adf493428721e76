/** A UDP socket for a crowd: it receives and sends many datagrams in one system call. */
import type { DatagramListener, DatagramPort } from '../ports.ts';
import { KernelError, libc, localOf, whenReadable } from './libc.ts';
import type { ReceiveBatch } from './receive-batch.ts';
import { internetAddress, SendBatch } from './send-batch.ts';

/** Most that is taken from a socket in one turn of the event loop: others want theirs too. */
const DATAGRAMS_A_TURN = 1024;

/**
 * Takes a bound, non-blocking socket over and closes it in the end.
 * @param name what it belongs to, for the text of faults.
 * @param batch memory to receive into; sockets of one thread can share it.
 */
export function batchedPort(fd: number, name: string, batch: ReceiveBatch): DatagramPort {
  let isOpen = true;
  let onDatagram: DatagramListener | undefined;
  let onFault: ((fault: Error) => void) | undefined;
  const fault = (error: Error) => {
    if (isOpen) onFault?.(error);
  };
  const sending = new SendBatch(fd, `sending on ${name}`, fault);

  function take(): void {
    for (let taken = 0; taken < DATAGRAMS_A_TURN && isOpen; taken += batch.capacity) {
      const count = batch.receive(fd);
      const now = Date.now();
      for (let index = 0; index < count && isOpen; index += 1)
        onDatagram?.(batch.bytes(index), batch.from(index), Math.max(now - (batch.arrivedAt(index) ?? now), 0));
      if (count < batch.capacity) return;
    }
  }

  const stopWatching = whenReadable(fd, () => {
    try {
      take();
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      fault(error);
    }
  });
  return {
    local: localOf(fd),
    onDatagram(listener) {
      onDatagram = listener;
    },
    onFault(listener) {
      onFault = listener;
    },
    send(bytes, to) {
      sending.add(bytes, internetAddress(to.address, to.port));
    },
    async close() {
      if (!isOpen) return;
      sending.close();
      isOpen = false;
      stopWatching();
      libc().close(fd);
    },
  };
}
