/** What a check of the machine found. */

/** `fail`: something that the configuration asks for will not work. `warn`: it may not, or something is lost. */
export type Status = 'ok' | 'warn' | 'fail';

export interface Finding {
  readonly status: Status;
  /** What was looked at: `UDP port 67`. */
  readonly check: string;
  /** What was found, as a piece of a sentence. */
  readonly text: string;
  /** What to do about it. */
  readonly remedy?: string | undefined;
}

export function fine(check: string, text: string): Finding {
  return { status: 'ok', check, text };
}

export function doubtful(check: string, text: string, remedy: string): Finding {
  return { status: 'warn', check, text, remedy };
}

export function broken(check: string, text: string, remedy: string): Finding {
  return { status: 'fail', check, text, remedy };
}
