/** An inventory of phones and switches, and devices on the wire that are in none. */
import type { AdoptionShape, InventoryShape, KnownDeviceShape } from '../../../src/web/api/inventory-shapes.ts';
import { fault, type StubArea } from './stub-area.ts';

const KNOWN: readonly KnownDeviceShape[] = [
  {
    mac: '28:99:3a:00:09:4d',
    name: 'switch1',
    address: '10.0.99.16',
    profile: 'arista',
    model: 'DCS-7050SX3-48YC8',
    serial: 'JPE21330123',
    vars: { uplink: 'Ethernet49', vlans: '10,20,77' },
    place: 'switches.yaml:3',
    files: ['startup-config'],
  },
  {
    mac: '00:25:84:11:22:33',
    name: 'core1',
    address: '10.0.99.2',
    profile: 'cisco-ios',
    model: 'C9300-48P',
    serial: 'FCW2144L0AB',
    vars: { site: 'Hall B', enable: '****' },
    place: 'switches.yaml:11',
    files: ['core1-confg', 'network-confg'],
  },
  { mac: '52:54:00:12:34:56', name: 'desk-7', vars: {}, place: 'config.yaml:58', files: [] },
  ...Array.from({ length: 46 }, (_, index): KnownDeviceShape => {
    const isCisco = index % 2 === 0;
    const end = (0xaa_00 + index).toString(16);
    const mac = `${isCisco ? '00:1b:54' : '80:5e:c0'}:aa:${end.slice(0, 2)}:${end.slice(2)}`;
    return {
      mac,
      name: `desk-${101 + index}`,
      ...(index % 3 === 0 ? { address: `192.168.77.${21 + index}` } : {}),
      profile: isCisco ? 'cisco-sip' : 'yealink',
      model: isCisco ? 'CP-7841' : 'T54W',
      vars: { extension: String(101 + index), label: index === 0 ? 'Tom & Jerry' : `Room ${index}`, password: '****' },
      place: `phones.csv:${index + 2}`,
      files: [isCisco ? `SEP${mac.replaceAll(':', '').toUpperCase()}.cnf.xml` : `${mac.replaceAll(':', '')}.cfg`],
    };
  }),
];

const INVENTORY: InventoryShape = {
  known: [...KNOWN],
  unknown: [
    {
      mac: '00:1b:54:aa:bb:ce',
      address: '192.168.77.61',
      name: 'SEP001B54AABBCE',
      vendor: 'Cisco',
      profile: 'cisco-sip',
      model: 'CP-7841',
    },
    { mac: '80:5e:c0:41:02:7f', address: '192.168.77.62', vendor: 'Yealink (Xiamen)', profile: 'yealink', model: 'T46U' },
    {
      mac: '28:99:3a:17:0e:02',
      address: '10.0.99.44',
      vendor: 'Arista Networks',
      profile: 'arista',
      model: 'DCS-7050TX-64',
      serial: 'JPE16250999',
    },
    { mac: 'dc:a6:32:99:10:03', address: '10.20.4.90', name: 'raspberrypi', vendor: 'Raspberry Pi' },
    { mac: 'd4:be:d9:10:44:5e', address: '10.20.4.91', name: '"><script>alert(1)</script>', vendor: 'Dell' },
  ],
  file: 'phones.csv',
  profiles: [
    'arista',
    'aruba-cx',
    'cisco-ios',
    'cisco-sip',
    'fanvil',
    'grandstream',
    'juniper',
    'mitel',
    'nexus',
    'polycom',
    'snom',
    'sonic',
    'yealink',
  ],
};

export function inventoryArea(): StubArea {
  let { known, unknown } = INVENTORY;
  return ({ method, path, body }) => {
    if (path !== '/inventory') return undefined;
    if (method === 'GET') return { status: 200, body: { ...INVENTORY, known, unknown } };
    const { mac, vars = {}, ...others } = body as AdoptionShape;
    const holder = known.find(({ name }) => name !== undefined && name === others.name);
    if (holder !== undefined)
      return fault(409, `${mac} is not adopted, and nothing is changed`, [
        `phones.csv:48:19: the name ${others.name} belongs to ${holder.mac} (${holder.place})`,
        'phones.csv:48:27: the template cisco-sip/sep.cnf.xml.liquid needs the variable extension',
      ]);
    const device = {
      mac,
      ...others,
      vars,
      place: 'phones.csv:48',
      files: [`SEP${mac.replaceAll(':', '').toUpperCase()}.cnf.xml`],
    } as KnownDeviceShape;
    known = [...known, device];
    unknown = unknown.filter((one) => one.mac !== mac);
    return { status: 201, body: { place: device.place, files: device.files } };
  };
}
