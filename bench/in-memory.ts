/** The DHCP server without a kernel: its shell, engine, codec and group commit between ports in memory, with and without a store on the disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Ipv4, ipv4, type Mac } from '../src/base/addresses.ts';
import { wallMs } from '../src/base/clock.ts';
import { invariant } from '../src/base/result.ts';
import { BootPlanner } from '../src/boot/boot-plan.ts';
import { checkText } from '../src/config/load.ts';
import { resolveConfig } from '../src/config/resolve.ts';
import { type Answer, type ClientKind, discover, readAnswer, request } from '../src/dhcp/client-messages.ts';
import { DhcpEngine } from '../src/dhcp/engine.ts';
import type { Lease } from '../src/dhcp/lease.ts';
import { SERVER_PORT } from '../src/dhcp/packet.ts';
import type { ClientKey } from '../src/dhcp/request.ts';
import { GroupCommit } from '../src/leases/group-commit.ts';
import type { LeaseStore } from '../src/leases/lease-store.ts';
import { openLeaseStore } from '../src/leases/open-store.ts';
import type { DatagramListener, DatagramPort, SocketFactory } from '../src/net/ports.ts';
import { DhcpPackets } from '../src/server/dhcp-packets.ts';
import { DhcpServer } from '../src/server/dhcp-server.ts';
import { siteConfigOf } from '../src/server/site.ts';
import { systemClock } from '../src/server/system-clock.ts';
import { cidr, ip } from '../test/support/addresses.ts';
import { card } from '../test/support/interfaces.ts';
import type { Figure } from './round.ts';

/** What both benches serve. Nothing in it waits for the wire: no conflict check, no look for other servers. */
export const CONFIG = `
networks:
  - name: bench
    interface: bench0
    address: 10.77.0.1/16
    pools: [10.77.16.0-10.77.255.250]
    leaseTime: 1h
    conflictCheck: off
    guard: off
`;
const AT_ONCE = 16;
const PUTS = 3000;
/** Clients do not come in the order of their addresses. */
const STRIDE = 7919;

/** Every port of the server on one wire. */
class Wire implements SocketFactory {
  hear: DatagramListener = () => {};
  answers: Answer[] = [];

  async openUdp(options: { readonly address?: Ipv4 | undefined; readonly port: number }): Promise<DatagramPort> {
    const address = options.address ?? (0 as Ipv4);
    return {
      local: { address, port: options.port },
      onDatagram: (listener) => {
        if (options.port === SERVER_PORT) this.hear = listener;
      },
      onFault: () => {},
      send: (bytes) => this.take(bytes),
      close: async () => {},
    };
  }

  openRawLink() {
    return { send: ({ payload }: { readonly payload: Uint8Array }) => this.take(payload), close: () => {} };
  }

  openArpProber(): undefined {
    return undefined;
  }

  openReplySniffer(): undefined {
    return undefined;
  }

  openRequestSniffer(): undefined {
    return undefined;
  }

  take(bytes: Uint8Array): void {
    const answer = readAnswer(bytes);
    if (answer !== undefined) this.answers.push(answer);
  }
}

/** Microseconds of one exchange of `exchanges` new clients, `AT_ONCE` at a time, after a while of warming up. */
async function exchangeMicros(store: LeaseStore, kind: ClientKind, exchanges: number): Promise<number> {
  const wire = new Wire();
  const server = await serverOn(wire, store);
  const warmUp = exchanges / 2;
  await run(wire, kind, 0, warmUp);
  const cpu = process.cpuUsage();
  await run(wire, kind, warmUp, exchanges);
  const { user, system } = process.cpuUsage(cpu);
  await server.close();
  return (user + system) / exchanges;
}

async function run(wire: Wire, kind: ClientKind, first: number, count: number): Promise<void> {
  let next = first;
  let bound = 0;
  const say = (bytes: Uint8Array) => wire.hear(bytes, { address: 0 as Ipv4, port: 68 }, 0);
  for (; next < first + AT_ONCE; next += 1) say(discover(next, kind));
  while (bound < count) {
    await new Promise((resolve) => setImmediate(resolve));
    const answers = wire.answers;
    wire.answers = [];
    for (const answer of answers) {
      invariant(answer.type !== 'NAK', 'a client of the bench was refused');
      if (answer.type === 'OFFER') say(request(answer, kind));
      else {
        bound += 1;
        if (next < first + count) say(discover(next, kind));
        next += 1;
      }
    }
  }
}

async function serverOn(sockets: SocketFactory, store: LeaseStore): Promise<DhcpServer> {
  const { written } = checkText(CONFIG, { file: 'bench.yaml', env: {} });
  invariant(written !== undefined, 'the configuration of the bench is right');
  const config = resolveConfig(written, '/nowhere', undefined);
  const tell = () => {};
  const server = new DhcpServer({
    config: siteConfigOf(config),
    engine: new DhcpEngine(new BootPlanner(config)),
    commits: new GroupCommit(store, systemClock, tell),
    sockets,
    clock: systemClock,
    tell,
    packets: new DhcpPackets(systemClock),
  });
  await server.serve([{ network: 'bench', facts: card('bench0', 1), address: cidr('10.77.0.1/16') }]);
  return server;
}

const NO_STORE: LeaseStore = { description: 'none', load: () => [], put: async () => {}, close: () => {} };

/** What an exchange costs, the clients' side included, which is a tenth of it. */
export async function inMemory(): Promise<Figure[]> {
  const relay = ip('10.77.0.2');
  const micros = (value: number) => `${value.toFixed(1)} µs of CPU`;
  const figures = [
    { what: 'exchange, engine and shell alone, relayed', value: micros(await exchangeMicros(NO_STORE, { relay, isPxe: false }, 20_000)) },
    { what: 'exchange, engine and shell alone, PXE', value: micros(await exchangeMicros(NO_STORE, { isPxe: true }, 20_000)) },
  ];
  const folder = mkdtempSync(path.join(tmpdir(), 'bootlace-bench-'));
  const { store } = openLeaseStore(path.join(folder, 'leases.db'), systemClock, () => {});
  figures.push({ what: 'exchange, with its lease stored', value: micros(await exchangeMicros(store, { relay, isPxe: false }, 10_000)) });
  for (const size of [1, AT_ONCE]) figures.push({ what: `put of ${size}, first new and then again`, value: await putMicros(store, size) });
  store.close();
  rmSync(folder, { recursive: true });
  return figures;
}

/** What a group of leases waits for the store, with a turn of the event loop between two. */
async function putMicros(store: LeaseStore, size: number): Promise<string> {
  const spans: number[] = [];
  for (let put = 0; put < PUTS; put += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    const leases = Array.from({ length: size }, (_, at) => leaseOf(((put * size + at) * STRIDE) % ((PUTS * size) / 2), put));
    const from = performance.now();
    await store.put(leases);
    spans.push((performance.now() - from) * 1000);
  }
  spans.sort((a, b) => a - b);
  const within = (share: number) => Math.round(spans[Math.floor(PUTS * share)] ?? 0);
  return `${within(0.5)} µs, 99 % within ${within(0.99)} µs`;
}

function leaseOf(number: number, round: number): Lease {
  const digits = number.toString(16).padStart(8, '0');
  return {
    address: ipv4(0x0a80_0000 + number),
    network: 'bench',
    client: `id:01${digits}` as ClientKey,
    mac: `02:00:${(digits.match(/../g) ?? []).join(':')}` as Mac,
    hostName: `desk-${number}`,
    state: 'bound',
    since: wallMs(1_800_000_000_000),
    expiresAt: wallMs(1_800_003_600_000 + round),
  };
}
