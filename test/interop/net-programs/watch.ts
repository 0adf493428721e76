/** Watches one network and says each event: `watch.ts INTERFACE ADDRESS/PREFIX assign|leave`. SIGTERM stops it. */
import { parseCidr, showCidr } from '../../../src/base/addresses.ts';
import { openNetworkHost } from '../../../src/net/choose-host.ts';
import type { DatagramPort } from '../../../src/net/ports.ts';
import { everyInterval, NetworkWatcher } from '../../../src/net/watcher.ts';

const [name = 'auto', address = '', assign] = process.argv.slice(2);
const { interfaces, sockets } = await openNetworkHost();
let port: DatagramPort | undefined;
const watcher = new NetworkWatcher([{ name: 'bench', interface: name, address: parseCidr(address), assign: assign === 'assign' }], {
  interfaces,
  every: everyInterval,
  tell: (event) => console.log(JSON.stringify(event)),
  async onUp(up) {
    port = await sockets.openUdp({ interface: up.facts.name, address: up.address.address, port: 69 });
    console.log(`up on ${up.facts.name} as ${showCidr(up.address)}`);
  },
  async onDown() {
    await port?.close();
  },
});
process.once('SIGTERM', () => void watcher.stop());
await watcher.start();
console.log('started');
