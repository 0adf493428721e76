/**
 * Network namespaces: machines that share nothing with the real network. Their names begin with `bl-` and the id of the
 * process that made them, so that what a crashed run left behind is known and swept, and what another run uses is not.
 * Needs root and iproute2.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Program, type ProgramOptions } from './program.ts';

const PREFIX = 'bl-';
let created = 0;

/** Runs `ip` and returns what it printed; throws with its complaint. */
export function ip(...args: readonly string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** An address of an interface, as `ip` names its parts. */
interface AddressRow {
  readonly ifname: string;
  readonly addr_info: readonly { readonly family: string; readonly local: string; readonly prefixlen: number }[];
}

/** A link, as far as the tests ask. */
interface LinkRow {
  readonly ifname: string;
  readonly address: string;
}

/** A machine on its own: loopback is up, nothing else is there. */
export class Namespace {
  readonly name: string;

  /** @param role what it plays, at most 12 letters; it becomes part of the name. */
  constructor(role: string) {
    created += 1;
    this.name = `${PREFIX}${process.pid}-${created}-${role}`;
    ip('netns', 'add', this.name);
    this.ip('link', 'set', 'lo', 'up');
  }

  /** Runs `ip` inside. */
  ip(...args: readonly string[]): string {
    return ip('-n', this.name, ...args);
  }

  /** Starts a program inside. It keeps its process id through `ip netns exec`, so signals reach it. */
  start(command: readonly [string, ...string[]], options: ProgramOptions = {}): Program {
    return new Program(['ip', 'netns', 'exec', this.name, ...command], options);
  }

  /** IPv4 addresses of an interface as `a.b.c.d/n`, in the kernel's order. */
  addressesOf(device: string): string[] {
    const rows = JSON.parse(this.ip('-json', 'address', 'show', 'dev', device)) as AddressRow[];
    const row = rows.find((candidate) => candidate.ifname === device);
    return (row?.addr_info ?? []).filter((info) => info.family === 'inet').map((info) => `${info.local}/${info.prefixlen}`);
  }

  /** The hardware address of an interface. */
  macOf(device: string): string {
    const rows = JSON.parse(this.ip('-json', 'link', 'show', 'dev', device)) as LinkRow[];
    return rows[0]?.address ?? '';
  }

  /** Ends every program inside and takes the namespace away, with its interfaces. Closing twice is allowed. */
  close(): void {
    removeNamespace(this.name);
  }
}

/** Joins two namespaces with a cable; both ends are up. */
export function connect(a: Namespace, aDevice: string, b: Namespace, bDevice: string): void {
  a.ip('link', 'add', aDevice, 'type', 'veth', 'peer', 'name', bDevice, 'netns', b.name);
  a.ip('link', 'set', aDevice, 'up');
  b.ip('link', 'set', bDevice, 'up');
}

/** Takes away the namespaces of runs whose process is gone. */
export function sweep(): void {
  for (const name of namespaceNames()) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-\\d+-`).exec(name)?.[1];
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) removeNamespace(name);
  }
}

/** Namespaces that this process has made and not taken away: none, after a tidy test. */
export function leftovers(): string[] {
  return namespaceNames().filter((name) => name.startsWith(`${PREFIX}${process.pid}-`));
}

function namespaceNames(): string[] {
  return ip('netns', 'list')
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((name) => name !== '');
}

function removeNamespace(name: string): void {
  if (!namespaceNames().includes(name)) return;
  // A program may start another between the two looks.
  for (let round = 0; round < 3; round += 1) {
    const inside = ip('netns', 'pids', name)
      .split('\n')
      .filter((line) => line !== '');
    if (inside.length === 0) break;
    for (const pid of inside) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It ended by itself in the meantime.
      }
    }
  }
  ip('netns', 'delete', name);
}
