/**
 * The C library's calls that Node has no words for, declared once. Loaded on first use, so that other systems, and
 * an installation without koffi's binary, find out by `isAvailable()` instead of by failing to start.
 * Numbers are those of Linux on x64 and arm64, which agree in all that is used here.
 */
import { createRequire } from 'node:module';
import { getSystemErrorMap } from 'node:util';
import { ipv4At } from '../../base/addresses.ts';
import type { Endpoint } from '../ports.ts';

/** The calls, with a `Uint8Array` for each pointer to octets; `ssize_t` and `int` results of −1 mean "see errno". */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array, length: number): number;
  /** setsockopt(2) with SO_ATTACH_FILTER; `instructions` are of 8 octets each. */
  attachFilter(fd: number, instructions: Uint8Array): number;
  sendfile(out: number, file: number, offset: Uint8Array, count: number): number;
  bind(fd: number, address: Uint8Array, length: number): number;
  sendto(fd: number, bytes: Uint8Array, length: number, flags: number, to: Uint8Array | null, toLength: number): number;
  recv(fd: number, into: Uint8Array, length: number, flags: number): number;
  getsockname(fd: number, address: Uint8Array, length: Uint8Array): number;
  /** `messages`: `count` struct mmsghdr, recvmmsg(2). */
  recvmmsg(fd: number, messages: Uint8Array, count: number, flags: number, timeout: null): number;
  sendmmsg(fd: number, messages: Uint8Array, count: number, flags: number): number;
  epoll_create1(flags: number): number;
  epoll_ctl(epoll: number, operation: number, fd: number, event: Uint8Array | null): number;
  /** `events`: room for `count` struct epoll_event. */
  epoll_wait(epoll: number, events: Uint8Array, count: number, timeoutMs: number): number;
  fcntl(fd: number, command: number, argument: number): number;
  close(fd: number): number;
  /** `state`: struct timex, of 208 octets; with no bit of `modes` set it only reads. */
  adjtimex(state: Uint8Array): number;
  prctl(option: number, a: number, b: number, c: number, d: number): number;
  capget(header: Uint8Array, data: Uint8Array): number;
  capset(header: Uint8Array, data: Uint8Array): number;
}

/** One line of the machine's user database. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export const AF_INET = 2;
export const AF_NETLINK = 16;
export const AF_PACKET = 17;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2000000;
export const SOL_SOCKET = 1;
export const SO_REUSEADDR = 2;
export const SO_BROADCAST = 6;
export const SO_SNDBUF = 7;
export const SO_RCVBUF = 8;
export const SO_RCVTIMEO = 20;
export const SO_BINDTODEVICE = 25;
const SO_ATTACH_FILTER = 26;
export const SO_TIMESTAMP = 29;
export const SO_SNDBUFFORCE = 32;
export const SO_RCVBUFFORCE = 33;
export const SO_SNDTIMEO = 21;
export const SOL_TCP = 6;
export const TCP_CORK = 3;
export const SOL_UDP = 17;
export const UDP_SEGMENT = 103;
export const MSG_DONTWAIT = 0x40;
const EAGAIN = 11;

/** What is waited for. */
interface PollEvents {
  readonly readable?: boolean;
  readonly writable?: boolean;
}

/** Looks at a file descriptor for readiness, in the event loop. */
interface PollHandle {
  start(events: PollEvents, listener: (status: number) => void): void;
  close(): void;
}

interface Loaded {
  readonly libc: Libc;
  poll(fd: number, events: PollEvents, listener: (status: number) => void): PollHandle;
  addressOf(memory: Uint8Array): bigint;
  errno(): number;
  account(name: string): Account | undefined;
  callIfThere(declaration: string, given: readonly (number | Uint8Array)[]): void;
}

let loaded: Loaded | Error | undefined;

function load(): Loaded | Error {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    // The running program itself has its C library in reach, whichever one it is (glibc, musl) and whatever it is called.
    const program = koffi.load(null);
    const passwd = koffi.struct({
      name: 'const char *',
      password: 'const char *',
      uid: 'uint32_t',
      gid: 'uint32_t',
      comment: 'const char *',
      home: 'const char *',
      shell: 'const char *',
    });
    // struct sock_fprog holds a pointer, so that it cannot be laid out by hand as the other structures are.
    const filterProgram = koffi.struct({ length: 'uint16_t', instructions: 'const void *' });
    const filterProgramOctets = koffi.sizeof(filterProgram);
    const setFilter = program.func('setsockopt', 'int', ['int', 'int', 'int', koffi.pointer(filterProgram), 'uint32_t']) as (
      fd: number,
      level: number,
      name: number,
      value: { readonly length: number; readonly instructions: Uint8Array },
      length: number,
    ) => number;
    const getpwnam = program.func('getpwnam', koffi.pointer(passwd), ['const char *']) as (name: string) => unknown;
    return {
      libc: {
        socket: program.func('int socket(int, int, int)') as Libc['socket'],
        setsockopt: program.func('int setsockopt(int, int, int, const void *, uint32_t)') as Libc['setsockopt'],
        attachFilter: (fd, instructions) =>
          setFilter(fd, SOL_SOCKET, SO_ATTACH_FILTER, { length: instructions.length / 8, instructions }, filterProgramOctets),
        sendfile: program.func('intptr_t sendfile(int, int, void *, uintptr_t)') as Libc['sendfile'],
        bind: program.func('int bind(int, const void *, uint32_t)') as Libc['bind'],
        sendto: program.func('intptr_t sendto(int, const void *, uintptr_t, int, const void *, uint32_t)') as Libc['sendto'],
        recv: program.func('intptr_t recv(int, void *, uintptr_t, int)') as Libc['recv'],
        getsockname: program.func('int getsockname(int, void *, void *)') as Libc['getsockname'],
        recvmmsg: program.func('int recvmmsg(int, void *, uint32_t, int, void *)') as Libc['recvmmsg'],
        sendmmsg: program.func('int sendmmsg(int, void *, uint32_t, int)') as Libc['sendmmsg'],
        epoll_create1: program.func('int epoll_create1(int)') as Libc['epoll_create1'],
        epoll_ctl: program.func('int epoll_ctl(int, int, int, void *)') as Libc['epoll_ctl'],
        epoll_wait: program.func('int epoll_wait(int, void *, int, int)') as Libc['epoll_wait'],
        fcntl: program.func('int fcntl(int, int, long)') as Libc['fcntl'],
        close: program.func('int close(int)') as Libc['close'],
        adjtimex: program.func('int adjtimex(void *)') as Libc['adjtimex'],
        prctl: program.func('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)') as Libc['prctl'],
        capget: program.func('int capget(void *, void *)') as Libc['capget'],
        capset: program.func('int capset(const void *, const void *)') as Libc['capset'],
      },
      poll: (fd, events, listener) => koffi.node.poll(fd, events, listener as never) as unknown as PollHandle,
      addressOf: (memory) => koffi.address(memory),
      errno: () => koffi.errno(),
      account(name) {
        const found = getpwnam(name);
        return found === null ? undefined : (koffi.decode(found, passwd) as Account);
      },
      callIfThere(declaration, given) {
        const call = findCall(() => program.func(declaration) as (...given: readonly (number | Uint8Array)[]) => number);
        call?.(...given);
      },
    };
  } catch (fault) {
    return fault instanceof Error ? fault : new Error(String(fault));
  }
}

function findCall<Call>(find: () => Call): Call | undefined {
  try {
    return find();
  } catch {
    return undefined;
  }
}

function kernel(): Loaded {
  loaded ??= process.platform === 'linux' ? load() : new Error(`these calls are Linux's; this is ${process.platform}`);
  if (loaded instanceof Error) throw loaded;
  return loaded;
}

/** True when the calls can be made here. */
export function isAvailable(): boolean {
  return whyUnavailable() === undefined;
}

/** Why the calls cannot be made here, or undefined. */
export function whyUnavailable(): string | undefined {
  try {
    kernel();
    return undefined;
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}

/** The calls; throws where `isAvailable()` is false. */
export function libc(): Libc {
  return kernel().libc;
}

/** The account of that name from whatever user database the machine has, getpwnam(3). */
export function accountOf(name: string): Account | undefined {
  return kernel().account(name);
}

/** Makes a call that not every C library has, or that need not work; its result is of no interest. */
export function callIfThere(declaration: string, ...given: readonly (number | Uint8Array)[]): void {
  kernel().callIfThere(declaration, given);
}

/** Where the octets are, for a pointer inside a structure. They stay there as long as somebody holds their buffer. */
export function addressOf(memory: Uint8Array): bigint {
  return kernel().addressOf(memory);
}

/**
 * Calls `listener` whenever the descriptor has something to read, be it a fault, until what is returned is called; the
 * descriptor is to be closed after that. The listener runs as an immediate, so that a throw and promises are Node's as ever.
 */
export function whenReadable(fd: number, listener: () => void): () => void {
  return whenReady(fd, { readable: true }, listener);
}

/** As `whenReadable`, for one that takes something, be it a fault. */
export function whenWritable(fd: number, listener: () => void): () => void {
  return whenReady(fd, { writable: true }, listener);
}

function whenReady(fd: number, events: PollEvents, listener: () => void): () => void {
  let isWatching = true;
  let isDue = false;
  const look = () => {
    isDue = false;
    if (isWatching) listener();
  };
  const onPoll = (status: number) => {
    // libuv stops after a fault on the descriptor: `listener` fetches it, and everything goes on.
    if (status < 0 && isWatching) handle.start(events, onPoll);
    if (isDue) return;
    isDue = true;
    setImmediate(look);
  };
  const handle = kernel().poll(fd, events, onPoll);
  return () => {
    if (!isWatching) return;
    isWatching = false;
    handle.close();
  };
}

/** A call that the kernel refused. `code` is errno's name, as in Node's own errors. */
export class KernelError extends Error {
  readonly code: string;
  readonly errno: number;
  override readonly name = 'KernelError';

  /** @param doing what was tried, as the end of the sentence: `opening UDP port 67 on eth1`. */
  constructor(errno: number, doing: string) {
    const [code, meaning] = getSystemErrorMap().get(-errno) ?? [`errno ${errno}`, 'no known meaning'];
    super(`${code}: ${meaning} (${doing})`);
    this.code = code;
    this.errno = errno;
  }
}

/** Hands the result through, or throws what errno says. To be called on the result at once, before errno changes. */
export function checked(result: number, doing: string): number {
  if (result < 0) throw new KernelError(kernel().errno(), doing);
  return result;
}

/** As `checked`; undefined where the descriptor is only not ready. */
export function checkedOrNotReady(result: number, doing: string): number | undefined {
  return result < 0 && kernel().errno() === EAGAIN ? undefined : checked(result, doing);
}

/** An `int` as the kernel reads it, in the machine's own byte order. */
export function cInt(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer);
}

/** The address and port that a socket is bound to. */
export function localOf(fd: number): Endpoint {
  const address = new Uint8Array(16);
  checked(libc().getsockname(fd, address, cInt(address.length)), 'opening a socket');
  return { address: ipv4At(address, 4), port: ((address[2] ?? 0) << 8) | (address[3] ?? 0) };
}
