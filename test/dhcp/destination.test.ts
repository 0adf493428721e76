import { describe, expect, it } from 'vitest';
import { showIpv4 } from '../../src/base/addresses.ts';
import { type Destination, destinationOf } from '../../src/dhcp/destination.ts';
import { readRequest } from '../../src/dhcp/request.ts';
import { ip } from '../support/addresses.ts';
import { LAN, type MessageParts, message } from '../support/dhcp-client.ts';

const MAC = '02:00:00:00:00:0a';

function show(to: Destination): string {
  switch (to.way) {
    case 'hardware':
      return `${to.hardwareAddress} ${showIpv4(to.address)}:${to.port}`;
    case 'broadcast':
      return `broadcast:${to.port}`;
    case 'relay':
    case 'client':
      return `${showIpv4(to.address)}:${to.port}`;
  }
}

describe('Where a reply goes (RFC 2131 §4.1)', () => {
  it.each<['OFFER' | 'ACK' | 'NAK', string, string, MessageParts]>([
    ['OFFER', 'the relay agent, port 67', '10.8.0.1:67', { giaddr: '10.8.0.1' }],
    ['OFFER', 'the relay agent, whatever the flag says', '10.8.0.1:67', { giaddr: '10.8.0.1', broadcast: true }],
    ['NAK', 'the relay agent', '10.8.0.1:67', { giaddr: '10.8.0.1', ciaddr: '10.8.0.9' }],
    ['ACK', 'ciaddr', '10.0.0.9:68', { ciaddr: '10.0.0.9' }],
    ['ACK', 'ciaddr, even with the flag', '10.0.0.9:68', { ciaddr: '10.0.0.9', broadcast: true }],
    ['NAK', 'everybody: the address is just what is wrong', 'broadcast:68', { ciaddr: '10.0.0.9' }],
    ['NAK', 'everybody', 'broadcast:68', {}],
    ['OFFER', 'everybody when the flag asks for it', 'broadcast:68', { broadcast: true }],
    ['OFFER', 'the hardware address', `${MAC} 10.0.0.100:68`, {}],
    ['OFFER', 'the hardware address on IEEE 802', `${MAC} 10.0.0.100:68`, { packet: { hardwareType: 6 } }],
    [
      'OFFER',
      'everybody on InfiniBand (RFC 4390)',
      'broadcast:68',
      { packet: { hardwareType: 32, hardwareLength: 0 }, options: [[61, Uint8Array.of(1, 2)]] },
    ],
    ['OFFER', 'everybody with a 16-octet address on Ethernet (EDK2)', 'broadcast:68', { packet: { hardwareLength: 16 } }],
    ['OFFER', 'everybody when the hardware address is all zeros', 'broadcast:68', { packet: { hardwareAddress: new Uint8Array(16) } }],
    [
      'OFFER',
      'everybody when the hardware address is a group',
      'broadcast:68',
      { packet: { hardwareAddress: new Uint8Array(16).fill(1) } },
    ],
  ])('%s to %s', (reply, _where, destination, parts) => {
    const request = readRequest(message('REQUEST', MAC, parts), LAN);
    expect(request.ok && show(destinationOf(reply, request.value, ip('10.0.0.100')))).toBe(destination);
  });
});
