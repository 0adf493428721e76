/**
 * A list of many things: rows with sortable heads where there is room, cards on a phone. Only what is seen is there, so that thousands cost no more than a
 * screenful. One stop for the keyboard: arrows, Home, End and the page keys choose, Enter opens.
 */
// biome-ignore-all lint/a11y/useSemanticElements: a table of the browser's own cannot hold only the rows that are seen.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, and says by aria-activedescendant where it is.
import type { ComponentChildren, JSX, RefObject } from 'preact';
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { Icon } from './icons.tsx';
import { isNarrow } from './narrow.ts';
import { type Sorting, sorted, turned } from './sorting.ts';

export interface Column<T> {
  readonly key: string;
  readonly title: string;
  /** Its track in the grid: `minmax(12rem, 2fr)`, `7rem`. */
  readonly track: string;
  readonly cell: (item: T) => ComponentChildren;
  /** By what it is sorted; without it the head cannot be pressed. Undefined goes last. */
  readonly sortBy?: (item: T) => string | number | undefined;
  /** Numbers stand at the end of their cell. */
  readonly isNumeric?: boolean;
}

export interface DataTableProps<T> {
  /** What the list is, for who does not see it. */
  readonly label: string;
  readonly items: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly idOf: (item: T) => string;
  /** The whole of it on a phone. */
  readonly card: (item: T) => ComponentChildren;
  readonly onOpen?: (item: T) => void;
  /** Shown when there are no items. */
  readonly empty: ComponentChildren;
  /** Without it items stay in their order until a head is pressed. */
  readonly firstSorting?: Sorting;
  /** Height of a row before it is measured, in pixels. */
  readonly rowHeight?: number;
  /** A class of the row, for example for its state. */
  readonly rowClass?: (item: T) => string | undefined;
}

export function DataTable<T>(props: DataTableProps<T>): JSX.Element {
  const { label, items, columns, idOf, onOpen } = props;
  const id = useId();
  const [sorting, setSorting] = useState(props.firstSorting);
  const [chosenId, setChosen] = useState<string>();
  const list = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const isCards = isNarrow();
  const { scrollRef, margin } = useScroller(scroller, isCards);
  const rows = useMemo(() => sorted(items, columns, sorting), [items, columns, sorting]);
  const chosen = chosenId === undefined ? -1 : rows.findIndex((item) => idOf(item) === chosenId);
  const tracks = columns.map((column) => column.track).join(' ');

  useEffect(() => {
    if (chosen >= 0) list.current?.scrollToIndex(chosen, { align: 'nearest' });
  }, [chosenId]);

  const choose = (index: number): void => {
    const item = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (item !== undefined) setChosen(idOf(item));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== scroller.current) return;
    const page = Math.max(1, Math.floor((list.current?.viewportSize ?? 0) / (props.rowHeight ?? 48)) - 1);
    const steps: Readonly<Record<string, () => void>> = {
      ArrowDown: () => choose(chosen + 1),
      ArrowUp: () => choose(chosen < 0 ? 0 : chosen - 1),
      PageDown: () => choose(chosen + page),
      PageUp: () => choose(chosen - page),
      Home: () => choose(0),
      End: () => choose(rows.length - 1),
      Enter: () => rows[chosen] !== undefined && onOpen?.(rows[chosen]),
    };
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    step();
  };

  if (items.length === 0) return <div class="table-empty">{props.empty}</div>;
  return (
    <div
      class={isCards ? 'table table-cards' : 'table'}
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={isCards ? 1 : columns.length}
      aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined}
      tabIndex={0}
      ref={scroller}
      onKeyDown={onKeyDown}
    >
      {!isCards && (
        <div class="table-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: tracks }}>
          {columns.map((column) => (
            <HeadCell key={column.key} column={column} sorting={sorting} onSort={() => setSorting(turned(sorting, column.key))} />
          ))}
        </div>
      )}
      <div role="rowgroup">
        <Virtualizer
          key={isCards ? 'cards' : 'rows'}
          ref={list}
          scrollRef={scrollRef}
          startMargin={margin}
          itemSize={props.rowHeight ?? 48}
          data={rows}
        >
          {(item, index) => (
            <Row
              key={idOf(item)}
              id={`${id}-${index}`}
              index={index}
              item={item}
              isChosen={index === chosen}
              tracks={tracks}
              isCard={isCards}
              table={props}
              onChoose={() => setChosen(idOf(item))}
            />
          )}
        </Virtualizer>
      </div>
    </div>
  );
}

/** In pixels, as in `parts.css`. */
const HEAD_HEIGHT = 36;

/** What scrolls: the table itself below its head, or on a phone the whole view, so that what stands above the cards makes room for them. */
function useScroller(
  table: RefObject<HTMLDivElement | null>,
  isCards: boolean,
): { scrollRef: RefObject<HTMLElement | null>; margin: number } {
  const [above, setAbove] = useState(0);
  const scrollRef = useMemo(
    () => ({
      get current(): HTMLElement | null {
        return isCards ? (table.current?.closest<HTMLElement>('.view') ?? null) : table.current;
      },
    }),
    [isCards, table],
  );
  useLayoutEffect(() => {
    const view = scrollRef.current;
    if (!isCards || view === null || table.current === null) return;
    setAbove(Math.round(table.current.getBoundingClientRect().top - view.getBoundingClientRect().top + view.scrollTop));
  });
  return { scrollRef, margin: isCards ? above : HEAD_HEIGHT };
}

function HeadCell<T>({ column, sorting, onSort }: { column: Column<T>; sorting: Sorting | undefined; onSort: () => void }): JSX.Element {
  const direction = sorting?.key === column.key ? sorting.direction : undefined;
  return (
    <div
      class={column.isNumeric === true ? 'cell cell-end' : 'cell'}
      role="columnheader"
      aria-sort={column.sortBy === undefined ? undefined : (direction ?? 'none')}
    >
      {column.sortBy === undefined ? (
        column.title
      ) : (
        <button type="button" class="sort-button" onClick={onSort}>
          {column.title}
          {direction !== undefined && <Icon name={direction === 'ascending' ? 'sortUp' : 'sortDown'} size={16} />}
        </button>
      )}
    </div>
  );
}

interface RowProps<T> {
  readonly id: string;
  readonly index: number;
  readonly item: T;
  readonly isChosen: boolean;
  readonly tracks: string;
  readonly isCard: boolean;
  readonly table: DataTableProps<T>;
  readonly onChoose: () => void;
}

function Row<T>({ id, index, item, isChosen, tracks, isCard, table, onChoose }: RowProps<T>): JSX.Element {
  const { columns, onOpen, rowClass } = table;
  const classes = ['row', isCard ? 'row-card' : '', onOpen === undefined ? '' : 'row-open', rowClass?.(item) ?? ''].filter(
    (name) => name !== '',
  );
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys.
    <div
      id={id}
      class={classes.join(' ')}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isChosen}
      style={isCard ? undefined : { gridTemplateColumns: tracks }}
      onClick={(event) => {
        onChoose();
        if (!(event.target instanceof Element) || event.target.closest('a, button, input, label, select') === null) onOpen?.(item);
      }}
    >
      {isCard ? (
        <div class="cell" role="gridcell">
          {table.card(item)}
        </div>
      ) : (
        columns.map((column) => (
          <div key={column.key} class={column.isNumeric === true ? 'cell cell-end' : 'cell'} role="gridcell">
            {column.cell(item)}
          </div>
        ))
      )}
    </div>
  );
}
