/** Two versions beside each other, or below each other where there is no room; only the rows in sight are there. */
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { Virtualizer } from 'virtua';
import type { BackupDiffShape, DiffRowShape } from '../../../../api/backup-shapes.ts';
import { countText } from '../../parts/quantities.ts';
import { type LinePart, linePartsOf } from './line-parts.ts';

/** Height of a line before it is measured, in pixels. */
const LINE_HEIGHT = 20;

export interface DiffTableProps {
  readonly diff: BackupDiffShape;
  readonly isUnified: boolean;
}

export function DiffTable({ diff, isUnified }: DiffTableProps): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  return (
    <section
      ref={scroller}
      class={isUnified ? 'diff diff-unified' : 'diff'}
      aria-label={`Differences between version ${diff.from} and version ${diff.to}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
      tabIndex={0}
    >
      <Virtualizer scrollRef={scroller} itemSize={LINE_HEIGHT} data={diff.rows}>
        {(row, index) => (isUnified ? <UnifiedRow key={index} row={row} /> : <SplitRow key={index} row={row} />)}
      </Virtualizer>
    </section>
  );
}

type Side = DiffRowShape['left'];

function SplitRow({ row }: { row: DiffRowShape }): JSX.Element {
  if (row.kind === 'gap') return <Gap row={row} />;
  const [left, right] = partsOf(row);
  return (
    <div class="diff-row">
      <Half side={row.left} parts={left} kind={row.kind === 'same' ? 'same' : 'removed'} />
      <Half side={row.right} parts={right} kind={row.kind === 'same' ? 'same' : 'added'} />
    </div>
  );
}

function UnifiedRow({ row }: { row: DiffRowShape }): JSX.Element {
  if (row.kind === 'gap') return <Gap row={row} />;
  const [left, right] = partsOf(row);
  if (row.kind === 'same') return <Half side={row.right ?? row.left} parts={right} kind="same" />;
  return (
    <div>
      {row.left !== undefined && <Half side={row.left} parts={left} kind="removed" />}
      {row.right !== undefined && <Half side={row.right} parts={right} kind="added" />}
    </div>
  );
}

const SIGNS = { same: '', removed: '−', added: '+' } as const;
const SIGN_WORDS = { same: '', removed: 'removed: ', added: 'added: ' } as const;

function Half({ side, parts, kind }: { side: Side; parts: readonly LinePart[]; kind: keyof typeof SIGNS }): JSX.Element {
  if (side === undefined) return <div class="diff-half diff-none" />;
  return (
    <div class={`diff-half diff-${kind}`}>
      <span class="diff-line">{side.line}</span>
      <span class="diff-sign" aria-hidden="true">
        {SIGNS[kind]}
      </span>
      <span class="unseen">{SIGN_WORDS[kind]}</span>
      <span class="diff-text">{parts.map(({ text, isChanged }, index) => (isChanged ? <mark key={index}>{text}</mark> : text))}</span>
    </div>
  );
}

function Gap({ row: { skipped = 0 } }: { row: DiffRowShape }): JSX.Element {
  return (
    <div class="diff-gap">
      {countText(skipped, 'line')} that {skipped === 1 ? 'is' : 'are'} the same
    </div>
  );
}

/** Parts are marked only where a line stands for another: a line that is new as a whole is coloured as a whole. */
function partsOf({ kind, left, right }: DiffRowShape): readonly [readonly LinePart[], readonly LinePart[]] {
  if (kind === 'changed' && left !== undefined && right !== undefined) return linePartsOf(left.text, right.text);
  return [[{ text: left?.text ?? '', isChanged: false }], [{ text: right?.text ?? left?.text ?? '', isChanged: false }]];
}
