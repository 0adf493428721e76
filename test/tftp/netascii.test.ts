import { describe, expect, test } from 'vitest';
import { latin1Bytes, latin1Text } from '../../src/base/bytes.ts';
import { encodeNetascii, NetasciiDecoder } from '../../src/tftp/netascii.ts';

describe('netascii (RFC 1350 §1, RFC 764)', () => {
  const cases = [
    { name: 'LF', file: 'a\nb\n', wire: 'a\r\nb\r\n' },
    { name: 'CR', file: 'a\rb', wire: 'a\r\0b' },
    { name: 'CR LF', file: 'a\r\nb', wire: 'a\r\0\r\nb' },
    { name: 'CR at the end', file: 'a\r', wire: 'a\r\0' },
    { name: 'nothing', file: '', wire: '' },
    { name: 'octets above 127 and NUL', file: '\xff\0\x80', wire: '\xff\0\x80' },
  ];
  test.each(cases)('$name', ({ file, wire }) => {
    expect(latin1Text(encodeNetascii(latin1Bytes(file)))).toBe(wire);
    expect(decoded([wire])).toBe(file);
  });

  test.each(cases)('$name, octet by octet: a pair may straddle two blocks', ({ file, wire }) => {
    expect(decoded([...wire])).toBe(file);
  });

  test('a CR that nothing follows, or something else, is kept', () => {
    expect(decoded(['a\r'])).toBe('a\r');
    expect(decoded(['a\rb\r\r\n'])).toBe('a\rb\r\n');
  });
});

function decoded(pieces: readonly string[]): string {
  const decoder = new NetasciiDecoder();
  return pieces.map((piece) => latin1Text(decoder.decode(latin1Bytes(piece)))).join('') + latin1Text(decoder.end());
}
