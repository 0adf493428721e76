/**
 * DHCP while devices flood the server with syslog: the same rounds without a flood, with one that nobody takes (what sender and kernel cost here), with one device
 * that floods, and with twenty.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, Namespace } from '../test/support/netns.ts';
import type { Program } from '../test/support/program.ts';
import { CONFIG } from './in-memory.ts';
import { cpuMicros } from './over-sockets.ts';
import type { Figure, Round, RoundResult } from './round.ts';

const RATE = 10_000;
const ONE_BY_ONE: Round = { what: 'one at a time', first: 1, clients: 2000, atOnce: 1, isPxe: false, renews: false };
const CROWD: Round = { what: '16 at a time', first: 10_000, clients: 5000, atOnce: 16, isPxe: false, renews: false };
const ROUNDS = [ONE_BY_ONE, CROWD];

export async function syslogFlood(): Promise<Figure[]> {
  const figures: Figure[] = [];
  const cases = [
    { senders: 0, service: 'on' },
    { senders: 20, service: 'off' },
    { senders: 1, service: 'on' },
    { senders: 20, service: 'on' },
  ] as const;
  for (const { senders, service } of cases) figures.push(...(await withSenders(senders, service)));
  return figures;
}

async function withSenders(senders: number, service: 'on' | 'off'): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bootlace-bench-'));
  const [server, clients] = [new Namespace('bench-srv'), new Namespace('bench-cli')];
  try {
    connect(server, 'bench0', clients, 'bench1');
    server.ip('address', 'add', '10.77.0.1/16', 'dev', 'bench0');
    for (let at = 0; at < Math.max(senders, 1); at += 1) clients.ip('address', 'add', `10.77.0.${2 + at}/16`, 'dev', 'bench1');
    const config = path.join(folder, 'config.yaml');
    writeFileSync(
      config,
      `${CONFIG}server: { dataDir: ${folder}/data }\ntftp: { root: ${folder} }\nlog: { format: json }\nservices: { syslog: ${service} }\n`,
    );
    const main = path.join(import.meta.dirname, '../bin/bootlace.js');
    const appliance = server.start([process.execPath, main, 'up', '--config', config]);
    await appliance.waitFor(service === 'on' ? /"event":"service\.ready"/ : /"event":"network\.up"/);
    const flood = senders === 0 ? undefined : await startFlood(clients, senders);
    const title = senders === 0 ? 'no flood' : `${RATE}/s from ${senders}, ${service}`;
    const figures = await play(clients, title);
    const cpuBefore = cpuMicros(appliance);
    const before = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const share = (cpuMicros(appliance) - cpuBefore) / 10 / (performance.now() - before);
    await flood?.stop();
    const sent = flood === undefined ? '' : `; ${flood.output.trim().split('\n').at(-1)}`;
    figures.push({ what: `${title}: without DHCP`, value: `${share.toFixed(0)} % of a core${sent}` });
    await appliance.stop();
    return figures;
  } finally {
    server.close();
    clients.close();
    rmSync(folder, { recursive: true });
  }
}

async function startFlood(clients: Namespace, senders: number): Promise<Program> {
  const script = path.join(import.meta.dirname, 'syslog-sender.ts');
  const flood = clients.start([process.execPath, script, '10.77.0.1', String(RATE), String(senders)]);
  await flood.waitFor(/sending/);
  return flood;
}

async function play(clients: Namespace, title: string): Promise<Figure[]> {
  const script = path.join(import.meta.dirname, 'load-client.ts');
  const load = clients.start([process.execPath, script, 'bench1', '10.77.0.2', '10.77.0.1', JSON.stringify(ROUNDS)]);
  await load.succeeded(120_000);
  return ROUNDS.map(({ what, clients: wanted }, at) => {
    const { bound, seconds, repeats, requestMs } = JSON.parse(load.output.split('\n')[at] ?? '') as RoundResult;
    const latency = `REQUEST to ACK ${requestMs.p50.toFixed(2)} ms, 99 % within ${requestMs.p99.toFixed(2)} ms`;
    const faults = bound === wanted ? '' : `, ${wanted - bound} NEVER BOUND`;
    return { what: `${title}: ${what}`, value: `${Math.round(bound / seconds)}/s, ${latency}, ${repeats} repeats${faults}` };
  });
}
