/** Files. */
import type { JSX } from 'preact';
import { ViewHead } from '../../parts/view-head.tsx';

export function FilesView(): JSX.Element {
  return <ViewHead title="Files" />;
}
