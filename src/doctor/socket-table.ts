/** The sockets that Linux lists in /proc/net (proc(5)), and the programs that hold them. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { type Ipv4, ipv4, NO_ADDRESS } from '../base/addresses.ts';

export interface ListedSocket {
  readonly protocol: 'udp' | 'tcp';
  /** `NO_ADDRESS`: all. */
  readonly address: Ipv4;
  readonly port: number;
  readonly inode: string;
}

/** A program with the sockets that it holds. */
export interface SocketHolder {
  readonly pid: number;
  readonly name: string;
  readonly inodes: ReadonlySet<string>;
}

const LISTENING = '0A';
/** `::`, by which IPv4 is heard too. One that listens at another address of version 6 is in nobody's way. */
const ALL_OF_V6 = '0'.repeat(32);

/** Reads one of /proc/net/udp, udp6, tcp and tcp6; of TCP only what listens. Lines that look different are left out. */
export function parseSocketTable(text: string, protocol: 'udp' | 'tcp'): readonly ListedSocket[] {
  return text.split('\n').flatMap((line) => {
    const [, address = '', port = '', state = '', inode = ''] =
      /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) \S+ \S+ \S+\s+\d+\s+\d+ (\d+)/.exec(line) ?? [];
    const own = address === ALL_OF_V6 ? NO_ADDRESS : address.length === 8 ? addressOf(address) : undefined;
    if (own === undefined || (protocol === 'tcp' && state !== LISTENING)) return [];
    return [{ protocol, address: own, port: Number.parseInt(port, 16), inode }];
  });
}

/** The octets stand as the machine keeps a number: the last one first. */
function addressOf(text: string): Ipv4 {
  const octets = (text.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  return ipv4(octets.reduceRight((sum, octet) => sum * 256 + octet, 0));
}

/** All sockets that may be in the way; empty where the system has no such list. */
export async function listSockets(): Promise<readonly ListedSocket[]> {
  const lists = await Promise.all(
    (['udp', 'udp6', 'tcp', 'tcp6'] as const).map(async (name) =>
      parseSocketTable(await textOf(`/proc/net/${name}`), name.startsWith('udp') ? 'udp' : 'tcp'),
    ),
  );
  return lists.flat();
}

/** The programs that hold any of these sockets. Those of other users are seen by root alone. */
export async function holdersOf(inodes: ReadonlySet<string>): Promise<readonly SocketHolder[]> {
  const processes = (await namesIn('/proc')).filter((name) => /^\d+$/.test(name));
  const holders = await Promise.all(
    processes.map(async (pid): Promise<SocketHolder | undefined> => {
      const held = await socketsOf(pid);
      const ours = new Set(held.filter((inode) => inodes.has(inode)));
      if (ours.size === 0) return undefined;
      return { pid: Number(pid), name: (await textOf(`/proc/${pid}/comm`)).trim() || 'a program', inodes: ours };
    }),
  );
  return holders.filter((holder) => holder !== undefined);
}

async function socketsOf(pid: string): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fd`;
  const targets = await Promise.all((await namesIn(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(() => '')));
  return targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
}

/** A process may end between two looks, and most are others'. */
function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
