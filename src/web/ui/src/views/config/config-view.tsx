/** Configuration. */
import type { JSX } from 'preact';
import { ViewHead } from '../../parts/view-head.tsx';

export function ConfigView(): JSX.Element {
  return <ViewHead title="Configuration" />;
}
