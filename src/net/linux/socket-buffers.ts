/** How much the kernel keeps for a socket, and how long one waits for room, socket(7). */
import { cInt, libc, SO_RCVBUF, SO_RCVBUFFORCE, SO_SNDBUF, SO_SNDBUFFORCE, SO_SNDTIMEO, SOL_SOCKET } from './libc.ts';

/** A crowd's answers: the usual 208 KiB are full after some hundred that a slow link has not carried yet. */
const CROWD_SEND_OCTETS = 4 * 1024 * 1024;

/** A link that carries nothing for this long is down, and others wait for theirs. */
const SEND_TIMEOUT_MICROS = 20_000;

/** As much as asked for with CAP_NET_ADMIN, else as net.core.rmem_max allows. */
export function enlargeReceiveBuffer(fd: number, octets: number): void {
  enlarge(fd, SO_RCVBUFFORCE, SO_RCVBUF, octets);
}

/** Room for the answers to a crowd with CAP_NET_ADMIN, else as much of it as net.core.wmem_max allows. */
export function enlargeSendBuffer(fd: number): void {
  enlarge(fd, SO_SNDBUFFORCE, SO_SNDBUF, CROWD_SEND_OCTETS);
}

/** Sending waits for room, but not for long. For sockets that wait at all. */
export function setSendTimeout(fd: number): void {
  // struct timeval: seconds and microseconds, 8 octets each.
  const time = new Uint8Array(BigInt64Array.of(0n, BigInt(SEND_TIMEOUT_MICROS)).buffer);
  libc().setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, time, time.length);
}

function enlarge(fd: number, force: number, ask: number, octets: number): void {
  const { setsockopt } = libc();
  if (setsockopt(fd, SOL_SOCKET, force, cInt(octets), 4) < 0) setsockopt(fd, SOL_SOCKET, ask, cInt(octets), 4);
}
