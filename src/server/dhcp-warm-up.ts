/**
 * Plays made-up clients through a second engine and shell, so that the first real ones meet code that is compiled and not read for the
 * first time: a room full of PCs that is switched on asks all its questions in the first second. Nothing of it leaves the process.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Ipv4, ipv4, NO_ADDRESS } from '../base/addresses.ts';
import type { Clock } from '../base/clock.ts';
import { BootPlanner } from '../boot/boot-plan.ts';
import { NO_BOOT_SETTINGS } from '../boot/boot-settings.ts';
import { NO_PROVISION } from '../boot/provision-settings.ts';
import { type Answer, type ClientKind, discover, readAnswer, renewal, request } from '../dhcp/client-messages.ts';
import { DhcpEngine } from '../dhcp/engine.ts';
import { SERVER_PORT } from '../dhcp/packet.ts';
import { GroupCommit } from '../leases/group-commit.ts';
import { SqliteLeaseStore } from '../leases/sqlite-store.ts';
import type { DatagramListener, DatagramPort, InterfaceFacts, RawDatagram, SocketFactory, UdpOptions } from '../net/ports.ts';
import { DhcpPackets } from './dhcp-packets.ts';
import { DhcpServer } from './dhcp-server.ts';
import type { SiteConfig } from './site.ts';

/** One crowd of clients. Those with the same numbers are the same ones. */
interface Round {
  readonly first: number;
  readonly clients: number;
  readonly kind: ClientKind;
  /** They have an address, and ask for more time. */
  readonly renews: boolean;
}

const AT_ONCE = 8;

/** RFC 2544 keeps 198.18.0.0/15 for tests: no real network is like it. */
const SERVER = ipv4(0xc612_0001);
const RELAY = ipv4(0xc612_0002);
const FACTS: InterfaceFacts = {
  name: 'warm-up',
  index: 0,
  mac: undefined,
  mtu: 1500,
  addresses: [{ address: SERVER, prefix: 16 }],
  isUp: true,
  hasCarrier: true,
  isLoopback: false,
  isWireless: false,
  hasDefaultRoute: false,
  kind: 'memory',
  master: undefined,
};
/** Enough calls of everything for V8's first optimising compiler. */
const ROUNDS: readonly Round[] = [
  { first: 0, clients: 1000, kind: { relay: RELAY, isPxe: false }, renews: false },
  { first: 0, clients: 1000, kind: { relay: RELAY, isPxe: false }, renews: true },
  { first: 1000, clients: 300, kind: { isPxe: true }, renews: false },
];
const CONFIG: SiteConfig = {
  networks: [
    {
      name: FACTS.name,
      attachment: { kind: 'interface', interface: FACTS.name, address: undefined, assign: false },
      mode: 'server',
      authoritative: true,
      pools: [{ first: ipv4(SERVER + 256), last: ipv4(SERVER + 60_000) }],
      leaseTime: { default: 3600, min: 60, max: 7200 },
      options: [],
      identity: 'client-id',
      bootp: 'off',
      rapidCommit: false,
      conflictCheck: 'off',
      guard: 'off',
      boot: NO_BOOT_SETTINGS,
      provision: NO_PROVISION,
    },
  ],
  hosts: [],
  classes: [],
  boot: { ...NO_BOOT_SETTINGS, files: { 'uefi-x64': 'grubx64.efi' } },
  provision: NO_PROVISION,
  http: { port: undefined },
  leases: { store: 'sqlite', quarantineSeconds: 60 },
  leasequery: { allow: [] },
  services: { syslog: undefined, ntp: false, dns: undefined },
  images: [],
};

/** Plays all rounds: a tenth of a second or two, before the first socket is opened. */
export async function warmUpDhcp(clock: Clock): Promise<void> {
  const tell = () => {};
  const wire = new MemoryWire();
  const store = new SqliteLeaseStore(':memory:');
  const server = new DhcpServer({
    config: CONFIG,
    engine: new DhcpEngine(new BootPlanner(CONFIG)),
    commits: new GroupCommit(store, clock, tell),
    sockets: wire,
    clock,
    tell,
    packets: new DhcpPackets(() => clock.wall()),
  });
  await server.serve([{ network: FACTS.name, facts: FACTS, address: { address: SERVER, prefix: 16 } }]);
  for (const round of ROUNDS) await play(wire, round);
  await server.close();
  store.close();
}

async function play(wire: MemoryWire, { first, clients, kind, renews }: Round): Promise<void> {
  const begin = (number: number) =>
    wire.hear(renews ? renewal(number, wire.addresses[number] ?? NO_ADDRESS, kind) : discover(number, kind));
  let next = first;
  let bound = 0;
  for (; next < first + AT_ONCE; next += 1) begin(next);
  while (bound < clients) {
    await nextTurn();
    for (const answer of wire.take()) {
      if (answer.type === 'OFFER') {
        wire.hear(request(answer, kind));
        continue;
      }
      wire.addresses[answer.number] = answer.address;
      bound += 1;
      if (next < first + clients) begin(next);
      next += 1;
    }
  }
}

/** Every port of the server, and the clients at the other end. */
class MemoryWire implements SocketFactory {
  /** By the number of the client. */
  readonly addresses: Ipv4[] = [];
  #listener: DatagramListener = () => {};
  #answers: Answer[] = [];

  hear(bytes: Uint8Array): void {
    this.#listener(bytes, { address: NO_ADDRESS, port: 68 }, 0);
  }

  take(): readonly Answer[] {
    const answers = this.#answers;
    this.#answers = [];
    return answers;
  }

  async openUdp({ address = NO_ADDRESS, port }: UdpOptions): Promise<DatagramPort> {
    return {
      local: { address, port },
      onDatagram: (listener) => {
        if (port === SERVER_PORT) this.#listener = listener;
      },
      onFault: () => {},
      send: (bytes) => this.#carry(bytes),
      close: async () => {},
    };
  }

  openRawLink() {
    return { send: ({ payload }: RawDatagram) => this.#carry(payload), close: () => {} };
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

  #carry(bytes: Uint8Array): void {
    const answer = readAnswer(bytes);
    if (answer !== undefined) this.#answers.push(answer);
  }
}
