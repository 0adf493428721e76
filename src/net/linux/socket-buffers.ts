/** How much the kernel keeps for a socket, socket(7). */
import { cInt, libc, SO_RCVBUF, SO_RCVBUFFORCE, SO_SNDBUF, SO_SNDBUFFORCE, SOL_SOCKET } from './libc.ts';

/** A crowd's answers: the usual 208 KiB are full after some hundred that a slow link has not carried yet. */
const CROWD_SEND_OCTETS = 4 * 1024 * 1024;

/** As much as asked for with CAP_NET_ADMIN, else as net.core.rmem_max allows. */
export function enlargeReceiveBuffer(fd: number, octets: number): void {
  enlarge(fd, SO_RCVBUFFORCE, SO_RCVBUF, octets);
}

/** Room for the answers to a crowd with CAP_NET_ADMIN, else as much of it as net.core.wmem_max allows. */
export function enlargeSendBuffer(fd: number): void {
  enlarge(fd, SO_SNDBUFFORCE, SO_SNDBUF, CROWD_SEND_OCTETS);
}

function enlarge(fd: number, force: number, ask: number, octets: number): void {
  const { setsockopt } = libc();
  if (setsockopt(fd, SOL_SOCKET, force, cInt(octets), 4) < 0) setsockopt(fd, SOL_SOCKET, ask, cInt(octets), 4);
}
