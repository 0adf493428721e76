/** The whole appliance on a virtual wire, with the load client at its other end. Needs Linux, root and iproute2. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, Namespace } from '../test/support/netns.ts';
import type { Program } from '../test/support/program.ts';
import { CONFIG } from './in-memory.ts';
import type { Figure, Round, RoundResult } from './round.ts';

const ROUNDS: readonly Round[] = [
  { what: 'one at a time', first: 1, clients: 2000, atOnce: 1, isPxe: false, renews: false },
  { what: '5,000 new clients, 16 at a time', first: 10_000, clients: 5000, atOnce: 16, isPxe: false, renews: false },
  { what: '20,000 new clients, 16 at a time', first: 20_000, clients: 20_000, atOnce: 16, isPxe: false, renews: false },
  { what: '900 PXE clients at once', first: 50_000, clients: 900, atOnce: 900, isPxe: true, renews: false },
  { what: '5,000 renewals, 16 at a time', first: 10_000, clients: 5000, atOnce: 16, isPxe: false, renews: true },
];
/** What /proc counts CPU time in: a hundredth of a second. */
const TICK_MICROS = 10_000;

export async function overSockets(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bootlace-bench-'));
  const [server, clients] = [new Namespace('bench-srv'), new Namespace('bench-cli')];
  try {
    connect(server, 'bench0', clients, 'bench1');
    server.ip('address', 'add', '10.77.0.1/16', 'dev', 'bench0');
    clients.ip('address', 'add', '10.77.0.2/16', 'dev', 'bench1');
    const config = path.join(folder, 'config.yaml');
    writeFileSync(config, `${CONFIG}server: { dataDir: ${folder}/data }\ntftp: { root: ${folder} }\nlog: { format: json }\n`);
    const main = path.join(import.meta.dirname, '../bin/bootlace.js');
    const appliance = server.start([process.execPath, main, 'up', '--config', config]);
    await appliance.waitFor(/"event":"network\.up"/);
    const figures = await play(clients, appliance);
    await appliance.stop();
    return figures;
  } finally {
    server.close();
    clients.close();
    rmSync(folder, { recursive: true });
  }
}

async function play(clients: Namespace, appliance: Program): Promise<Figure[]> {
  const script = path.join(import.meta.dirname, 'load-client.ts');
  const load = clients.start([process.execPath, script, 'bench1', '10.77.0.2', '10.77.0.1', JSON.stringify(ROUNDS)]);
  const figures: Figure[] = [];
  let cpu = cpuMicros(appliance);
  for (const [index, { what, clients: wanted }] of ROUNDS.entries()) {
    await load.waitFor(new RegExp(`(?:.*"bound".*\\n){${index + 1}}`), 120_000);
    const result = JSON.parse(load.output.split('\n')[index] ?? '') as RoundResult;
    const before = cpu;
    cpu = cpuMicros(appliance);
    figures.push({ what, value: textOf(result, wanted, (cpu - before) / wanted) });
  }
  await load.succeeded();
  return figures;
}

function textOf({ bound, seconds, repeats, requestMs }: RoundResult, wanted: number, micros: number): string {
  const rate = `${Math.round(bound / seconds)}/s in ${seconds.toFixed(2)} s`;
  const latency = `REQUEST to ACK ${requestMs.p50.toFixed(2)} ms, 99 % within ${requestMs.p99.toFixed(2)} ms`;
  const faults = bound === wanted ? '' : `, ${wanted - bound} NEVER BOUND`;
  return `${rate}, ${latency}, ${Math.round(micros)} µs of CPU each, ${repeats} repeats${faults}`;
}

/** User and system time of a program and all its threads. */
export function cpuMicros({ pid }: Program): number {
  const [user = '', system = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /, '').split(' ').slice(11, 13);
  return (Number(user) + Number(system)) * TICK_MICROS;
}
