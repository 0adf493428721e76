/** Numbers as people read them: spans of time, sizes, rates, counts. */

const SIZE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const SPAN_UNITS = [
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3_600 },
  { name: 'min', seconds: 60 },
  { name: 's', seconds: 1 },
] as const;

/** A lease time that never ends, on the wire (RFC 2131 §3.3). */
const INFINITE_SECONDS = 0xffffffff;

/** Whole seconds with the two largest units that say something: `1 h`, `1 h 30 min`, `2 d`; a lease without an end is `ever`. */
export function showSeconds(seconds: number): string {
  if (seconds >= INFINITE_SECONDS) return 'ever';
  const whole = Math.max(0, Math.round(seconds));
  const first = SPAN_UNITS.find((unit) => whole >= unit.seconds) ?? SPAN_UNITS[3];
  const second = SPAN_UNITS[SPAN_UNITS.indexOf(first) + 1];
  const count = Math.floor(whole / first.seconds);
  const rest = second === undefined ? 0 : Math.floor((whole - count * first.seconds) / second.seconds);
  return rest === 0 || second === undefined ? `${count} ${first.name}` : `${count} ${first.name} ${rest} ${second.name}`;
}

/** A span that was measured, in milliseconds: `2 ms`, `0.03 s`, `4.2 s`, `1 min 20 s`. */
export function showMillis(millis: number): string {
  const seconds = Math.max(0, millis) / 1000;
  if (millis < 1) return 'under 1 ms';
  if (millis < 9.5) return `${Math.round(millis)} ms`;
  if (seconds < 0.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${trimZero(seconds.toFixed(1))} s`;
  return showSeconds(seconds);
}

/** Octets: `512 B`, `42.1 KiB`, `5 MiB`. */
export function showSize(octets: number): string {
  let value = Math.max(0, octets);
  let unit = 0;
  // 1023.95 would be shown as 1024.0: it belongs to the next unit.
  while (value >= (unit === 0 ? 1024 : 1023.95) && unit < SIZE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : trimZero(value.toFixed(1))} ${SIZE_UNITS[unit]}`;
}

/** How much of how many octets: `43 % of 28 MiB`; `12 MiB` where nobody knows how many there are. */
export function showShare(octets: number, size: number | undefined): string {
  return size === undefined || size <= 0 ? showSize(octets) : `${percentOf(octets, size)} % of ${showSize(size)}`;
}

/** 0 to 100; 100 only for all of it. */
export function percentOf(octets: number, size: number): number {
  return Math.min(Math.max(Math.floor((octets * 100) / size), 0), 100);
}

/** How fast octets went, `1.4 MiB/s`; undefined where the time is too short to say. */
export function showRate(octets: number, millis: number): string | undefined {
  return millis >= 5 && octets > 0 ? `${showSize((octets * 1000) / millis)}/s` : undefined;
}

/** `1 block`, `2 blocks`. */
export function showCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

function trimZero(text: string): string {
  return text.replace(/\.0$/, '');
}
