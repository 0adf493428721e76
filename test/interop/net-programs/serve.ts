/**
 * Answers on one interface, by the socket that was asked: `serve.ts linux|portable INTERFACE ADDRESS PORT [in-worker] [batched]`.
 * Says what came to which socket. A question that begins with `shout` is answered by broadcast.
 */
import { isMainThread, Worker } from 'node:worker_threads';
import { LIMITED_BROADCAST, parseIpv4, showIpv4 } from '../../../src/base/addresses.ts';
import { invariant } from '../../../src/base/result.ts';
import { openNetworkHost } from '../../../src/net/choose-host.ts';

const [kind, name = '', addressText = '', portText, ...how] = process.argv.slice(2);
const batched = how.includes('batched');

if (how.includes('in-worker') && isMainThread) {
  new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
} else {
  invariant(kind === 'linux' || kind === 'portable', 'the first argument is a kind of host');
  const address = parseIpv4(addressText);
  invariant(address !== undefined, 'the third argument is an address');
  const { sockets } = await openNetworkHost(kind);
  const port = Number(portText);
  const ports = {
    wildcard: await sockets.openUdp({ interface: name, port, broadcast: true, receiveBuffer: 4 << 20, batched }),
    address: await sockets.openUdp({ interface: name, address, port, broadcast: true, receiveBuffer: 4 << 20, batched }),
  };
  for (const [role, own] of Object.entries(ports)) {
    own.onFault((fault) => console.log(`fault ${fault.message}`));
    own.onDatagram((bytes, from) => {
      const text = new TextDecoder().decode(bytes);
      console.log(`${role} got "${text}" from ${showIpv4(from.address)}`);
      const to = text.startsWith('shout') ? { address: LIMITED_BROADCAST, port: from.port } : from;
      own.send(new TextEncoder().encode(`${role} of ${name} heard ${text}`), to);
    });
  }
  console.log('ready');
}
