/** Boot menu. */
import type { JSX } from 'preact';
import { ViewHead } from '../../parts/view-head.tsx';

export function BootView(): JSX.Element {
  return <ViewHead title="Boot menu" />;
}
