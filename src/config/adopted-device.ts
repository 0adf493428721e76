/** One more device in an inventory that is a table: what stands there stays as it is, to the last quote. */
import { stringify } from 'csv-stringify/sync';
import { err, ok, type Result } from '../base/result.ts';
import { DEVICE_COLUMNS, readCsv } from './csv-inventory.ts';

/** Values by column; a name that is no column of its own is a variable. */
export type AdoptedDevice = Readonly<Record<string, string>>;

/** Columns of an inventory that is made anew. */
const NEW_COLUMNS = DEVICE_COLUMNS.filter((column) => column !== 'serial');

/**
 * The text of the inventory with this device at its end, and with columns for what it has no column for. `text` is undefined for a file that
 * is not there yet.
 */
export function withDevice(text: string | undefined, device: AdoptedDevice): Result<string, string> {
  const table = readCsv(text ?? '', {});
  const fatal = table.faults.find(({ isFatal }) => isFatal);
  if (fatal !== undefined) return err(fatal.message);
  const { separator } = table;
  const lineEnd = text?.includes('\r\n') === true ? '\r\n' : '\n';
  const line = (cells: readonly string[]): string => stringify([[...cells]], { delimiter: separator, record_delimiter: lineEnd });
  const before = table.columns ?? NEW_COLUMNS;
  const columns = [...before, ...Object.keys(device).filter((name) => !before.includes(name))];
  const row = line(columns.map((column) => device[column] ?? ''));
  const body = text === undefined || text === '' || text.endsWith('\n') ? (text ?? '') : text + lineEnd;
  if (table.header === undefined) return ok(`${body}${line(columns)}${row}`);
  const added = columns.slice(before.length);
  // Lines that are shorter than the first have nothing in the columns behind.
  const header = added.length === 0 ? table.header : `${table.header}${separator}${line(added).trimEnd()}`;
  return ok(`${body.replace(table.header, () => header)}${row}`);
}
