/** Frames onto one interface through an AF_PACKET socket, packet(7). It is opened for sending only and receives nothing. */
import { macBytes } from '../../base/addresses.ts';
import type { InterfaceFacts, RawLink } from '../ports.ts';
import { AF_PACKET, checked, KernelError, libc, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_RAW } from './libc.ts';
import { udpFrame } from './raw-frame.ts';

const ETHERTYPE_IPV4 = 0x0800;

/** Opens the socket. Undefined for an interface without a hardware address, and (after a word to `onFault`) without CAP_NET_RAW. */
export function openRawLink(facts: InterfaceFacts, onFault: (fault: Error) => void): RawLink | undefined {
  const { name, index, mac, mtu } = facts;
  if (mac === undefined) return undefined;
  const { socket, sendto, close } = libc();
  let fd: number;
  try {
    // Protocol 0: the kernel hands over no frame, so none has to be thrown away.
    fd = checked(socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), `opening a packet socket for ${name}`);
  } catch (fault) {
    if (!(fault instanceof KernelError)) throw fault;
    onFault(fault);
    return undefined;
  }
  let isOpen = true;
  return {
    send(datagram) {
      if (!isOpen) return;
      const frame = udpFrame(mac, datagram, mtu);
      if (!frame.ok) {
        onFault(new Error(`a datagram of ${frame.error.octets} octets does not fit the MTU of ${name}, ${mtu}`));
        return;
      }
      const destination = linkAddress(index, macBytes(datagram.hardwareAddress));
      try {
        // A cable that was pulled (ENETDOWN), an interface that is gone (ENXIO), a full queue (ENOBUFS): the client asks again.
        checked(sendto(fd, frame.value, frame.value.length, 0, destination, destination.length), `sending a frame on ${name}`);
      } catch (fault) {
        if (!(fault instanceof KernelError)) throw fault;
        onFault(fault);
      }
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      close(fd);
    },
  };
}

/** struct sockaddr_ll: family (2), protocol (2, network order), interface (4), hardware type (2), packet type (1), length (1), address (8). */
function linkAddress(index: number, hardware: Uint8Array): Uint8Array {
  const address = new Uint8Array(20);
  address.set(new Uint8Array(Uint16Array.of(AF_PACKET).buffer), 0);
  address.set([ETHERTYPE_IPV4 >> 8, ETHERTYPE_IPV4 & 255], 2);
  address.set(new Uint8Array(Uint32Array.of(index).buffer), 4);
  address[11] = hardware.length;
  address.set(hardware, 12);
  return address;
}
