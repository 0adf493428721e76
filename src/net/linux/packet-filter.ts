/**
 * Programs for the kernel's classic packet filter (BPF), which throws frames away before this process is woken. Pure.
 * A program is a list of checks, each of which must hold. Offsets count from the first octet of the Ethernet header.
 */
import { invariant } from '../../base/result.ts';

/** Where a check takes its number from. */
export type FilterValue =
  /** 1, 2 or 4 octets of the frame; `pastIpv4Header` counts `at` from the end of the IPv4 header, whose length differs. */
  | { readonly at: number; readonly octets: 1 | 2 | 4; readonly pastIpv4Header?: boolean }
  /** What the kernel knows of a frame and the frame does not say, linux/filter.h. */
  | { readonly of: 'packet-type' };

export interface FilterCheck {
  readonly value: FilterValue;
  /** `has-none-of`: none of these bits is set. */
  readonly is: 'equal' | 'at-least' | 'at-most' | 'has-none-of';
  readonly than: number;
}

const ANCILLARY = 0xfffff000;
const ANCILLARY_OFFSETS = { 'packet-type': 4 } as const;

const LOAD_ABSOLUTE = { 4: 0x20, 2: 0x28, 1: 0x30 } as const;
const LOAD_INDEXED = { 4: 0x40, 2: 0x48, 1: 0x50 } as const;
/** Loads the index register with four times the low half of an octet: the length of an IPv4 header. */
const LOAD_HEADER_LENGTH = 0xb1;
const JUMP_EQUAL = 0x15;
const JUMP_GREATER = 0x25;
const JUMP_GREATER_OR_EQUAL = 0x35;
const JUMP_ANY_BIT = 0x45;
const RETURN = 0x06;

const IPV4_AT = 14;

/** The jump for each check, and whether it is taken where the check holds. */
const JUMPS: Record<FilterCheck['is'], { readonly code: number; readonly holdsWhenTaken: boolean }> = {
  equal: { code: JUMP_EQUAL, holdsWhenTaken: true },
  'at-least': { code: JUMP_GREATER_OR_EQUAL, holdsWhenTaken: true },
  'at-most': { code: JUMP_GREATER, holdsWhenTaken: false },
  'has-none-of': { code: JUMP_ANY_BIT, holdsWhenTaken: false },
};

/**
 * Frames to this machine, to all, or to a group (PACKET_HOST, _BROADCAST, _MULTICAST, which are 0 to 2). A socket of one protocol is given
 * frames of tagged VLANs too, without their tag: the kernel marks them as somebody else's, like those that only pass by.
 */
export const FOR_THIS_MACHINE: FilterCheck = { value: { of: 'packet-type' }, is: 'at-most', than: 2 };

/** The program that lets a frame through, up to `octets` of it, when every check holds. A frame too short to be checked is thrown away. */
export function packetFilter(checks: readonly FilterCheck[], octets: number): Uint8Array {
  const parts = checks.map(({ value }) => loadOf(value));
  const last = parts.reduce((sum, loads) => sum + loads.length + 1, 0) + 1;
  invariant(last <= 255, 'a jump reaches 255 instructions at most');
  const program: Instruction[] = [];
  checks.forEach(({ is, than }, index) => {
    program.push(...(parts[index] ?? []));
    const { code, holdsWhenTaken } = JUMPS[is];
    const reject = last - program.length - 1;
    program.push({ code, whenTrue: holdsWhenTaken ? 0 : reject, whenFalse: holdsWhenTaken ? reject : 0, operand: than });
  });
  program.push({ code: RETURN, whenTrue: 0, whenFalse: 0, operand: octets }, { code: RETURN, whenTrue: 0, whenFalse: 0, operand: 0 });
  return encoded(program);
}

/** struct sock_filter. The jumps are numbers of instructions to skip. */
interface Instruction {
  readonly code: number;
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly operand: number;
}

function loadOf(value: FilterValue): readonly Instruction[] {
  if ('of' in value) return [load(LOAD_ABSOLUTE[4], ANCILLARY + ANCILLARY_OFFSETS[value.of])];
  const { at, octets, pastIpv4Header = false } = value;
  return pastIpv4Header ? [load(LOAD_HEADER_LENGTH, IPV4_AT), load(LOAD_INDEXED[octets], IPV4_AT + at)] : [load(LOAD_ABSOLUTE[octets], at)];
}

function load(code: number, operand: number): Instruction {
  return { code, whenTrue: 0, whenFalse: 0, operand };
}

/** In the machine's own byte order, as the kernel reads it. */
function encoded(program: readonly Instruction[]): Uint8Array {
  const octets = new Uint8Array(program.length * 8);
  program.forEach(({ code, whenTrue, whenFalse, operand }, index) => {
    const at = index * 8;
    octets.set(new Uint8Array(Uint16Array.of(code).buffer), at);
    octets.set([whenTrue, whenFalse], at + 2);
    octets.set(new Uint8Array(Uint32Array.of(operand).buffer), at + 4);
  });
  return octets;
}
