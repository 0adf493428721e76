/** The view that is open: fetched when it is needed, kept apart from the others so that a fault in one leaves the frame standing. */
import type { JSX } from 'preact';
import { useEffect, useErrorBoundary, useState } from 'preact/hooks';
import { ApiProblem } from '../api.ts';
import { ProblemPanel } from '../parts/empty-state.tsx';
import type { Route, ViewName } from '../router.ts';
import { VIEWS, type View } from '../views/index.ts';

const loaded = new Map<ViewName, View>();

export function ShownView({ route }: { readonly route: Route }): JSX.Element | null {
  const [failed, setFailed] = useState<ViewName>();
  const [, setArrived] = useState<ViewName>();
  const entry = VIEWS.find(({ name }) => name === route.view);
  useEffect(() => {
    if (entry === undefined || loaded.has(entry.name)) return;
    entry.load().then(
      (view) => {
        loaded.set(entry.name, view);
        setArrived(entry.name);
      },
      () => setFailed(entry.name),
    );
  }, [entry]);
  if (failed === route.view)
    return <ProblemPanel problem={new ApiProblem(0, 'This part of the page could not be fetched.')} onRetry={() => location.reload()} />;
  const Shown = loaded.get(route.view);
  return Shown === undefined ? null : <Guarded key={route.view} route={route} Shown={Shown} />;
}

function Guarded({ route, Shown }: { readonly route: Route; readonly Shown: View }): JSX.Element {
  const [fault, reset] = useErrorBoundary() as [unknown, () => void];
  if (fault === undefined) return <Shown route={route} />;
  const text = fault instanceof Error ? fault.message : String(fault);
  return <ProblemPanel problem={new ApiProblem(0, 'The page made a mistake in this view; the server goes on.', [text])} onRetry={reset} />;
}
