/**
 * The server of a configuration without a network: the same engine, catalogue and file server answer, and nothing is kept. For the question what a
 * device would get.
 */
import { type Ipv4, LIMITED_BROADCAST } from '../base/addresses.ts';
import type { Clock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { BootChoice } from '../boot/boot-choices.ts';
import { SitePolicy } from '../boot/site-policy.ts';
import type { Config } from '../config/config.ts';
import { MESSAGE_CODES, OPTION } from '../dhcp/codes.ts';
import type { DhcpEffect } from '../dhcp/effects.ts';
import { DhcpEngine } from '../dhcp/engine.ts';
import { CLIENT_PORT, decodePacket, encodePacket, SERVER_PORT } from '../dhcp/packet.ts';
import type { Arrival } from '../dhcp/request.ts';
import type { AppEvent } from '../events/events.ts';
import type { FileCatalog } from '../files/catalog.ts';
import type { OpenedFile } from '../files/opened-file.ts';
import type { Endpoint } from '../net/ports.ts';
import { DeviceDirectory } from '../observe/directory.ts';
import { contentTypeOf } from '../web/content-type.ts';
import { requestName } from '../web/request-name.ts';
import { catalogOf, filesConfigOf } from './live-files.ts';
import { networksAsIfUp } from './rehearsed-request.ts';
import { RehearsedSockets } from './rehearsed-sockets.ts';
import { type ServedNetwork, siteConfigOf, siteOf } from './site.ts';
import { TftpPackets } from './tftp-packets.ts';
import { TftpServer } from './tftp-server.ts';

/** Where its boot servers listen (PXE 2.1 §2.2.3). */
const BOOT_SERVER_PORT = 4011;

export interface RehearsalParts {
  readonly config: Config;
  /** What was chosen beside the configuration. */
  readonly choices: readonly BootChoice[];
  /** The network that the client is on; the first where absent. */
  readonly network: string | undefined;
  readonly clock: Clock;
  /** Hears what the server would have told. */
  readonly tell: (event: AppEvent) => void;
  /** Hears what the server sends, each octets' own. */
  readonly says: (octets: Uint8Array, from: Endpoint, to: Endpoint) => void;
}

/** An answer by HTTP, or why there is none. */
export type RehearsedAnswer =
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly octets: Uint8Array }
  | { readonly fault: string };

export class RehearsedServer {
  readonly #parts: RehearsalParts;
  readonly #served: ServedNetwork;
  readonly #engine: DhcpEngine;
  readonly #directory: DeviceDirectory;
  readonly #catalog: FileCatalog;
  readonly #sockets: RehearsedSockets;
  readonly #tftp: TftpServer;

  private constructor(parts: RehearsalParts, served: ServedNetwork) {
    const { config, choices, clock, says } = parts;
    this.#parts = parts;
    this.#served = served;
    const site = siteConfigOf(config);
    this.#engine = new DhcpEngine(new SitePolicy(site));
    this.#engine.configure(siteOf(site, networksAsIfUp(config)));
    this.#directory = new DeviceDirectory(config.hosts.flatMap(({ key, name }) => (key.mac === undefined ? [] : [{ mac: key.mac, name }])));
    // Nothing that is sent to it is kept.
    const tftp: Config['tftp'] = { ...config.tftp, uploads: { ...config.tftp.uploads, policy: 'deny' } };
    this.#catalog = catalogOf(filesConfigOf({ ...config, tftp }, choices));
    this.#sockets = new RehearsedSockets(says);
    this.#tftp = new TftpServer({
      sockets: this.#sockets,
      catalog: this.#catalog,
      clock,
      tell: this.#tell,
      packets: new TftpPackets(clock),
      whoHas: (address) => this.#directory.whoHas(address),
      settings: { ...tftp, maxUploadSize: tftp.uploads.maxSize },
    });
  }

  /** The error says why nothing can be known before the network is up. */
  static async open(parts: RehearsalParts): Promise<Result<RehearsedServer, string>> {
    const served = servedNetwork(parts);
    if (!served.ok) return served;
    const server = new RehearsedServer(parts, served.value);
    const { facts, address } = served.value;
    await server.#tftp.listen({ interface: facts.name, addresses: [address.address], mtu: facts.mtu });
    return ok(server);
  }

  /** Our own address where the client is. */
  get address(): Ipv4 {
    return this.#served.address.address;
  }

  /** A datagram of a client, to DHCP or TFTP; what comes of it comes by `says`. */
  receive(octets: Uint8Array, from: Endpoint, to: Endpoint): void {
    if (to.port === SERVER_PORT || to.port === BOOT_SERVER_PORT) this.#receiveDhcp(octets, from, to);
    else this.#sockets.deliver(octets, from, to);
  }

  /** A request by HTTP. */
  async ask({
    path,
    server,
    from,
    method,
  }: {
    path: string;
    server: Endpoint;
    from: Ipv4;
    method: 'GET' | 'HEAD';
  }): Promise<RehearsedAnswer> {
    if (server.address !== this.address || server.port !== this.#parts.config.http.port) return { fault: 'nobody listens at this port' };
    const name = requestName(path);
    if (!name.ok) return { status: 400, headers: {}, octets: new Uint8Array() };
    const found = await this.#catalog.open(name.value, this.#directory.whoHas(from), this.address);
    if (!found.ok) return { status: found.error.refused === 'not-found' ? 404 : 403, headers: {}, octets: new Uint8Array() };
    const { file, path: safe } = found.value;
    try {
      const octets = method === 'HEAD' ? new Uint8Array() : wholeOf(file);
      return { status: 200, headers: { 'content-type': contentTypeOf(safe), 'content-length': String(file.size) }, octets };
    } finally {
      file.close();
    }
  }

  async close(): Promise<void> {
    await this.#tftp.close();
  }

  readonly #tell = (event: AppEvent): void => {
    this.#directory.listener(event);
    this.#parts.tell(event);
  };

  #receiveDhcp(octets: Uint8Array, from: Endpoint, to: Endpoint): void {
    const packet = decodePacket(octets);
    if (!packet.ok) return;
    const { facts } = this.#served;
    const cast = to.address === LIMITED_BROADCAST ? 'broadcast' : 'unicast';
    const via: Arrival = {
      interface: facts.name,
      server: this.address,
      cast,
      mtu: facts.mtu,
      ...(to.port === BOOT_SERVER_PORT && { asker: from }),
    };
    this.#perform(this.#engine.receive(packet.value, via, this.#parts.clock.wall()), to.port);
  }

  #perform(effects: readonly DhcpEffect[], port: number): void {
    const now = this.#parts.clock.wall();
    for (const effect of effects) {
      if (effect.do === 'tell') this.#tell(effect.event);
      // What is not kept is stored at once, and nobody else is on a wire that is not there.
      if (effect.do === 'commit') this.#perform(this.#engine.settled(effect.ticket, 'stored', now), port);
      if (effect.do === 'probe') this.#perform(this.#engine.probed(effect.id, undefined, now), port);
      if (effect.do !== 'send') continue;
      const isNak = effect.packet.options.get(OPTION.messageType)?.[0] === MESSAGE_CODES.NAK;
      const to = { address: isNak ? LIMITED_BROADCAST : effect.packet.yourAddress, port: CLIENT_PORT };
      this.#parts.says(encodePacket(effect.packet), { address: this.address, port }, to);
    }
  }
}

/** The network that is rehearsed, as if it were up. */
function servedNetwork({ config, network }: RehearsalParts): Result<ServedNetwork, string> {
  const names = config.networks.map(({ name }) => name).join(', ');
  const wanted = config.networks.find(({ name, mode }) => (network === undefined ? mode !== 'off' : name === network));
  if (wanted === undefined)
    return err(network === undefined ? 'no network is served' : `no network is called ${network}; they are ${names}`);
  if (wanted.mode === 'off') return err(`network ${wanted.name} answers no DHCP (mode: off)`);
  if (wanted.attachment.kind === 'relay') return err(`network ${wanted.name} is behind a relay: simulate a device there with --server`);
  const served = networksAsIfUp(config).find((one) => one.network === wanted.name);
  return served === undefined
    ? err(
        `network ${wanted.name} takes the address of its interface, so that nothing is known of it before it is up; give it an \`address\``,
      )
    : ok(served);
}

function wholeOf(file: OpenedFile): Uint8Array {
  const octets = new Uint8Array(file.size);
  for (let at = 0; at < octets.length; ) {
    const read = file.read(octets.subarray(at), at);
    if (!read.ok || read.value === 0) break;
    at += read.value;
  }
  return octets;
}
