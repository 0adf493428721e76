/** Answers of the control socket that have no end: a line of JSON for each piece of news, until one of the two sides goes. */
import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Devices } from '../devices/api.ts';
import { type DeviceNews, type DeviceOrder, followDevices } from './device-orders.ts';

type Follow = Extract<DeviceOrder, { do: 'follow' }>;

/** Octets that wait for a slow reader before its news does. */
const MOST_BUFFERED = 256 * 1024;

/** Sends what is followed to the socket. */
export function streamDevices(socket: Socket, { device }: Follow, devices: Devices): void {
  const stop = followDevices(devices, device, {
    write: (news) => void socket.write(`${JSON.stringify(news)}\n`),
    get isFull() {
      return socket.writableLength > MOST_BUFFERED;
    },
  });
  socket.once('close', stop);
  socket.on('error', () => socket.destroy());
}

/**
 * Follows what the server behind the socket says; undefined when there is none. Resolves when the server ends or `stop` is called.
 * @param onNews is called with each piece.
 */
export async function followServer(
  socketPath: string,
  order: Follow,
  onNews: (news: DeviceNews) => void,
): Promise<{ readonly ended: Promise<void>; stop(): void } | undefined> {
  const socket = createConnection(socketPath);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
  } catch (fault) {
    const code = fault instanceof Error && 'code' in fault ? fault.code : undefined;
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return undefined;
    throw fault;
  }
  socket.write(`${JSON.stringify(order)}\n`);
  const lines = createInterface({ input: socket });
  lines.on('line', (line) => onNews(JSON.parse(line) as DeviceNews));
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => socket.destroy());
  return { ended, stop: () => socket.destroy() };
}
