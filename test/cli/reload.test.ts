import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reloadCommand } from '../../src/cli/reload.ts';
import type { Diagnostic } from '../../src/config/diagnostics.ts';
import { type ControlAnswer, type ControlOrder, ControlServer, controlPath } from '../../src/server/control.ts';
import { MemoryOutput } from '../support/memory-output.ts';

let folder: string;
let server: ControlServer | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bootlace-reload-'));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

/** A server on `dataDir` that answers this. */
async function runs(dataDir: string, answer: ControlAnswer): Promise<ControlOrder[]> {
  const orders: ControlOrder[] = [];
  mkdirSync(join(folder, dataDir));
  server = await ControlServer.open(controlPath(join(folder, dataDir)), (order) => {
    orders.push(order);
    return Promise.resolve(answer);
  });
  return orders;
}

async function reload(yaml: string, ...flags: string[]): Promise<MemoryOutput> {
  const output = new MemoryOutput(`${folder}/`);
  const file = join(folder, 'config.yaml');
  writeFileSync(file, yaml);
  await reloadCommand(output).parseAsync(['--config', file, ...flags], { from: 'user' });
  return output;
}

const WRONG: Diagnostic = {
  severity: 'error',
  file: 'config.yaml',
  path: 'x',
  message: 'unknown key `x`',
  position: { line: 1, column: 1, length: 1, text: 'x: 1' },
};

describe('bootlace reload', () => {
  it('says what has changed', async () => {
    const orders = await runs('data', { ok: true, pid: 1, changes: ['network a is new', 'host b is gone'], diagnostics: [] });
    const output = await reload('');
    expect(orders).toEqual([{ do: 'reload' }]);
    expect([output.lines, output.notes, output.hasFailed]).toEqual([
      ['network a is new', 'host b is gone', '2 changes in force'],
      [],
      false,
    ]);
  });

  it('finds the server by a file in which everything else is wrong, shows all that is, and fails', async () => {
    await runs('own', { ok: false, error: 'the configuration is not used', reasons: ['line 1: x'], diagnostics: [WRONG] });
    const output = await reload('server: { dataDir: ./own, x: 1 }\nx: [\n');
    expect([output.lines, output.hasFailed]).toEqual([[], true]);
    expect(output.notes).toEqual([
      'config.yaml:1:1: error: unknown key `x`',
      '  1 | x: 1',
      '    | ^',
      '',
      'the configuration is not used; the one before stays in force',
    ]);
  });

  it('shows reasons that have no place in the file', async () => {
    await runs('data', { ok: false, error: 'the configuration is not used', reasons: ['server.user cannot change'], diagnostics: [] });
    expect((await reload('')).notes).toEqual(['server.user cannot change', 'the configuration is not used; the one before stays in force']);
  });

  it('gives the answer to programs with --json, however long it is', async () => {
    const changes = Array.from({ length: 20_000 }, (_, at) => `host ${at} is new`);
    await runs('data', { ok: true, pid: 1, changes, diagnostics: [] });
    expect(JSON.parse((await reload('', '--json')).lines.join('\n'))).toEqual({ ok: true, pid: 1, changes, diagnostics: [] });
  });

  it('fails when no server is there, and when the file is not', async () => {
    await expect(reload('')).rejects.toThrow(/no Bootlace is running with .*data/);
    const other = reloadCommand(new MemoryOutput()).parseAsync(['--config', join(folder, 'other.yaml')], { from: 'user' });
    await expect(other).rejects.toThrow(/there is no file .*other\.yaml/);
  });
});
