/** Waits until a server listens. */
import { once } from 'node:events';
import type { ListenOptions, Server } from 'node:net';

/** Connections that wait until they are taken: a room of machines that boot at once comes within a moment. */
const BACKLOG = 511;

/** Rejects with the system's error. */
export async function startListening(server: Server, where: { readonly fd: number } | Pick<ListenOptions, 'host' | 'port'>): Promise<void> {
  const listening = once(server, 'listening');
  server.listen({ ...where, backlog: BACKLOG });
  await listening;
}
