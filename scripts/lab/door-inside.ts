/**
 * The inner half of the door to the console: `door-inside.ts SOCKET PORT` runs in the namespace of the laptop and passes on what comes by a socket of
 * the file system, which belongs to no network, to this port of the laptop's loopback.
 */
import { connect, createServer } from 'node:net';

const [path = '', port = ''] = process.argv.slice(2);

const server = createServer((outer) => {
  const inner = connect({ host: '127.0.0.1', port: Number(port) });
  outer.pipe(inner).pipe(outer);
  outer.on('error', () => inner.destroy());
  inner.on('error', () => outer.destroy());
});
server.listen(path, () => console.log('open'));
