/** Devices. */
import type { JSX } from 'preact';
import { ViewHead } from '../../parts/view-head.tsx';

export function DevicesView(): JSX.Element {
  return <ViewHead title="Devices" />;
}
