/**
 * Time has two kinds. `WallMs` is the calendar: leases live by it and survive a restart. `MonoMs` only ever goes forward:
 * retransmission lives by it and does not care when somebody sets the clock. The engines are handed both as arguments.
 */

declare const wallBrand: unique symbol;
declare const monoBrand: unique symbol;

/** Milliseconds since 1970-01-01T00:00Z. */
export type WallMs = number & { readonly [wallBrand]: true };

/** Milliseconds since an arbitrary moment of this process; never goes back. */
export type MonoMs = number & { readonly [monoBrand]: true };

/** Where the shells get the time from. */
export interface Clock {
  wall(): WallMs;
  mono(): MonoMs;
}

export function wallMs(value: number): WallMs {
  return value as WallMs;
}

export function monoMs(value: number): MonoMs {
  return value as MonoMs;
}

/** `at` plus a span of milliseconds, of the same kind. */
export function after<Instant extends WallMs | MonoMs>(at: Instant, spanMs: number): Instant {
  return (at + spanMs) as Instant;
}
