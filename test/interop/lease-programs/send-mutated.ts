/** Broadcasts spoilt DHCP packets: `send-mutated.ts ADDRESS SEED COUNT`. ADDRESS is this machine's own. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { mutatedPackets } from '../../support/mutated-packets.ts';

const [address = '', seed, count] = process.argv.slice(2);
const network = address.split('.').slice(0, 3).map(Number);
const socket = createSocket('udp4');
socket.bind(68, address);
await once(socket, 'listening');
socket.setBroadcast(true);
let sent = 0;
for (const octets of mutatedPackets(Number(seed), Number(count), network)) {
  await new Promise((resolve) => socket.send(octets, 67, '255.255.255.255', resolve));
  sent += 1;
  // A wire has a speed; what its buffer cannot hold would prove nothing.
  if (sent % 50 === 0) await sleep(2);
}
socket.close();
console.log(`sent ${sent}`);
