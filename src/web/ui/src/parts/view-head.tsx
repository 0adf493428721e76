/** The head of a view: what it is, what is to be known at once, and what can be done. */
import type { ComponentChildren, JSX } from 'preact';

export interface ViewHeadProps {
  readonly title: ComponentChildren;
  /** A line below the title. */
  readonly about?: ComponentChildren;
  /** Buttons beside the title. */
  readonly actions?: ComponentChildren;
  /** Search and filters, below it. */
  readonly children?: ComponentChildren;
}

export function ViewHead({ title, about, actions, children }: ViewHeadProps): JSX.Element {
  return (
    <header class="view-head">
      <div class="view-title">
        <div class="view-words">
          <h1>{title}</h1>
          {about !== undefined && <p class="view-about">{about}</p>}
        </div>
        {actions !== undefined && <div class="view-actions">{actions}</div>}
      </div>
      {children !== undefined && <div class="view-tools">{children}</div>}
    </header>
  );
}
