/** What stands where there is nothing, and what to do then; and where something went wrong. */
import type { ComponentChildren, JSX } from 'preact';
import type { ApiProblem } from '../api.ts';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icons.tsx';

export interface EmptyStateProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ComponentChildren;
  /** What can be done. */
  readonly action?: ComponentChildren;
}

export function EmptyState({ icon, title, children, action }: EmptyStateProps): JSX.Element {
  return (
    <div class="empty-state">
      <span class="empty-icon">
        <Icon name={icon} size={28} />
      </span>
      <h2>{title}</h2>
      {children !== undefined && <div class="empty-text">{children}</div>}
      {action}
    </div>
  );
}

/** A view or a part of it that could not be asked for. */
export function ProblemPanel({ problem, onRetry }: { readonly problem: ApiProblem; readonly onRetry?: () => void }): JSX.Element {
  return (
    <div class="problem-panel" role="alert">
      <Icon name="alert" />
      <div>
        <p>{problem.message}</p>
        {problem.details.length > 0 && (
          <ul>
            {problem.details.map((detail) => (
              <li key={detail}>{detail}</li>
            ))}
          </ul>
        )}
        {onRetry !== undefined && (
          <Button icon="refresh" onClick={onRetry}>
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}

/** Something is on its way. It appears only when that takes long enough to be noticed. */
export function Loading({ what }: { readonly what: string }): JSX.Element {
  return (
    <div class="loading" role="status">
      <span class="loading-bar" aria-hidden="true" />
      Loading {what} …
    </div>
  );
}
