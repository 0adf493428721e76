/** Where the options of a message stand, piece by piece: in the options field, and in file and sname where option 52 says so (RFC 2132 §9.3). */
import type { PacketField } from '../base/packet-field.ts';
import { showCount } from '../events/quantities.ts';
import { OPTION } from './codes.ts';

/** One piece of an option. All are offsets in the packet. */
export interface FoundOption {
  readonly code: number;
  /** Its code. */
  readonly first: number;
  /** The first octet of its value. */
  readonly value: number;
  /** Behind its last. */
  readonly end: number;
}

export interface OptionsRegion {
  readonly name: 'options' | 'file' | 'sname';
  readonly options: readonly FoundOption[];
  /** Runs of padding. */
  readonly pads: readonly (readonly [first: number, end: number])[];
  /** How it ends: its END, what stands behind that, and what is wrong. */
  readonly ends: readonly PacketField[];
}

const PAD = 0;
const END = 255;

/** All regions of a message that has a cookie, in the order in which they count. */
export function findOptions(octets: Uint8Array): readonly OptionsRegion[] {
  const main = regionAt(octets, 'options', 240, octets.length);
  const overload = main.options.find(({ code }) => code === OPTION.overload);
  const where = overload === undefined || overload.end === overload.value ? 0 : (octets[overload.value] ?? 0);
  return [
    main,
    ...(where === 1 || where === 3 ? [regionAt(octets, 'file', 108, 236)] : []),
    ...(where === 2 || where === 3 ? [regionAt(octets, 'sname', 44, 108)] : []),
  ];
}

function regionAt(octets: Uint8Array, name: OptionsRegion['name'], from: number, to: number): OptionsRegion {
  const options: FoundOption[] = [];
  const pads: [number, number][] = [];
  let at = from;
  while (at < to) {
    const code = octets[at] ?? END;
    if (code === END) return { name, options, pads, ends: endAt(octets, at, to) };
    if (code === PAD) {
      const first = at;
      while (at < to && octets[at] === PAD) at += 1;
      pads.push([first, at]);
      continue;
    }
    const length = at + 1 < to ? (octets[at + 1] ?? 0) : undefined;
    const left = to - at - 2;
    if (length === undefined || length > left) {
      const value = length === undefined ? `option ${code} has no length` : `option ${code} says ${length} octets and ${left} are left`;
      return { name, options, pads, ends: [{ name: 'malformed', value, octets: [at, to] }] };
    }
    options.push({ code, first: at, value: at + 2, end: at + 2 + length });
    at += 2 + length;
  }
  return { name, options, pads, ends: [{ name: 'end', value: `none: the ${name === 'options' ? 'packet' : 'field'} ends` }] };
}

function endAt(octets: Uint8Array, at: number, to: number): readonly PacketField[] {
  const end: PacketField = { name: 'end', value: '255', octets: [at, at + 1] };
  if (at + 1 >= to) return [end];
  const isEmpty = octets.subarray(at + 1, to).every((octet) => octet === PAD);
  const value = `${showCount(to - at - 1, 'octet')}${isEmpty ? ', all zero' : ' that nobody looks at (RFC 2132 §2)'}`;
  return [end, { name: 'behind the end', value, octets: [at + 1, to] }];
}
