/** What is told of a file that was given, beside the name that was asked for. */
import type { Served } from '../events/events.ts';
import type { FoundFile } from './catalog.ts';
import { showName } from './safe-path.ts';

/** Said only where it is not what was asked for. */
export function servedOf({ path, tolerated, made }: FoundFile, fileName: string): Served {
  return {
    ...(path !== fileName && { servedAs: showName(path), tolerated }),
    ...(made !== undefined && { madeFrom: made.what }),
    ...(made?.choice !== undefined && { choice: made.choice }),
  };
}
