/**
 * Whether a request still applies to the file as it is (RFC 9110 §13). EDK2 goes on with a broken-off download by a Range and If-Match, or
 * If-Unmodified-Since: half of one kernel and half of another must not come of it.
 */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { WallMs } from '../base/clock.ts';
import type { OpenedFile } from '../files/opened-file.ts';
import { parseHttpDate } from './http-date.ts';

/** What tells one content of a file from the next. */
export interface Validators {
  /** A strong one, in its quotes (§8.8.3); undefined where the next change may not show in it. */
  readonly etag: string | undefined;
  /** In whole seconds; undefined where nobody knows. */
  readonly modifiedAt: WallMs | undefined;
  /** The next change cannot be in the same second, so that the time is as good as a tag (§8.8.2.2), and may be told. */
  readonly isTimeSettled: boolean;
}

type ConditionFields = Pick<IncomingHttpHeaders, 'if-match' | 'if-none-match' | 'if-modified-since' | 'if-unmodified-since'>;

/** What becomes of a GET or HEAD: it is answered, with 304 or with 412. */
export type Verdict = 'applies' | 'not-modified' | 'failed';

const SECOND_MS = 1000;

/** The validators of a file at this moment. */
export function validatorsOf({ contentKey, modifiedAt }: OpenedFile, now: WallMs): Validators {
  const second = modifiedAt === undefined ? undefined : ((Math.floor(modifiedAt / SECOND_MS) * SECOND_MS) as WallMs);
  return {
    etag: contentKey === undefined ? undefined : `"${createHash('sha256').update(contentKey).digest('base64url').slice(0, 22)}"`,
    modifiedAt: second,
    // A time in the future is of a clock that went wrong, and §8.8.2.1 forbids to tell it.
    isTimeSettled: contentKey !== undefined && second !== undefined && now - second >= SECOND_MS,
  };
}

/** In the order of §13.2.2. */
export function judge(fields: ConditionFields, { etag, modifiedAt, isTimeSettled }: Validators): Verdict {
  const ifMatch = fields['if-match'];
  const since = { unmodified: timeOf(fields['if-unmodified-since']), modified: timeOf(fields['if-modified-since']) };
  if (ifMatch !== undefined) {
    if (!names(ifMatch, etag, 'strong')) return 'failed';
  } else if (since.unmodified !== undefined && modifiedAt !== undefined && modifiedAt > since.unmodified) return 'failed';
  const ifNoneMatch = fields['if-none-match'];
  if (ifNoneMatch !== undefined) return names(ifNoneMatch, etag, 'weak') ? 'not-modified' : 'applies';
  const isKnown = since.modified !== undefined && isTimeSettled && modifiedAt !== undefined && modifiedAt <= since.modified;
  return isKnown ? 'not-modified' : 'applies';
}

/** True when a part is wanted of this very content (§13.1.5). Otherwise the Range field counts as absent. */
export function isSameContent(ifRange: string | undefined, { etag, modifiedAt, isTimeSettled }: Validators): boolean {
  if (ifRange === undefined) return true;
  const field = ifRange.trim();
  if (field.startsWith('"') || field.startsWith('W/')) return field === etag;
  return isTimeSettled && modifiedAt !== undefined && timeOf(field) === modifiedAt;
}

/** True when a list of tags has this one, or is `*` (§8.8.3.2). */
function names(list: string, etag: string | undefined, comparison: 'strong' | 'weak'): boolean {
  if (list.trim() === '*') return true;
  if (etag === undefined) return false;
  const tags = list.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return tags.some((tag) => tag === etag || (comparison === 'weak' && tag === `W/${etag}`));
}

function timeOf(field: string | undefined): WallMs | undefined {
  return field === undefined ? undefined : parseHttpDate(field);
}
