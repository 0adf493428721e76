import { describe, expect, test } from 'vitest';
import { latin1Bytes } from '../../src/base/bytes.ts';
import { decodePacket, encodePacket, type PacketFault, type TftpPacket } from '../../src/tftp/packet.ts';

const wire = (text: string) => latin1Bytes(text);

describe('the six packets on the wire (RFC 1350 §5, RFC 2347 §2)', () => {
  const cases: readonly { name: string; packet: TftpPacket; octets: string }[] = [
    { name: 'RRQ', packet: { type: 'rrq', fileName: 'a/b', mode: 'octet', options: [] }, octets: '\x00\x01a/b\0octet\0' },
    {
      name: 'WRQ with options in their own case and order (RFC 2347 §1)',
      packet: {
        type: 'wrq',
        fileName: 'x',
        mode: 'netascii',
        options: [
          { name: 'TSize', value: '7' },
          { name: 'blksize', value: '1428' },
        ],
      },
      octets: '\x00\x02x\0netascii\0TSize\x007\0blksize\x001428\0',
    },
    { name: 'DATA', packet: { type: 'data', block: 258, octets: wire('hello') }, octets: '\x00\x03\x01\x02hello' },
    { name: 'DATA without octets', packet: { type: 'data', block: 3, octets: wire('') }, octets: '\x00\x03\x00\x03' },
    { name: 'ACK', packet: { type: 'ack', block: 65535 }, octets: '\x00\x04\xff\xff' },
    { name: 'ERROR', packet: { type: 'error', code: 1, message: 'no' }, octets: '\x00\x05\x00\x01no\0' },
    { name: 'OACK', packet: { type: 'oack', options: [{ name: 'tsize', value: '0' }] }, octets: '\x00\x06tsize\x000\0' },
    { name: 'OACK without options', packet: { type: 'oack', options: [] }, octets: '\x00\x06' },
  ];
  test.each(cases)('$name', ({ packet, octets }) => {
    expect(encodePacket(packet)).toEqual(wire(octets));
    expect(decodePacket(wire(octets))).toEqual({ ok: true, value: packet });
  });
});

describe('what is not a packet, with the place where it shows (RFC 1350 §5)', () => {
  const cases: readonly { name: string; octets: string; fault: PacketFault }[] = [
    { name: 'nothing', octets: '', fault: { reason: 'short', offset: 0 } },
    { name: 'one octet', octets: '\0', fault: { reason: 'short', offset: 0 } },
    { name: 'an ACK cut in its number', octets: '\x00\x04\0', fault: { reason: 'short', offset: 2 } },
    { name: 'a DATA without number', octets: '\x00\x03', fault: { reason: 'short', offset: 2 } },
    { name: 'opcode 0', octets: '\0\0f\0octet\0', fault: { reason: 'unknown-opcode', offset: 0 } },
    { name: 'opcode 7', octets: '\x00\x07', fault: { reason: 'unknown-opcode', offset: 0 } },
    { name: 'an opcode in the wrong octet order', octets: '\x01\0f\0octet\0', fault: { reason: 'unknown-opcode', offset: 0 } },
    { name: 'a bare RRQ', octets: '\x00\x01', fault: { reason: 'no-file-name', offset: 2 } },
    { name: 'an empty name', octets: '\x00\x01\0octet\0', fault: { reason: 'no-file-name', offset: 2 } },
    { name: 'a name without NUL', octets: '\x00\x01f1000', fault: { reason: 'no-file-name', offset: 2 } },
    { name: 'no mode', octets: '\x00\x01f\0', fault: { reason: 'no-mode', offset: 4 } },
    { name: 'an empty mode', octets: '\x00\x01f\0\0', fault: { reason: 'no-mode', offset: 4 } },
    { name: 'a mode without NUL', octets: '\x00\x01f\0octet', fault: { reason: 'no-mode', offset: 4 } },
  ];
  test.each(cases)('$name', ({ octets, fault }) => {
    expect(decodePacket(wire(octets))).toEqual({ ok: false, error: fault });
  });
});

describe('tolerance', () => {
  const request = { type: 'rrq', fileName: 'f', mode: 'octet', options: [] } as const;

  test('the mode is read in any case (RFC 1350 §5)', () => {
    expect(decodePacket(wire('\x00\x01f\0OcTeT\0'))).toEqual({ ok: true, value: request });
  });

  test.each([
    ['a value without NUL', 'blksize\x001024'],
    ['a name without value', 'blksize\0'],
    ['a name without NUL', 'blksize'],
  ])('%s is left out (RFC 2347 §1)', (_name, tail) => {
    expect(decodePacket(wire(`\x00\x01f\0octet\0${tail}`))).toEqual({ ok: true, value: request });
  });

  test('names keep octets above 127', () => {
    const decoded = decodePacket(wire('\x00\x01caf\xe9-\xff\0octet\0'));
    expect(decoded).toEqual({ ok: true, value: { ...request, fileName: 'caf\xe9-\xff' } });
  });

  test('a request of more than 512 octets with many options (RFC 2347 §1 sets 512)', () => {
    const tail = Array.from({ length: 100 }, (_, n) => `o${n}\0${n}\0`).join('');
    const decoded = decodePacket(wire(`\x00\x01${'d/'.repeat(200)}f\0octet\0${tail}`));
    expect(decoded.ok && decoded.value.type === 'rrq' && decoded.value.options.length).toBe(100);
  });

  test('an ERROR whose text lacks its NUL, and an ACK with padding', () => {
    expect(decodePacket(wire('\x00\x05\x00\x08stop'))).toEqual({ ok: true, value: { type: 'error', code: 8, message: 'stop' } });
    expect(decodePacket(wire('\x00\x05\x00\x08'))).toEqual({ ok: true, value: { type: 'error', code: 8, message: '' } });
    expect(decodePacket(wire('\x00\x04\x00\x01\0\0\0'))).toEqual({ ok: true, value: { type: 'ack', block: 1 } });
  });
});
