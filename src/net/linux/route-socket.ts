/** A question to the kernel's routing socket and its whole answer, netlink(7). Synchronous: the kernel answers within the call. */
import { AF_NETLINK, checked, KernelError, libc, SO_RCVTIMEO, SOCK_CLOEXEC, SOCK_RAW, SOL_SOCKET } from './libc.ts';
import { type NetlinkMessage, parseBatch } from './netlink.ts';

/** What libnl and iproute2 read with; the kernel never fills more than 32 KiB. */
const receiveOctets = 65_536;
const dumpAttempts = 5;

/**
 * Opens a routing socket for the time of `work` and hands it a function that asks one question.
 * The question is built from a sequence number; its answer is all messages up to the kernel's "done".
 * Throws a `KernelError` when the kernel refuses.
 */
export function withRouteSocket<Value>(work: (ask: AskKernel) => Value): Value {
  const { socket, setsockopt, close } = libc();
  const fd = checked(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0), 'opening a netlink socket');
  try {
    // Never needed in practice; but a program that waits for ever inside a system call cannot even be told to stop.
    const twoSeconds = new Uint8Array(BigInt64Array.of(2n, 0n).buffer);
    checked(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, twoSeconds, twoSeconds.length), 'setting up a netlink socket');
    let sequence = 0;
    return work((doing, question) => {
      for (let attempt = 1; ; attempt += 1) {
        sequence += 1;
        const answer = exchange(fd, question(sequence), sequence, doing);
        if (!answer.wasInterrupted || attempt === dumpAttempts) return answer.messages;
      }
    });
  } finally {
    close(fd);
  }
}

/** @param doing what is tried, for the error's text. */
export type AskKernel = (doing: string, question: (sequence: number) => Uint8Array) => readonly NetlinkMessage[];

function exchange(fd: number, request: Uint8Array, sequence: number, doing: string) {
  const { sendto, recv } = libc();
  checked(sendto(fd, request, request.length, 0, null, 0), doing);
  const messages: NetlinkMessage[] = [];
  let wasInterrupted = false;
  for (;;) {
    const octets = new Uint8Array(receiveOctets);
    const length = checked(recv(fd, octets, octets.length, 0), doing);
    const batch = parseBatch(octets.subarray(0, length), sequence);
    if (batch.errno !== 0) throw new KernelError(batch.errno, doing);
    messages.push(...batch.messages);
    wasInterrupted ||= batch.wasInterrupted;
    if (batch.isDone) return { messages, wasInterrupted };
  }
}
