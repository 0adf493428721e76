/** The log as it is written: the newest line at the foot, older ones by scrolling up. */
import './log.css';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { LogLineShape } from '../../../../api/log-shapes.ts';
import { Button } from '../../parts/button.tsx';
import { copyText } from '../../parts/clipboard.ts';
import { EmptyState, Loading, ProblemPanel } from '../../parts/empty-state.tsx';
import { Select } from '../../parts/field.tsx';
import { countText } from '../../parts/quantities.ts';
import { SearchBox } from '../../parts/search-box.tsx';
import { ViewHead } from '../../parts/view-head.tsx';
import { filterOf, setFilters } from '../filters.ts';
import { copiedLine, LogRow } from './log-row.tsx';
import { MeaningDialog } from './meaning-dialog.tsx';
import { LEVELS, useLog } from './use-log.ts';

/** Nearer to an end than this the list is at it, in pixels. */
const NEAR_PX = 40;
/** For so long after a key, a wheel or a finger the list moves by it, in milliseconds. */
const HAND_MS = 1_500;
const LEVEL_OPTIONS = [
  { value: 'debug', title: 'All levels' },
  { value: 'info', title: 'Info and above' },
  { value: 'warn', title: 'Warnings and errors' },
  { value: 'error', title: 'Errors' },
] as const;

export function LogView(): JSX.Element {
  const [isPaused, setPaused] = useState(false);
  const [meaning, setMeaning] = useState<string>();
  const level = LEVELS.find((name) => name === filterOf('level')) ?? 'info';
  const filter = { level, text: filterOf('text'), device: filterOf('device'), event: filterOf('event') };
  const log = useLog(filter, isPaused);
  return (
    <>
      <ViewHead
        title="Log"
        about={isPaused ? `Paused, ${countText(log.waiting, 'line')} waiting` : 'Live'}
        actions={
          <Button icon={isPaused ? 'play' : 'pause'} kind={isPaused ? 'primary' : 'plain'} onClick={() => setPaused(!isPaused)}>
            {isPaused ? 'Go on' : 'Pause'}
          </Button>
        }
      >
        <SearchBox label="Search the log" value={filter.text} onInput={(text) => setFilters({ text })} />
        <Select
          label="Least level"
          isLabelHidden
          value={level}
          options={LEVEL_OPTIONS}
          onChange={(chosen) => setFilters({ level: chosen === 'info' ? '' : chosen })}
        />
        {filter.device !== '' && <OnlyChip word="Device" value={filter.device} onClear={() => setFilters({ device: '' })} />}
        {filter.event !== '' && <OnlyChip word="Event" value={filter.event} onClear={() => setFilters({ event: '' })} />}
      </ViewHead>
      {log.problem !== undefined && <ProblemPanel problem={log.problem} />}
      {log.lines.length > 0 ? (
        <LogList
          key={JSON.stringify(filter)}
          lines={log.lines}
          isComplete={log.isComplete}
          isLoading={log.isLoading}
          onTop={log.loadOlder}
          onMeaning={setMeaning}
        />
      ) : log.isLoading ? (
        <Loading what="the log" />
      ) : (
        log.problem === undefined && (
          <div class="table-empty">
            <EmptyState icon="log" title="No line fits">
              Lines show up here as soon as something happens that fits. A lower level or another text shows more.
            </EmptyState>
          </div>
        )
      )}
      {meaning !== undefined && (
        <MeaningDialog
          event={meaning}
          onClose={() => setMeaning(undefined)}
          onOnly={() => {
            setFilters({ event: meaning });
            setMeaning(undefined);
          }}
        />
      )}
    </>
  );
}

function OnlyChip({ word, value, onClear }: { word: string; value: string; onClear: () => void }): JSX.Element {
  return (
    <Button icon="close" onClick={onClear}>
      {word}: {value}
    </Button>
  );
}

interface LogListProps {
  readonly lines: readonly LogLineShape[];
  readonly isComplete: boolean;
  readonly isLoading: boolean;
  readonly onTop: () => void;
  readonly onMeaning: (event: string) => void;
}

function LogList({ lines, isComplete, isLoading, onTop, onMeaning }: LogListProps): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const first = lines[0]?.id;
  const last = lines.at(-1)?.id;
  const touchedAt = useRef(Number.NEGATIVE_INFINITY);
  const lastFirst = useRef(first);
  // Lines that were put before the others keep the place of those that are read.
  const isGrownAbove = first !== undefined && lastFirst.current !== undefined && first < lastFirst.current;
  useLayoutEffect(() => {
    lastFirst.current = first;
  }, [first]);
  const toEnd = (): void => list.current?.scrollToIndex(lines.length - 1, { align: 'end' });
  const touch = (): void => {
    touchedAt.current = performance.now();
  };
  useEffect(() => {
    if (isAtEnd) toEnd();
  }, [last, isAtEnd]);
  const onScroll = (offset: number): void => {
    const { current } = list;
    if (current === null) return;
    const isNear = offset + current.viewportSize >= current.scrollSize - NEAR_PX;
    // Lines that are measured move the list, too: only a hand leaves the end.
    if (isNear || performance.now() - touchedAt.current < HAND_MS) setAtEnd(isNear);
    if (offset < NEAR_PX && !isLoading) onTop();
  };
  return (
    <div class="log">
      <div
        ref={scroller}
        class="log-lines"
        role="log"
        aria-label="Lines of the log"
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
        tabIndex={0}
        onWheel={touch}
        onPointerDown={touch}
        onTouchMove={touch}
        onKeyDown={touch}
      >
        <Virtualizer
          ref={list}
          scrollRef={scroller}
          itemSize={28}
          data={lines}
          shift={isGrownAbove}
          onScroll={onScroll}
          onResize={() => isAtEnd && toEnd()}
        >
          {(line, index) => (
            <LogRow
              key={line.id}
              line={line}
              isFirst={index === 0 && isComplete}
              onMeaning={onMeaning}
              onCopy={() => void copyText(copiedLine(line), 'The line is copied')}
            />
          )}
        </Virtualizer>
      </div>
      {!isAtEnd && (
        <div class="log-jump">
          <Button kind="primary" icon="down" onClick={() => setAtEnd(true)}>
            Newest line
          </Button>
        </div>
      )}
    </div>
  );
}
