/** TCP ports that belong to one interface (SO_BINDTODEVICE): whoever comes in by another finds nobody there, whatever address he asks for. */
import type { Server } from 'node:net';
import { ipv4Bytes, showIpv4 } from '../../base/addresses.ts';
import { explainOpening } from '../open-fault.ts';
import type { ListenOptions } from '../ports.ts';
import { startListening } from '../start-listening.ts';
import {
  AF_INET,
  checked,
  cInt,
  libc,
  SO_BINDTODEVICE,
  SO_REUSEADDR,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
} from './libc.ts';

/** As `Listen`. */
export async function listenOnInterface(server: Server, options: ListenOptions): Promise<void> {
  const fd = bindSocket(options);
  try {
    await startListening(server, { fd });
  } catch (fault) {
    // Node has not taken the descriptor, so nobody else would close it.
    libc().close(fd);
    throw explainOpening(fault, options, 'TCP');
  }
}

function bindSocket(options: ListenOptions): number {
  const { interface: name, address, port } = options;
  const doing = `TCP ${showIpv4(address)}:${port} on ${name}`;
  const { socket, setsockopt, bind, close } = libc();
  const fd = checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), doing);
  try {
    const device = new TextEncoder().encode(`${name}\0`);
    checked(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, device.length), doing);
    // For TCP it says only that old connections are no obstacle: two that listen still exclude each other, socket(7).
    checked(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, cInt(1), 4), doing);
    const local = new Uint8Array(16);
    local.set(new Uint8Array(Uint16Array.of(AF_INET).buffer), 0);
    local.set([port >> 8, port & 255], 2);
    local.set(ipv4Bytes(address), 4);
    checked(bind(fd, local, local.length), doing);
    return fd;
  } catch (fault) {
    close(fd);
    throw explainOpening(fault, options, 'TCP');
  }
}
