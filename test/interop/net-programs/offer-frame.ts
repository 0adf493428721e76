/** Broadcasts one OFFER as a server would: `offer-frame.ts INTERFACE SERVER OFFERED [VLAN]`. With a VLAN the frame is tagged. */
import { LIMITED_BROADCAST, type Mac, parseIpv4 } from '../../../src/base/addresses.ts';
import { invariant } from '../../../src/base/result.ts';
import { MESSAGE_CODES, OPTION } from '../../../src/dhcp/codes.ts';
import { encodePacket } from '../../../src/dhcp/packet.ts';
import { openNetworkHost } from '../../../src/net/choose-host.ts';
import { packetFilter } from '../../../src/net/linux/packet-filter.ts';
import { openPacketSocket } from '../../../src/net/linux/packet-socket.ts';
import { udpFrame } from '../../../src/net/linux/raw-frame.ts';
import { guardProbe } from '../../../src/server/guard-probe.ts';

const [name, serverText = '', offeredText = '', vlan] = process.argv.slice(2);
const [server, offered] = [parseIpv4(serverText), parseIpv4(offeredText)];
invariant(server !== undefined && offered !== undefined, 'the second and third arguments are addresses');
const facts = (await openNetworkHost('linux')).interfaces.list().find((candidate) => candidate.name === name);
invariant(facts?.mac, 'the first argument is an interface');
const options = new Map([[OPTION.messageType, Uint8Array.of(MESSAGE_CODES.OFFER)]]);
const payload = encodePacket({ ...guardProbe('02:00:00:00:00:99' as Mac, 1), operation: 2, yourAddress: offered, options });
const datagram = {
  from: { address: server, port: 67 },
  to: { address: LIMITED_BROADCAST, port: 68 },
  hardwareAddress: 'ff:ff:ff:ff:ff:ff' as Mac,
  payload,
};
const frame = udpFrame(facts.mac, datagram, facts.mtu);
invariant(frame.ok, 'it fits');
const tag = vlan === undefined ? [] : [0x81, 0x00, Number(vlan) >> 8, Number(vlan) & 255];
const socket = openPacketSocket(facts, 0x0800, packetFilter([], 0), (fault) => console.log(`fault ${fault.message}`));
invariant(socket, 'raw frames are possible');
socket.send(Uint8Array.of(...frame.value.subarray(0, 12), ...tag, ...frame.value.subarray(12)));
socket.close();
