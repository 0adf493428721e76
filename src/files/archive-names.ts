/**
 * Names that are another one at each backup, because the device puts the time, or a counter, into them: `archive` of Cisco IOS with `$h-$t`,
 * the archival of Junos, the automatic backups of FortiOS, scripts of RouterOS. What is left without them is one backup with many versions.
 */
import { joinSafe, type SafePath } from './safe-path.ts';

/** What a device calls a backup, and which backup it is. */
export interface ArchiveName {
  /** The file that it is a version of. */
  readonly file: SafePath;
  /** True where the name as it was sent says more than that: which of its versions it is. */
  readonly isDated: boolean;
}

const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)';
const CLOCK = String.raw`(?:[01]\d|2[0-3])[-:_.h]?[0-5]\d(?:[-:_.m]?[0-5]\d)?(?:\.\d{1,6})?`;
/** Not inside a longer word or number. */
const BEGIN = '(?<![A-Za-z0-9])';
const END = '(?![A-Za-z0-9])';
const ZONE = '(?:-?[A-Z]{2,5}|Z)?';

interface TimePattern {
  /** Who writes it so. */
  readonly device: string;
  readonly pattern: RegExp;
}

/** The first that fits is taken out, once. */
const TIMES: readonly TimePattern[] = [
  {
    // `sw1-Nov-28-01-02-03.123-4`, `R1-Mar--1-00-02-11.643-UTC-0` (a day of one digit has a second hyphen); with `service timestamps … year` a year.
    device: 'Cisco IOS and IOS XE, archive with $t (Configuration Fundamentals Command Reference, archive path)',
    pattern: new RegExp(
      String.raw`${BEGIN}${MONTH}-{1,2}[0-3]?\d(?:-20\d\d)?-[0-2]\d-[0-5]\d-[0-5]\d(?:\.\d{1,3})?(?:-[A-Z]{2,5})?(?:-\d{1,3})?${END}`,
      'i',
    ),
  },
  {
    // `core1_20261128_010203_juniper.conf.gz`, `FGT60F_7-4_2571_202611280102.conf`, `sw1-2026-11-28T01:02:03Z.cfg`
    device: 'Junos archival, FortiOS, Aruba, EEM and kron scripts',
    pattern: new RegExp(
      String.raw`${BEGIN}20\d\d([-_.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?:[-_T. ]{0,2}${CLOCK}${ZONE}(?:[-+]\d\d:?\d\d)?)?${END}`,
    ),
  },
  {
    // `28-11-2026_01-02`, `11-28-2026`
    device: 'scripts',
    pattern: new RegExp(String.raw`${BEGIN}[0-3]?\d([-_.])[0-3]?\d\1(?:20)\d\d(?:[-_T. ]{0,2}${CLOCK}${ZONE})?${END}`),
  },
  {
    // `nov/28/2026`, in folders of that name
    device: 'RouterOS before 7.10, /system clock get date',
    pattern: new RegExp(String.raw`${BEGIN}${MONTH}[-/_]\d{1,2}[-/_]20\d\d(?:[-_T. ]{0,2}${CLOCK})?${END}`, 'i'),
  },
];

/** `sw1-7`: the counter that Cisco IOS puts behind a `path` without `$t`; it begins anew after 14. */
const COUNTER = /^(.+)-\d{1,3}$/;

/** What a backup is called whose whole name was a time. */
const NAMELESS = 'archive';

/**
 * The backup that a name means.
 * @param ownNames what the device is called, by the configuration or by itself: only behind one of these is a number a counter.
 */
export function archiveNameOf(path: SafePath, ownNames: readonly string[]): ArchiveName {
  for (const { pattern } of TIMES) {
    const match = pattern.exec(path);
    if (match === null) continue;
    const before = path.slice(0, match.index).replace(/[-_. ]+$/, '');
    const after = path.slice(match.index + match[0].length);
    return { file: joinedParts(before, after), isDated: true };
  }
  const stem = COUNTER.exec(path)?.[1];
  const own = stem?.slice(stem.lastIndexOf('/') + 1).toLowerCase();
  if (stem !== undefined && ownNames.some((name) => own === name.toLowerCase() || own === `${name.toLowerCase()}-confg`))
    return { file: joinSafe(stem), isDated: true };
  return { file: path, isDated: false };
}

/** What stood before the time and what stands behind it: `core1` and `_juniper.conf.gz`. */
function joinedParts(before: string, after: string): SafePath {
  const rest = before === '' || before.endsWith('/') ? after.replace(/^[-_ ]+/, '') : after;
  const isNameless = (before === '' || before.endsWith('/')) && (rest === '' || rest.startsWith('.'));
  return joinSafe(`${before}${isNameless ? NAMELESS : ''}${rest}`);
}
