/**
 * The machine's interfaces by route netlink. Neither the `ip` command nor /sys is needed: a bare machine has no iproute2, and
 * a process put into another network namespace still sees the /sys of the first.
 */
import { existsSync } from 'node:fs';
import { type Cidr, showCidr } from '../../base/addresses.ts';
import type { InterfaceControl, InterfaceFacts } from '../ports.ts';
import { KernelError } from './libc.ts';
import {
  addressRequest,
  dumpRequest,
  type Link,
  linkUpRequest,
  parseAddress,
  parseDefaultRoute,
  parseLink,
  RTM_GETADDR,
  RTM_GETLINK,
  RTM_GETROUTE,
} from './netlink.ts';
import { withRouteSocket } from './route-socket.ts';

/** The interfaces of the network namespace that this process is in. */
export const linuxInterfaces: InterfaceControl = {
  list() {
    return withRouteSocket((ask) => {
      const links = ask('listing the interfaces', (sequence) => dumpRequest(RTM_GETLINK, sequence)).map(parseLink);
      const addresses = ask('listing the addresses', (sequence) => dumpRequest(RTM_GETADDR, sequence)).map(parseAddress);
      const routes = ask('listing the routes', (sequence) => dumpRequest(RTM_GETROUTE, sequence));
      const defaultRouteLinks = new Set(routes.flatMap(parseDefaultRoute));
      return links
        .filter((link) => link !== undefined)
        .map((link) => factsOf(link, addressesOn(link, addresses), defaultRouteLinks.has(link.index)))
        .sort((a, b) => a.index - b.index);
    });
  },

  addAddress(facts, address) {
    withRouteSocket((ask) => {
      // The address last: should one of the two fail, none is left behind that nobody knows of.
      ask(`setting ${facts.name} up`, (sequence) => linkUpRequest(facts.index, sequence));
      ask(`putting ${showCidr(address)} on ${facts.name}`, (sequence) => addressRequest('add', facts.index, address, sequence));
    });
  },

  removeAddress(facts, address) {
    try {
      withRouteSocket((ask) => {
        ask(`taking ${showCidr(address)} off ${facts.name}`, (sequence) => addressRequest('remove', facts.index, address, sequence));
      });
    } catch (fault) {
      if (fault instanceof KernelError && (fault.code === 'EADDRNOTAVAIL' || fault.code === 'ENODEV')) return;
      throw fault;
    }
  },

  bringUp(facts) {
    withRouteSocket((ask) => {
      ask(`setting ${facts.name} up`, (sequence) => linkUpRequest(facts.index, sequence));
    });
  },
};

function addressesOn(link: Link, addresses: readonly ReturnType<typeof parseAddress>[]): readonly Cidr[] {
  return addresses.flatMap((found) => (found?.index === link.index ? [found.address] : []));
}

function factsOf(link: Link, addresses: readonly Cidr[], hasDefaultRoute: boolean): InterfaceFacts {
  const { index, name, mac, mtu, isUp, hasCarrier, isLoopback, master } = link;
  const isWireless = isWirelessLink(link);
  return { name, index, mac, mtu, addresses, isUp, hasCarrier, isLoopback, isWireless, hasDefaultRoute, kind: kindOf(link), master };
}

function kindOf(link: Link): string {
  if (link.isLoopback) return 'loopback';
  if (link.kind !== undefined) return link.kind;
  if (!link.isEthernet) return 'other';
  // Kernels before 5.14 do not name the device in netlink; there /sys helps, as far as it shows this namespace.
  return link.hasDevice || existsSync(`/sys/class/net/${link.name}/device`) ? 'physical' : 'virtual';
}

/** Netlink does not say it. Drivers of hardware show a `phy80211` in /sys; the name (systemd's and the kernel's rule) serves where /sys is of no use. */
function isWirelessLink(link: Link): boolean {
  const node = `/sys/class/net/${link.name}`;
  return link.name.startsWith('wl') || existsSync(`${node}/phy80211`) || existsSync(`${node}/wireless`);
}
