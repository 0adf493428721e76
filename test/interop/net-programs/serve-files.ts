/**
 * The appliance's TFTP thread on sockets of either kind: `serve-files.ts linux|portable CONFIGURATION INTERFACE ADDRESS`. Says each event as a
 * line of JSON.
 */
import { parseIpv4 } from '../../../src/base/addresses.ts';
import { invariant } from '../../../src/base/result.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { EventBus } from '../../../src/events/bus.ts';
import { openNetworkHost } from '../../../src/net/choose-host.ts';
import { TftpLink } from '../../../src/server/tftp-link.ts';

const [kind, file = '', name = '', addressText = ''] = process.argv.slice(2);
invariant(kind === 'linux' || kind === 'portable', 'the first argument is a kind of host');
const address = parseIpv4(addressText);
invariant(address !== undefined, 'the fourth argument is an address');
const { config, diagnostics } = await loadConfig(file, {});
invariant(config !== undefined, `a configuration without faults: ${JSON.stringify(diagnostics)}`);
const { interfaces } = await openNetworkHost(kind);

const bus = new EventBus((fault) => {
  throw fault;
});
bus.listen((event) => console.log(JSON.stringify(event)));
const tftp = new TftpLink(
  { config, host: kind },
  {
    bus,
    whoHas: () => ({ hostName: 'desk-101' }),
    settled: async () => {},
    onRehearsed: () => {},
    onDeath: (why) => console.log(`the thread has ended: ${why}`),
  },
);
const mtu = interfaces.list().find((facts) => facts.name === name)?.mtu ?? 1500;
await tftp.listen({ interface: name, addresses: [address], mtu });
await tftp.start();
console.log('ready');
process.once('SIGTERM', () => void tftp.close());
