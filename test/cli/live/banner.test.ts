/** The first screen: five statements, whatever is served. */
import { describe, expect, test } from 'vitest';
import { bannerLines, type FirstScreen } from '../../../src/cli/live/banner.ts';
import type { Config, NetworkConfig } from '../../../src/config/config.ts';
import { defaultConfig } from '../../../src/config/resolve.ts';
import type { ServerStateShape } from '../../../src/web/api/server-shapes.ts';
import { ip } from '../../support/addresses.ts';

const [LOOPBACK, SERVER] = [ip('127.0.0.1'), ip('192.168.77.1')];

const CONFIG: Config = defaultConfig('/home/me');
const [LAN] = CONFIG.networks as readonly [NetworkConfig];

const OFF = { isServed: false, why: 'it is switched off in the configuration' };
const UP = {
  name: 'lan',
  interface: 'eth1',
  address: '192.168.77.1/24',
  mode: 'server',
  isServed: true,
  size: 127,
  taken: 0,
  quarantined: 0,
};
const SERVICES: ServerStateShape['services'] = [
  { name: 'TFTP', isServed: true, where: '192.168.77.1:69' },
  { name: 'HTTP', isServed: true, where: '192.168.77.1:8080' },
  { name: 'syslog', isServed: true, where: '192.168.77.1:514' },
  { name: 'NTP', isServed: false, why: 'not at 192.168.77.1:123: chronyd has the port' },
  { name: 'DNS', ...OFF },
];

function network(changes: Partial<NetworkConfig>): NetworkConfig {
  return { ...LAN, ...changes };
}

function screen(changes: Partial<FirstScreen>): FirstScreen {
  return { config: CONFIG, state: { networks: [UP], services: SERVICES }, page: { address: LOOPBACK, port: 8067 }, ...changes };
}

const POOL = '192.168.77.128-192.168.77.254';

describe('The first screen', () => {
  test('says what is served where in five lines, and what is not and why', () => {
    expect(bannerLines(screen({}), 140, false)).toEqual([
      `DHCP   lan on eth1 as 192.168.77.1/24 gives ${POOL}, unless another DHCP server is found there`,
      'TFTP   /home/me/boot-images at 192.168.77.1:69',
      'HTTP   the same files at http://192.168.77.1:8080/',
      'Other  syslog at 192.168.77.1:514; NTP nowhere: not at 192.168.77.1:123: chronyd has the port; DNS off',
      'Page   http://127.0.0.1:8067',
    ]);
  });

  test.each<[what: string, changes: Partial<FirstScreen>, line: string]>([
    [
      'a network beside another server',
      { config: { ...CONFIG, networks: [network({ mode: 'proxy' })] } },
      'DHCP   lan on eth1 as 192.168.77.1/24 says what to boot; another DHCP server gives the addresses (mode: proxy)',
    ],
    ['a network without DHCP', { config: { ...CONFIG, networks: [network({ mode: 'off' })] } }, 'DHCP   lan has none (mode: off)'],
    [
      'a network without a look for others',
      { config: { ...CONFIG, networks: [network({ guard: 'off' })] } },
      `DHCP   lan on eth1 as 192.168.77.1/24 gives ${POOL}`,
    ],
    [
      'a network of reservations',
      { config: { ...CONFIG, networks: [network({ guard: 'off', pools: [] })] } },
      'DHCP   lan on eth1 as 192.168.77.1/24 gives reserved addresses only',
    ],
    [
      'a network without a cable',
      { state: { networks: [{ ...UP, isServed: false, why: 'eth1 has no cable' }], services: SERVICES } },
      'DHCP   lan is not served: eth1 has no cable',
    ],
    [
      'more networks than there is room for',
      { config: { ...CONFIG, networks: Array.from({ length: 40 }, (_none, at) => network({ name: `n${at}`, mode: 'off' })) } },
      'DHCP   n0 has none (mode: off); n1 has none (mode: off); n2 has none (mode: off); n3 has none (mode: off); and 36 more',
    ],
    ['no files by HTTP', { state: { networks: [UP], services: [{ name: 'HTTP', ...OFF }] } }, 'HTTP   off'],
    [
      'no port for files by HTTP',
      { state: { networks: [UP], services: [{ name: 'HTTP', isServed: false, why: 'not at 192.168.77.1:8080: nginx has the port' }] } },
      'HTTP   not at 192.168.77.1:8080: nginx has the port',
    ],
    ['no page', { config: { ...CONFIG, web: { listen: undefined, webhooks: [] } }, page: undefined }, 'Page   off'],
    [
      'no port for the page',
      { page: { address: LOOPBACK, port: 8067, why: 'another program has it' } },
      'Page   not at 127.0.0.1:8067: another program has it',
    ],
    [
      'a page that needs a token, which is not told',
      { page: { address: SERVER, port: 8067, tokenFile: '/home/me/data/web-token' } },
      'Page   http://192.168.77.1:8067; it asks for the token in /home/me/data/web-token (bootlace web)',
    ],
  ])('tells of %s', (_what, changes, line) => {
    expect(bannerLines(screen(changes), 200, false)).toContain(line);
  });

  test('goes on below itself where the terminal is narrow', () => {
    expect(bannerLines(screen({}), 50, false).slice(0, 3)).toEqual([
      'DHCP   lan on eth1 as 192.168.77.1/24 gives',
      `       ${POOL}, unless`,
      '       another DHCP server is found there',
    ]);
  });
});
