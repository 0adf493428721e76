/** Asks who has each address, all at once: `arp-probe.ts INTERFACE ADDRESS… [in-worker]`. Says who, and how long that took. */
import { isMainThread, Worker } from 'node:worker_threads';
import { parseIpv4 } from '../../../src/base/addresses.ts';
import { invariant } from '../../../src/base/result.ts';
import { openNetworkHost } from '../../../src/net/choose-host.ts';

const [name, ...texts] = process.argv.slice(2).filter((argument) => argument !== 'in-worker');

if (process.argv.includes('in-worker') && isMainThread) {
  new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
} else {
  const { sockets, interfaces } = await openNetworkHost('linux');
  const facts = interfaces.list().find((candidate) => candidate.name === name);
  invariant(facts, 'the first argument is an interface');
  const prober = sockets.openArpProber(facts, (fault) => console.log(`fault ${fault.message}`));
  invariant(prober, 'ARP is possible');
  await Promise.all(
    texts.map(async (text) => {
      const address = parseIpv4(text);
      invariant(address !== undefined, 'the other arguments are addresses');
      const beganAt = performance.now();
      const mac = await prober.probe(address);
      console.log(JSON.stringify({ address: text, mac, millis: Math.round(performance.now() - beganAt) }));
    }),
  );
  prober.close();
}
