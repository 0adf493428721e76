/** Spans of time and sizes as people write them. */

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400, w: 604_800 };

/** Lease times have 32 bits, and all ones mean for ever (RFC 2131 §3.3). */
const LONGEST_SECONDS = 0xffff_fffe;

/** Seconds of `90s`, `15m`, `1h`, `1h30m`, `1d`, `2w`; a bare number counts seconds. Undefined for anything else. */
export function parseDuration(written: string | number): number | undefined {
  const text = String(written).trim().toLowerCase();
  let seconds = 0;
  if (/^\d+$/.test(text)) {
    seconds = Number(text);
  } else {
    if (!/^(?:\d+\s*(?:s|min|m|h|d|w)\s*)+$/.test(text)) return undefined;
    for (const [, count, unit] of text.matchAll(/(\d+)\s*(s|min|m|h|d|w)/g)) seconds += Number(count) * (SECONDS[unit ?? ''] ?? 0);
  }
  return seconds <= LONGEST_SECONDS ? seconds : undefined;
}

/** The shortest way to write a number of seconds: `1h`, `1h30m`, `45s`. */
export function showDuration(seconds: number): string {
  let left = seconds;
  let text = '';
  for (const unit of ['d', 'h', 'm', 's']) {
    const length = SECONDS[unit] ?? 1;
    const count = Math.floor(left / length);
    if (count > 0) text += `${count}${unit}`;
    left -= count * length;
  }
  return text === '' ? '0s' : text;
}

const OCTETS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1000,
  mb: 1000 ** 2,
  gb: 1000 ** 3,
  tb: 1000 ** 4,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};

/** Octets of `512`, `100kB`, `64MiB`, `1.5GiB`; undefined for anything else. */
export function parseSize(written: string | number): number | undefined {
  const [, count, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(String(written).trim().toLowerCase()) ?? [];
  const factor = Object.hasOwn(OCTETS, unit ?? '') ? OCTETS[unit ?? ''] : undefined;
  if (count === undefined || factor === undefined) return undefined;
  const octets = Math.round(Number(count) * factor);
  return Number.isSafeInteger(octets) ? octets : undefined;
}

const BITS: Readonly<Record<string, number>> = { kbit: 1e3, mbit: 1e6, gbit: 1e9 };

/** Octets a second of `10MiB/s`, `500kB/s`, `100Mbit/s`; at least one. Undefined for anything else. */
export function parseRate(written: string): number | undefined {
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]+)\/s$/.exec(written.trim().toLowerCase()) ?? [];
  if (count === '') return undefined;
  const bits = Object.hasOwn(BITS, unit) ? BITS[unit] : undefined;
  const octets = bits === undefined ? parseSize(count + unit) : Math.round((Number(count) * bits) / 8);
  return octets !== undefined && octets >= 1 && Number.isSafeInteger(octets) ? octets : undefined;
}

/** Ports from `first` to `last`, both included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Below are the ports of other services, which need rights of their own (RFC 6335 §6). */
const LOWEST_PORT = 1024;

/** Reads `50000-50063`, or one port. Undefined for anything else, for ports below 1024 and for an empty range. */
export function parsePortRange(written: string): PortRange | undefined {
  const [, firstText, lastText] = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(written.trim()) ?? [];
  if (firstText === undefined) return undefined;
  const [first, last] = [Number(firstText), Number(lastText ?? firstText)];
  return first >= LOWEST_PORT && first <= last && last <= 65_535 ? { first, last } : undefined;
}
