/** What an event means and what to do about it: the words of `docs/messages.md`, fetched when somebody asks. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Loading } from '../../parts/empty-state.tsx';
import { Words } from '../../parts/words.tsx';

interface Meaning {
  readonly meaning: string;
  readonly action: string;
}

export interface MeaningDialogProps {
  readonly event: string;
  readonly onClose: () => void;
  /** Shows the lines of this event alone. */
  readonly onOnly: () => void;
}

export function MeaningDialog({ event, onClose, onOnly }: MeaningDialogProps): JSX.Element {
  const [found, setFound] = useState<{ readonly text: Meaning | undefined }>();
  useEffect(() => {
    meaningOf(event).then(
      (text) => setFound({ text }),
      () => setFound({ text: undefined }),
    );
  }, [event]);
  return (
    <Dialog
      title={event}
      onClose={onClose}
      actions={
        <>
          <Button icon="filter" onClick={onOnly}>
            Show these lines alone
          </Button>
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      {found === undefined ? (
        <Loading what="its meaning" />
      ) : found.text === undefined ? (
        <p>This page does not know this event. The server may be newer than the page: load it again.</p>
      ) : (
        <>
          <p>
            <Words text={found.text.meaning} />
          </p>
          <section class="readers">
            <h3>What to do</h3>
            <p>
              <Words text={found.text.action} />
            </p>
          </section>
        </>
      )}
    </Dialog>
  );
}

async function meaningOf(event: string): Promise<Meaning | undefined> {
  const { EVENT_CATALOG } = await import('../../../../../events/catalog.ts');
  return Object.entries(EVENT_CATALOG).find(([name]) => name === event)?.[1];
}
