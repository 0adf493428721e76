/**
 * What a request's options come to (RFC 2347, 2348, 2349, 7440).
 * An option that is unknown, malformed or out of range is left out of the answer: the transfer then runs as if it had not
 * been asked for, which every client copes with, while a refusal ends the boot of many.
 */
import { err, ok, type Result } from '../base/result.ts';
import { ERROR_CODE, lowerCase, type TftpFault, type TftpOption, type TftpRequest } from './packet.ts';

/** How both sides agreed to transfer. */
export interface Terms {
  /** Octets in every DATA but the last, 8…65464; 512 unless agreed otherwise. */
  readonly blockSize: number;
  /** Blocks that are sent before an ACK is awaited, 1…65535. */
  readonly window: number;
  /** Retransmission interval, when the client set one. */
  readonly intervalMs: number | undefined;
  /** What the OACK holds; empty: no OACK is sent. */
  readonly answer: readonly TftpOption[];
}

/** What this side allows. */
export interface Limits {
  readonly maxBlockSize: number;
  readonly maxWindow: number;
  /** Octets that an upload may have. */
  readonly maxUploadSize: number;
}

const DEFAULT_BLOCK_SIZE = 512;
const BLOCK_SIZE = { least: 8, most: 65464 };
const WINDOW = { least: 1, most: 65535 };
const TIMEOUT_SECONDS = { least: 1, most: 255 };

/**
 * Agrees on terms. The answer names options in lower case (GRUB compares octets) and in the client's order; of an option
 * given twice the first counts.
 *
 * @param fileSize octets of the file that is read; undefined for an upload.
 * @returns ERROR 3 when an upload announces more than `maxUploadSize` (RFC 2349 §4).
 */
export function negotiate(request: TftpRequest, fileSize: number | undefined, limits: Limits): Result<Terms, TftpFault> {
  let blockSize = DEFAULT_BLOCK_SIZE;
  let window = 1;
  let intervalMs: number | undefined;
  const answer: TftpOption[] = [];
  const seen = new Set<string>();
  for (const option of request.options) {
    const name = lowerCase(option.name);
    const asked = decimal(option.value);
    if (asked === undefined || seen.has(name)) continue;
    seen.add(name);
    if (name === 'blksize' && asked >= BLOCK_SIZE.least) {
      blockSize = Math.min(asked, Math.max(limits.maxBlockSize, BLOCK_SIZE.least), BLOCK_SIZE.most);
      answer.push({ name, value: String(blockSize) });
    } else if (name === 'windowsize' && asked >= WINDOW.least) {
      window = Math.min(asked, Math.max(limits.maxWindow, WINDOW.least), WINDOW.most);
      answer.push({ name, value: String(window) });
    } else if (name === 'timeout' && asked >= TIMEOUT_SECONDS.least && asked <= TIMEOUT_SECONDS.most) {
      // The server may not change this value (RFC 2349 §3), so it goes back as it came.
      intervalMs = asked * 1000;
      answer.push({ name, value: option.value });
    } else if (name === 'tsize' && request.type === 'wrq') {
      if (asked > limits.maxUploadSize) {
        return err({ code: ERROR_CODE.diskFull, message: `larger than the ${limits.maxUploadSize} octets allowed` });
      }
      answer.push({ name, value: option.value });
    } else if (name === 'tsize' && fileSize !== undefined && request.mode !== 'netascii') {
      // In netascii the octets sent are more than the file has; a wrong size is worse than none.
      answer.push({ name, value: String(fileSize) });
    }
  }
  return ok({ blockSize, window, intervalMs, answer });
}

/** A number written in decimal digits only; a long one may come out as Infinity. */
function decimal(text: string): number | undefined {
  return /^[0-9]+$/.test(text) ? Number(text) : undefined;
}
