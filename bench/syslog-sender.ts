/** Sends messages of syslog as fast as it is told to, until it is ended: `syslog-sender.ts SERVER MESSAGES_A_SECOND SENDERS`. Senders are addresses 10.77.0.2 and on. */
import { createSocket } from 'node:dgram';

const [server = '', rate = '', senders = ''] = process.argv.slice(2);
const TICK_MS = 5;
const message = Buffer.from('<189>45: *Mar  1 00:01:12.345: %LINK-3-UPDOWN: Interface GigabitEthernet1/0/1, changed state to up');
const sockets = await Promise.all(
  Array.from({ length: Number(senders) }, async (_, at) => {
    const socket = createSocket({ type: 'udp4', sendBufferSize: 4 * 1024 * 1024 });
    await new Promise<void>((resolve) => socket.bind(0, `10.77.0.${2 + at}`, resolve));
    return socket;
  }),
);
const beganAt = performance.now();
let sent = 0;
setInterval(() => {
  const due = ((performance.now() - beganAt) / 1000) * Number(rate);
  for (; sent < due; sent += 1) sockets[sent % sockets.length]?.send(message, 514, server);
}, TICK_MS);
setTimeout(() => console.log('sending'), 1000);
process.on('SIGTERM', () => {
  console.log(`sent ${Math.round(sent / ((performance.now() - beganAt) / 1000))}/s`);
  process.exit();
});
