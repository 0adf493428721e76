/** All views: their names, where they stand, and how they are loaded. Each is fetched when it is opened for the first time. */
import type { FunctionComponent } from 'preact';
import type { IconName } from '../parts/icons.tsx';
import type { Route, ViewName } from '../router.ts';

export interface ViewProps {
  readonly route: Route;
}

export type View = FunctionComponent<ViewProps>;

export interface ViewEntry {
  readonly name: ViewName;
  readonly title: string;
  readonly icon: IconName;
  /** The key behind `g` that opens it. */
  readonly key: string;
  readonly load: () => Promise<View>;
}

/** In the order of the sidebar; the first four stand in the bar of a phone. */
export const VIEWS: readonly ViewEntry[] = [
  {
    name: 'devices',
    title: 'Devices',
    icon: 'devices',
    key: 'd',
    load: async () => (await import('./devices/devices-view.tsx')).DevicesView,
  },
  {
    name: 'transfers',
    title: 'Transfers',
    icon: 'transfers',
    key: 't',
    load: async () => (await import('./transfers/transfers-view.tsx')).TransfersView,
  },
  {
    name: 'leases',
    title: 'Leases',
    icon: 'leases',
    key: 'l',
    load: async () => (await import('./leases/leases-view.tsx')).LeasesView,
  },
  {
    name: 'log',
    title: 'Log',
    icon: 'log',
    key: 'o',
    load: async () => (await import('./log/log-view.tsx')).LogView,
  },
  {
    name: 'boot',
    title: 'Boot menu',
    icon: 'boot',
    key: 'b',
    load: async () => (await import('./boot/boot-view.tsx')).BootView,
  },
  {
    name: 'files',
    title: 'Files',
    icon: 'files',
    key: 'f',
    load: async () => (await import('./files/files-view.tsx')).FilesView,
  },
  {
    name: 'inventory',
    title: 'Inventory',
    icon: 'inventory',
    key: 'i',
    load: async () => (await import('./inventory/inventory-view.tsx')).InventoryView,
  },
  {
    name: 'backups',
    title: 'Backups',
    icon: 'backups',
    key: 'a',
    load: async () => (await import('./backups/backups-view.tsx')).BackupsView,
  },
  {
    name: 'config',
    title: 'Configuration',
    icon: 'config',
    key: 'c',
    load: async () => (await import('./config/config-view.tsx')).ConfigView,
  },
];
