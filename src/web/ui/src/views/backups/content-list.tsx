/** A version as a whole, with the numbers of its lines. */
import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { Virtualizer } from 'virtua';

export function ContentList({ label, text }: { readonly label: string; readonly text: string }): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => text.replace(/\r?\n$/, '').split(/\r?\n/), [text]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
    <section ref={scroller} class="diff diff-unified" aria-label={label} tabIndex={0}>
      <Virtualizer scrollRef={scroller} itemSize={20} data={lines}>
        {(line, index) => (
          <div key={index} class="diff-half diff-same">
            <span class="diff-line">{index + 1}</span>
            <span class="diff-sign" />
            <span class="diff-text">{line}</span>
          </div>
        )}
      </Virtualizer>
    </section>
  );
}
