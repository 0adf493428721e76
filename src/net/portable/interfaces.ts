/**
 * The interfaces as Node shows them on every system: only those that are up and have an address, without routes, kinds or cables.
 * What is missing is guessed from names and, for the default route, asked of the system by a socket that sends nothing.
 */
import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { type Cidr, NO_ADDRESS, parseCidr, parseIpv4, parseMac, showCidr, showIpv4 } from '../../base/addresses.ts';
import type { InterfaceControl, InterfaceFacts } from '../ports.ts';

/** In TEST-NET-3 (RFC 5737): no packet is sent there, only the way there is asked for. */
const somewhereElse = '203.0.113.1';
const virtualNames = /^(utun|tun|tap|wg|awdl|llw|bridge|br-|docker|virbr|veth|vmnet|vnic|vEthernet|gif|stf|anpi|ap\d)/i;
const wirelessNames = /^wl|wi-?fi|wlan|wireless/i;
const NO_HARDWARE_ADDRESS = '00:00:00:00:00:00';

/** Resolves when the default route is known for the first time; each later look asks anew and serves the next. */
export async function portableInterfaces(platform: string = process.platform): Promise<InterfaceControl> {
  const indexes = new Map<string, number>();
  let defaultAddress = await addressTowards(somewhereElse);
  const control: InterfaceControl = {
    list() {
      void addressTowards(somewhereElse).then((address) => {
        defaultAddress = address;
      });
      return Object.entries(networkInterfaces()).map(([name, entries]) => {
        const index = indexes.get(name) ?? indexes.size + 1;
        indexes.set(name, index);
        return factsOf(name, index, entries ?? [], defaultAddress);
      });
    },
    addAddress(facts, address) {
      throw new Error(`this system cannot be told from here; as administrator: ${commandToAdd(platform, facts.name, address)}`);
    },
    removeAddress() {
      // None was ever put on.
    },
    bringUp(facts) {
      throw new Error(`${facts.name} is down; set it up by hand`);
    },
  };
  return control;
}

/** The command that a person would put the address on with. */
export function commandToAdd(platform: string, name: string, address: Cidr): string {
  switch (platform) {
    case 'darwin':
      return `ifconfig ${name} alias ${showCidr(address)}`;
    case 'win32':
      return `netsh interface ipv4 add address "${name}" ${showIpv4(address.address)}/${address.prefix}`;
    case 'linux':
      return `ip address add ${showCidr(address)} dev ${name}`;
    default:
      return `ifconfig ${name} inet ${showCidr(address)} alias`;
  }
}

type Entries = NonNullable<ReturnType<typeof networkInterfaces>[string]>;

function factsOf(name: string, index: number, entries: Entries, defaultAddress: string | undefined): InterfaceFacts {
  const ours = entries.filter(({ family }) => family === 'IPv4');
  const isLoopback = entries.some(({ internal }) => internal);
  const hardware = entries.find(({ mac }) => mac !== NO_HARDWARE_ADDRESS)?.mac;
  return {
    name,
    index,
    mac: hardware === undefined ? undefined : parseMac(hardware),
    // Not told by Node; what Ethernet has.
    mtu: 1500,
    addresses: ours.flatMap(({ cidr }) => parseCidr(cidr ?? '') ?? []),
    isUp: true,
    hasCarrier: true,
    isLoopback,
    isWireless: wirelessNames.test(name),
    hasDefaultRoute: ours.some(({ address }) => address === defaultAddress),
    kind: isLoopback ? 'loopback' : virtualNames.test(name) ? 'virtual' : 'physical',
    master: undefined,
  };
}

/** The address that the system would send from, or undefined where there is no route. */
function addressTowards(destination: string): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const socket = createSocket('udp4');
  const finish = (address: string | undefined) => {
    socket.close();
    resolve(address);
  };
  socket.once('error', () => finish(undefined));
  socket.connect(9, destination, () => {
    const { address } = socket.address();
    finish(parseIpv4(address) === NO_ADDRESS ? undefined : address);
  });
  return promise;
}
