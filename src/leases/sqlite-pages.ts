/**
 * The octets of a SQLite file without SQLite, for one that SQLite refuses to read: pages, and the records on them. What cannot be
 * read is left out; nothing here throws, whatever the octets are. Format: https://www.sqlite.org/fileformat2.html
 */

import { pageOctets, readLog } from './sqlite-log.ts';

/** A value of a record. Blobs and fractions, which our tables do not hold, are undefined. */
export type StoredValue = number | string | null | undefined;

/** A record of a table: its row number and its columns. */
export interface StoredRecord {
  readonly rowId: number;
  readonly values: readonly StoredValue[];
}

export interface RecordsFound {
  readonly records: readonly StoredRecord[];
  /** Pages and records that are there and cannot be read. */
  readonly unreadable: number;
}

const USUAL_PAGE_OCTETS = 4096;
const FILE_HEADER_OCTETS = 100;
const LEAF_OF_TABLE = 0x0d;
const INNER_OF_TABLE = 0x05;

/** All records of all tables. `log` is the write-ahead log, whose committed pages go before those of the file. */
export function findRecords(file: Uint8Array, log: Uint8Array): RecordsFound {
  const pages = pagesOf(file, log);
  const records: StoredRecord[] = [];
  let unreadable = 0;
  for (const [number, page] of pages) {
    const start = number === 1 ? FILE_HEADER_OCTETS : 0;
    if (page[start] === LEAF_OF_TABLE) unreadable += readLeaf(page, start, records);
    else if (page[start] !== INNER_OF_TABLE) unreadable += 1;
  }
  return { records, unreadable };
}

/** By number, from 1. The last page of a file that was cut off is filled up with zeros. */
function pagesOf(file: Uint8Array, log: Uint8Array): Map<number, Uint8Array> {
  const size = pageOctets(file, 16, 2) ?? pageOctets(log, 8, 4) ?? USUAL_PAGE_OCTETS;
  const pages = new Map<number, Uint8Array>();
  for (let at = 0; at < file.length; at += size) {
    const page = new Uint8Array(size);
    page.set(file.subarray(at, at + size));
    pages.set(at / size + 1, page);
  }
  for (const [number, page] of readLog(log).pages) if (page.length === size) pages.set(number, page);
  return pages;
}

/** Adds the records of a leaf to `records`; gives the number of those that cannot be read. */
function readLeaf(page: Uint8Array, start: number, records: StoredRecord[]): number {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const count = view.getUint16(start + 3);
  let unreadable = 0;
  for (let index = 0; index < count; index += 1) {
    const pointerAt = start + 8 + index * 2;
    if (pointerAt + 2 > page.length) return unreadable + 1;
    const record = readRecord(view, view.getUint16(pointerAt));
    if (record === undefined) unreadable += 1;
    else records.push(record);
  }
  return unreadable;
}

/** Undefined too for a record that goes on on other pages: ours never do. */
function readRecord(view: DataView, at: number): StoredRecord | undefined {
  const cursor = new Cursor(view, at);
  try {
    const length = cursor.varint();
    const rowId = cursor.varint();
    const start = cursor.at;
    const headerEnd = start + cursor.varint();
    if (headerEnd > start + length || start + length > view.byteLength) return undefined;
    const types: number[] = [];
    while (cursor.at < headerEnd) types.push(cursor.varint());
    cursor.at = headerEnd;
    const values = types.map((type) => cursor.value(type));
    return cursor.at === start + length ? { rowId, values } : undefined;
  } catch {
    // Beyond the end of the page, or no UTF-8: a damaged record.
    return undefined;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
/** Octets of the integers of the types 1 to 6. */
const INTEGER_OCTETS = [0, 1, 2, 3, 4, 6, 8];

/** Reads on from a place; throws a RangeError at the end of the page. */
class Cursor {
  readonly #view: DataView;
  at: number;

  constructor(view: DataView, at: number) {
    this.#view = view;
    this.at = at;
  }

  varint(): number {
    let value = 0;
    for (let index = 0; index < 8; index += 1) {
      const octet = this.#view.getUint8(this.at);
      this.at += 1;
      value = value * 128 + (octet & 0x7f);
      if (octet < 0x80) return value;
    }
    this.at += 1;
    return value * 256 + this.#view.getUint8(this.at - 1);
  }

  /** A value by its serial type. */
  value(type: number): StoredValue {
    if (type === 0) return null;
    if (type === 8 || type === 9) return type - 8;
    const integerOctets = INTEGER_OCTETS[type];
    if (integerOctets !== undefined) return this.#integer(integerOctets);
    const octets = type >= 12 ? Math.floor((type - 12) / 2) : 8;
    const from = this.at;
    this.at += octets;
    if (this.at > this.#view.byteLength) throw new RangeError('beyond the page');
    if (type < 13 || type % 2 === 0) return undefined;
    return utf8.decode(new Uint8Array(this.#view.buffer, this.#view.byteOffset + from, octets));
  }

  /** Big-endian, in two's complement. */
  #integer(octets: number): number {
    let value = this.#view.getInt8(this.at);
    for (let index = 1; index < octets; index += 1) value = value * 256 + this.#view.getUint8(this.at + index);
    this.at += octets;
    return value;
  }
}
