/** An area of the API as a stub answers it: canned data that changes as the real thing would. */

/** What the page asks; `path` without `/api/v1`, decoded. */
export interface StubQuestion {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Of JSON what was parsed, of anything else its octets. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface StubAnswer {
  readonly status: number;
  readonly body?: unknown;
}

/** Undefined: no question of this area. */
export type StubArea = (question: StubQuestion) => StubAnswer | undefined;

/** Sends a message of `/api/v1/events`. */
export type Publish = (topic: string, message: unknown) => void;

export const fault = (status: number, error: string, details?: readonly string[]): StubAnswer => ({
  status,
  body: { error, ...(details === undefined ? {} : { details }) },
});

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** The moment at which all canned data was seen: stable pictures, stable tests. */
export const NOW = Date.UTC(2026, 10, 28, 7, 31, 10);
