/**
 * Files by HTTP(S), in a way that a broken line costs only what was still to come (RFC 9110 §14). What arrives is anybody's octets:
 * the caller compares them with a checksum.
 */
import { open, rm, stat } from 'node:fs/promises';
import type { Doing } from './package-source.ts';

/** A line that says nothing for so long is broken. */
const SILENT_MS = 30_000;
/** Attempts in a row that bring nothing; a person may always try again. */
const FRUITLESS_ATTEMPTS = 3;

/** What the other side answered, when it was no file. */
export class HttpFault extends Error {
  readonly status: number;

  constructor(url: string, status: number) {
    super(status === 404 ? `${url} is not there (HTTP 404)` : `${url} was answered with HTTP ${status}`);
    this.status = status;
  }
}

/** More came than there is. */
class TooLongFault extends Error {
  constructor(url: string, octets: number) {
    super(`${url} is longer than the ${octets} octets that it should have`);
  }
}

/**
 * Brings `file` to `octets` octets, going on from what is in it. More than that is never written.
 * @throws {Error} when it cannot be had. What has arrived stays there for the next time.
 */
export async function downloadFile(url: string, file: string, octets: number, doing: Doing): Promise<void> {
  let most = 0;
  let fruitless = 0;
  for (;;) {
    const there = await sizeOf(file);
    most = Math.max(most, there);
    if (there === octets) return;
    if (there > octets) await rm(file);
    try {
      await goOn({ url, file, from: there > octets ? 0 : there, octets }, doing);
      if ((await sizeOf(file)) === octets) return;
      throw new Error('the connection was closed early');
    } catch (fault) {
      doing.signal.throwIfAborted();
      if (fault instanceof HttpFault || fault instanceof TooLongFault || isOfTheDisk(fault)) throw fault;
      fruitless = (await sizeOf(file)) > most ? 0 : fruitless + 1;
      if (fruitless === FRUITLESS_ATTEMPTS)
        throw new Error(`${url} broke off again and again (${reasonOf(fault)}); run it again, and it goes on from there`, { cause: fault });
    }
  }
}

/** What is still to come of a file. */
interface Stretch {
  readonly url: string;
  readonly file: string;
  readonly from: number;
  readonly octets: number;
}

async function goOn({ url, file, from, octets }: Stretch, doing: Doing): Promise<void> {
  const silence = new SilenceWatch(doing.signal);
  try {
    const headers = { 'accept-encoding': 'identity', ...(from > 0 && { range: `bytes=${from}-` }) };
    const response = await fetch(url, { headers, signal: silence.signal });
    const isRest = response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${from}-`) === true;
    const { body } = response;
    if (body === null || !(response.status === 200 || isRest)) {
      await body?.cancel();
      throw new HttpFault(url, response.status);
    }
    // What was counted in an earlier attempt comes again.
    if (!isRest && from > 0) doing.arrived(-from);
    await write(body, { url, file, from: isRest ? from : 0, octets }, (length) => {
      silence.heard();
      doing.arrived(length);
    });
  } finally {
    silence.stop();
  }
}

/** Each piece is in the file before the next is read: a line that breaks costs nothing that had come. */
async function write(
  body: AsyncIterable<Uint8Array>,
  { url, file, from, octets }: Stretch,
  wrote: (length: number) => void,
): Promise<void> {
  const handle = await open(file, from === 0 ? 'w' : 'a');
  try {
    let room = octets - from;
    for await (const piece of body) {
      room -= piece.length;
      if (room < 0) throw new TooLongFault(url, octets);
      for (let at = 0; at < piece.length; at += (await handle.write(piece, at)).bytesWritten);
      wrote(piece.length);
    }
  } finally {
    await handle.close();
  }
}

/**
 * A small file as a whole.
 * @throws {HttpFault} when it is no success, {@link Error} when it cannot be had or is longer than `most` octets.
 */
export async function downloadOctets(url: string, most: number, { signal }: Pick<Doing, 'signal'>): Promise<Uint8Array> {
  const silence = new SilenceWatch(signal);
  try {
    const response = await fetch(url, { signal: silence.signal });
    if (response.status !== 200 || response.body === null) {
      await response.body?.cancel();
      throw new HttpFault(url, response.status);
    }
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      silence.heard();
      length += chunk.length;
      if (length > most) throw new Error(`${url} is longer than ${most} octets`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (fault) {
    signal.throwIfAborted();
    throw fault instanceof HttpFault ? fault : new Error(`${url} cannot be read: ${reasonOf(fault)}`, { cause: fault });
  } finally {
    silence.stop();
  }
}

/** Aborts when somebody wants it, and when nothing was heard for too long. */
class SilenceWatch {
  readonly signal: AbortSignal;
  readonly #timer: NodeJS.Timeout;

  constructor(wanted: AbortSignal) {
    const silent = new AbortController();
    this.signal = AbortSignal.any([wanted, silent.signal]);
    this.#timer = setTimeout(() => silent.abort(new Error(`nothing came for ${SILENT_MS / 1000} s`)), SILENT_MS);
  }

  heard(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

const OF_THE_DISK: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'EISDIR', 'EIO']);

function isOfTheDisk(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && OF_THE_DISK.has(String(fault.code));
}

/** `fetch` says only that it failed; the reason is in the cause. */
function reasonOf(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  return fault.cause instanceof Error && fault.cause.message !== '' ? fault.cause.message : fault.message;
}
