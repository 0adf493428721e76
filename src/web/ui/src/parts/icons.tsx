/** Our own icons: lines on a field of 20 by 20, in the colour of the text around them. They say nothing that words beside them do not. */
import type { JSX } from 'preact';

const PATHS = {
  devices: 'M3 4h14v5H3zM3 11h14v5H3zM6 6.5h.01M6 13.5h.01M9.5 6.5H14M9.5 13.5H14',
  leases: 'M3 5.5h14v9H3zM7 5.5v9M10 9h4M10 11.5h2.5',
  transfers: 'M6.5 16V4M3.5 7l3-3 3 3M13.5 4v12M10.5 13l3 3 3-3',
  files: 'M3 5.5V15h14V7h-7.5L8 5.5zM3 9.5h14',
  inventory: 'M5 4h10v13H5zM8 2.8h4V5H8zM8 9h4M8 12h4',
  backups: 'M4 10a6 6 0 1 0 2-4.5M4 3.5v3h3M10 6.8V10l2.4 1.6',
  boot: 'M10 3v6M6.2 5.6a6 6 0 1 0 7.6 0',
  log: 'M4 5h12M4 8.3h9M4 11.7h12M4 15h6',
  config: 'M4 6h6M14 6h2M12 4.2v3.6M4 14h2M10 14h6M8 12.2v3.6M4 10h10',
  search: 'M8.8 14.2a5.4 5.4 0 1 0 0-10.8 5.4 5.4 0 0 0 0 10.8zM12.8 12.8 17 17',
  close: 'M5 5l10 10M15 5 5 15',
  check: 'M4 10.5l4 4 8-9',
  alert: 'M10 3 2.5 16.5h15zM10 8v4M10 14.3h.01',
  info: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9.2V13M10 6.8h.01',
  sun: 'M10 13.4a3.4 3.4 0 1 0 0-6.8 3.4 3.4 0 0 0 0 6.8zM10 2.2v1.6M10 16.2v1.6M2.2 10h1.6M16.2 10h1.6M4.5 4.5l1.1 1.1M14.4 14.4l1.1 1.1M4.5 15.5l1.1-1.1M14.4 5.6l1.1-1.1',
  moon: 'M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7z',
  screen: 'M3 4.5h14v9H3zM7.5 16.5h5M10 13.5v3',
  more: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  signOut: 'M8 4H4v12h4M8.5 10H17M14 7l3 3-3 3',
  help: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM8 8.2a2 2 0 1 1 2.6 1.9c-.4.2-.6.5-.6 1v.4M10 13.8h.01',
  down: 'M5.5 8l4.5 4.5L14.5 8',
  right: 'M8 5.5l4.5 4.5L8 14.5',
  left: 'M12 5.5 7.5 10l4.5 4.5',
  sortUp: 'M6.5 11.5 10 8l3.5 3.5',
  sortDown: 'M6.5 8.5 10 12l3.5-3.5',
  copy: 'M7 7h9v9H7zM4 13V4h9',
  download: 'M10 3.5v9M6.5 9l3.5 3.5L13.5 9M4 16.5h12',
  upload: 'M10 13V4M6.5 7.5 10 4l3.5 3.5M4 16.5h12',
  trash: 'M4 6h12M8 6V4h4v2M5.5 6l.7 10.5h7.6L14.5 6M8.5 9v4.5M11.5 9v4.5',
  plus: 'M10 4v12M4 10h12',
  refresh: 'M15.8 8A6 6 0 1 0 16 11.5M16 3.8V8h-4.2',
  wake: 'M11 2.5 4.5 11.5H10l-1 6 6.5-9H10z',
  filter: 'M3.5 5h13M6 10h8M8.5 15h3',
  phone: 'M5 3h10v14H5zM8 14.6h4',
  tag: 'M3 3.5h6.5l7 7-6 6-7.5-7zM6.8 7h.01',
  play: 'M6.5 4v12l9-6z',
  pause: 'M7 4.5v11M13 4.5v11',
  server: 'M3 6.5h14v7H3zM6 10h.01M9 10h5',
} as const satisfies Readonly<Record<string, string>>;

export type IconName = keyof typeof PATHS;

export interface IconProps {
  readonly name: IconName;
  /** In pixels; 20 unless told. */
  readonly size?: number;
}

export function Icon({ name, size = 20 }: IconProps): JSX.Element {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The lace: what stands for the program. */
export function Lace({ size = 28 }: { readonly size?: number }): JSX.Element {
  return (
    <svg class="lace" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" class="lace-ground" />
      <path class="lace-back" d="M10 8l12 5.5M10 13.5 22 19M10 19l12 5" />
      <path class="lace-front" d="M22 8l-12 5.5M22 13.5 10 19M22 19l-12 5" />
    </svg>
  );
}
