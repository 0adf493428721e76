/** The lease store, and the clock that its leases live by. */
export type StoreEvent =
  | { readonly type: 'store.opened'; readonly leases: number; readonly millis: number; readonly where: string }
  | { readonly type: 'store.failed'; readonly operation: string; readonly detail: string; readonly waiting: number }
  | { readonly type: 'store.recovered'; readonly failedForMs: number }
  /** At the start: made anew from what could be read of a damaged one. */
  | {
      readonly type: 'store.rebuilt';
      readonly why: string;
      readonly kept: number;
      /** Places that hold leases, or held them, and cannot be read. */
      readonly unreadable: number;
      /** Where what is left of the damaged one is. */
      readonly aside: string | undefined;
    }
  /** While running: made anew from the leases in memory. */
  | { readonly type: 'store.rewritten'; readonly why: string; readonly leases: number; readonly aside: string | undefined }
  /** The machine's clock, by which leases are counted from one start to the next. Forward is positive. */
  | { readonly type: 'clock.jumped'; readonly byMs: number; readonly when: 'running' | 'stopped' };
