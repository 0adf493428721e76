/**
 * UDP sockets that belong to one interface (SO_BINDTODEVICE), socket(7). Node cannot make them, but its `dgram` takes
 * over a file descriptor, so everything after the opening is Node's own event loop.
 */
import { createSocket, type Socket } from 'node:dgram';
import { type Ipv4, ipv4Bytes, NO_ADDRESS, showIpv4 } from '../../base/addresses.ts';
import { datagramPort, forgettingWhenClosed, numericLookup } from '../datagram-port.ts';
import { inTurn } from '../in-turn.ts';
import { explainOpening } from '../open-fault.ts';
import type { DatagramPort, FrameSockets, SharedSockets, SocketFactory, StationSockets, UdpOptions } from '../ports.ts';
import { openArpProber } from './arp-prober.ts';
import { batchedPort } from './batched-port.ts';
import {
  AF_INET,
  checked,
  cInt,
  libc,
  SO_BINDTODEVICE,
  SO_BROADCAST,
  SO_REUSEADDR,
  SO_TIMESTAMP,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOL_SOCKET,
} from './libc.ts';
import { openFrameLink, openRawLink } from './raw-link.ts';
import { ReceiveBatch } from './receive-batch.ts';
import { openReplySniffer } from './reply-sniffer.ts';
import { openRequestSniffer } from './request-sniffer.ts';
import { SharedPorts } from './shared-ports.ts';
import { enlargeReceiveBuffer, enlargeSendBuffer, setSendTimeout } from './socket-buffers.ts';
import { openStationLink } from './station-link.ts';

const BATCHED_DATAGRAMS = 64;
/** DHCP clients keep below 576 octets until a server says otherwise (RFC 2131 §2), relay agents below what a link carries. */
const BATCHED_OCTETS = 2048;

interface OpenSocket {
  readonly fd: number;
  readonly interface: string;
  readonly address: Ipv4;
  readonly port: number;
}

/**
 * A factory of its own for each thread: it remembers its open sockets, because the one for broadcasts (bound to no address)
 * and the one for an address share a port, and the kernel allows that only where both have SO_REUSEADDR at the moment
 * of the bind. It is off at all other times: with it, a second server could take the port and half of the datagrams unnoticed.
 */
export function linuxSockets(): SocketFactory & SharedSockets & FrameSockets & StationSockets {
  const open = new Set<OpenSocket>();
  let batch: ReceiveBatch | undefined;
  let shared: SharedPorts | undefined;
  const portOf = async (fd: number, options: UdpOptions): Promise<DatagramPort> => {
    if (options.batched !== true) return datagramPort(await adopt(fd));
    batch ??= new ReceiveBatch(BATCHED_DATAGRAMS, BATCHED_OCTETS);
    return batchedPort(fd, options.interface, batch);
  };
  // In turn, so that each finds the ones before it in `open`.
  const openUdp = inTurn(async (options: UdpOptions) => {
    const fd = bindSocket(options, open, SOCK_NONBLOCK);
    const port = await portOf(fd, options);
    // libuv switches it on for each descriptor that it takes over.
    setFlag(fd, SO_REUSEADDR, false, 'opening a socket');
    const entry = { fd, interface: options.interface, ...port.local };
    open.add(entry);
    return forgettingWhenClosed(port, () => open.delete(entry));
  });
  const openShared = async (options: UdpOptions) => {
    // It receives without waiting all the same; sending waits for room instead of losing half a window.
    const fd = bindSocket(options, open, 0);
    setSendTimeout(fd);
    enlargeSendBuffer(fd);
    shared ??= new SharedPorts();
    const port = shared.adopt(fd, options.interface, options.isDoor === true);
    const entry = { fd, interface: options.interface, ...port.local };
    open.add(entry);
    return forgettingWhenClosed(port, () => open.delete(entry));
  };
  return { openUdp, openShared, openRawLink, openFrameLink, openArpProber, openReplySniffer, openRequestSniffer, openStationLink };
}

function bindSocket(options: UdpOptions, open: ReadonlySet<OpenSocket>, flags: number): number {
  const { interface: name, address = NO_ADDRESS, port } = options;
  const doing = `UDP ${showIpv4(address)}:${port} on ${name}`;
  const { socket, setsockopt, bind, close } = libc();
  const fd = checked(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | flags, 0), doing);
  const siblings = [...open].filter((other) => other.port === port && other.interface === name && other.address !== address);
  try {
    const device = new TextEncoder().encode(`${name}\0`);
    checked(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, device.length), doing);
    if (options.broadcast === true) setFlag(fd, SO_BROADCAST, true, doing);
    if (options.receiveBuffer !== undefined) enlargeReceiveBuffer(fd, options.receiveBuffer);
    if (options.batched === true) {
      enlargeSendBuffer(fd);
      setFlag(fd, SO_TIMESTAMP, true, doing);
    }
    const local = new Uint8Array(16);
    local.set(new Uint8Array(Uint16Array.of(AF_INET).buffer), 0);
    local.set([port >> 8, port & 255], 2);
    local.set(ipv4Bytes(address), 4);
    for (const sibling of siblings) setFlag(sibling.fd, SO_REUSEADDR, true, doing);
    if (siblings.length > 0) setFlag(fd, SO_REUSEADDR, true, doing);
    checked(bind(fd, local, local.length), doing);
    if (siblings.length > 0) setFlag(fd, SO_REUSEADDR, false, doing);
    return fd;
  } catch (fault) {
    close(fd);
    throw explainOpening(fault, options);
  } finally {
    for (const sibling of siblings) setFlag(sibling.fd, SO_REUSEADDR, false, doing);
  }
}

function setFlag(fd: number, option: number, value: boolean, doing: string): void {
  checked(libc().setsockopt(fd, SOL_SOCKET, option, cInt(value ? 1 : 0), 4), doing);
}

function adopt(fd: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = createSocket({ type: 'udp4', lookup: numericLookup });
  const fail = (fault: unknown) => {
    socket.close();
    // Node has not taken the descriptor, so nobody else would close it.
    libc().close(fd);
    reject(fault instanceof Error ? fault : new Error(String(fault)));
  };
  socket.once('error', fail);
  try {
    socket.bind({ fd }, () => {
      socket.off('error', fail);
      resolve(socket);
    });
  } catch (fault) {
    fail(fault);
  }
  return promise;
}
