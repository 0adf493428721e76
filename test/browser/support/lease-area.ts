/** Leases of a school's three networks: phones, PCs, switches, and what else plugs itself in. */
import type { LeaseShape } from '../../../src/web/api/lease-shapes.ts';
import { fault, HOUR, MINUTE, NOW, type Publish, type StubArea } from './stub-area.ts';

/** The kinds of device that a network has, with the first half of their MAC addresses. */
const KINDS = [
  { vendor: 'Yealink (Xiamen)', mac: '80:5e:c0', name: 'desk', network: 'phones' },
  { vendor: 'Cisco', mac: '00:1b:54', name: 'SEP001B54', network: 'phones' },
  { vendor: 'Dell', mac: 'd4:be:d9', name: 'pc', network: 'lab' },
  { vendor: 'Raspberry Pi', mac: 'dc:a6:32', name: 'pi', network: 'lab' },
  { vendor: 'Arista Networks', mac: '28:99:3a', name: 'leaf', network: 'management' },
] as const;

const BASES = { phones: '192.168.77', lab: '10.20.4', management: '10.0.99' } as const;
const NOBODY: readonly string[] = ['released', 'ended'];

function lease(index: number): LeaseShape {
  const kind = KINDS[index % KINDS.length] ?? KINDS[0];
  const last = 10 + Math.floor(index / KINDS.length) * 2 + (index % 2);
  const octets = [index >> 8, index & 255, (index * 37) & 255].map((octet) => octet.toString(16).padStart(2, '0')).join(':');
  const since = NOW - ((index * 7) % 600) * MINUTE;
  const state =
    index % 41 === 7 ? 'quarantined' : index % 29 === 3 ? 'ended' : index % 37 === 5 ? 'offered' : index % 53 === 9 ? 'released' : 'bound';
  return {
    address: `${BASES[kind.network]}.${last}`,
    ...(state === 'quarantined' ? {} : { mac: `${kind.mac}:${octets}`, name: `${kind.name}-${100 + index}`, vendor: kind.vendor }),
    network: kind.network,
    state,
    since,
    ...(index % 17 === 4 ? {} : { until: NOW + (NOBODY.includes(state) ? -HOUR : (index % 12) * HOUR + 13 * MINUTE) }),
    isReserved: index % 6 === 1,
  };
}

export function leaseArea(publish: Publish): StubArea {
  const leases = Array.from({ length: 300 }, (_, index) => lease(index));
  // Whatever a device calls itself is shown as text.
  const hostile = leases[12];
  if (hostile !== undefined) leases[12] = { ...hostile, name: '<img src=x onerror="document.title=1">' };
  return ({ method, path, query, body }) => {
    if (method === 'GET' && path === '/leases') {
      const isAll = query.get('all') === 'true';
      return { status: 200, body: { leases: leases.filter(({ state }) => isAll || !NOBODY.includes(state)) } };
    }
    const release = /^\/leases\/([^/]+)\/release$/.exec(path)?.[1];
    if (method === 'POST' && release !== undefined) {
      const at = leases.findIndex(({ address, state }) => address === release && !NOBODY.includes(state));
      const found = leases[at];
      if (found === undefined) return fault(404, `nobody has ${release}`);
      leases[at] = { ...found, state: 'released', until: NOW };
      publish('leases', {});
      return { status: 204 };
    }
    if (method === 'POST' && path === '/reservations') {
      const { mac, address } = body as { mac: string; address: string };
      if (!Object.values(BASES).some((base) => address.startsWith(`${base}.`)))
        return fault(409, `${address} is in none of the networks`, [
          `inventory.csv:14:19: the address ${address} is in none of the networks`,
        ]);
      const at = leases.findIndex((one) => one.mac === mac);
      const found = leases[at];
      if (found !== undefined) leases[at] = { ...found, isReserved: true };
      publish('leases', {});
      return { status: 201, body: { place: 'inventory.csv:14' } };
    }
    return undefined;
  };
}
