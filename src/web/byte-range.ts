/** Which octets of a file a request is about (RFC 9110 §14). One range is answered, several are answered by the whole file, as may be (§14.2). */

/** A part of a file; at least one octet. */
export interface ByteRange {
  readonly first: number;
  readonly octets: number;
}

/** `whole` also for what is no range that can be understood: such a field counts as absent. */
export type AskedRange = 'whole' | 'unsatisfiable' | ByteRange;

/**
 * Reads a Range field.
 * @param field undefined where there is none.
 * @param size octets of the file.
 */
export function askedRange(field: string | undefined, size: number): AskedRange {
  const set = /^bytes=(.*)$/i.exec(field?.trim() ?? '')?.[1];
  if (set === undefined) return 'whole';
  const specs = set
    .split(',')
    .map((spec) => spec.trim())
    .filter((spec) => spec !== '');
  const [spec] = specs;
  if (spec === undefined || specs.length > 1) return 'whole';
  const [, from, to] = /^(\d*)-(\d*)$/.exec(spec) ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return 'whole';
  return from === '' ? lastOctets(Number(to), size) : fromTo(Number(from), to === '' ? Number.POSITIVE_INFINITY : Number(to), size);
}

function lastOctets(wanted: number, size: number): AskedRange {
  if (wanted === 0) return 'unsatisfiable';
  // Of an empty file the last octets are the whole of it, and no Content-Range can say that.
  if (wanted >= size) return size === 0 ? 'whole' : { first: 0, octets: size };
  return { first: size - wanted, octets: wanted };
}

function fromTo(first: number, last: number, size: number): AskedRange {
  if (last < first) return 'whole';
  if (first >= size) return 'unsatisfiable';
  return { first, octets: Math.min(last, size - 1) - first + 1 };
}
