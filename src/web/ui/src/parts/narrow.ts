/** Whether the page is as narrow as a phone, so that lists are cards. The limit is that of the style sheets. */
import { signal } from '@preact/signals';

const query = matchMedia('(max-width: 719px)');
const isNarrowNow = signal(query.matches);
query.addEventListener('change', (event) => {
  isNarrowNow.value = event.matches;
});

export function isNarrow(): boolean {
  return isNarrowNow.value;
}
