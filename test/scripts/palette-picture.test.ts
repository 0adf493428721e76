/** Pictures with few colours: what comes out is the same picture, as a decoder of its own reads it. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withFewColours } from '../../scripts/palette-picture.ts';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

function chunk(type: string, data: Uint8Array): Buffer {
  const typed = Buffer.concat([Buffer.from(type), data]);
  const ends = [Buffer.alloc(4), Buffer.alloc(4)] as const;
  ends[0].writeUInt32BE(data.length);
  ends[1].writeUInt32BE(crc32(typed));
  return Buffer.concat([ends[0], typed, ends[1]]);
}

/** A PNG of three channels, each row with the filter that is its number modulo five (PNG specification, §9.2). */
function pngOf(width: number, rows: readonly (readonly number[])[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(rows.length, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const filtered = rows.flatMap((row, y) => {
    const at = (of: readonly number[] | undefined, x: number) => (x < 0 ? 0 : (of?.[x] ?? 0));
    const above = rows[y - 1];
    return [
      y % 5,
      ...row.map((octet, x) => {
        const [left, up, corner] = [at(row, x - 3), at(above, x), at(above, x - 3)];
        const estimate = left + up - corner;
        const paeth = [left, up, corner].toSorted((a, b) => Math.abs(estimate - a) - Math.abs(estimate - b))[0] ?? 0;
        return (octet - ([0, left, up, (left + up) >> 1, paeth][y % 5] ?? 0)) & 255;
      }),
    ];
  });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(filtered))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The colours of a PNG with a palette and unfiltered rows, row by row. */
function coloursOf(png: Uint8Array, width: number): readonly string[] {
  const octets = Buffer.from(png);
  const parts: Record<string, Buffer> = {};
  for (let at = 8; at < octets.length; ) {
    const length = octets.readUInt32BE(at);
    parts[octets.toString('latin1', at + 4, at + 8)] = octets.subarray(at + 8, at + 8 + length);
    at += length + 12;
  }
  const [table, rows] = [parts['PLTE'] ?? Buffer.alloc(0), inflateSync(parts['IDAT'] ?? Buffer.alloc(0))];
  return Array.from(rows)
    .filter((_octet, at) => at % (width + 1) > 0)
    .map((index) => table.subarray(index * 3, index * 3 + 3).toString('hex'));
}

describe('A picture with few colours', () => {
  it('is the same where it had no more than 256, whatever the filters of its rows', () => {
    const picture = fc.integer({ min: 1, max: 8 }).chain((width) =>
      fc.tuple(
        fc.constant(width),
        fc.array(fc.array(fc.integer({ min: 0, max: 255 }), { minLength: width * 3, maxLength: width * 3 }), {
          minLength: 1,
          maxLength: 12,
        }),
      ),
    );
    fc.assert(
      fc.property(picture, ([width, rows]) => {
        const wanted = rows.flatMap((row) => Buffer.from(row).toString('hex').match(/.{6}/g) ?? []);
        expect(coloursOf(withFewColours(pngOf(width, rows)), width)).toEqual(wanted);
      }),
    );
  });

  it('has the nearest of the 256 most frequent where it had more', () => {
    const shades = Array.from({ length: 256 }, (_none, shade) => [shade, shade, shade, shade, shade, shade]).flat();
    const row = [...shades, 10, 10, 11, 200, 201, 200];
    const colours = coloursOf(withFewColours(pngOf(row.length / 3, [row])), row.length / 3);
    expect(colours.slice(-2)).toEqual(['0a0a0a', 'c8c8c8']);
  });

  it('is refused where it is none', () => {
    expect(() => withFewColours(Buffer.from('GIF89a, and nothing more that matters'))).toThrow('this is no PNG');
  });
});
