/**
 * Files straight from the system's memory to a connection, sendfile(2). The connection is Node's, which watches its descriptor; so this is done on a
 * duplicate, as one descriptor can be watched only once. Full segments throughout (TCP_CORK): without it every piece ends in a short one, and the whole is a
 * third slower.
 */
import type { Socket } from 'node:net';
import type { FilePart, FileSendListener } from '../ports.ts';
import { checked, checkedOrNotReady, cInt, libc, SOL_TCP, TCP_CORK, whenWritable } from './libc.ts';

const F_DUPFD_CLOEXEC = 1030;
/** Octets in one call: little enough that others get their turn within a millisecond. */
const PIECE_OCTETS = 2 * 1024 * 1024;

/** As `SendFile`. */
export function sendFileInKernel(connection: Socket, part: FilePart, listener: FileSendListener): (() => void) | undefined {
  const fd = descriptorOf(connection);
  // What Node has not got rid of yet has to go out first.
  if (fd === undefined || connection.writableLength > 0) return undefined;
  return new FileSender(fd, part, listener).stop;
}

/** Node keeps it to itself, but for years in this place; where it is no longer there, files go the portable way. */
function descriptorOf(connection: Socket): number | undefined {
  const { _handle: handle } = connection as Socket & { readonly _handle?: { readonly fd?: unknown } | null };
  return typeof handle?.fd === 'number' && handle.fd >= 0 ? handle.fd : undefined;
}

class FileSender {
  readonly #out: number;
  readonly #part: FilePart;
  readonly #listener: FileSendListener;
  /** Where the next octet is, as the kernel counts on. */
  readonly #offset: BigInt64Array;
  readonly #unwatch: () => void;
  #sent = 0;
  #isOver = false;

  constructor(connection: number, part: FilePart, listener: FileSendListener) {
    this.#part = part;
    this.#listener = listener;
    this.#offset = BigInt64Array.of(BigInt(part.first));
    this.#out = checked(libc().fcntl(connection, F_DUPFD_CLOEXEC, 0), 'sending a file');
    this.#cork(true);
    this.#unwatch = whenWritable(this.#out, () => this.#send());
  }

  readonly stop = (): void => {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#unwatch();
    this.#cork(false);
    libc().close(this.#out);
  };

  /** One piece; when the connection takes more, there is another turn. */
  #send(): void {
    try {
      if (!this.#listener.mayGoOn()) {
        this.stop();
        return;
      }
      const wanted = Math.min(this.#part.octets - this.#sent, PIECE_OCTETS);
      const offset = new Uint8Array(this.#offset.buffer);
      const taken = checkedOrNotReady(libc().sendfile(this.#out, this.#part.descriptor, offset, wanted), 'sending a file');
      if (taken === undefined) return;
      if (taken === 0) throw new Error('the file ends too early');
      this.#sent += taken;
      this.#listener.onSent(taken);
      if (this.#sent < this.#part.octets || this.#isOver) return;
      this.stop();
      this.#listener.onDone();
    } catch (fault) {
      this.stop();
      this.#listener.onFault(fault instanceof Error ? fault : new Error(String(fault)));
    }
  }

  #cork(isOn: boolean): void {
    // A connection that is gone by now has nothing to hold back either.
    libc().setsockopt(this.#out, SOL_TCP, TCP_CORK, cInt(isOn ? 1 : 0), 4);
  }
}
