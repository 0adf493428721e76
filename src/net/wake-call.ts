/** A magic packet onto one interface, in every way that a card may be reached by there. There is no answer: nobody knows whether it was heard. */
import { broadcastOf, type Ipv4, LIMITED_BROADCAST, type Mac, showIpv4 } from '../base/addresses.ts';
import { magicPacket, WAKE_PORT, wakeFrame } from '../boot/magic-packet.ts';
import type { FrameSockets, InterfaceFacts, SocketFactory } from './ports.ts';

/** Whom to wake. */
export interface Sleeper {
  readonly mac: Mac;
  /** Of SecureOn; undefined where the card wants none. */
  readonly password: Uint8Array | undefined;
}

/** What was sent on an interface. Plain data: it crosses the control socket. */
export interface WakeCall {
  readonly interface: string;
  /** Where UDP went, `192.168.77.255:9`. */
  readonly udp: readonly string[];
  /** An Ethernet frame went, too. */
  readonly frame: boolean;
  /** What could not be sent, and why. */
  readonly faults: readonly string[];
}

export type WakeSockets = Pick<SocketFactory, 'openUdp'> & FrameSockets;

/** Sends it by UDP to the broadcast address of each network on the interface and to 255.255.255.255, and as a frame. Never rejects. */
export async function sendWakeCall(facts: InterfaceFacts, { mac, password }: Sleeper, sockets: WakeSockets): Promise<WakeCall> {
  const packet = magicPacket(mac, password);
  const faults: string[] = [];
  const udp = await sendByUdp(facts, packet, sockets, faults);
  const frame = sendAsFrame(facts, packet, sockets, faults);
  return { interface: facts.name, udp: udp.map((address) => `${showIpv4(address)}:${WAKE_PORT}`), frame, faults };
}

async function sendByUdp(
  { name, addresses }: InterfaceFacts,
  packet: Uint8Array,
  sockets: WakeSockets,
  faults: string[],
): Promise<readonly Ipv4[]> {
  // A network of two addresses or one has no broadcast address (RFC 3021).
  const broadcasts = addresses.filter(({ prefix }) => prefix < 31).map(broadcastOf);
  const sent: Ipv4[] = [];
  try {
    const port = await sockets.openUdp({ interface: name, address: addresses[0]?.address, port: 0, broadcast: true });
    let fault: Error | undefined;
    port.onFault((found) => {
      fault = found;
    });
    for (const address of new Set([...broadcasts, LIMITED_BROADCAST])) {
      port.send(packet, { address, port: WAKE_PORT });
      await aMoment();
      if (fault === undefined) sent.push(address);
      else faults.push(`UDP to ${showIpv4(address)}: ${fault.message}`);
      fault = undefined;
    }
    await port.close();
  } catch (fault) {
    faults.push(`UDP: ${fault instanceof Error ? fault.message : String(fault)}`);
  }
  return sent;
}

/** The system's word on a datagram comes after the call. */
async function aMoment(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function sendAsFrame(facts: InterfaceFacts, packet: Uint8Array, sockets: WakeSockets, faults: string[]): boolean {
  let hasFailed = false;
  const link = sockets.openFrameLink(facts, (fault) => {
    hasFailed = true;
    faults.push(`Ethernet: ${fault.message}`);
  });
  if (link === undefined || facts.mac === undefined) return false;
  link.send(wakeFrame(facts.mac, packet));
  link.close();
  return !hasFailed;
}
