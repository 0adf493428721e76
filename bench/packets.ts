/** What it costs a serving thread to keep a packet, beside serving it. */
import { LIMITED_BROADCAST, NO_ADDRESS } from '../src/base/addresses.ts';
import { discover } from '../src/dhcp/client-messages.ts';
import { DhcpPackets } from '../src/server/dhcp-packets.ts';
import { systemClock } from '../src/server/system-clock.ts';
import { TftpPackets } from '../src/server/tftp-packets.ts';
import { encodePacket } from '../src/tftp/packet.ts';
import { ip } from '../test/support/addresses.ts';
import type { Figure } from './round.ts';

const PACKETS = 1_000_000;
const CLIENTS = 4096;
const ARRIVAL = { interface: 'bench0', server: ip('10.77.0.1'), cast: 'broadcast', mtu: 1500 } as const;

export function packets(): Figure[] {
  const dhcp = new DhcpPackets(systemClock);
  const tftp = new TftpPackets(systemClock);
  const questions = Array.from({ length: CLIENTS }, (_, number) => discover(number, { isPxe: true }));
  const nobody = questions[0] ?? new Uint8Array();
  const request = encodePacket({ type: 'rrq', fileName: 'pxelinux.0', mode: 'octet', options: [{ name: 'tsize', value: '0' }] });
  const ack = encodePacket({ type: 'ack', block: 1 });
  const client = { address: NO_ADDRESS, port: 68 };
  const [peer, own] = [
    { address: ip('10.77.16.1'), port: 2000 },
    { address: ARRIVAL.server, port: 69 },
  ];
  return [
    { what: 'a DHCP message in', value: nanosOf((n) => dhcp.received(questions[n % CLIENTS] ?? nobody, client, ARRIVAL)) },
    { what: 'a DHCP message out', value: nanosOf((n) => dhcp.sent(questions[n % CLIENTS] ?? nobody, LIMITED_BROADCAST, 68, ARRIVAL)) },
    { what: 'a TFTP request', value: nanosOf(() => tftp.asked(request, peer, own)) },
    { what: 'a TFTP ACK, which is passed over', value: nanosOf(() => tftp.received(ack, peer, own)) },
  ];
}

function nanosOf(act: (n: number) => void): string {
  for (let n = 0; n < PACKETS / 10; n += 1) act(n);
  const began = performance.now();
  for (let n = 0; n < PACKETS; n += 1) act(n);
  return `${(((performance.now() - began) / PACKETS) * 1e6).toFixed(0)} ns`;
}
