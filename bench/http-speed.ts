/**
 * A file of 1 GiB by HTTP, beside nginx as Debian sets it up with one worker: server on the first core, client on the second, a virtual cable between. Needs
 * Linux, root, iproute2, nginx, curl and taskset.
 */
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findTool } from '../test/support/find-tool.ts';
import { connect, Namespace } from '../test/support/netns.ts';
import type { Program } from '../test/support/program.ts';
import { CONFIG } from './in-memory.ts';
import type { Figure } from './round.ts';

const SERVER = '10.77.0.1';
const OWN_PORT = 8080;
const NGINX_PORT = 8081;
const MIB = 1024 * 1024;
const FILE_OCTETS = 1024 * MIB;
const ROUNDS: readonly { readonly clients: number; readonly runs: number }[] = [
  { clients: 1, runs: 9 },
  { clients: 50, runs: 3 },
];

/** What is missing for it; undefined when nothing is. */
export function whyNoHttpSpeed(): string | undefined {
  const missing = ['nginx', 'curl', 'taskset', 'ip'].filter((tool) => findTool(tool) === undefined);
  return missing.length === 0 ? undefined : `it needs ${missing.join(', ')}`;
}

export async function httpSpeed(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bootlace-bench-'));
  const [server, client] = [new Namespace('bench-srv'), new Namespace('bench-cli')];
  try {
    connect(server, 'bench0', client, 'bench1');
    server.ip('address', 'add', `${SERVER}/16`, 'dev', 'bench0');
    client.ip('address', 'add', '10.77.0.2/16', 'dev', 'bench1');
    makeFile(folder);
    const own = await startOwn(server, folder);
    const nginx = startNginx(server, folder);
    const figures: Figure[] = [];
    for (const { clients, runs } of ROUNDS) {
      const rates = { own: [] as number[], nginx: [] as number[] };
      // By turns, so that what else the machine does disturbs both.
      for (let run = 0; run < runs; run++) {
        rates.nginx.push(await rateOf(client, NGINX_PORT, clients));
        rates.own.push(await rateOf(client, OWN_PORT, clients));
      }
      const [mine, theirs] = [median(rates.own), median(rates.nginx)];
      const value = `${mine.toFixed(0)} MB/s, nginx ${theirs.toFixed(0)} MB/s: ${(mine / theirs).toFixed(2)} of it`;
      figures.push({ what: `1 GiB for ${clients === 1 ? 'one client' : `${clients} clients at once`}`, value });
    }
    figures.push({ what: 'memory of the whole program at its highest', value: `${highestMemory(own)} MiB` });
    await own.stop();
    await nginx.stop();
    return figures;
  } finally {
    server.close();
    client.close();
    rmSync(folder, { recursive: true });
  }
}

/** Written and not only stretched, so that it is in the system's memory. */
function makeFile(folder: string): void {
  mkdirSync(path.join(folder, 'files'));
  const fd = openSync(path.join(folder, 'files/big'), 'w');
  for (let at = 0; at < FILE_OCTETS; at += MIB) writeSync(fd, new Uint8Array(MIB).fill(at / MIB));
  ftruncateSync(fd, FILE_OCTETS);
  closeSync(fd);
}

async function startOwn(server: Namespace, folder: string): Promise<Program> {
  const config = path.join(folder, 'config.yaml');
  const files = `server: { dataDir: ${folder}/data }\ntftp: { root: ${folder}/files }\nhttp: { port: ${OWN_PORT} }\nlog: { format: json }\n`;
  writeFileSync(config, `${CONFIG}${files}`);
  const main = path.join(import.meta.dirname, '../bin/bootlace.js');
  const program = server.start(['taskset', '-c', '0', process.execPath, main, 'up', '--config', config]);
  await program.waitFor(/"event":"http\.ready"/);
  return program;
}

function startNginx(server: Namespace, folder: string): Program {
  const config = path.join(folder, 'nginx.conf');
  writeFileSync(
    config,
    `user root;
worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx-error.log;
events { worker_connections 768; }
http {
  sendfile on;
  tcp_nopush on;
  types_hash_max_size 2048;
  access_log ${folder}/nginx-access.log;
  server { listen ${SERVER}:${NGINX_PORT}; root ${folder}/files; }
}
`,
  );
  return server.start(['taskset', '-c', '0', 'nginx', '-c', config]);
}

/** MB/s, all clients together. */
async function rateOf(client: Namespace, port: number, clients: number): Promise<number> {
  const url = `http://${SERVER}:${port}/big`;
  const each = Array.from({ length: clients }, () => ['-o', '/dev/null', url]).flat();
  const parallel = ['--parallel', '--parallel-immediate', '--parallel-max', String(clients)];
  const retry = ['--retry', '5', '--retry-connrefused'];
  const began = performance.now();
  await client.start(['taskset', '-c', '1', 'curl', '-sS', '-f', ...retry, ...parallel, ...each]).succeeded(300_000);
  return (clients * FILE_OCTETS) / 1e3 / (performance.now() - began);
}

function highestMemory({ pid }: Program): number {
  return Math.round(Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
