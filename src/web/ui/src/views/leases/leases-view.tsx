/** Leases. */
import type { JSX } from 'preact';
import { ViewHead } from '../../parts/view-head.tsx';

export function LeasesView(): JSX.Element {
  return <ViewHead title="Leases" />;
}
