/** Moments and sizes in a text, with the exact value at hand. */
import type { JSX } from 'preact';
import { clock } from '../clock.ts';
import { bytesText, exactText, relativeText } from './quantities.ts';

/** How long ago it was; it goes on by itself. */
export function Time({ at }: { readonly at: number }): JSX.Element {
  return (
    <time dateTime={new Date(at).toISOString()} title={exactText(at)}>
      {relativeText(at, clock.value)}
    </time>
  );
}

export function Bytes({ octets }: { readonly octets: number }): JSX.Element {
  return (
    <span class="number" title={`${octets.toLocaleString()} bytes`}>
      {bytesText(octets)}
    </span>
  );
}
