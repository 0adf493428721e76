/** Backups. */
import type { JSX } from 'preact';
import { ViewHead } from '../../parts/view-head.tsx';

export function BackupsView(): JSX.Element {
  return <ViewHead title="Backups" />;
}
