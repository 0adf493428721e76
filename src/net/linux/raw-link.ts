/** Frames onto one interface through an AF_PACKET socket, packet(7). It is opened for sending only and receives nothing. */
import { macBytes } from '../../base/addresses.ts';
import type { FrameLink, InterfaceFacts, RawLink } from '../ports.ts';
import { AF_PACKET, checked, KernelError, libc, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_RAW } from './libc.ts';
import { udpFrame } from './raw-frame.ts';
import { linkAddress, SendBatch } from './send-batch.ts';
import { enlargeSendBuffer } from './socket-buffers.ts';

/** Opens the socket. Undefined for an interface without a hardware address, and (after a word to `onFault`) without CAP_NET_RAW. */
export function openRawLink(facts: InterfaceFacts, onFault: (fault: Error) => void): RawLink | undefined {
  const { name, index, mac, mtu } = facts;
  const fd = mac === undefined ? undefined : openSendingSocket(name, onFault);
  if (mac === undefined || fd === undefined) return undefined;
  enlargeSendBuffer(fd);
  let isOpen = true;
  // A cable that was pulled (ENETDOWN), an interface that is gone (ENXIO), a full queue (ENOBUFS): the client asks again.
  const sending = new SendBatch(fd, `sending a frame on ${name}`, onFault);
  return {
    send(datagram) {
      if (!isOpen) return;
      const frame = udpFrame(mac, datagram, mtu);
      if (frame.ok) sending.add(frame.value, linkAddress(index, macBytes(datagram.hardwareAddress)));
      else onFault(new Error(`a datagram of ${frame.error.octets} octets does not fit the MTU of ${name}, ${mtu}`));
    },
    close() {
      if (!isOpen) return;
      sending.close();
      isOpen = false;
      libc().close(fd);
    },
  };
}

/** A link for frames of any type, opened as `openRawLink` is. */
export function openFrameLink({ name, index, mac }: InterfaceFacts, onFault: (fault: Error) => void): FrameLink | undefined {
  const fd = mac === undefined ? undefined : openSendingSocket(name, onFault);
  if (fd === undefined) return undefined;
  let isOpen = true;
  const sending = new SendBatch(fd, `sending a frame on ${name}`, onFault);
  return {
    send(frame) {
      if (isOpen) sending.add(frame, linkAddress(index, frame.subarray(0, 6), ((frame[12] ?? 0) << 8) | (frame[13] ?? 0)));
    },
    close() {
      if (!isOpen) return;
      sending.close();
      isOpen = false;
      libc().close(fd);
    },
  };
}

function openSendingSocket(name: string, onFault: (fault: Error) => void): number | undefined {
  try {
    // Protocol 0: the kernel hands over no frame, so none has to be thrown away.
    return checked(libc().socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), `opening a packet socket for ${name}`);
  } catch (fault) {
    if (!(fault instanceof KernelError)) throw fault;
    onFault(fault);
    return undefined;
  }
}
