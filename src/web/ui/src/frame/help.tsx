/** The keys of the page: `?` shows them, `g` and a letter open a view. */
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { IconButton } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { isTyping } from '../parts/keyboard.ts';
import { go } from '../router.ts';
import { VIEWS } from '../views/index.ts';

const isHelpOpen = signal(false);
/** How long `g` waits for its letter, in milliseconds. */
const LETTER_MS = 1_500;

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['/'], 'Search in this view'],
  [['↑', '↓'], 'Choose in a list; Home, End and the page keys as well'],
  [['Enter'], 'Open what is chosen'],
  [['Esc'], 'Leave the search, close a dialog, go back to the list'],
  [['?'], 'These keys'],
];

export function HelpButton({ onOpen }: { readonly onOpen?: () => void }): JSX.Element {
  const open = (): void => {
    onOpen?.();
    isHelpOpen.value = true;
  };
  return <IconButton label="Keys of this page" icon="help" onClick={open} />;
}

/** Listens to keys that hold everywhere, and shows what they are. */
export function Help(): JSX.Element | null {
  useEffect(() => listenToKeys(), []);
  if (!isHelpOpen.value) return null;
  return (
    <Dialog title="Keys" onClose={() => (isHelpOpen.value = false)}>
      <dl class="keys">
        {KEYS.map(([keys, what]) => (
          <Key key={what} keys={keys} what={what} />
        ))}
        {VIEWS.map((entry) => (
          <Key key={entry.name} keys={['g', entry.key]} what={entry.title} />
        ))}
      </dl>
    </Dialog>
  );
}

function Key({ keys, what }: { readonly keys: readonly string[]; readonly what: string }): JSX.Element {
  return (
    <div>
      <dt>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{what}</dd>
    </div>
  );
}

function listenToKeys(): () => void {
  let goingSince = 0;
  const listen = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    if (event.key === '?') isHelpOpen.value = true;
    const entry = event.timeStamp - goingSince < LETTER_MS ? VIEWS.find(({ key }) => key === event.key) : undefined;
    goingSince = event.key === 'g' ? event.timeStamp : 0;
    if (entry !== undefined) go(entry.name);
  };
  document.addEventListener('keydown', listen);
  return () => document.removeEventListener('keydown', listen);
}
