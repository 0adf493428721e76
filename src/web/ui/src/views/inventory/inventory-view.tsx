/** Inventory. */
import type { JSX } from 'preact';
import { ViewHead } from '../../parts/view-head.tsx';

export function InventoryView(): JSX.Element {
  return <ViewHead title="Inventory" />;
}
