/** The title and the icon of the tab: what is stuck is seen from another tab. */
import { effect } from '@preact/signals';
import { server, stuckCount } from '../live.ts';
import { route } from '../router.ts';
import { VIEWS } from '../views/index.ts';

/** Keeps both up to date; returns how to stop. */
export function showTitle(): () => void {
  return effect(() => {
    const view = VIEWS.find(({ name }) => name === route.value.view)?.title ?? 'Bootlace';
    const stuck = stuckCount.value;
    const host = server.value === undefined ? '' : ` · ${server.value.host}`;
    document.title = `${stuck > 0 ? `(${stuck} stuck) ` : ''}${view} – Bootlace${host}`;
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    const wanted = stuck > 0 ? './assets/icon-stuck.svg' : './assets/icon.svg';
    if (icon !== null && icon.getAttribute('href') !== wanted) icon.setAttribute('href', wanted);
  });
}
