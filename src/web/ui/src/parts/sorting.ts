/** The order of a list, as chosen by its heads. */

export interface Sorting {
  readonly key: string;
  readonly direction: 'ascending' | 'descending';
}

interface SortableColumn<T> {
  readonly key: string;
  readonly sortBy?: (item: T) => string | number | undefined;
}

const byWords = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Items that have no value stand last in both directions. */
export function sorted<T>(items: readonly T[], columns: readonly SortableColumn<T>[], sorting: Sorting | undefined): readonly T[] {
  const sortBy = columns.find((column) => column.key === sorting?.key)?.sortBy;
  if (sorting === undefined || sortBy === undefined) return items;
  const sign = sorting.direction === 'ascending' ? 1 : -1;
  return items.toSorted((a, b) => {
    const left = sortBy(a);
    const right = sortBy(b);
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
    return sign * compared(left, right);
  });
}

/** A head that is pressed: ascending, descending, and back to the order that was. */
export function turned(sorting: Sorting | undefined, key: string): Sorting | undefined {
  if (sorting?.key !== key) return { key, direction: 'ascending' };
  return sorting.direction === 'ascending' ? { key, direction: 'descending' } : undefined;
}

function compared(left: string | number, right: string | number): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return byWords.compare(String(left), String(right));
}
