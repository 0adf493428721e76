import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { showIpv4 } from '../../src/base/addresses.ts';
import { hex, latin1Text } from '../../src/base/bytes.ts';
import { type DhcpPacket, decodePacket, encodePacket } from '../../src/dhcp/packet.ts';
import { message, text } from '../support/dhcp-client.ts';

/** One packet of `test/golden/vectors` and what an independent parser reads in it. */
interface Vector {
  readonly name: string;
  readonly what: string;
  readonly expect: {
    readonly op: number;
    readonly htype: number;
    readonly hlen: number;
    readonly hops: number;
    readonly xid: string;
    readonly secs: number;
    readonly flags: number;
    readonly ciaddr: string;
    readonly yiaddr: string;
    readonly siaddr: string;
    readonly giaddr: string;
    readonly chaddr16: string;
    readonly file?: string;
    readonly sname?: string;
    readonly parseError?: string;
    /** Options as they stand in the options field, one entry a piece. */
    readonly options: readonly (readonly [number, string])[];
    readonly fileFieldOptions?: readonly (readonly [number, string])[];
    readonly snameFieldOptions?: readonly (readonly [number, string])[];
  };
}

const folder = new URL('../golden/vectors/', import.meta.url);
const vectors = JSON.parse(readFileSync(new URL('dhcp.json', folder), 'utf8')) as readonly Vector[];

function octetsOf(name: string): Uint8Array {
  return Uint8Array.from(Buffer.from(readFileSync(new URL(`${name}.hex`, folder), 'utf8').replace(/\s/g, ''), 'hex'));
}

/** All options joined, RFC 3396 §7, in the order options field, file, sname. */
function joinedOptions({ options, fileFieldOptions = [], snameFieldOptions = [] }: Vector['expect']): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [code, value] of [...options, ...fileFieldOptions, ...snameFieldOptions]) joined[code] = (joined[code] ?? '') + value;
  return joined;
}

/** What of `parseError` is a fault of the structure; an op that is no client's is a matter of `readRequest`. */
const STRUCTURE_FAULTS = vectors.filter(({ expect: { parseError } }) => parseError !== undefined && parseError !== 'op not 1');
const READABLE = vectors.filter((vector) => !STRUCTURE_FAULTS.includes(vector));

describe('Packets of real devices (RFC 2131 §2)', () => {
  it.each(READABLE)('$name: $what', ({ name, expect: wanted }) => {
    const decoded = decodePacket(octetsOf(name));
    expect(decoded.ok).toBe(true);
    if (!decoded.ok) return;
    const packet = decoded.value;
    expect({
      op: packet.operation,
      htype: packet.hardwareType,
      hlen: packet.hardwareLength,
      hops: packet.hops,
      xid: packet.transactionId.toString(16).padStart(8, '0'),
      secs: packet.seconds,
      flags: packet.flags,
      ciaddr: showIpv4(packet.clientAddress),
      yiaddr: showIpv4(packet.yourAddress),
      siaddr: showIpv4(packet.nextServer),
      giaddr: showIpv4(packet.relayAddress),
      chaddr16: hex(packet.hardwareAddress),
    }).toEqual({
      op: wanted.op,
      htype: wanted.htype,
      hlen: wanted.hlen,
      hops: wanted.hops,
      xid: wanted.xid,
      secs: wanted.secs,
      flags: wanted.flags,
      ciaddr: wanted.ciaddr,
      yiaddr: wanted.yiaddr,
      siaddr: wanted.siaddr,
      giaddr: wanted.giaddr,
      chaddr16: wanted.chaddr16,
    });
    if (wanted.fileFieldOptions === undefined) expect(latin1Text(packet.bootFile)).toBe(wanted.file ?? '');
    if (wanted.snameFieldOptions === undefined) expect(latin1Text(packet.serverName)).toBe(wanted.sname ?? '');
    const read = Object.fromEntries([...packet.options].map(([code, value]) => [code, hex(value)]));
    expect(read).toEqual(joinedOptions(wanted));
  });

  it.each(STRUCTURE_FAULTS)('$name is refused with a reason: $expect.parseError', ({ name }) => {
    expect(decodePacket(octetsOf(name))).toMatchObject({
      ok: false,
      error: { reason: expect.any(String) as string, offset: expect.any(Number) as number },
    });
  });
});

describe('Encoding', () => {
  const encoded = (packet: Partial<DhcpPacket>) => encodePacket(message('DISCOVER', '02:00:00:00:00:01', { packet }));

  it('fills up to the 300 octets of a BOOTP message (RFC 951)', () => {
    expect(encoded({}).length).toBe(300);
  });

  it('sends a value over 255 octets in pieces, which come back as one (RFC 3396 §5)', () => {
    const value = text('0123456789'.repeat(40));
    const octets = encoded({ options: new Map([[224, value]]) });
    expect(Array.from(octets.subarray(240, 242))).toEqual([224, 255]);
    expect(Array.from(octets.subarray(240 + 257, 240 + 259))).toEqual([224, 145]);
    const back = decodePacket(octets);
    expect(back.ok && back.value.options.get(224)).toEqual(value);
  });

  it('keeps an option without a value', () => {
    const back = decodePacket(encoded({ options: new Map([[80, new Uint8Array()]]) }));
    expect(back.ok && [...back.value.options]).toEqual([[80, new Uint8Array()]]);
  });
});
