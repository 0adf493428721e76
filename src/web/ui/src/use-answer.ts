/** An answer of the server for a component: asked when it appears, when its path changes, and whenever everything is asked anew. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type ApiProblem, ask, problemOf } from './api.ts';
import { freshness } from './live.ts';

export interface Answer<T> {
  /** The last one that came; it stays while the next is on its way. */
  readonly value: T | undefined;
  readonly problem: ApiProblem | undefined;
  readonly isAsking: boolean;
  reload(): void;
}

/**
 * @param path below `/api/v1`; undefined asks nothing.
 * @param changes asks again when one of them changes, for example `leasesChanged.value`.
 */
export function useAnswer<T>(path: string | undefined, ...changes: readonly unknown[]): Answer<T> {
  const [state, setState] = useState<{ path?: string; value?: T; problem?: ApiProblem; isAsking: boolean }>({ isAsking: true });
  const turn = useRef(0);
  const reload = useCallback(() => {
    const mine = ++turn.current;
    if (path === undefined) return;
    setState((before) => (before.path === path ? { ...before, isAsking: true } : { path, isAsking: true }));
    ask<T>('GET', path).then(
      (value) => mine === turn.current && setState({ path, value, isAsking: false }),
      (fault: unknown) => mine === turn.current && setState((before) => ({ ...before, path, problem: problemOf(fault), isAsking: false })),
    );
  }, [path]);
  useEffect(() => {
    reload();
    return () => {
      turn.current += 1;
    };
  }, [reload, freshness.value, ...changes]);
  const isOfPath = state.path === path;
  return {
    value: isOfPath ? state.value : undefined,
    problem: isOfPath ? state.problem : undefined,
    isAsking: state.isAsking && path !== undefined,
    reload,
  };
}
