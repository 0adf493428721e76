/** The first message that a described client would send, as if it had come in on the network of that name. */
import { type Cidr, type Ipv4, ipv4, type Mac, macBytes, NO_ADDRESS, networkOf } from '../base/addresses.ts';
import { ByteWriter, latin1Bytes } from '../base/bytes.ts';
import { err, type Result } from '../base/result.ts';
import { ARCHITECTURES, type Architecture } from '../boot/architecture.ts';
import type { Config, NetworkConfig } from '../config/config.ts';
import { MESSAGE_CODES, OPTION } from '../dhcp/codes.ts';
import { parseHex } from '../dhcp/octet-notation.ts';
import { type DhcpRequest, readRequest } from '../dhcp/request.ts';
import type { InterfaceFacts } from '../net/ports.ts';
import type { ServedNetwork } from './site.ts';

/** What is known of a client. Identifiers are hexadecimal, as `parseIdentifier` gives them. */
export interface ClientDescription {
  readonly mac: Mac;
  readonly arch?: Architecture | undefined;
  readonly vendorClass?: string | undefined;
  readonly userClass?: string | undefined;
  readonly clientId?: string | undefined;
  readonly circuitId?: string | undefined;
  readonly remoteId?: string | undefined;
  readonly subscriberId?: string | undefined;
  /** The network that it is on; the first that is served when it does not matter. */
  readonly network?: string | undefined;
}

/** The networks as if all of them were up. One that takes the address of its interface is not known beforehand. */
export function networksAsIfUp({ networks }: Pick<Config, 'networks'>): readonly ServedNetwork[] {
  return networks.flatMap(({ name, attachment }, at) => {
    if (attachment.kind === 'relay' || attachment.address === undefined) return [];
    const { address } = attachment;
    return [{ network: name, facts: facts(attachment.interface, at, address), address }];
  });
}

/** The client's DISCOVER; the error says why there is none. */
export function rehearsedRequest(config: Pick<Config, 'networks'>, client: ClientDescription): Result<DhcpRequest, string> {
  const network =
    client.network === undefined
      ? config.networks.find(({ mode }) => mode !== 'off')
      : config.networks.find(({ name }) => name === client.network);
  const names = config.networks.map(({ name }) => name).join(', ');
  if (network === undefined)
    return err(client.network === undefined ? 'no network is served' : `no network is called ${client.network}; they are ${names}`);
  if (network.mode === 'off') return err(`network ${network.name} answers no DHCP (mode: off)`);
  return asked(network, networksAsIfUp(config), client);
}

function asked(network: NetworkConfig, served: readonly ServedNetwork[], client: ClientDescription): Result<DhcpRequest, string> {
  const { attachment } = network;
  const up = served.find((one) => one.network === network.name) ?? (attachment.kind === 'relay' ? served[0] : undefined);
  if (up === undefined) {
    return err(
      attachment.kind === 'relay'
        ? `network ${network.name} is behind a relay, and no network has an \`address\` that the relay could speak to`
        : `network ${network.name} takes the address of its interface, so that nothing is known of it before it is up; give it an \`address\``,
    );
  }
  const via = { interface: up.facts.name, server: up.address.address, cast: 'broadcast', mtu: up.facts.mtu } as const;
  const hardwareAddress = new Uint8Array(16);
  hardwareAddress.set(macBytes(client.mac));
  const packet = {
    operation: 1,
    hardwareType: 1,
    hardwareLength: 6,
    hops: 0,
    transactionId: 1,
    seconds: 0,
    flags: 0,
    clientAddress: NO_ADDRESS,
    yourAddress: NO_ADDRESS,
    nextServer: NO_ADDRESS,
    relayAddress: attachment.kind === 'relay' ? firstHostOf(attachment.subnet) : NO_ADDRESS,
    hardwareAddress,
    serverName: new Uint8Array(),
    bootFile: new Uint8Array(),
    options: optionsOf(client),
  };
  return readRequest(packet, via);
}

function optionsOf(client: ClientDescription): ReadonlyMap<number, Uint8Array> {
  const options = new Map<number, Uint8Array>([[OPTION.messageType, Uint8Array.of(MESSAGE_CODES.DISCOVER)]]);
  const architecture = ARCHITECTURES.find(({ name }) => name === client.arch);
  const [code] = architecture?.codes ?? [];
  if (code !== undefined) options.set(OPTION.clientArchitecture, Uint8Array.of(0, code));
  const vendorClass = client.vendorClass ?? (code === undefined ? undefined : firmwareClass(client.arch, code));
  if (vendorClass !== undefined) options.set(OPTION.vendorClass, latin1Bytes(vendorClass));
  if (client.userClass !== undefined) options.set(OPTION.userClass, latin1Bytes(client.userClass));
  if (client.clientId !== undefined) options.set(OPTION.clientIdentifier, octets(client.clientId));
  const relayed = [
    [1, client.circuitId],
    [2, client.remoteId],
    [6, client.subscriberId],
  ] as const;
  const information = new ByteWriter();
  for (const [sub, value] of relayed) if (value !== undefined) information.u8(sub).u8(octets(value).length).bytes(octets(value));
  if (information.length > 0) options.set(OPTION.relayAgentInformation, information.done());
  return options;
}

/** What firmware of this kind says of itself (PXE 2.1 §2.2.3, UEFI 2.5 §23.7). */
function firmwareClass(name: Architecture | undefined, code: number): string {
  const kind = name?.endsWith('-http') === true ? 'HTTPClient' : 'PXEClient';
  return `${kind}:Arch:${String(code).padStart(5, '0')}:UNDI:003016`;
}

function octets(hexadecimal: string): Uint8Array {
  return parseHex(hexadecimal) ?? new Uint8Array();
}

/** Where a relay agent usually is. */
function firstHostOf(subnet: Cidr): Ipv4 {
  return ipv4(networkOf(subnet) + 1);
}

function facts(name: string, index: number, address: Cidr): InterfaceFacts {
  return {
    name,
    index,
    mac: undefined,
    mtu: 1500,
    addresses: [address],
    isUp: true,
    hasCarrier: true,
    isLoopback: false,
    isWireless: false,
    hasDefaultRoute: false,
    kind: 'physical',
    master: undefined,
  };
}
