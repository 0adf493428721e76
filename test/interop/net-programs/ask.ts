/**
 * Asks by plain UDP and says what came back and from whom: `ask.ts DESTINATION PORT TEXT`. A client that has no address yet sends
 * from none, like a DHCP client.
 */
import { createSocket } from 'node:dgram';

const [destination = '', portText, text = ''] = process.argv.slice(2);
const socket = createSocket('udp4');
const again = setInterval(() => socket.send(text, Number(portText), destination), 500);
const giveUp = setTimeout(() => {
  console.log('no answer');
  clearInterval(again);
  socket.close();
}, 5000);
socket.on('message', (answer, { address }) => {
  console.log(`"${answer.toString()}" from ${address}`);
  clearTimeout(giveUp);
  clearInterval(again);
  socket.close();
});
socket.bind(() => {
  socket.setBroadcast(true);
  socket.send(text, Number(portText), destination);
});
