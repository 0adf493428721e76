/**
 * The control socket: how `bootlace leases release`, `reload`, `boot`, `wake` and `devices` reach a running server. One line of JSON asks, one answers.
 * It lives in the data directory and is its owner's alone; that it answers is also how a second start knows of the first.
 */
import { chmod, rm } from 'node:fs/promises';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { type Mac, parseMac } from '../base/addresses.ts';
import type { Diagnostic } from '../config/diagnostics.ts';
import type { Devices } from '../devices/api.ts';
import type { WakeCall } from '../net/wake-call.ts';
import { streamDevices } from './control-stream.ts';
import { type DeviceAnswer, type DeviceOrder, readDeviceOrder } from './device-orders.ts';

/** What can be asked of a running server. */
export type ControlOrder =
  | { readonly do: 'hello' }
  | { readonly do: 'release'; readonly address: string }
  /** Read the configuration again. */
  | { readonly do: 'reload' }
  /** An entry of its menu for the device with this MAC. */
  | { readonly do: 'choose'; readonly mac: Mac; readonly entry: string; readonly once: boolean }
  /** By the configuration again. */
  | { readonly do: 'clear-choice'; readonly mac: Mac }
  | DeviceOrder
  | WakeControlOrder;

/** Wake a machine; everything as text. */
export interface WakeControlOrder {
  readonly do: 'wake';
  readonly mac: string;
  readonly network?: string;
  readonly interface?: string;
  readonly password?: string;
}

/** Its answer. */
export type ControlAnswer =
  | (DeviceAnswer & {
      readonly ok: true;
      readonly pid: number;
      readonly found?: boolean;
      /** What a reload changed, in words. */
      readonly changes?: readonly string[];
      readonly diagnostics?: readonly Diagnostic[];
      /** What was sent to wake a machine. */
      readonly calls?: readonly WakeCall[];
    })
  | {
      readonly ok: false;
      readonly error: string;
      /** Why a reload was refused; what of it has a place in the file is among the diagnostics. */
      readonly reasons?: readonly string[];
      readonly diagnostics?: readonly Diagnostic[];
    };

/** Longest order that is read; one is a few dozen octets. */
const LONGEST_ORDER = 4096;
/** An answer can hold everything that is wrong with a file of ten thousand hosts. */
const LONGEST_ANSWER = 64 * 1024 * 1024;
const ANSWER_WITHIN_MS = 5000;
/** A reload opens sockets, and reads a file that may be large. */
const RELOAD_WITHIN_MS = 60_000;

/** Where the control socket of a data directory is. */
export function controlPath(dataDir: string): string {
  return process.platform === 'win32' ? `\\\\.\\pipe\\bootlace-${dataDir.replace(/[^a-z0-9]/gi, '-')}` : path.join(dataDir, 'control.sock');
}

/** Answers orders until it is closed. */
export class ControlServer {
  readonly #server: Server;
  /** Those who read without end. */
  readonly #followers: ReadonlySet<Socket>;

  private constructor(server: Server, followers: ReadonlySet<Socket>) {
    this.#server = server;
    this.#followers = followers;
  }

  /**
   * Listens on the socket; one that a killed server left behind is replaced.
   * @throws {Error} when the socket cannot be made there.
   */
  static async open(socketPath: string, obey: (order: ControlOrder) => Promise<ControlAnswer>, devices?: Devices): Promise<ControlServer> {
    if (process.platform !== 'win32') await rm(socketPath, { force: true });
    const followers = new Set<Socket>();
    const server = createServer((socket) => {
      readLine(socket, LONGEST_ORDER)
        .then(async (line) => {
          const order = parseOrder(line);
          if (order.do !== 'follow' || devices === undefined) return obey(order);
          followers.add(socket);
          socket.once('close', () => followers.delete(socket));
          streamDevices(socket, order, devices);
          return undefined;
        })
        .catch((fault: unknown): ControlAnswer => ({ ok: false, error: fault instanceof Error ? fault.message : String(fault) }))
        .then((answer) => answer && socket.end(`${JSON.stringify(answer)}\n`))
        .catch(() => socket.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socketPath, resolve);
    });
    server.unref();
    if (process.platform !== 'win32') await chmod(socketPath, 0o600);
    return new ControlServer(server, followers);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#followers) socket.destroy();
    await closed;
  }
}

/**
 * Asks the server that runs on this data directory; undefined when none does.
 * @throws {Error} when one is there but does not answer, or may not be asked by this user.
 */
export async function askServer(dataDir: string, order: ControlOrder): Promise<ControlAnswer | undefined> {
  const socket = createConnection(controlPath(dataDir));
  socket.setTimeout(order.do === 'reload' ? RELOAD_WITHIN_MS : ANSWER_WITHIN_MS, () =>
    socket.destroy(new Error('the running server does not answer')),
  );
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    socket.write(`${JSON.stringify(order)}\n`);
    return JSON.parse(await readLine(socket, LONGEST_ANSWER)) as ControlAnswer;
  } catch (fault) {
    const code = fault instanceof Error && 'code' in fault ? fault.code : undefined;
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return undefined;
    throw fault;
  } finally {
    socket.destroy();
  }
}

function parseOrder(line: string): ControlOrder {
  const order: unknown = JSON.parse(line);
  if (typeof order === 'object' && order !== null && 'do' in order) {
    if (order.do === 'hello' || order.do === 'reload') return { do: order.do };
    if (order.do === 'wake') return wakeOrder(order);
    const aboutDevices = readDeviceOrder(order);
    if (aboutDevices !== undefined) return aboutDevices;
    if (order.do === 'release' && 'address' in order && typeof order.address === 'string') return { do: 'release', address: order.address };
    const mac = 'mac' in order && typeof order.mac === 'string' ? parseMac(order.mac) : undefined;
    if (order.do === 'clear-choice' && mac !== undefined) return { do: 'clear-choice', mac };
    if (order.do === 'choose' && mac !== undefined && 'entry' in order && typeof order.entry === 'string')
      return { do: 'choose', mac, entry: order.entry, once: 'once' in order && order.once === true };
  }
  throw new Error('unknown order');
}

function wakeOrder(order: object): WakeControlOrder {
  const texts: Readonly<Record<string, unknown>> = { ...order };
  const text = (key: string): string | undefined => {
    const value = texts[key];
    if (value === undefined || typeof value === 'string') return value;
    throw new Error('unknown order');
  };
  const [mac, network, wanted, password] = [text('mac'), text('network'), text('interface'), text('password')];
  if (mac === undefined) throw new Error('unknown order');
  return {
    do: 'wake',
    mac,
    ...(network !== undefined && { network }),
    ...(wanted !== undefined && { interface: wanted }),
    ...(password !== undefined && { password }),
  };
}

function readLine(socket: Socket, longest: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (chunk.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
      else if (text.length > longest) reject(new Error('the line is too long'));
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
  });
}
