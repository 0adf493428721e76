/** Whether what is shown is what is so. */
import type { JSX } from 'preact';
import { connection, retryNow } from '../connection.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icons.tsx';

const WORDS = { live: 'Live', reconnecting: 'Reconnecting …', lost: 'Connection lost' } as const;

export function ConnectionState(): JSX.Element {
  return (
    <span class={`connection connection-${connection.value}`} role="status" title={WORDS[connection.value]}>
      <span class="connection-dot" aria-hidden="true" />
      <span class="connection-word">{WORDS[connection.value]}</span>
    </span>
  );
}

/** Above the view while nothing is heard: what is below may be old. */
export function ConnectionBanner(): JSX.Element | null {
  if (connection.value !== 'lost') return null;
  return (
    <div class="banner" role="alert">
      <Icon name="alert" />
      <p>The server is not heard any more. What you see is as it was; this page tries again by itself.</p>
      <Button onClick={retryNow}>Try now</Button>
    </div>
  );
}
