/** What the log is told of an upload that is in its place. */
import type { StoredBackup } from '../events/backup-events.ts';
import type { StoredFile } from './catalog.ts';

/** What the event says of an upload. */
export function outcomeOf({ storedAs, unchanged, backup }: StoredFile): { readonly storedAs: string } & Partial<StoredBackup> {
  return { storedAs: unchanged ? `${storedAs} (unchanged)` : storedAs, ...backup };
}
