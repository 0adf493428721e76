/** What is told of a file that was given, beside the name that was asked for. */
import type { Served } from '../events/transfer-events.ts';
import type { FoundFile } from './catalog.ts';
import type { OpenedFile } from './opened-file.ts';
import { ProgramHeaders } from './program-header.ts';
import { showName } from './safe-path.ts';

const headers = new ProgramHeaders();

/** The name and where it comes from are said only where it is not what was asked for. */
export function servedOf({ file, path, tolerated, made }: FoundFile, fileName: string): Served {
  return {
    ...(made === undefined && programOf(file)),
    ...(path !== fileName && { servedAs: showName(path), tolerated }),
    ...(made !== undefined && { madeFrom: made.what }),
    ...(made?.choice !== undefined && { choice: made.choice }),
  };
}

function programOf(file: OpenedFile): Pick<Served, 'program' | 'missingOctets'> {
  const header = headers.of(file);
  if (header === undefined) return {};
  const missing = (header.wholeSize ?? 0) - file.size;
  return { program: header.kind, ...(missing > 0 && { missingOctets: missing }) };
}
