/** What the load client is told to play, and what came of it. Plain data: it crosses to another process. */
export interface Round {
  readonly what: string;
  /** Number of the first client; a client that had an address in an earlier round keeps its number. */
  readonly first: number;
  readonly clients: number;
  readonly atOnce: number;
  readonly isPxe: boolean;
  /** Clients that have an address ask for more time instead of anew. */
  readonly renews: boolean;
}

export interface RoundResult {
  /** Clients that got their ACK. */
  readonly bound: number;
  readonly seconds: number;
  /** Messages said again after a second without an answer. */
  readonly repeats: number;
  /** From REQUEST to ACK. */
  readonly requestMs: { readonly p50: number; readonly p99: number };
}

/** One line of the table. */
export interface Figure {
  readonly what: string;
  readonly value: string;
}
