/** Lines of the log that fit a filter: the newest as they come, older ones page by page. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { LogLineShape } from '../../../../api/log-shapes.ts';
import { type ApiProblem, ask, problemOf } from '../../api.ts';
import { freshness, logLines } from '../../live.ts';

export interface LogFilter {
  /** This level and those above it. */
  readonly level: LogLineShape['level'];
  readonly text: string;
  /** Empty: any. */
  readonly device: string;
  readonly event: string;
}

export const LEVELS = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLineShape['level'][];

/** Lines that are asked for at once. */
const PAGE = 200;
/** Typing goes on for a moment: what is asked in between nobody reads. In milliseconds. */
const TYPING_MS = 150;

export interface LogView {
  /** Oldest first. */
  readonly lines: readonly LogLineShape[];
  /** Lines that have come since it was paused. */
  readonly waiting: number;
  readonly problem: ApiProblem | undefined;
  readonly isLoading: boolean;
  /** The oldest line of all is there. */
  readonly isComplete: boolean;
  loadOlder(): void;
}

interface History {
  readonly key: string;
  readonly lines: readonly LogLineShape[];
  readonly isComplete: boolean;
}

/** @param isPaused lines that come are counted and not shown. */
export function useLog(filter: LogFilter, isPaused: boolean): LogView {
  const { level, text, device, event } = filter;
  const key = JSON.stringify([level, text, device, event]);
  const [history, setHistory] = useState<History>({ key: '', lines: [], isComplete: false });
  const [problem, setProblem] = useState<ApiProblem>();
  const [isLoading, setLoading] = useState(true);
  const turn = useRef(0);

  const load = useCallback(
    async (before: readonly LogLineShape[]) => {
      const mine = ++turn.current;
      setLoading(true);
      try {
        const { lines } = await ask<{ lines: LogLineShape[] }>('GET', `/log?${queryOf({ level, text, device, event }, before[0]?.id)}`);
        if (mine !== turn.current) return;
        setHistory({ key, lines: [...lines, ...before], isComplete: lines.length < PAGE });
        setProblem(undefined);
      } catch (fault) {
        if (mine === turn.current) setProblem(problemOf(fault));
      } finally {
        if (mine === turn.current) setLoading(false);
      }
    },
    [key],
  );

  useEffect(() => {
    const timer = setTimeout(() => void load([]), TYPING_MS);
    return () => {
      clearTimeout(timer);
      turn.current += 1;
    };
  }, [load, freshness.value]);

  const isCurrent = history.key === key;
  const all = useMemo(() => {
    const past = isCurrent ? history.lines : [];
    const last = past.at(-1)?.id ?? -1;
    return [...past, ...logLines.value.filter((line) => line.id > last && fits(line, filter))];
  }, [history, logLines.value, key]);
  const pausedAt = useRef<number>(undefined);
  if (!isPaused) pausedAt.current = undefined;
  else pausedAt.current ??= all.at(-1)?.id ?? 0;
  const stop = pausedAt.current;
  const lines = useMemo(() => (stop === undefined ? all : all.filter(({ id }) => id <= stop)), [all, stop]);
  return {
    lines,
    waiting: all.length - lines.length,
    problem,
    isLoading,
    isComplete: isCurrent && history.isComplete,
    loadOlder: () => {
      if (!isLoading && isCurrent && !history.isComplete) void load(history.lines);
    },
  };
}

function fits(line: LogLineShape, { level, text, device, event }: LogFilter): boolean {
  const wanted = text.trim().toLowerCase();
  return (
    LEVELS.indexOf(line.level) >= LEVELS.indexOf(level) &&
    (device === '' || line.device === device) &&
    (event === '' || line.event === event) &&
    (wanted === '' || [line.text, line.name, line.address].some((part) => part?.toLowerCase().includes(wanted) === true))
  );
}

function queryOf({ level, text, device, event }: LogFilter, before: number | undefined): string {
  const wanted = { level, text: text.trim(), device, event, before: before === undefined ? '' : String(before), limit: String(PAGE) };
  return new URLSearchParams(Object.entries(wanted).filter(([, value]) => value !== '')).toString();
}
