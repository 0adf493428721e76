import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipv4, type Mac } from '../../src/base/addresses.ts';
import { invariant } from '../../src/base/result.ts';
import { type FilterCheck, packetFilter } from '../../src/net/linux/packet-filter.ts';
import { udpFrame } from '../../src/net/linux/raw-frame.ts';
import { SERVER_MESSAGES } from '../../src/net/linux/reply-sniffer.ts';
import { readOverheardReply } from '../../src/net/overheard-reply.ts';

/** The kernel's interpreter for the instructions that filters here are made of; gives how many octets of the frame pass. */
function passes(program: Uint8Array, frame: Uint8Array, packetType = 0): number {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  let [accumulator, index] = [0, 0];
  for (let at = 0; at * 8 < program.length; at += 1) {
    const [code, operand] = [view.getUint16(at * 8, true), view.getUint32(at * 8 + 4, true)];
    const jump = (condition: boolean) => view.getUint8(at * 8 + (condition ? 2 : 3));
    switch (code) {
      case 0x20:
      case 0x28:
      case 0x30:
      case 0x48:
      case 0x50: {
        if (operand === 0xfffff004) {
          accumulator = packetType;
          break;
        }
        const octets = { 32: 4, 40: 2, 48: 1, 72: 2, 80: 1 }[code];
        const from = operand + (code >= 0x40 ? index : 0);
        if (from + octets > frame.length) return 0;
        accumulator = frame.subarray(from, from + octets).reduce((sum, octet) => sum * 256 + octet, 0);
        break;
      }
      case 0xb1:
        if (operand >= frame.length) return 0;
        index = ((frame[operand] ?? 0) & 15) * 4;
        break;
      case 0x15:
        at += jump(accumulator === operand);
        break;
      case 0x25:
        at += jump(accumulator > operand);
        break;
      case 0x35:
        at += jump(accumulator >= operand);
        break;
      case 0x45:
        at += jump((accumulator & operand) !== 0);
        break;
      case 0x06:
        return operand;
      default:
        throw new Error(`instruction ${code}`);
    }
  }
  throw new Error('it ran off its end, which the kernel would not have loaded');
}

interface FrameParts {
  readonly toPort?: number;
  readonly operation?: number;
  readonly options?: number;
  readonly protocol?: number;
  readonly fragment?: number;
}

/** A UDP frame that holds a DHCP message of 300 octets, with IPv4 options in words of four octets. */
function frameOf({ toPort = 68, operation = 2, options = 0, protocol = 17, fragment = 0 }: FrameParts): Uint8Array {
  const payload = new Uint8Array(300);
  payload[0] = operation;
  payload.set([99, 130, 83, 99, 53, 1, 2, 255], 236);
  const frame = udpFrame(
    '02:00:00:00:00:01' as Mac,
    {
      from: { address: ipv4(0x0a000001), port: 67 },
      to: { address: ipv4(0xffffffff), port: toPort },
      hardwareAddress: 'ff:ff:ff:ff:ff:ff' as Mac,
      payload,
    },
    1500,
  );
  invariant(frame.ok, 'it fits');
  const header = Uint8Array.from(frame.value.subarray(0, 34));
  header[14] = 0x45 + options;
  header[20] = fragment >> 8;
  header[21] = fragment & 255;
  header[23] = protocol;
  return Uint8Array.of(...header, ...new Uint8Array(options * 4).fill(1), ...frame.value.subarray(34));
}

describe('the filter of server messages', () => {
  test.each<[string, FrameParts, boolean]>([
    ['a reply to a client', {}, true],
    ['a reply to a relay agent', { toPort: 67 }, true],
    ['one behind an IPv4 header with options', { options: 3 }, true],
    ['the first piece of a fragmented one', { fragment: 0x2000 }, true],
    ['a later piece', { fragment: 0x2001 }, false],
    ['a question', { toPort: 67, operation: 1 }, false],
    ['the port below', { toPort: 66 }, false],
    ['the port above', { toPort: 69 }, false],
    ['TCP', { protocol: 6 }, false],
  ])('%s', (_what, parts, isHeard) => {
    expect(passes(SERVER_MESSAGES, frameOf(parts)) > 0).toBe(isHeard);
    if (isHeard) expect(readOverheardReply(frameOf(parts))).toMatchObject({ toPort: parts.toPort ?? 68, type: 'OFFER' });
  });

  test.each([
    ['to this machine', 0, true],
    ['to all', 1, true],
    ['to a group', 2, true],
    ['to another machine, or of a tagged VLAN', 3, false],
    ['by this machine', 4, false],
  ])('%s', (_what, packetType, isHeard) => {
    expect(passes(SERVER_MESSAGES, frameOf({}), packetType) > 0).toBe(isHeard);
  });

  test('throws a frame away that is too short to be judged', () => {
    for (let length = 0; length <= 42; length += 1) expect(passes(SERVER_MESSAGES, frameOf({}).subarray(0, length))).toBe(0);
    expect(passes(SERVER_MESSAGES, frameOf({}).subarray(0, 43))).toBeGreaterThan(0);
  });
});

describe('packetFilter', () => {
  test('lets everything through without a check, up to the length asked for', () => {
    expect(passes(packetFilter([], 128), Uint8Array.of(1))).toBe(128);
  });

  test.each([
    ['equal', (value: number, than: number) => value === than],
    ['at-least', (value: number, than: number) => value >= than],
    ['at-most', (value: number, than: number) => value <= than],
    ['has-none-of', (value: number, than: number) => (value & than) === 0],
  ] as const)('%s, however many checks stand around it', (is, holds) => {
    const always = (count: number): FilterCheck[] =>
      Array.from({ length: count }, () => ({ value: { at: 0, octets: 1 }, is: 'at-least', than: 0 }));
    const counts = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(fc.nat(0xffff), fc.nat(0xffff), counts, counts, (value, than, before, behind) => {
        const check = { value: { at: 0, octets: 2 }, is, than } as const;
        const program = packetFilter([...always(before), check, ...always(behind)], 9);
        expect(passes(program, Uint8Array.of(value >> 8, value & 255))).toBe(holds(value, than) ? 9 : 0);
      }),
    );
  });
});
