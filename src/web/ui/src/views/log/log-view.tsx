/** Log. */
import type { JSX } from 'preact';
import { ViewHead } from '../../parts/view-head.tsx';

export function LogView(): JSX.Element {
  return <ViewHead title="Log" />;
}
