/** Where leases outlive the process. Stores store; they do not decide. */
import type { Lease } from '../dhcp/lease.ts';

export interface LeaseStore {
  /** For the log: what and where it is. */
  readonly description: string;
  /** All leases that were ever put, the latest of each address. */
  load(): Iterable<Lease>;
  /**
   * Writes leases, one record an address, all or none. Resolves when they are durable: they outlive the process and the
   * machine's power. Rejects with the reason when they are not; nothing has changed then.
   */
  put(leases: readonly Lease[]): Promise<void>;
  close(): void;
}
