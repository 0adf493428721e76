/** TCP ports with what every system has: a port belongs to an address, by whatever interface somebody comes to it. */
import type { Server } from 'node:net';
import { showIpv4 } from '../../base/addresses.ts';
import { explainOpening } from '../open-fault.ts';
import type { ListenOptions } from '../ports.ts';
import { startListening } from '../start-listening.ts';

/** As `Listen`. */
export async function listenAtAddress(server: Server, options: ListenOptions): Promise<void> {
  try {
    await startListening(server, { host: showIpv4(options.address), port: options.port });
  } catch (fault) {
    throw explainOpening(fault, options, 'TCP');
  }
}
