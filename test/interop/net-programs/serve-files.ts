/** Serves a folder by TFTP: `serve-files.ts linux|portable INTERFACE ADDRESS FOLDER`. Says each event as a line of JSON. */
import { parseIpv4 } from '../../../src/base/addresses.ts';
import { invariant } from '../../../src/base/result.ts';
import { FileCatalog } from '../../../src/files/catalog.ts';
import { DiskRoute } from '../../../src/files/disk-route.ts';
import { openNetworkHost } from '../../../src/net/choose-host.ts';
import { systemClock } from '../../../src/server/system-clock.ts';
import { TftpServer } from '../../../src/server/tftp-server.ts';

const [kind, name = '', addressText = '', folder = ''] = process.argv.slice(2);
invariant(kind === 'linux' || kind === 'portable', 'the first argument is a kind of host');
const address = parseIpv4(addressText);
invariant(address !== undefined, 'the third argument is an address');
const { sockets, interfaces } = await openNetworkHost(kind);
const server = new TftpServer({
  sockets,
  catalog: new FileCatalog([new DiskRoute(folder)]),
  clock: systemClock,
  tell: (event) => console.log(JSON.stringify(event)),
  whoHas: () => ({}),
  settings: {
    maxBlockSize: 65464,
    maxWindow: 64,
    maxTransfers: 1000,
    maxTransfersPerClient: undefined,
    maxRequestsPerClient: undefined,
    maxUploadSize: 0,
  },
});
const mtu = interfaces.list().find((facts) => facts.name === name)?.mtu ?? 1500;
await server.listen({ interface: name, addresses: [address], mtu });
console.log('ready');
process.once('SIGTERM', () => void server.close());
