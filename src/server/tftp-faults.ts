/** Refusals as TFTP says them (RFC 1350 §5, appendix). */
import { err, type Result } from '../base/result.ts';
import type { Direction } from '../events/transfer-events.ts';
import type { Refusal } from '../files/refusal.ts';
import { ERROR_CODE, type TftpFault } from '../tftp/packet.ts';

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

/** A route that rejects, against its promise, harms its own transfer only. */
export async function settle<Value>(answer: Promise<Result<Value, Refusal>>): Promise<Result<Value, Refusal>> {
  try {
    return await answer;
  } catch (fault) {
    return err({ refused: 'fault', detail: String(fault) });
  }
}
