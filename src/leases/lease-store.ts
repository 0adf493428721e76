/** Where leases outlive the process. Stores store; they do not decide. */
import type { WallMs } from '../base/clock.ts';
import type { Lease } from '../dhcp/lease.ts';
import type { TimeMark } from './lease-clock.ts';

export interface LeaseStore {
  /** For the log: what and where it is. */
  readonly description: string;
  /** All leases that were ever put, the latest of each address. Throws `StoreDamage` when one of them cannot be read. */
  load(): Iterable<Lease>;
  /**
   * Writes leases, one record an address, all or none, and with them the time, if it is given. Resolves when they are durable:
   * they outlive the process and the machine's power. Rejects with the reason when they are not; nothing has changed then.
   * The reason is a `StoreDamage` when what was put before is gone as well.
   */
  put(leases: readonly Lease[], time?: TimeMark): Promise<void>;
  /**
   * After a `StoreDamage`: begins a new store with these leases in it. What is left of the old one is kept beside it under the
   * name that comes back; undefined when nothing is left. Rejects when that cannot be done now; it may be tried again.
   */
  recover?(leases: Iterable<Lease>, now: WallMs): Promise<string | undefined>;
  close(): void;
}

/** What was stored is gone or cannot be read any more. A store that is merely full, locked or read-only is not damaged. */
export class StoreDamage extends Error {}
