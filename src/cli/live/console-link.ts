/** The way to the console's page from another machine: an address with the token behind `#`, which no server is sent, and the same as a QR code. */
import { readFile } from 'node:fs/promises';
import { encode } from 'uqr';
import { type Ipv4, ipv4, showIpv4 } from '../../base/addresses.ts';

const ALL_ADDRESSES = ipv4(0);

/** Where a console that listens there can be reached: at 0.0.0.0 it is at every address of ours, and those that are served come first. */
export function linkAddress(listen: Ipv4, served: readonly Ipv4[]): Ipv4 {
  return listen === ALL_ADDRESSES ? (served[0] ?? listen) : listen;
}

/** A secret, as it holds the token. */
export function consoleLink(address: Ipv4, port: number, token: string): string {
  return `http://${showIpv4(address)}:${port}/#token=${token}`;
}

/** What is in the file of the token; undefined when it is not there, or may not be read. */
export async function readToken(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trim() === '' ? undefined : text.trim();
}

/** ISO/IEC 18004 §9.1 asks for four light modules around the code. */
const QUIET_ZONE = 4;
/** The first sixteen colours are the theme's, these are not: black on white in dark and light windows. */
const BLACK_ON_WHITE = '\u001b[38;5;16;48;5;231m';
const BLOCKS = { none: ' ', upper: '▀', lower: '▄', both: '█' } as const;

/** The text as lines of half blocks: two modules in one character, one above the other. */
export function qrLines(text: string): readonly string[] {
  const { data } = encode(text, { ecc: 'L', border: QUIET_ZONE });
  const lines: string[] = [];
  for (let row = 0; row < data.length; row += 2) {
    const [upper = [], lower = []] = [data[row], data[row + 1]];
    const blocks = upper.map((isDark, column) => {
      const isDarkBelow = lower[column] ?? false;
      if (isDark) return isDarkBelow ? BLOCKS.both : BLOCKS.upper;
      return isDarkBelow ? BLOCKS.lower : BLOCKS.none;
    });
    lines.push(`${BLACK_ON_WHITE}${blocks.join('')}\u001b[0m`);
  }
  return lines;
}
