/** Why a file is not given or taken, in words that every protocol can translate into its own code. */

export interface Refusal {
  readonly refused:
    | 'not-found'
    /** Outside what is served, not a plain file, or not permitted. */
    | 'forbidden'
    | 'exists'
    /** No room: disk, quota or size limit. */
    | 'full'
    /** The machine failed. */
    | 'fault';
  /** For the operator; may name paths of this machine, so it does not go to the client. */
  readonly detail: string;
}

const BY_ERRNO: Readonly<Record<string, Refusal['refused']>> = {
  ENOENT: 'not-found',
  ENOTDIR: 'not-found',
  ENAMETOOLONG: 'not-found',
  ELOOP: 'forbidden',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
  EROFS: 'forbidden',
  EISDIR: 'forbidden',
  ENXIO: 'forbidden',
  EEXIST: 'exists',
  ENOTEMPTY: 'exists',
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
};

export function refusal(refused: Refusal['refused'], detail: string): Refusal {
  return { refused, detail };
}

/** A system call's error as a refusal; what is not known is a fault. */
export function refusalOf(error: unknown): Refusal {
  const detail = error instanceof Error ? error.message : String(error);
  return { refused: BY_ERRNO[errnoOf(error)] ?? 'fault', detail };
}

/** `ENOENT` and the like; empty when the error is not a system call's. */
export function errnoOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
