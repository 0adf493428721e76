/**
 * The time that a device puts before its message, in the forms that are seen in the field: RFC 3339 (RFC 5424 §6.2.3), `Nov 28 01:02:03`
 * (RFC 3164 §4.1.2) with a year before or behind it, parts of a second and a zone, and Cisco's marks: `*` for a clock that was never set, `.` for one that
 * has lost its time server. Knows no clock: what time it is here is handed in.
 */
import type { WallMs } from '../base/clock.ts';

/** What a device says of its own clock. */
export type ClockMark = 'never set' | 'out of sync';

/** A time as the device wrote it, its parts not yet compared with anything. */
export interface DeviceTime {
  /** Absent in most of RFC 3164. */
  readonly year: number | undefined;
  /** Milliseconds since the year began, as the device's clock shows it. */
  readonly intoYearMs: (year: number) => number;
  /** Minutes east of Greenwich; undefined where it is not said, or by a name that can mean several. */
  readonly zoneMinutes: number | undefined;
  readonly mark: ClockMark | undefined;
}

/** How far a device's clock is from ours. */
export interface ClockOffset {
  /** Seconds that the device is ahead; negative: behind. */
  readonly seconds: number;
  /** Undefined zones are the one that fits best: a clock that is wrong by whole quarters of an hour is not told from one in another zone. */
  readonly isZoneKnown: boolean;
}

const MONTHS: readonly string[] = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MARKS: Readonly<Record<string, ClockMark>> = { '*': 'never set', '.': 'out of sync' };
/** Names of zones that mean one thing everywhere. Others (`EST`, `CST`, `IST`) are three continents' at a time. */
const ZONES: ReadonlyMap<string, number> = new Map([
  ['UTC', 0],
  ['GMT', 0],
  ['Z', 0],
  ['CET', 60],
  ['CEST', 120],
  ['EET', 120],
  ['EEST', 180],
]);

const CLOCK = String.raw`(\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?`;
const RFC_3339 = new RegExp(String.raw`^(\d{4})-(\d{2})-(\d{2})[T ]${CLOCK}(Z|[+-]\d{2}:?\d{2})?(?=[\s:]|$)`, 'i');
/** `*Nov 28 2026 01:02:03.456 UTC`, `2026 Nov 28 01:02:03`, `Nov 28 01:02:03 2026`. */
const MONTH_FIRST = new RegExp(
  String.raw`^([*.]?)(?:(\d{4}) )?([A-Za-z]{3}) {1,2}(\d{1,2})(?: (\d{4}))? ${CLOCK}(?: (\d{4})(?=[\s:]))?(?: ([A-Z]{1,5}|[+-]\d{2}:?\d{2})(?=:))?(?=[\s:]|$)`,
);

/** Reads the time at the beginning of `text`, and how many characters it has. Undefined: it begins with something else. */
export function readDeviceTime(text: string): { readonly time: DeviceTime; readonly length: number } | undefined {
  return readRfc3339(text) ?? readMonthFirst(text);
}

function readRfc3339(text: string) {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [all, year, month, day, hours, minutes, seconds, fraction, zone] = match;
  return madeOf(all, {
    year: Number(year),
    month: Number(month) - 1,
    day: Number(day),
    clock: [hours, minutes, seconds, fraction],
    zone,
    mark: undefined,
  });
}

function readMonthFirst(text: string) {
  const match = MONTH_FIRST.exec(text);
  if (match === null) return undefined;
  const [all, mark = '', before, name = '', day, between, hours, minutes, seconds, fraction, behind, zone] = match;
  const year = before ?? between ?? behind;
  return madeOf(all, {
    year: year === undefined ? undefined : Number(year),
    month: MONTHS.indexOf(name.toLowerCase()),
    day: Number(day),
    clock: [hours, minutes, seconds, fraction],
    zone,
    mark: MARKS[mark],
  });
}

interface Parts {
  readonly year: number | undefined;
  /** 0 is January. */
  readonly month: number;
  readonly day: number;
  readonly clock: readonly (string | undefined)[];
  readonly zone: string | undefined;
  readonly mark: ClockMark | undefined;
}

function madeOf(all: string, { year, month, day, clock, zone, mark }: Parts) {
  const [hours = 0, minutes = 0, seconds = 0] = clock.slice(0, 3).map(Number);
  // A leap second is 60.
  if (month < 0 || month > 11 || day < 1 || day > 31 || hours > 23 || minutes > 59 || seconds > 60) return undefined;
  const millis = Math.floor(Number(`0.${clock[3] ?? '0'}`) * 1000);
  const ofDay = ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis;
  const intoYearMs = (of: number) => (daysBefore(of, month) + day - 1) * DAY_MS + ofDay;
  return { time: { year, intoYearMs, zoneMinutes: zoneOf(zone), mark }, length: all.length };
}

function zoneOf(zone: string | undefined): number | undefined {
  if (zone === undefined) return undefined;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  if (sign === undefined) return ZONES.get(zone.toUpperCase());
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
/** Zones in use reach from −12:00 to +14:00, in quarters of an hour. */
const WEST_QUARTERS = -48;
const EAST_QUARTERS = 56;

/** How far the device's clock is from ours, `now`. A year that is not said is the one that comes nearest. */
export function clockOffset(time: DeviceTime, now: WallMs): ClockOffset {
  const thisYear = yearOf(now);
  const years = time.year === undefined ? [thisYear - 1, thisYear, thisYear + 1] : [time.year];
  const offsets = years.map((year) => yearStartMs(year) + time.intoYearMs(year) - now).map((ms) => inBestZone(ms, time.zoneMinutes));
  const best = offsets.reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a));
  return { seconds: Math.round(best / 1000), isZoneKnown: time.zoneMinutes !== undefined };
}

/** @param ms how far it would be ahead if it showed UTC. */
function inBestZone(ms: number, zoneMinutes: number | undefined): number {
  if (zoneMinutes !== undefined) return ms - zoneMinutes * MINUTE_MS;
  const quarters = Math.min(Math.max(Math.round(ms / QUARTER_MS), WEST_QUARTERS), EAST_QUARTERS);
  return ms - quarters * QUARTER_MS;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;

function daysBefore(year: number, month: number): number {
  return (DAYS_BEFORE_MONTH[month] ?? 0) + (month > 1 && isLeap(year) ? 1 : 0);
}

/** Days from 1970 to the beginning of a year. */
function daysToYear(year: number): number {
  const before = year - 1;
  return (year - 1970) * 365 + (Math.floor(before / 4) - 492) - (Math.floor(before / 100) - 19) + (Math.floor(before / 400) - 4);
}

function yearStartMs(year: number): number {
  return daysToYear(year) * DAY_MS;
}

function yearOf(now: WallMs): number {
  const guess = 1970 + Math.floor(now / (365.2425 * DAY_MS));
  return [guess + 1, guess, guess - 1].find((year) => yearStartMs(year) <= now) ?? guess;
}
