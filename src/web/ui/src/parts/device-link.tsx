/** A device by name, with a link to all that it did. */
import type { JSX } from 'preact';
import { hrefOf } from '../router.ts';

export interface DeviceLinkProps {
  /** Undefined: nobody knows which device it is. */
  readonly id: string | undefined;
  readonly name?: string | undefined;
  /** A second line: its vendor, its address. */
  readonly about?: string | undefined;
}

export function DeviceLink({ id, name, about }: DeviceLinkProps): JSX.Element {
  const words = name ?? id ?? about ?? 'unknown';
  return (
    <span class="device-link">
      {id === undefined ? <span>{words}</span> : <a href={hrefOf('devices', id)}>{words}</a>}
      {about !== undefined && about !== words && <span class="faint">{about}</span>}
    </span>
  );
}
