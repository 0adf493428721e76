/** `bootlace web`: an address for this machine, or a link with the token and its code for another. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'uqr';
import { afterEach, describe, expect, test } from 'vitest';
import { consoleLink, linkAddress, qrLines } from '../../src/cli/live/console-link.ts';
import { webCommand } from '../../src/cli/web.ts';
import { ip } from '../support/addresses.ts';
import { MemoryOutput } from '../support/memory-output.ts';
import { removeScratch, scratch } from '../support/scratch.ts';

const TOKEN = 'abcdefghijklmnopqrstuvwxyz012345';
const LINK = `http://192.168.77.1:8067/#token=${TOKEN}`;

async function web(listen: string, options: { token?: string; flags?: string[]; isTerminal?: boolean } = {}): Promise<MemoryOutput> {
  const folder = scratch('web');
  const file = join(folder, 'config.yaml');
  writeFileSync(
    file,
    `networks: [{ name: bench, interface: eth7, address: 192.168.77.1/24, assign: true }]\nweb: { listen: '${listen}' }\n`,
  );
  mkdirSync(join(folder, 'data'));
  if (options.token !== undefined) writeFileSync(join(folder, 'data', 'web-token'), `${options.token}\n`);
  const output = new MemoryOutput(folder, { isTerminal: options.isTerminal ?? false });
  await webCommand(output).parseAsync(['--config', file, ...(options.flags ?? [])], { from: 'user' });
  return output;
}

afterEach(removeScratch);

describe('bootlace web', () => {
  test('gives the address on the loopback, and says how others would reach it', async () => {
    const output = await web('127.0.0.1:8067', { isTerminal: true });
    expect(output.lines).toEqual(['http://127.0.0.1:8067/']);
    expect(output.notes.join()).toContain('`web: { listen: 192.168.77.1:8067 }`');
    expect(output.hasFailed).toBe(false);
  });

  test.each<[what: string, listen: string, options: Parameters<typeof web>[1], rows: number]>([
    ['the link alone where no terminal is', '192.168.77.1:8067', { token: TOKEN }, 1],
    ['the link and its code on a terminal', '192.168.77.1:8067', { token: TOKEN, isTerminal: true }, 22],
    ['the link and its code where it is asked for', '192.168.77.1:8067', { token: TOKEN, flags: ['--qr'] }, 22],
    ['the address of a served network for all addresses', '0.0.0.0:8067', { token: TOKEN }, 1],
  ])('gives %s', async (_what, listen, options, rows) => {
    const output = await web(listen, options);
    expect(output.lines[0]).toBe(LINK);
    expect(output.lines).toHaveLength(rows);
    expect(output.notes).toEqual([]);
  });

  test.each<[what: string, listen: string, note: string]>([
    ['there is no token', '192.168.77.1:8067', 'there is no token to be read in /data/web-token'],
    ['the console is off', 'off', 'the console is off: write `web: { listen: 192.168.77.1:8067 }`'],
  ])('fails and says what to do where %s', async (_what, listen, note) => {
    const output = await web(listen);
    expect(output.lines).toEqual([]);
    expect(output.notes.join()).toContain(note);
    expect(output.exitCode).toBe(1);
  });
});

describe('The code', () => {
  test('has the modules of the text, with four light ones around them, in black on white of any theme', () => {
    const lines = qrLines(LINK).map((line) => {
      expect(line.startsWith('\u001b[38;5;16;48;5;231m') && line.endsWith('\u001b[0m')).toBe(true);
      return line.slice('\u001b[38;5;16;48;5;231m'.length, -'\u001b[0m'.length);
    });
    const { size, data } = encode(LINK, { ecc: 'L', border: 0 });
    expect(lines.every((line) => line.length === size + 8)).toBe(true);
    const isDark = (row: number, column: number) => {
      const block = lines[row >> 1]?.[column];
      return block === '█' || block === (row % 2 === 0 ? '▀' : '▄');
    };
    for (let row = 0; row < size + 8; row += 1) {
      for (let column = 0; column < size + 8; column += 1) expect(isDark(row, column)).toBe(data[row - 4]?.[column - 4] ?? false);
    }
  });

  test('is for an address that can be reached', () => {
    const [all, own, served] = [ip('0.0.0.0'), ip('10.0.0.1'), ip('192.168.77.1')];
    expect(linkAddress(all, [served, own])).toBe(served);
    expect(linkAddress(own, [served])).toBe(own);
    expect(consoleLink(served, 8067, TOKEN)).toBe(LINK);
  });
});
