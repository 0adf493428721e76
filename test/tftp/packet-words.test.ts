import { describe, expect, it } from 'vitest';
import { tftpWords } from '../../src/tftp/packet-words.ts';
import { goldenList, goldenOctets } from '../support/golden.ts';

interface Vector {
  readonly name: string;
  readonly what: string;
  readonly expect: {
    readonly type?: string;
    readonly filename?: string;
    readonly options?: readonly (readonly [string, string])[];
    readonly block?: number;
    readonly code?: number;
    readonly message?: string;
    readonly parseError?: string;
  };
}

describe('packets of real clients in words (RFC 1350 §5)', () => {
  it.each(goldenList<Vector>('tftp'))('$name: $what', ({ name, expect: wanted }) => {
    const { summary, fields } = tftpWords(goldenOctets(name));
    const shownAs = (field: string) => fields.find((each) => each.name === field)?.value;
    expect(fields.some((field) => field.name === 'malformed')).toBe(wanted.parseError !== undefined);
    if (wanted.parseError !== undefined) return;
    expect(summary.split(' ')[0]).toBe(wanted.type);
    if (wanted.filename !== undefined) expect(shownAs('filename')).toBe(wanted.filename);
    if (wanted.block !== undefined) expect(shownAs('block')).toBe(String(wanted.block));
    if (wanted.code !== undefined) expect(shownAs('error code')).toMatch(new RegExp(`^${wanted.code} \\(`));
    if (wanted.message !== undefined) expect(shownAs('error message')).toBe(wanted.message);
    const options = fields.filter((field) => field.name.startsWith('option '));
    expect(options.map((field) => [field.name.slice(7), field.value])).toEqual(wanted.options ?? []);
  });
});

describe('a packet in words', () => {
  it.each<[text: string, summary: string]>([
    ['\0\x01a\0octet\0blksize\x001468\0', 'RRQ a'],
    ['\0\x06blksize\x001468\0tsize\x005\0', 'OACK blksize=1468 tsize=5'],
    ['\0\x05\0\x01no such file\0', 'ERROR 1 (file not found) no such file'],
    ['\0\x05\0\x63gone', 'ERROR 99 (unknown) gone (without its NUL)'],
    ['\0\x01a\0octet\0blksize\0', 'RRQ a, malformed: option blksize has no value'],
    ['\0\x01a\0octet\0blksize\x0014', 'RRQ a, malformed: option blksize has a value without its NUL'],
    ['\0\x01abc', 'RRQ abc (without its NUL), malformed: the file name has no NUL'],
    ['\0\x01', 'RRQ, malformed: no file name'],
    ['\0\x04\0', 'ACK, malformed: the packet ends before its number'],
    ['\0\x03\0\x07abc', 'DATA 7'],
    ['\0\x09xyz', 'malformed: unknown opcode 9'],
    ['\0', 'malformed: only 1 octet'],
    ['\0\x01\x1b[2J\0octet\0', 'RRQ \\x1b[2J'],
  ])('%j is %s', (text, summary) => {
    expect(tftpWords(Uint8Array.from(Buffer.from(text, 'latin1'))).summary).toBe(summary);
  });

  it('says what of it was not kept', () => {
    expect(tftpWords(Uint8Array.of(0, 1, 97), 300).fields.at(-1)).toEqual({ name: 'cut', value: '297 more octets not kept' });
  });
});
