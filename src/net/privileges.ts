/**
 * From root to an ordinary user, keeping only what reopening an interface needs, capabilities(7). To be called on the main thread before
 * any worker thread is started: the kernel keeps capabilities for each thread, and a thread has those of the one that started it.
 * Threads that Node itself started before are left with none, which is as well, as they only read files.
 */
import { accountOf, checked, isAvailable, libc } from './linux/libc.ts';

/** Their numbers in the kernel. */
const capabilityNumbers = { CAP_NET_BIND_SERVICE: 10, CAP_NET_ADMIN: 12, CAP_NET_RAW: 13, CAP_SYS_NICE: 23 } as const;

export type Capability = keyof typeof capabilityNumbers;

/** Reopening ports below 1024, sending raw frames, and changing interfaces. */
export type NetworkCapability = Exclude<Capability, 'CAP_SYS_NICE'>;

const networkCapabilities: readonly NetworkCapability[] = ['CAP_NET_BIND_SERVICE', 'CAP_NET_RAW', 'CAP_NET_ADMIN'];

/** What to become: the fields of `sudo`'s environment, for `auto`. */
export interface Caller {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/** What became of it; the same words as the events `server.privileges-dropped` and `server.privileges-kept`. */
export type PrivilegeOutcome =
  | { readonly type: 'server.privileges-dropped'; readonly user: string; readonly kept: readonly Capability[] }
  | { readonly type: 'server.privileges-kept'; readonly why: string };

const PR_SET_KEEPCAPS = 8;
const PR_SET_NO_NEW_PRIVS = 38;
const LINUX_CAPABILITY_VERSION_3 = 0x20080522;

/** Who called `sudo`, from the environment that it leaves; undefined when it was not used. */
export function callerOfSudo(environment: Readonly<Record<string, string | undefined>>): Caller | undefined {
  const { SUDO_UID: uid = '', SUDO_GID: gid = '', SUDO_USER: name } = environment;
  if (!/^\d+$/.test(uid) || !/^\d+$/.test(gid)) return undefined;
  return { uid: Number(uid), gid: Number(gid), name: name ?? uid };
}

/**
 * Becomes `user`: a name, or `auto` for who called `sudo`. Without anybody to become, all stays as it is, and the outcome says why.
 * @param rights those to keep, and those that each thread is to `giveUp` when it has made use of them.
 * @throws {Error} when the named user does not exist or the kernel refuses: to go on as root would not be what was asked for.
 */
export function dropPrivileges(
  user: string,
  caller: Caller | undefined,
  { keep = networkCapabilities, atFirst = [] }: { readonly keep?: readonly Capability[]; readonly atFirst?: readonly Capability[] } = {},
): PrivilegeOutcome {
  const kept = (why: string): PrivilegeOutcome => ({ type: 'server.privileges-kept', why });
  if (process.getuid?.() !== 0) return kept('it was not started as root');
  if (!isAvailable()) return kept('this system has no way to keep only the network rights');
  const target = userToBecome(user, caller);
  if (target === undefined) return kept("it was not started through sudo, and 'server.user' names nobody else");
  if (target.uid === 0) return kept('root itself is the user to become');
  become(target, [...keep, ...atFirst]);
  return { type: 'server.privileges-dropped', user: target.name, kept: keep };
}

/**
 * Who `user` is: a name, or `auto` for who called `sudo`; undefined when nobody did.
 * @throws {Error} when there is no user of that name.
 */
export function userToBecome(user: string, caller: Caller | undefined): Caller | undefined {
  return user === 'auto' ? caller : findUser(user);
}

/** Leaves the calling thread without a right that it had at first. Root keeps all of them. */
export function giveUp(capability: Capability): void {
  if (!isAvailable() || process.getuid?.() === 0) return;
  const data = new Uint32Array(6);
  const octets = new Uint8Array(data.buffer);
  const { capget, capset } = libc();
  checked(capget(capabilityHeader(), octets), 'reading the capabilities');
  const others = ~(1 << capabilityNumbers[capability]);
  // Effective, permitted, inheritable.
  for (const set of [0, 1, 2]) data[set] = (data[set] ?? 0) & others;
  checked(capset(capabilityHeader(), octets), `giving up ${capability}`);
}

/** Which of the network rights this thread does not have; empty where everything can be done. */
export function missingCapabilities(): readonly NetworkCapability[] {
  const data = new Uint32Array(6);
  checked(libc().capget(capabilityHeader(), new Uint8Array(data.buffer)), 'reading the capabilities');
  const effective = data[0] ?? 0;
  return networkCapabilities.filter((name) => (effective & (1 << capabilityNumbers[name])) === 0);
}

function findUser(name: string): Caller {
  const account = accountOf(name);
  if (account === undefined) throw new Error(`there is no user '${name}' on this machine (server.user)`);
  return account;
}

function become({ uid, gid, name }: Caller, keep: readonly Capability[]): void {
  const { prctl, capset } = libc();
  checked(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0), 'keeping capabilities');
  // Only the main group: being in `docker` or `sudo` is as good as being root.
  process.setgroups?.([gid]);
  process.setgid?.(gid);
  process.setuid?.(uid);
  const bits = keep.reduce((set, capability) => set | (1 << capabilityNumbers[capability]), 0);
  // Three words (effective, permitted, inheritable) for the capabilities 0–31, then three for the rest.
  const data = Uint32Array.of(bits, bits, 0, 0, 0, 0);
  checked(capset(capabilityHeader(), new Uint8Array(data.buffer)), `keeping capabilities as ${name}`);
  checked(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 'giving up new privileges');
}

function capabilityHeader(): Uint8Array {
  return new Uint8Array(Uint32Array.of(LINUX_CAPABILITY_VERSION_3, 0).buffer);
}
