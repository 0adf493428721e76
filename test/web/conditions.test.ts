import { describe, expect, it } from 'vitest';
import { wallMs } from '../../src/base/clock.ts';
import { ok } from '../../src/base/result.ts';
import type { OpenedFile } from '../../src/files/opened-file.ts';
import { isSameContent, judge, type Validators, validatorsOf } from '../../src/web/conditions.ts';
import { parseHttpDate, showHttpDate } from '../../src/web/http-date.ts';

const AT = wallMs(Date.UTC(1994, 10, 6, 8, 49, 37));
const SAME = 'Sun, 06 Nov 1994 08:49:37 GMT';
const BEFORE = 'Sun, 06 Nov 1994 08:49:36 GMT';
const LATER = 'Sun, 06 Nov 1994 08:49:38 GMT';
const FILE: Validators = { etag: '"a"', modifiedAt: AT, isTimeSettled: true };
/** One that somebody is writing to. */
const UNSETTLED: Validators = { etag: undefined, modifiedAt: AT, isTimeSettled: false };

describe('the conditions of a GET (RFC 9110 §13)', () => {
  it.each([
    ['none', {}, FILE, 'applies'],
    ['If-Match with the tag (§13.1.1)', { 'if-match': '"a"' }, FILE, 'applies'],
    ['If-Match with a list', { 'if-match': '"x", "a"' }, FILE, 'applies'],
    ['If-Match with any', { 'if-match': '*' }, FILE, 'applies'],
    ['If-Match with another', { 'if-match': '"b"' }, FILE, 'failed'],
    ['If-Match compares strongly', { 'if-match': 'W/"a"' }, FILE, 'failed'],
    ['If-Match while the file changes', { 'if-match': '"a"' }, UNSETTLED, 'failed'],
    ['If-Match goes before If-Unmodified-Since (§13.2.2)', { 'if-match': '"a"', 'if-unmodified-since': BEFORE }, FILE, 'applies'],
    ['If-Unmodified-Since, the same (§13.1.4)', { 'if-unmodified-since': SAME }, FILE, 'applies'],
    ['If-Unmodified-Since, changed since', { 'if-unmodified-since': BEFORE }, FILE, 'failed'],
    ['If-Unmodified-Since while the file changes', { 'if-unmodified-since': BEFORE }, UNSETTLED, 'failed'],
    ['If-Unmodified-Since that is no date is ignored', { 'if-unmodified-since': 'yesterday' }, FILE, 'applies'],
    ['If-None-Match with the tag (§13.1.2)', { 'if-none-match': '"a"' }, FILE, 'not-modified'],
    ['If-None-Match compares weakly', { 'if-none-match': 'W/"a"' }, FILE, 'not-modified'],
    ['If-None-Match with any', { 'if-none-match': '*' }, FILE, 'not-modified'],
    ['If-None-Match with another', { 'if-none-match': '"b"' }, FILE, 'applies'],
    ['If-None-Match goes before If-Modified-Since', { 'if-none-match': '"b"', 'if-modified-since': SAME }, FILE, 'applies'],
    ['If-Modified-Since, the same (§13.1.3)', { 'if-modified-since': SAME }, FILE, 'not-modified'],
    ['If-Modified-Since, changed since', { 'if-modified-since': BEFORE }, FILE, 'applies'],
    ['If-Modified-Since while the file changes', { 'if-modified-since': LATER }, UNSETTLED, 'applies'],
    ['If-Match that fails goes before If-None-Match', { 'if-match': '"b"', 'if-none-match': '"a"' }, FILE, 'failed'],
  ] as const)('%s', (_name, fields, file, expected) => {
    expect(judge(fields, file)).toBe(expected);
  });

  it.each([
    ['absent', undefined, FILE, true],
    ['the tag', '"a"', FILE, true],
    ['another', '"b"', FILE, false],
    ['a weak tag is not enough', 'W/"a"', FILE, false],
    ['the time, exactly', SAME, FILE, true],
    ['a later time', LATER, FILE, false],
    ['the time while the file changes (§8.8.2.2)', SAME, UNSETTLED, false],
    ['nonsense', 'x', FILE, false],
  ] as const)('If-Range (§13.1.5): %s', (_name, field, file, expected) => {
    expect(isSameContent(field, file)).toBe(expected);
  });
});

describe('what a file is known by', () => {
  const file = (changes: Partial<OpenedFile>): OpenedFile => ({
    size: 1,
    contentKey: '1:2:3',
    modifiedAt: wallMs(AT + 400),
    read: () => ok(0),
    close: () => undefined,
    ...changes,
  });

  it('a strong tag, the same for the same content alone (§8.8.3)', () => {
    const { etag } = validatorsOf(file({}), wallMs(AT + 60_000));
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    expect(validatorsOf(file({}), wallMs(AT + 90_000)).etag).toBe(etag);
    expect(validatorsOf(file({ contentKey: '1:2:4' }), wallMs(AT + 60_000)).etag).not.toBe(etag);
  });

  it.each([
    ['long ago', {}, 60_000, true],
    ['in this second: the next change could have the same time', {}, 900, false],
    ['in the future, by a clock that is wrong (§8.8.2.1)', {}, -60_000, false],
    ['just now', { contentKey: undefined }, 60_000, false],
  ] as const)('a time that tells changes apart only where it does: changed %s', (_name, changes, laterMs, expected) => {
    expect(validatorsOf(file(changes), wallMs(AT + laterMs))).toMatchObject({ modifiedAt: AT, isTimeSettled: expected });
  });
});

describe('a date (RFC 9110 §5.6.7)', () => {
  it.each([
    ['IMF-fixdate', SAME, AT],
    ['RFC 850', 'Sunday, 06-Nov-94 08:49:37 GMT', AT],
    ['asctime', 'Sun Nov  6 08:49:37 1994', AT],
    ['another zone', 'Sun, 06 Nov 1994 08:49:37 CET', undefined],
    ['no month', 'Sun, 06 Foo 1994 08:49:37 GMT', undefined],
    ['no hour', 'Sun, 06 Nov 1994 25:49:37 GMT', undefined],
    ['a number', '784111777', undefined],
    ['nothing', '', undefined],
  ])('%s', (_name, text, expected) => {
    expect(parseHttpDate(text)).toBe(expected);
  });

  it('is written so that it can be read', () => {
    expect(showHttpDate(AT)).toBe(SAME);
  });
});
