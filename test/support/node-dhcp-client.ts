/**
 * Runs the client of the npm package `dhcp` on this machine's only cable and prints, a line of JSON each, what its own
 * decoder read in the messages that came: `node node-dhcp-client.ts MAC EXPECTED-ADDRESS`. It ends when it is bound.
 *
 * The client asks for the address of the offer *before* the one it answers, hence for none, and names no server (RFC 2131
 * §4.3.2 has it name both). It is told the address beforehand, which makes its REQUEST one of a client that restarted.
 */
import { createRequire } from 'node:module';

interface Client {
  readonly _state: { address: string | null };
  listen(): void;
  sendDiscover(): void;
  on(event: 'listening', listener: () => void): void;
  on(event: 'message' | 'bound', listener: (read: { readonly options: Readonly<Record<string, unknown>> }) => void): void;
}

const [mac, expectedAddress] = process.argv.slice(2);
const { createClient } = createRequire(import.meta.url)('dhcp') as { createClient(config: object): Client };

const client = createClient({ mac });
client._state.address = expectedAddress ?? null;
client.on('listening', () => client.sendDiscover());
client.on('message', (packet) => console.log(JSON.stringify(packet)));
client.on('bound', (state) => {
  console.log(JSON.stringify({ bound: state }));
  process.exit(0);
});
client.listen();
