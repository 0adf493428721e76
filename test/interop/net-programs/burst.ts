/** Asks many times at once, half of it by broadcast, and counts the answers: `burst.ts SERVER PORT COUNT`. */
import { createSocket } from 'node:dgram';

const [server = '', port, count] = process.argv.slice(2);
const socket = createSocket('udp4');
const wanted = 2 * Number(count);
const from = new Set<string>();
let answers = 0;

socket.on('message', (_text, { address }) => {
  from.add(address);
  answers += 1;
  if (answers === wanted) end();
});
await new Promise<void>((resolve) => socket.bind(0, resolve));
socket.setBroadcast(true);
for (let n = 0; n < Number(count); n += 1) {
  socket.send(`${n}`, Number(port), server);
  socket.send(`${n}`, Number(port), '255.255.255.255');
}
// This end has an ordinary buffer: some of the answers do not fit into it.
const timer = setTimeout(end, 2_000);

function end(): void {
  clearTimeout(timer);
  socket.close();
  console.log(`${answers} answers, all from ${[...from].join(' and ')}`);
}
