/** What client and log are told of a refusal, and of an upload that is in its place. */
import type { StoredBackup } from '../events/backup-events.ts';
import type { Direction } from '../events/events.ts';
import type { StoredFile } from '../files/catalog.ts';
import type { Refusal } from '../files/refusal.ts';
import { ERROR_CODE, type TftpFault } from '../tftp/packet.ts';

/** What the event says of an upload. */
export function outcomeOf({ storedAs, unchanged, backup }: StoredFile): { readonly storedAs: string } & Partial<StoredBackup> {
  return { storedAs: unchanged ? `${storedAs} (unchanged)` : storedAs, ...backup };
}

/** What the client is told of a refusal: nothing about this machine. */
export function faultOf(refusal: Refusal, direction: Direction): TftpFault {
  switch (refusal.refused) {
    case 'not-found':
      // Where a client wants to write, a name that cannot be is an access violation, not a missing file.
      if (direction === 'write') return { code: ERROR_CODE.accessViolation, message: 'Access violation' };
      return { code: ERROR_CODE.notFound, message: 'File not found' };
    case 'forbidden':
      return { code: ERROR_CODE.accessViolation, message: 'Access violation' };
    case 'exists':
      return { code: ERROR_CODE.fileExists, message: 'File already exists' };
    case 'full':
      return { code: ERROR_CODE.diskFull, message: 'Disk full or allocation exceeded' };
    case 'fault':
      return { code: ERROR_CODE.undefined, message: 'the server cannot reach the file' };
  }
}
