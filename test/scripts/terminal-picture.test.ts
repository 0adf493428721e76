/** The picture of a terminal: what is on its screen, in its colours, on its grid. */
import { describe, expect, test } from 'vitest';
import { terminalPicture } from '../../scripts/terminal-picture.ts';

const SIZE = { columns: 20, rows: 4 } as const;

function picture(text: string, more: object = {}): Promise<string> {
  return terminalPicture(new TextEncoder().encode(text), { ...SIZE, ...more });
}

describe('A picture of a terminal', () => {
  test.each<[what: string, written: string, shows: RegExp]>([
    ['text where it stands', 'a\r\n  b', /<text x="30.8" y="79.4" textLength="8.4"[^>]*>b<\/text>/],
    ['colours of the theme', '\u001b[32mready\u001b[0m', /fill="#6bc46d">ready</],
    ['bold and dim', '\u001b[1mloud\u001b[0m \u001b[2mquiet', /font-weight="bold">loud<.*opacity="0.65">quiet</s],
    ['colours the other way round', '\u001b[7mx\u001b[0m', /fill="#d7dde4" shape.*fill="#15191e">x</s],
    [
      'half blocks as rectangles without gaps',
      '▀▀▄',
      /<rect x="14" y="48" width="16.8" height="9"[^>]*\/>\n<rect x="30.8" y="57" width="8.4" height="9"/,
    ],
    ['what is markup elsewhere as text', '<a & b>', />&lt;a\u00a0&amp;\u00a0b&gt;</],
    ['a wide character in two columns', '電b', /textLength="25.2"[^>]*>電b</],
  ])('shows %s', async (_what, written, shows) => {
    expect(await picture(written)).toMatch(shows);
  });

  test('is of the screen and not of what has gone out at the top', async () => {
    const svg = await picture('one\r\ntwo\r\nthree\r\nfour\r\nfive');
    expect(svg).not.toContain('>one<');
    expect(svg).toContain('>five<');
  });

  test('is of an earlier moment where fewer octets are asked for', async () => {
    const svg = await picture('before\r\u001b[2Kafterwards', { octets: 6 });
    expect(svg).toContain('>before<');
    expect(svg).not.toContain('afterwards');
  });

  test('is the same for the same octets, and another one in the light', async () => {
    expect(await picture('\u001b[31mx')).toBe(await picture('\u001b[31mx'));
    expect(await picture('\u001b[31mx', { theme: 'light' })).not.toBe(await picture('\u001b[31mx'));
  });
});
