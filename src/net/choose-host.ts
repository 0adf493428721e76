/** The best that this machine can do: kernel calls on Linux, else what Node has everywhere. */
import { sendFileInKernel } from './linux/file-sender.ts';
import { linuxInterfaces } from './linux/interfaces.ts';
import { whyUnavailable } from './linux/libc.ts';
import { listenOnInterface } from './linux/listening.ts';
import { linuxSockets } from './linux/sockets.ts';
import { capabilityRemedy } from './open-fault.ts';
import { portableInterfaces } from './portable/interfaces.ts';
import { listenAtAddress } from './portable/listening.ts';
import { portableSockets } from './portable/sockets.ts';
import type { FrameSockets, InterfaceControl, Listen, SendFile, SharedSockets, SocketFactory, StationSockets } from './ports.ts';
import { missingCapabilities, type NetworkCapability } from './privileges.ts';

export type HostKind = 'linux' | 'portable';

/** The machine's network. Each thread opens one of its own. */
export interface NetworkHost {
  readonly kind: HostKind;
  readonly sockets: SocketFactory & SharedSockets & FrameSockets & StationSockets;
  readonly interfaces: InterfaceControl;
  readonly listen: Listen;
  readonly sendFile: SendFile;
  /** What cannot be done here, and why: one sentence each. */
  readonly missing: readonly string[];
}

const lostWithout: Readonly<Record<NetworkCapability, string>> = {
  CAP_NET_BIND_SERVICE: 'the ports below 1024 (DHCP, TFTP) cannot be opened',
  CAP_NET_RAW:
    'clients without an address are answered by broadcast instead of directly, and neither other DHCP servers nor addresses in use are noticed',
  CAP_NET_ADMIN: 'no address can be put on an interface',
};

/** @param force one of the two instead of the best. `linux` rejects where its kernel calls are missing. */
export async function openNetworkHost(force?: HostKind): Promise<NetworkHost> {
  const obstacle = whyUnavailable();
  if (force === 'portable' || (force === undefined && obstacle !== undefined)) return openPortable(obstacle ?? 'it was asked for');
  if (obstacle !== undefined) throw new Error(`the kernel calls of Linux are not there: ${obstacle}`);
  const missing = missingCapabilities().map((name) => `${lostWithout[name]}: ${name} is missing; ${capabilityRemedy}`);
  return {
    kind: 'linux',
    sockets: linuxSockets(),
    interfaces: linuxInterfaces,
    listen: listenOnInterface,
    sendFile: sendFileInKernel,
    missing,
  };
}

async function openPortable(why: string): Promise<NetworkHost> {
  const interfaces = await portableInterfaces();
  const missing = [
    `clients without an address are answered by broadcast instead of directly, as raw frames need the kernel calls of Linux (${why})`,
    'other DHCP servers, and addresses that somebody uses without a lease, are not noticed',
    `no address can be put on an interface from here; 'assign: true' waits until a person has done it`,
    'cables and the kind of an interface cannot be seen; only interfaces that have an address are known',
    'one interface only can be served',
  ];
  return {
    kind: 'portable',
    sockets: portableSockets(interfaces),
    interfaces,
    listen: listenAtAddress,
    sendFile: () => undefined,
    missing,
  };
}
