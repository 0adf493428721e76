/** A server with three networks: one is nearly full, one waits for its cable. */
import type { ServerStateShape } from '../../../src/web/api/server-shapes.ts';
import { NOW, type StubArea } from './stub-area.ts';

export const SERVER: ServerStateShape = {
  version: '0.1.0',
  host: 'rack-laptop',
  now: NOW,
  startedAt: NOW - 5_400_000,
  config: 'config.yaml',
  networks: [
    {
      name: 'phones',
      interface: 'eth0',
      address: '192.168.77.1/24',
      mode: 'server',
      isServed: true,
      size: 240,
      taken: 118,
      quarantined: 4,
    },
    { name: 'lab', interface: 'eth1', address: '10.20.4.1/24', mode: 'server', isServed: true, size: 124, taken: 117, quarantined: 3 },
    {
      name: 'management',
      interface: 'eth2',
      mode: 'server',
      isServed: false,
      why: 'the cable of eth2 is not plugged in',
      size: 100,
      taken: 57,
      quarantined: 0,
    },
    { name: 'office', interface: 'eth3', address: '172.16.8.20/22', mode: 'proxy', isServed: true, size: 0, taken: 0, quarantined: 0 },
  ],
  services: [
    { name: 'DHCP', isServed: true, where: '192.168.77.1:67' },
    { name: 'TFTP', isServed: true, where: '192.168.77.1:69' },
    { name: 'HTTP', isServed: true, where: '192.168.77.1:80' },
    { name: 'NTP', isServed: false, why: 'port 123 is used by another program (chronyd)' },
  ],
  limits: ['Other DHCP servers are not looked for: that needs raw sockets, and the program has no right to them. Start it as root.'],
};

export function serverArea(): StubArea {
  return ({ method, path }) => (method === 'GET' && path === '/server' ? { status: 200, body: SERVER } : undefined);
}
