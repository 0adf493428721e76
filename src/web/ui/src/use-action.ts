/** Something that a component asks the server to do: whether it is on its way, and what went wrong. */
import { useState } from 'preact/hooks';
import { type ApiProblem, problemOf } from './api.ts';

export interface Action {
  readonly isBusy: boolean;
  readonly problem: ApiProblem | undefined;
  /** Does it, unless it is being done already. */
  run(act: () => Promise<void>): void;
}

export function useAction(): Action {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  return {
    isBusy,
    problem,
    run(act) {
      if (isBusy) return;
      setBusy(true);
      setProblem(undefined);
      act()
        .catch((fault: unknown) => setProblem(problemOf(fault)))
        .finally(() => setBusy(false));
    },
  };
}
