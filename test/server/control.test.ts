import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askServer, type ControlOrder, ControlServer, controlPath } from '../../src/server/control.ts';

let folder: string;
let server: ControlServer | undefined;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bootlace-control-'));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

async function open(): Promise<ControlOrder[]> {
  const orders: ControlOrder[] = [];
  server = await ControlServer.open(controlPath(folder), (order) => {
    orders.push(order);
    return Promise.resolve({ ok: true, pid: 42, found: order.do === 'release' });
  });
  return orders;
}

describe('The control socket', () => {
  it('carries an order to the server and its answer back', async () => {
    const orders = await open();
    expect(await askServer(folder, { do: 'release', address: '10.0.0.9' })).toEqual({ ok: true, pid: 42, found: true });
    expect(orders).toEqual([{ do: 'release', address: '10.0.0.9' }]);
  });

  it('carries an order to wake, with nothing in it but what it knows', async () => {
    const orders = await open();
    const order = { do: 'wake', mac: '00:1b:54:aa:bb:cc', network: 'bench', password: '1.2.3.4' } as const;
    expect(await askServer(folder, { ...order, other: 'thing' } as ControlOrder)).toMatchObject({ ok: true });
    expect(orders).toEqual([order]);
  });

  it('carries a choice, its MAC as the server writes it', async () => {
    const orders = await open();
    await askServer(folder, { do: 'choose', mac: '52-54-00-00-00-0A' as never, entry: 'linux', once: true });
    await askServer(folder, { do: 'clear-choice', mac: '52:54:00:00:00:0a' as never });
    expect(orders).toEqual([
      { do: 'choose', mac: '52:54:00:00:00:0a', entry: 'linux', once: true },
      { do: 'clear-choice', mac: '52:54:00:00:00:0a' },
    ]);
  });

  it('is its owner’s alone', async () => {
    await open();
    expect(statSync(controlPath(folder)).mode & 0o777).toBe(0o600);
  });

  it('tells that nobody is there: no socket, or one that a killed server left', async () => {
    expect(await askServer(folder, { do: 'hello' })).toBeUndefined();
    writeFileSync(controlPath(folder), '');
    expect(await askServer(folder, { do: 'hello' })).toBeUndefined();
    await open();
    expect(await askServer(folder, { do: 'hello' })).toMatchObject({ ok: true });
  });

  it.each([
    'not json',
    '{"do":"explode"}',
    '{"do":"release"}',
    '{"do":"wake"}',
    '{"do":"wake","mac":1}',
    '{"do":"choose","mac":"x","entry":"y"}',
    'null',
    'x'.repeat(10_000),
  ])('refuses %.20s', async (line) => {
    const orders = await open();
    const answer = await new Promise<string>((resolve) => {
      const socket = createConnection(controlPath(folder), () => socket.write(`${line}\n`));
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
      });
      socket.on('close', () => resolve(text));
    });
    expect(JSON.parse(answer)).toMatchObject({ ok: false });
    expect(orders).toEqual([]);
  });

  it('survives a caller that hangs up', async () => {
    await open();
    const socket = createConnection(controlPath(folder));
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.destroy();
    expect(await askServer(folder, { do: 'hello' })).toMatchObject({ ok: true });
  });
});
