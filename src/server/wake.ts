/** Waking a machine: on which interfaces it is to be called. The running server does it, as it has the rights; without one, the command line. */
import { parseMac } from '../base/addresses.ts';
import { err, ok, type Result } from '../base/result.ts';
import { ETHERTYPE_WAKE, parseWakePassword } from '../boot/magic-packet.ts';
import type { Config, NetworkConfig } from '../config/config.ts';
import type { Tell } from '../events/bus.ts';
import { pickInterface, whyNotReady } from '../net/picker.ts';
import type { InterfaceFacts } from '../net/ports.ts';
import { type Sleeper, sendWakeCall, type WakeCall, type WakeSockets } from '../net/wake-call.ts';
import type { ControlAnswer, WakeControlOrder } from './control.ts';

/** Who is to be woken, and where. */
export interface WakeOrder extends Sleeper {
  /** The network that it belongs to; undefined when that is not known. */
  readonly network: string | undefined;
  /** The interface to use whatever the network. */
  readonly interface: string | undefined;
}

/** A network and the interface that it is on. */
export interface WakePlace {
  readonly network: string;
  readonly facts: InterfaceFacts;
}

/** What is known of this machine's networks. */
export interface WakeSite {
  readonly config: Config;
  /** Its interfaces. */
  readonly facts: readonly InterfaceFacts[];
  /** The networks that are up. */
  readonly places: readonly WakePlace[];
}

/** Carries out an order of the control socket, whose texts anybody may have written who may ask. */
export async function obeyWake(
  order: WakeControlOrder,
  site: WakeSite,
  sockets: WakeSockets,
  tell: Tell = () => undefined,
): Promise<ControlAnswer> {
  const mac = parseMac(order.mac);
  const password = order.password === undefined ? undefined : parseWakePassword(order.password);
  if (mac === undefined) return { ok: false, error: `${order.mac} is no hardware address` };
  if (order.password !== undefined && password === undefined) return { ok: false, error: 'that is no password of SecureOn' };
  const outcome = await wake({ mac, password, network: order.network, interface: order.interface }, site, sockets);
  for (const call of outcome.ok ? outcome.value : []) tell({ type: 'wake.sent', mac, interface: call.interface, to: waysOf(call) });
  return outcome.ok ? { ok: true, pid: process.pid, calls: outcome.value } : { ok: false, error: outcome.error };
}

function waysOf({ udp, frame }: WakeCall): readonly string[] {
  return frame ? [...udp, `0x${ETHERTYPE_WAKE.toString(16).padStart(4, '0')}`] : udp;
}

/** Calls on every interface that comes into question. The error says why nobody could be called, and what to do. */
export async function wake(order: WakeOrder, site: WakeSite, sockets: WakeSockets): Promise<Result<readonly WakeCall[], string>> {
  const chosen = interfacesFor(order, site);
  if (!chosen.ok) return chosen;
  const calls: WakeCall[] = [];
  for (const one of chosen.value) calls.push(await sendWakeCall(one, order, sockets));
  const sent = calls.filter(({ udp, frame }) => udp.length > 0 || frame);
  const faults = calls.flatMap((call) => call.faults.map((fault) => `${call.interface}: ${fault}`));
  return sent.length > 0 ? ok(calls) : err(`nothing could be sent: ${faults.join('; ')}`);
}

/** The interfaces to call on: the one that is named, that of the network, or those of all networks. */
export function interfacesFor(
  order: Pick<WakeOrder, 'network' | 'interface'>,
  { config, facts, places }: WakeSite,
): Result<readonly InterfaceFacts[], string> {
  if (order.interface !== undefined) {
    const named = facts.find(({ name }) => name === order.interface);
    if (named === undefined) return err(`there is no interface ${order.interface} (there is ${facts.map(({ name }) => name).join(', ')})`);
    const obstacle = whyNotReady(named);
    return obstacle === undefined ? ok([named]) : err(obstacle);
  }
  const network = config.networks.find(({ name }) => name === order.network);
  if (network?.attachment.kind === 'relay')
    return err(
      `it is in the network ${network.name}, which is behind a relay: wake it from a machine there, or name an interface with --interface`,
    );
  const here = places.filter((place) => network === undefined || place.network === network.name);
  if (here.length > 0) return ok([...new Map(here.map((place) => [place.facts.index, place.facts])).values()]);
  const waiting = network === undefined ? config.networks : [network];
  const why = waiting.flatMap((one) => whyNoInterface(one, config, facts) ?? []);
  return err(`no interface is up${why.length === 0 ? '' : `: ${why.join('; ')}`}; --interface names another`);
}

/** Where the networks of a configuration are now, for when no server has settled that. */
export function wakePlaces(config: Config, facts: readonly InterfaceFacts[]): readonly WakePlace[] {
  const taken = new Set<string>();
  return config.networks.flatMap((network) => {
    const picked = choose(network, config, facts, taken);
    if (picked === undefined || !('choice' in picked)) return [];
    taken.add(picked.choice.name);
    return [{ network: network.name, facts: picked.choice }];
  });
}

function whyNoInterface(network: NetworkConfig, config: Config, facts: readonly InterfaceFacts[]): string | undefined {
  const picked = choose(network, config, facts, new Set());
  return picked !== undefined && 'waiting' in picked ? `${network.name}: ${picked.waiting}` : undefined;
}

function choose({ name, attachment }: NetworkConfig, { networks }: Config, facts: readonly InterfaceFacts[], taken: ReadonlySet<string>) {
  if (attachment.kind === 'relay') return undefined;
  // One that is named belongs to its network, even before it is that one's turn.
  const named = networks.flatMap((other) =>
    other.name !== name && other.attachment.kind === 'interface' && other.attachment.interface !== 'auto'
      ? [other.attachment.interface]
      : [],
  );
  return pickInterface({ wanted: attachment.interface, subnet: attachment.address, taken: new Set([...taken, ...named]) }, facts);
}
