/** SQLite's write-ahead log without SQLite: which pages its transactions have written. Format: https://www.sqlite.org/fileformat2.html#walformat */

const LOG_MAGIC = 0x377f0682;
const LOG_HEADER_OCTETS = 32;
const FRAME_HEADER_OCTETS = 24;

type CheckSum = readonly [number, number];

export interface LogRead {
  /** What its transactions have made of pages, by number. */
  readonly pages: ReadonlyMap<number, Uint8Array>;
  readonly isBroken: boolean;
}

/**
 * Reads a log by its chain of check sums. Where that breaks the log ends for SQLite, as it does behind a commit that a power failure has cut short.
 * Two whole commits behind the break were somebody's promises: then the log is broken, and they count.
 */
export function readLog(log: Uint8Array): LogRead {
  const pages = new Map<number, Uint8Array>();
  const size = pageOctets(log, 8, 4);
  if (size === undefined || log.length < LOG_HEADER_OCTETS) return { pages, isBroken: false };
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength);
  const magic = view.getUint32(0);
  if ((magic & ~1) >>> 0 !== LOG_MAGIC) return { pages, isBroken: false };
  const sumOf = (at: number, octets: number, sum: CheckSum) => checkSum(view, at, octets, sum, (magic & 1) === 0);
  let sum = sumOf(0, 24, [0, 0]);
  if (!isSame(sum, storedSum(view, 24))) return { pages, isBroken: false };
  const behindBreak: (readonly [number, Uint8Array])[] = [];
  let hasBreak = false;
  let commitsBehindBreak = 0;
  let transaction: [number, Uint8Array][] = [];
  for (let at = LOG_HEADER_OCTETS; at + FRAME_HEADER_OCTETS + size <= log.length; at += FRAME_HEADER_OCTETS + size) {
    const expected = sumOf(at + FRAME_HEADER_OCTETS, size, sumOf(at, 8, sum));
    sum = storedSum(view, at + 16);
    // Frames of another round of the log have other salts.
    const isOurs = isSame(storedSum(view, at + 8), storedSum(view, 16));
    if (!isOurs || !isSame(sum, expected)) {
      hasBreak = true;
      transaction = [];
      continue;
    }
    transaction.push([view.getUint32(at), log.subarray(at + FRAME_HEADER_OCTETS, at + FRAME_HEADER_OCTETS + size)]);
    const isLastOfTransaction = view.getUint32(at + 4) !== 0;
    if (!isLastOfTransaction) continue;
    if (hasBreak) {
      commitsBehindBreak += 1;
      behindBreak.push(...transaction);
    } else for (const [number, page] of transaction) pages.set(number, page);
    transaction = [];
  }
  const isBroken = commitsBehindBreak >= 2;
  if (isBroken) for (const [number, page] of behindBreak) pages.set(number, page);
  return { pages, isBroken };
}

/** SQLite's check sum of pairs of words, going on from `sum`. */
function checkSum(view: DataView, at: number, octets: number, sum: CheckSum, isLittleEndian: boolean): CheckSum {
  let [first, second] = sum;
  for (let word = at; word < at + octets; word += 8) {
    first = (first + view.getUint32(word, isLittleEndian) + second) >>> 0;
    second = (second + view.getUint32(word + 4, isLittleEndian) + first) >>> 0;
  }
  return [first, second];
}

function storedSum(view: DataView, at: number): CheckSum {
  return [view.getUint32(at), view.getUint32(at + 4)];
}

function isSame(a: CheckSum, b: CheckSum): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

/** True when commits that were whole lie behind a damaged place of a write-ahead log: SQLite would pass over them without a word. */
export function isLogBroken(log: Uint8Array): boolean {
  return readLog(log).isBroken;
}

/** A size of pages as it stands in a header: a power of two, 1 for 65536; undefined when it is none. */
export function pageOctets(octets: Uint8Array, at: number, width: number): number | undefined {
  if (octets.length < at + width) return undefined;
  let size = 0;
  for (const octet of octets.subarray(at, at + width)) size = size * 256 + octet;
  if (size === 1) size = 65_536;
  return size >= 512 && size <= 65_536 && (size & (size - 1)) === 0 ? size : undefined;
}
