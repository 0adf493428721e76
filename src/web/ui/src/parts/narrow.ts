/** How much room the page has. The limits are those of the style sheets. */
import { type Signal, signal } from '@preact/signals';

const narrow = followed('(max-width: 719px)');
const wide = followed('(min-width: 1100px)');

/** As narrow as a phone, so that lists are cards. */
export function isNarrow(): boolean {
  return narrow.value;
}

/** Room for columns that can be done without. */
export function isWide(): boolean {
  return wide.value;
}

function followed(media: string): Signal<boolean> {
  const query = matchMedia(media);
  const holds = signal(query.matches);
  query.addEventListener('change', (event) => {
    holds.value = event.matches;
  });
  return holds;
}
