import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../../src/base/bytes.ts';
import { type ClassMatch, classFits } from '../../src/boot/class-match.ts';
import { parseHex } from '../../src/dhcp/octet-notation.ts';
import { type DhcpRequest, readRequest } from '../../src/dhcp/request.ts';
import { LAN, message, text } from '../support/dhcp-client.ts';
import { subnet } from '../support/dhcp-engine.ts';

const bench = subnet({ name: 'bench' });

function request(mac: string, options: readonly (readonly [number, Uint8Array])[] = []): DhcpRequest {
  const read = readRequest(message('DISCOVER', mac, { options }), LAN);
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

function octets(notation: string): Uint8Array {
  return parseHex(notation) ?? new Uint8Array();
}

/** Option 82 with one sub-option. */
function relayed(code: number, value: Uint8Array): readonly [number, Uint8Array] {
  return [82, Uint8Array.of(code, value.length, ...value)];
}

const MAC = 'dc:a6:32:01:02:03';
const ARM = [93, Uint8Array.of(0, 11)] as const;
const CISCO = text('\0cisco-c200.66bb.0000-Fa0/0');

describe('A class fits', () => {
  it.each<[what: string, match: ClassMatch, options: readonly (readonly [number, Uint8Array])[], fits: boolean]>([
    ['everybody, when it says nothing', {}, [], true],
    ['a beginning of a MAC', { mac: ['dc:a6:32:*'] }, [], true],
    ['a MAC in capitals with hyphens', { mac: ['DC-A6-32-01-02-03'] }, [], true],
    ['a MAC with dots and a ? for a digit', { mac: ['dca6.3201.020?'] }, [], true],
    ['not another MAC', { mac: ['dc:a6:33:*'] }, [], false],
    ['one MAC of a list', { mac: ['00:*', 'dc:*'] }, [], true],
    ['an architecture (RFC 4578 §2.1)', { arch: ['bios', 'uefi-arm64'] }, [ARM], true],
    ['not another architecture', { arch: ['bios'] }, [ARM], false],
    ['not a client without one', { arch: ['bios'] }, [], false],
    ['a vendor class', { vendorClass: ['PXEClient*'] }, [[60, text('PXEClient:Arch:00011:UNDI:003016')]], true],
    [
      'a vendor class with a NUL behind it, as Cisco phones send',
      { vendorClass: ['*CP-7960G'] },
      [[60, text('IP Phone CP-7960G\0')]],
      true,
    ],
    ['binary octets of a vendor class, as Polycom sends', { vendorClass: ['0000363d*'] }, [[60, octets('00 00 36 3d 05 01')]], true],
    ['not a client without a vendor class', { vendorClass: ['*'] }, [], false],
    ['a user class as bare text, as iPXE sends', { userClass: ['iPXE'] }, [[77, text('iPXE')]], true],
    ['a user class with a length before it (RFC 3004 §4)', { userClass: ['iPXE'] }, [[77, text('\x04iPXE')]], true],
    ['the second of two user classes (RFC 3004 §4)', { userClass: ['lab'] }, [[77, text('\x02ab\x03lab')]], true],
    ['not half a user class', { userClass: ['lab'] }, [[77, text('\x02ab\x09lab')]], false],
    ['a client identifier in hexadecimal', { clientId: ['01:dc:a6:32:*'] }, [[61, octets('01dca632010203')]], true],
    ['a client identifier with 0x', { clientId: ['0x01dca6*'] }, [[61, octets('01dca632010203')]], true],
    ['a client identifier of text, its type 0 left out (RFC 2132 §9.14)', { clientId: ['cisco-*'] }, [[61, CISCO]], true],
    ['a client identifier of text, its type 0 written', { clientId: ['\0cisco-*'] }, [[61, CISCO]], true],
    ['text that could be hexadecimal', { clientId: ['cafe'] }, [[61, text('cafe')]], true],
    ['octets that could be text', { clientId: ['cafe'] }, [[61, octets('cafe')]], true],
    ['a circuit identifier (RFC 3046 §3.1)', { circuitId: ['00 04 00 0a *'] }, [relayed(1, octets('0004000a0102'))], true],
    ['a remote identifier (RFC 3046 §3.2)', { remoteId: ['access-?'] }, [relayed(2, text('access-1'))], true],
    ['a subscriber identifier (RFC 3993)', { subscriberId: ['floor-*'] }, [relayed(6, text('floor-2'))], true],
    ['not a circuit identifier where it is a remote one', { circuitId: ['access-1'] }, [relayed(2, text('access-1'))], false],
    ['not a client without a relay', { circuitId: ['*'] }, [], false],
    ['a network', { network: ['ben*'] }, [], true],
    ['not another network', { network: ['floor-2'] }, [], false],
    ['when all that is said fits', { arch: ['uefi-arm64'], mac: ['dc:*'], network: ['bench'] }, [ARM], true],
    ['not when one thing does not', { arch: ['uefi-arm64'], mac: ['00:*'], network: ['bench'] }, [ARM], false],
  ])('%s', (_what, match, options, fits) => {
    expect(classFits(match)(request(MAC, options), bench)).toBe(fits);
  });

  it('survives whatever options hold, and finds their octets again by their hexadecimal', () => {
    const value = fc.uint8Array({ minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(value, value, (identifier, userClass) => {
        const asked = request(MAC, [
          [61, identifier],
          [77, userClass],
        ]);
        expect(classFits({ clientId: [hex(identifier)], userClass: [hex(userClass)] })(asked, bench)).toBe(true);
        expect(classFits({ clientId: [`${hex(identifier)}00`] })(asked, bench)).toBe(false);
      }),
    );
  });
});
