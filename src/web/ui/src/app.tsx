/** The frame of the page: what is open, and how to go elsewhere. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { problemOf } from './api.ts';
import { startConnection } from './connection.ts';
import { ConnectionBanner } from './frame/connection-state.tsx';
import { Help } from './frame/help.tsx';
import { Login } from './frame/login.tsx';
import { PhoneBars, Sidebar } from './frame/navigation.tsx';
import { ShownView } from './frame/shown-view.tsx';
import { showTitle } from './frame/title.ts';
import { ProblemPanel } from './parts/empty-state.tsx';
import { isNarrow } from './parts/narrow.ts';
import { Toasts } from './parts/toast.tsx';
import { route } from './router.ts';
import { openSession, session } from './session.ts';

export function App(): JSX.Element | null {
  const [fault, setFault] = useState<unknown>();
  const open = (): void => {
    setFault(undefined);
    openSession().catch(setFault);
  };
  useEffect(open, []);
  if (fault !== undefined)
    return (
      <main class="login">
        <ProblemPanel problem={problemOf(fault)} onRetry={open} />
      </main>
    );
  if (session.value === 'asking') return null;
  return (
    <>
      {session.value === 'open' ? <Frame /> : <Login />}
      <Toasts />
    </>
  );
}

function Frame(): JSX.Element {
  useEffect(() => {
    const stops = [startConnection(), showTitle()];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  return (
    <div class="frame">
      <button type="button" class="skip" onClick={skipToView}>
        Skip to the view
      </button>
      {isNarrow() ? <PhoneBars /> : <Sidebar />}
      <main class="view" id="view" tabIndex={-1}>
        <ConnectionBanner />
        <ShownView route={route.value} />
      </main>
      <Help />
    </div>
  );
}

/** No link: what stands behind `#` names a view. */
function skipToView(): void {
  document.getElementById('view')?.focus();
}
