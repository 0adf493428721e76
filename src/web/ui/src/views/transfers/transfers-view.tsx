/** Transfers. */
import type { JSX } from 'preact';
import { ViewHead } from '../../parts/view-head.tsx';

export function TransfersView(): JSX.Element {
  return <ViewHead title="Transfers" />;
}
