/**
 * Plays made-up clients through a second engine and shell, so that the first real ones meet code that is compiled and not read for the
 * first time: a room full of PCs that is switched on asks all its questions in the first second. Nothing of it leaves the process.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Ipv4, ipv4, type Mac, NO_ADDRESS } from '../base/addresses.ts';
import type { Clock } from '../base/clock.ts';
import { NO_BOOT_SETTINGS } from '../boot/boot-settings.ts';
import { NO_PROVISION } from '../boot/provision-settings.ts';
import { SitePolicy } from '../boot/site-policy.ts';
import { type Answer, type ClientKind, discover, readAnswer, renewal, request } from '../dhcp/client-messages.ts';
import { OPTION } from '../dhcp/codes.ts';
import { DhcpEngine } from '../dhcp/engine.ts';
import { SERVER_PORT } from '../dhcp/packet.ts';
import { GroupCommit } from '../leases/group-commit.ts';
import { SqliteLeaseStore } from '../leases/sqlite-store.ts';
import { udpFrame } from '../net/linux/raw-frame.ts';
import type { DatagramListener, DatagramPort, InterfaceFacts, RawDatagram, SocketFactory, UdpOptions } from '../net/ports.ts';
import { DhcpPackets } from './dhcp-packets.ts';
import { DhcpServer } from './dhcp-server.ts';
import { EventBundle } from './event-bundle.ts';
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
/** How often events would be told. */
const TELL_MS = 5;

/**
 * Where the made-up servers stand. Two of them, one after the other, and one on each side of 128.0.0.0: what V8 has made for one server and for small
 * numbers alone, it throws away when it meets another server or larger numbers, which would be at the first real client. RFC 2544 keeps 198.18.0.0/15
 * for tests; of the other one nothing leaves the process either.
 */
const SERVERS = [ipv4(0xc612_0001), ipv4(0x0a12_0001)];

/** Enough calls of everything for V8's first optimising compiler. */
function roundsBehind(relay: Ipv4): readonly Round[] {
  return [
    { first: 0, clients: 400, kind: { relay, isPxe: false }, renews: false },
    { first: 0, clients: 300, kind: { relay, isPxe: false }, renews: true },
    { first: 400, clients: 300, kind: { isPxe: false }, renews: false },
    { first: 700, clients: 150, kind: { isPxe: true }, renews: false },
  ];
}

function factsOf(server: Ipv4): InterfaceFacts {
  return {
    name: 'warm-up',
    index: 1,
    mac: '02:00:00:00:00:01' as Mac,
    mtu: 1500,
    addresses: [{ address: server, prefix: 16 }],
    isUp: true,
    hasCarrier: true,
    isLoopback: false,
    isWireless: false,
    hasDefaultRoute: false,
    kind: 'memory',
    master: undefined,
  };
}

/** Cloned, as what the thread is given is: V8 tells objects by how they came about, too. */
function siteAt(server: Ipv4, { name }: InterfaceFacts): SiteConfig {
  return structuredClone({
    networks: [
      {
        name,
        attachment: { kind: 'interface', interface: name, address: undefined, assign: false },
        mode: 'server',
        authoritative: true,
        pools: [{ first: ipv4(server + 256), last: ipv4(server + 60_000) }],
        leaseTime: { default: 3600, min: 60, max: 7200 },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the configuration, which stands for our own address
        options: [{ code: OPTION.router, name: 'router', shape: 'ips', value: '${server}' }],
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
    images: [],
    http: { port: undefined },
    services: { syslog: undefined, ntp: false, dns: undefined },
    leases: { store: 'sqlite', quarantineSeconds: 60 },
    leasequery: { allow: [] },
  } satisfies SiteConfig);
}

/** Plays all rounds: a tenth of a second or two, before the first socket is opened. */
export async function warmUpDhcp(clock: Clock): Promise<void> {
  for (const server of SERVERS) await playAt(server, clock);
}

async function playAt(address: Ipv4, clock: Clock): Promise<void> {
  const facts = factsOf(address);
  const config = siteAt(address, facts);
  const bundle = new EventBundle(clock, TELL_MS, () => {});
  const { tell } = bundle;
  const wire = new MemoryWire();
  const store = new SqliteLeaseStore(':memory:');
  const server = new DhcpServer({
    config,
    engine: new DhcpEngine(new SitePolicy(config)),
    commits: new GroupCommit(store, clock, tell),
    sockets: wire,
    clock,
    tell,
    packets: new DhcpPackets(clock),
  });
  await server.serve([{ network: facts.name, facts, address: { address, prefix: 16 } }]);
  for (const round of roundsBehind(ipv4(address + 1))) await play(wire, round);
  await server.close();
  store.close();
  bundle.flush();
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

  /** The frame itself is made for its own sake. */
  openRawLink({ mac, mtu }: InterfaceFacts) {
    const send = (datagram: RawDatagram): void => {
      if (mac !== undefined && udpFrame(mac, datagram, mtu).ok) this.#carry(datagram.payload);
    };
    return { send, close: () => {} };
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
