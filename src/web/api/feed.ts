/** News for one reader, taken when there is time for it: nothing is made of it before. */

export interface Feed<Message> {
  /** What has come since the last time; undefined where there is nothing to tell after all. */
  take(): Message | undefined | Promise<Message | undefined>;
  close(): void;
}

/** @param onWaiting is called when something waits to be taken; again only after a `take`. */
export type Subscribe<Message> = (onWaiting: () => void) => Feed<Message>;
