/** What the kernel knows of the machine's clock, adjtimex(2): whether a time program keeps it right, and how far off it may be. */
import { isAvailable, libc } from './linux/libc.ts';

export interface KernelClock {
  readonly isSynchronised: boolean;
  /** The most that it may be off, in seconds. */
  readonly maxErrorSeconds: number;
  /** A second more (1) or less (2) at the end of the day. */
  readonly leap: 0 | 1 | 2;
}

/** struct timex on 64 bits, and the places of what is read of it. */
const TIMEX_OCTETS = 208;
const MAX_ERROR_AT = 24;
const STATUS_AT = 40;

const STA_INSERT = 0x0010;
const STA_DELETE = 0x0020;
const STA_UNSYNCHRONISED = 0x0040;

/** Undefined where the system has no such call, or does not allow it. */
export function readKernelClock(): KernelClock | undefined {
  if (!isAvailable()) return undefined;
  const state = new Uint8Array(TIMEX_OCTETS);
  if (libc().adjtimex(state) < 0) return undefined;
  const view = new DataView(state.buffer);
  const status = view.getInt32(STATUS_AT, true);
  return {
    isSynchronised: (status & STA_UNSYNCHRONISED) === 0,
    maxErrorSeconds: Number(view.getBigInt64(MAX_ERROR_AT, true)) / 1e6,
    leap: (status & STA_INSERT) !== 0 ? 1 : (status & STA_DELETE) !== 0 ? 2 : 0,
  };
}
