/** The ways to the views: a sidebar where there is room, a bar at the foot of a phone whose last place opens all others. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { server, stuckCount, transfers } from '../live.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Icon, Lace } from '../parts/icons.tsx';
import { hrefOf, route, type ViewName } from '../router.ts';
import { VIEWS, type ViewEntry } from '../views/index.ts';
import { ConnectionState } from './connection-state.tsx';
import { HelpButton } from './help.tsx';
import { SignOutButton, ThemeSwitch } from './switches.tsx';

/** Of the bar of a phone; behind them comes `More`. */
const FIRST_VIEWS = 4;

export function Sidebar(): JSX.Element {
  return (
    <nav class="sidebar" aria-label="Views">
      <a class="brand" href={hrefOf('devices')} aria-label="Bootlace: devices">
        <Lace size={30} />
        <span class="brand-words">
          <span class="brand-name">Bootlace</span>
          <span class="brand-host">{server.value?.host ?? '\u00a0'}</span>
        </span>
      </a>
      <ul class="nav-list">
        {VIEWS.map((entry) => (
          <li key={entry.name}>
            <NavLink entry={entry} />
          </li>
        ))}
      </ul>
      <div class="sidebar-foot">
        <ConnectionState />
        <div class="sidebar-switches">
          <ThemeSwitch />
          <HelpButton />
          <SignOutButton />
        </div>
      </div>
    </nav>
  );
}

export function PhoneBars(): JSX.Element {
  const isMoreOpen = useSignal(false);
  const isElsewhere = VIEWS.slice(FIRST_VIEWS).some((entry) => entry.name === route.value.view);
  return (
    <>
      <header class="phone-top">
        <a class="brand" href={hrefOf('devices')} aria-label="Bootlace: devices">
          <Lace size={26} />
          <span class="brand-name">Bootlace</span>
        </a>
        <ConnectionState />
      </header>
      <nav class="phone-nav" aria-label="Views">
        {VIEWS.slice(0, FIRST_VIEWS).map((entry) => (
          <NavLink key={entry.name} entry={entry} />
        ))}
        <button
          type="button"
          class={isElsewhere ? 'nav-link nav-here' : 'nav-link'}
          aria-haspopup="dialog"
          onClick={() => (isMoreOpen.value = true)}
        >
          <Icon name="more" />
          <span class="nav-title">More</span>
        </button>
      </nav>
      {isMoreOpen.value && (
        <Dialog title="More" onClose={() => (isMoreOpen.value = false)}>
          <ul class="drawer-list">
            {VIEWS.slice(FIRST_VIEWS).map((entry) => (
              <li key={entry.name}>
                <NavLink entry={entry} onClick={() => (isMoreOpen.value = false)} />
              </li>
            ))}
          </ul>
          <div class="drawer-foot">
            <span class="drawer-host">{server.value?.host}</span>
            <ThemeSwitch />
            <HelpButton onOpen={() => (isMoreOpen.value = false)} />
            <SignOutButton />
          </div>
        </Dialog>
      )}
    </>
  );
}

function NavLink({ entry, onClick }: { readonly entry: ViewEntry; readonly onClick?: () => void }): JSX.Element {
  const isHere = route.value.view === entry.name;
  return (
    <a
      class={isHere ? 'nav-link nav-here' : 'nav-link'}
      href={hrefOf(entry.name)}
      aria-current={isHere ? 'page' : undefined}
      title={entry.title}
      onClick={onClick}
    >
      <Icon name={entry.icon} />
      <span class="nav-title">{entry.title}</span>
      <NavCount name={entry.name} />
    </a>
  );
}

/** What in a view wants to be looked at. */
function NavCount({ name }: { readonly name: ViewName }): JSX.Element | null {
  if (name === 'devices' && stuckCount.value > 0)
    return (
      <span class="nav-count nav-count-bad">
        {stuckCount.value}
        <span class="unseen"> stuck</span>
      </span>
    );
  if (name !== 'transfers') return null;
  const running = [...transfers.value.values()].filter((transfer) => transfer.outcome === 'running').length;
  if (running === 0) return null;
  return (
    <span class="nav-count">
      {running}
      <span class="unseen"> on their way</span>
    </span>
  );
}
