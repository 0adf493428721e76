/** Frames from and to one interface through an AF_PACKET socket with a filter, packet(7). */
import type { InterfaceFacts } from '../ports.ts';
import { AF_PACKET, checked, KernelError, libc, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_RAW, whenReadable } from './libc.ts';

/** A socket for whole frames. */
export interface PacketSocket {
  /** The one listener. The octets are good until it returns. */
  onFrame(listener: (frame: Uint8Array) => void): void;
  /** Hands over what waits, without waiting for the event loop. */
  drain(): void;
  /** As far as the kernel takes it. */
  send(frame: Uint8Array): void;
  close(): void;
}

/** The longest frame that is read whole. */
export const LONGEST_FRAME = 2048;
/** Frames taken at one time, so that a storm cannot hold up this thread; it is about what the kernel keeps. */
const MOST_FRAMES_AT_ONCE = 512;

const SOL_PACKET = 263;
const PACKET_ADD_MEMBERSHIP = 1;
const PACKET_MR_PROMISC = 1;

/** Nothing is there; or the cable is out, which others watch. */
const NOTHING_TO_READ: ReadonlySet<string> = new Set(['EAGAIN', 'ENETDOWN']);

/** What a packet socket may want beside the usual. */
export interface PacketOptions {
  /** Octets of a frame that are read; a longer one is cut. */
  readonly longest?: number;
  /** The card passes on what is for other hardware addresses, too, as long as the socket is open. */
  readonly hearsAll?: boolean;
}

/** Opens the socket for frames of `etherType` that pass `filter`. Undefined, after a word to `onFault`, without CAP_NET_RAW. */
export function openPacketSocket(
  { name, index }: InterfaceFacts,
  etherType: number,
  filter: Uint8Array,
  onFault: (fault: Error) => void,
  { longest = LONGEST_FRAME, hearsAll = false }: PacketOptions = {},
): PacketSocket | undefined {
  const { socket, attachFilter, bind, close } = libc();
  const doing = `opening a packet socket for ${name}`;
  let fd: number | undefined;
  try {
    // Without a protocol until the filter is in place: no frame gets in before it.
    fd = checked(socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), doing);
    checked(attachFilter(fd, filter), doing);
    const local = linkAddress(etherType, index);
    checked(bind(fd, local, local.length), doing);
    if (hearsAll) hearAll(fd, index);
    return packetSocket(fd, name, onFault, longest);
  } catch (fault) {
    if (fd !== undefined) close(fd);
    if (!(fault instanceof KernelError)) throw fault;
    onFault(fault);
    return undefined;
  }
}

function packetSocket(fd: number, name: string, onFault: (fault: Error) => void, longest: number): PacketSocket {
  const { sendto, recv, close } = libc();
  const buffer = new Uint8Array(longest);
  let listener: (frame: Uint8Array) => void = () => undefined;
  let isOpen = true;
  const guarded = (act: () => void) => {
    try {
      act();
    } catch (fault) {
      if (!(fault instanceof KernelError)) throw fault;
      if (!NOTHING_TO_READ.has(fault.code)) onFault(fault);
    }
  };
  const drain = () =>
    guarded(() => {
      for (let taken = 0; taken < MOST_FRAMES_AT_ONCE && isOpen; taken += 1)
        listener(buffer.subarray(0, checked(recv(fd, buffer, buffer.length, 0), `reading frames on ${name}`)));
    });
  const stopWatching = whenReadable(fd, drain);
  return {
    onFrame(hear) {
      listener = hear;
    },
    drain,
    send(frame) {
      if (isOpen) guarded(() => checked(sendto(fd, frame, frame.length, 0, null, 0), `sending a frame on ${name}`));
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      stopWatching();
      close(fd);
    },
  };
}

/** Without CAP_NET_ADMIN or a card that can do it, what is for the interface's own address is heard all the same. */
function hearAll(fd: number, index: number): void {
  // struct packet_mreq: interface (4), PACKET_MR_PROMISC (2), and an address that does not matter.
  const membership = new Uint8Array(16);
  membership.set(new Uint8Array(Uint32Array.of(index).buffer), 0);
  membership.set(new Uint8Array(Uint16Array.of(PACKET_MR_PROMISC).buffer), 4);
  libc().setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, membership, membership.length);
}

/** struct sockaddr_ll as bind(2) reads it: family (2), protocol (2, network order), interface (4), and 12 octets that do not matter here. */
function linkAddress(etherType: number, index: number): Uint8Array {
  const address = new Uint8Array(20);
  address.set(new Uint8Array(Uint16Array.of(AF_PACKET).buffer), 0);
  address.set([etherType >> 8, etherType & 255], 2);
  address.set(new Uint8Array(Uint32Array.of(index).buffer), 4);
  return address;
}
