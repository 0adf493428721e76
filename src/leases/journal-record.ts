/**
 * The records of a lease journal: one group of leases each, from the start of a block. A header of 28 octets (big-endian) and a text:
 * magic u32 · CRC-32 u32 of all that follows · journal, 8 octets · sequence u64 · octets of the text u32 · the text, JSON in UTF-8:
 * `{"time":[leaseAt,wallAt],"leases":[[address,network,…],…]}`, the columns as in lease-row.ts. Zeros fill the last block.
 */
import { crc32 } from 'node:zlib';
import { wallMs } from '../base/clock.ts';
import type { Lease } from '../dhcp/lease.ts';
import type { TimeMark } from './lease-clock.ts';
import { type leaseReader, rowOf } from './lease-row.ts';

/** What a disk writes as a whole: a record never shares a block with one that was promised before it. */
export const BLOCK_OCTETS = 4096;
/** Begins with an octet that no UTF-8 text holds: no name of a client can look like a record. */
const MAGIC = 0xff424c4a;
const JOURNAL_AT = 8;
const SEQUENCE_AT = 16;
const LENGTH_AT = 24;
const HEADER_OCTETS = 28;

/** What was promised at once. */
export interface JournalGroup {
  readonly leases: readonly Lease[];
  readonly time: TimeMark | undefined;
}

/** A record that is whole. */
export interface JournalRecord {
  /** Which journal wrote it: 16 hexadecimal digits. */
  readonly journal: string;
  /** Counts the groups of a journal from 1, without a gap. */
  readonly sequence: number;
  /** Where it stands, and where the next one can, in octets. */
  readonly at: number;
  readonly end: number;
  readonly text: Uint8Array;
}

/** Whole blocks. */
export function encodeRecord(journal: string, sequence: number, { leases, time }: JournalGroup): Buffer {
  const text = JSON.stringify({ time: time && [time.leaseAt, time.wallAt], leases: leases.map(rowOf) });
  const length = Buffer.byteLength(text);
  const octets = Buffer.alloc(blocksOf(HEADER_OCTETS + length));
  octets.writeUInt32BE(MAGIC, 0);
  octets.write(journal, JOURNAL_AT, 'hex');
  octets.writeBigUInt64BE(BigInt(sequence), SEQUENCE_AT);
  octets.writeUInt32BE(length, LENGTH_AT);
  octets.write(text, HEADER_OCTETS);
  octets.writeUInt32BE(crc32(octets.subarray(JOURNAL_AT, HEADER_OCTETS + length)), 4);
  return octets;
}

/** Every whole record of a journal's octets, whatever else they hold, by journal and sequence. */
export function scanJournal(octets: Uint8Array): JournalRecord[] {
  const records: JournalRecord[] = [];
  const view = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  for (let at = 0; at + HEADER_OCTETS <= view.length; ) {
    const record = recordAt(view, at);
    if (record !== undefined) records.push(record);
    at = record?.end ?? at + BLOCK_OCTETS;
  }
  return records.sort((a, b) => (a.journal === b.journal ? a.sequence - b.sequence : a.journal < b.journal ? -1 : 1));
}

function recordAt(view: Buffer, at: number): JournalRecord | undefined {
  if (view.readUInt32BE(at) !== MAGIC) return undefined;
  const length = view.readUInt32BE(at + LENGTH_AT);
  const end = at + HEADER_OCTETS + length;
  if (end > view.length || crc32(view.subarray(at + JOURNAL_AT, end)) !== view.readUInt32BE(at + 4)) return undefined;
  return {
    journal: view.toString('hex', at + JOURNAL_AT, at + SEQUENCE_AT),
    sequence: Number(view.readBigUInt64BE(at + SEQUENCE_AT)),
    at,
    end: at + blocksOf(HEADER_OCTETS + length),
    text: view.subarray(at + HEADER_OCTETS, end),
  };
}

/** What a record holds; undefined when that is no group of leases. */
export function readGroup({ text }: JournalRecord, read: ReturnType<typeof leaseReader>): JournalGroup | undefined {
  const group = parse(Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString());
  if (typeof group !== 'object' || group === null || !('leases' in group) || !Array.isArray(group.leases)) return undefined;
  const leases: Lease[] = [];
  for (const row of group.leases as unknown[]) {
    const lease = Array.isArray(row) ? read(row) : undefined;
    if (lease === undefined) return undefined;
    leases.push(lease);
  }
  return { leases, time: 'time' in group ? timeOf(group.time) : undefined };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function timeOf(time: unknown): TimeMark | undefined {
  if (!Array.isArray(time)) return undefined;
  const [leaseAt, wallAt] = time as unknown[];
  return typeof leaseAt === 'number' && typeof wallAt === 'number' ? { leaseAt: wallMs(leaseAt), wallAt: wallMs(wallAt) } : undefined;
}

function blocksOf(octets: number): number {
  return Math.ceil(octets / BLOCK_OCTETS) * BLOCK_OCTETS;
}
