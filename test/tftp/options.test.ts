import { describe, expect, test } from 'vitest';
import { negotiate } from '../../src/tftp/options.ts';
import type { TftpRequest } from '../../src/tftp/packet.ts';

const LIMITS = { maxBlockSize: 1468, maxWindow: 64, maxUploadSize: 1000 };

function request(type: 'rrq' | 'wrq', options: readonly (readonly [string, string])[], mode = 'octet'): TftpRequest {
  return { type, fileName: 'f', mode, options: options.map(([name, value]) => ({ name, value })) };
}

/** `name=value …` of the answer. */
function answer(options: readonly (readonly [string, string])[], type: 'rrq' | 'wrq' = 'rrq', mode = 'octet', limits = LIMITS): string {
  const terms = negotiate(request(type, options, mode), type === 'rrq' ? 10000 : undefined, limits);
  if (!terms.ok) return `ERROR ${terms.error.code}`;
  return terms.value.answer.map(({ name, value }) => `${name}=${value}`).join(' ');
}

describe('a single option', () => {
  test.each([
    ['RFC 2348 §1 as asked', 'blksize', '1428', 'blksize=1428'],
    ['RFC 2348 §1 smallest', 'blksize', '8', 'blksize=8'],
    ['RFC 2348 §1 lowered to our maximum', 'blksize', '8192', 'blksize=1468'],
    ['RFC 2348 §1 above 65464', 'blksize', '65465', 'blksize=1468'],
    ['RFC 2348 §1 below 8', 'blksize', '7', ''],
    ['RFC 2348 §1 zero', 'blksize', '0', ''],
    ['RFC 2348 §1 negative', 'blksize', '-512', ''],
    ['RFC 2348 §1 not a number', 'blksize', 'abc', ''],
    ['RFC 2348 §1 a number and more', 'blksize', '1024abc', ''],
    ['RFC 2348 §1 hexadecimal', 'blksize', '0x200', ''],
    ['RFC 2348 §1 a fraction', 'blksize', '512.5', ''],
    ['RFC 2348 §1 empty', 'blksize', '', ''],
    ['RFC 2348 §1 not modulo 2^32', 'blksize', String(2 ** 32 + 512), 'blksize=1468'],
    ['RFC 2348 §1 400 digits', 'blksize', '9'.repeat(400), 'blksize=1468'],
    ['RFC 2347 §1 name in any case, answered in lower case', 'BlkSize', '1024', 'blksize=1024'],
    ['RFC 7440 §3 as asked', 'windowsize', '16', 'windowsize=16'],
    ['RFC 7440 §3 one', 'windowsize', '1', 'windowsize=1'],
    ['RFC 7440 §3 lowered to our maximum', 'windowsize', '65535', 'windowsize=64'],
    ['RFC 7440 §3 zero', 'windowsize', '0', ''],
    ['RFC 7440 §3 negative', 'windowsize', '-4', ''],
    ['RFC 2349 §3 as asked', 'timeout', '3', 'timeout=3'],
    ['RFC 2349 §3 longest', 'timeout', '255', 'timeout=255'],
    ['RFC 2349 §3 zero', 'timeout', '0', ''],
    ['RFC 2349 §3 above 255', 'timeout', '256', ''],
    ['RFC 2349 §3 not a number', 'timeout', 'soon', ''],
    ['RFC 2349 §4 the size of the file', 'tsize', '0', 'tsize=10000'],
    ['RFC 2349 §4 negative', 'tsize', '-1', ''],
    ['RFC 2090 multicast is not served', 'multicast', '', ''],
    ['unknown', 'xyzzy', '42', ''],
  ])('%s: %s=%s', (_name, option, value, expected) => {
    expect(answer([[option, value]])).toBe(expected);
  });
});

describe('several options', () => {
  test("in the client's order, never one that was not asked for (RFC 2347 §2)", () => {
    expect(
      answer([
        ['tsize', '0'],
        ['grandstream_ID', '1'],
        ['windowsize', '4'],
        ['blksize', '1024'],
      ]),
    ).toBe('tsize=10000 windowsize=4 blksize=1024');
  });

  test('given twice: the first counts (RFC 2347 §1)', () => {
    expect(
      answer([
        ['blksize', '1024'],
        ['BLKSIZE', '600'],
      ]),
    ).toBe('blksize=1024');
  });

  test('a bad one does not hide a good one of the same name', () => {
    expect(
      answer([
        ['blksize', 'x'],
        ['blksize', '600'],
      ]),
    ).toBe('blksize=600');
  });
});

describe('the terms that follow', () => {
  test('defaults without options (RFC 1350 §2)', () => {
    expect(negotiate(request('rrq', []), 1, LIMITS)).toEqual({
      ok: true,
      value: { blockSize: 512, window: 1, intervalMs: undefined, answer: [] },
    });
  });

  test('what was granted, not what was asked', () => {
    const terms = negotiate(
      request('rrq', [
        ['blksize', '65464'],
        ['windowsize', '100'],
        ['timeout', '2'],
      ]),
      1,
      LIMITS,
    );
    expect(terms.ok && terms.value).toMatchObject({ blockSize: 1468, window: 64, intervalMs: 2000 });
  });

  test('a wide limit still ends at what the wire allows (RFC 2348 §1, RFC 7440 §3)', () => {
    const wide = { maxBlockSize: 1e9, maxWindow: 1e9, maxUploadSize: 1 };
    expect(
      answer(
        [
          ['blksize', '99999'],
          ['windowsize', '99999'],
        ],
        'rrq',
        'octet',
        wide,
      ),
    ).toBe('blksize=65464 windowsize=65535');
  });
});

describe('tsize (RFC 2349 §4)', () => {
  test('left out in netascii, where the octets sent are more than the file has', () =>
    expect(answer([['tsize', '0']], 'rrq', 'netascii')).toBe(''));
  test('echoed in an upload', () => expect(answer([['tsize', '1000']], 'wrq')).toBe('tsize=1000'));
  test('ERROR 3 when an upload announces too much', () => expect(answer([['tsize', '1001']], 'wrq')).toBe('ERROR 3'));
  test('ERROR 3 for a number beyond all numbers', () => expect(answer([['tsize', '9'.repeat(400)]], 'wrq')).toBe('ERROR 3'));
});
