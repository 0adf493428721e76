// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a configuration names its variables
import { describe, expect, it, test } from 'vitest';
import { hex, latin1Bytes } from '../../src/base/bytes.ts';
import { DEVICES, deviceProfile, knownDevice } from '../../src/boot/profiles/devices.ts';
import { commonFileOf } from '../../src/boot/profiles/phones/yealink.ts';
import type { DhcpPacket } from '../../src/dhcp/packet.ts';
import { discoverOf, ProvisioningBench, told, vector } from '../support/provisioning-bench.ts';

const OURS = 'provision: ${server}';
const WITH_HTTP = `${OURS}\nhttp: { port: 8080 }`;
/** Everything, so that what is sent does not depend on a list. */
const ALL = [1, 3, 43, 66, 67, 114, 128, 132, 144, 150, 157, 159, 160, 161, 176, 191, 242];

function nul(text: string): string {
  return hex(latin1Bytes(`${text}\0`));
}

describe('A phone is recognised', () => {
  it.each<[packet: string, profile: string, model: string | undefined]>([
    ['cisco-7960-discover', 'cisco-sip', 'CP-7960'],
    ['cisco-8851-discover', 'cisco-sip', 'CP-8851'],
    ['polycom-vvx-binary60-discover', 'polycom', '3111-48450-001'],
    ['yealink-t48s-discover', 'yealink', 'SIP-T48S'],
    ['grandstream-gxp-discover', 'grandstream', 'GXP2170'],
    ['avaya-96x1-discover', 'avaya', undefined],
  ])('by the packet %s: %s', (name, profile, model) => {
    const known = knownDevice(vector(name));
    expect([known?.profile.name, known?.device.model]).toEqual([profile, model]);
  });

  it.each<[vendorClass: string, profile: string | undefined, model?: string | undefined]>([
    ['Cisco Systems, Inc. IP Phone CP-7962G\0', 'cisco-sip', 'CP-7962G'],
    ['Cisco Systems, Inc. IP Phone 7912\0', 'cisco-sip', '7912'],
    ['Cisco Systems, Inc. IP Phone 7920\0', 'cisco-sccp', '7920'],
    ['Cisco Systems Inc. Wireless Phone 7921', 'cisco-sccp', '7921'],
    ['Cisco Systems, Inc.', 'cisco-sip', undefined],
    ['CISCO ATA190', 'cisco-sip', 'ATA190'],
    ['CISCO ATA191-MPP', 'cisco-mpp', 'ATA191-MPP'],
    ['Cisco Systems, Inc. IP Phone CP-8851-3PCC\0', 'cisco-mpp', '8851-3PCC'],
    ['Cisco SPA504G', 'cisco-spa', 'SPA504G'],
    ['Cisco Systems, Inc. IP Phone SPA502G', 'cisco-spa', 'SPA502G'],
    ['LINKSYS SPA-942', 'cisco-spa', 'SPA-942'],
    ['Polycom-VVX410', 'polycom', 'VVX410'],
    ['snomD785', 'snom', 'snomD785'],
    ['AastraIPPhone6867i', 'mitel', '6867i'],
    ['MitelIPPhone6920', 'mitel', '6920'],
    ['Gigaset_N720_DM_PRO', 'gigaset', 'N720_DM_PRO'],
    ['N510_IP_PRO', 'gigaset', 'N510_IP_PRO'],
    ['Panasonic', 'panasonic', undefined],
    ['ciscopnp', undefined],
    ['OpenMobility', undefined],
    ['PXEClient:Arch:00000:UNDI:002001', undefined],
    ['', undefined],
  ])('by its class %j: %s', (vendorClass, profile, model) => {
    const known = knownDevice(discoverOf({ vendorClass }));
    const phone = known?.profile.kind === 'phone' ? known : undefined;
    expect([phone?.profile.name, phone?.device.model]).toEqual([profile, model]);
  });

  it('by the first half of its MAC where its vendor sends no class', () => {
    expect(knownDevice(discoverOf({ mac: '0c:38:3e:07:e1:6c' }))?.profile.name).toBe('fanvil');
    expect(knownDevice(discoverOf({ mac: '0c:38:3e:07:e1:6c', vendorClass: 'udhcp 1.20' }))).toBeUndefined();
  });

  it('whatever its class holds', () => {
    for (let octet = 0; octet < 256; octet += 1) {
      const vendorClass = String.fromCharCode(octet).repeat(255);
      for (const profile of DEVICES) expect(() => profile.recognise(discoverOf({ vendorClass, hostName: vendorClass }))).not.toThrow();
    }
  });
});

describe('One word in the dialect of each vendor', () => {
  const rows: readonly [device: string, packet: DhcpPacket, yaml: string, expected: Record<number, string>][] = [
    ['Cisco 7960', vector('cisco-7960-discover'), OURS, { 66: '192.168.77.1', 150: 'c0a84d01' }],
    ['Cisco 8851', vector('cisco-8851-discover'), 'provision: 10.0.0.9', { 66: '10.0.0.9', 150: '0a000009' }],
    // 150 would go before 66, and cannot hold a name.
    ['Cisco 8851', vector('cisco-8851-discover'), 'provision: tftp.example.net', { 66: 'tftp.example.net' }],
    [
      'Poly VVX',
      vector('polycom-vvx-binary60-discover'),
      `${OURS}\nhttp: { port: off }`,
      { 66: 'tftp://192.168.77.1', 160: 'tftp://192.168.77.1' },
    ],
    ['Poly VVX', vector('polycom-vvx-binary60-discover'), WITH_HTTP, { 66: 'http://192.168.77.1:8080', 160: 'http://192.168.77.1:8080' }],
    [
      'Poly VVX with a list of everything',
      discoverOf({ vendorClass: 'Polycom-VVX410', list: ALL }),
      'provision: { server: "http://prov.example.net/poly/", vlan: 100 }',
      {
        66: 'http://prov.example.net/poly',
        128: 'VLAN-A=100;',
        144: 'VLAN-A=100;',
        157: 'VLAN-A=100;',
        160: 'http://prov.example.net/poly',
        191: 'VLAN-A=100;',
      },
    ],
    ['Yealink', vector('yealink-t48s-discover'), WITH_HTTP, { 66: 'tftp://192.168.77.1' }],
    [
      'Yealink',
      vector('yealink-t48s-discover'),
      'provision: { server: "${server}", http: true, vlan: 7 }\nhttp: { port: 80 }',
      { 66: 'http://192.168.77.1', 132: '7' },
    ],
    ['Grandstream', vector('grandstream-gxp-discover'), WITH_HTTP, { 66: 'http://192.168.77.1:8080', 160: 'http://192.168.77.1:8080' }],
    ['Avaya', vector('avaya-96x1-discover'), WITH_HTTP, { 242: 'HTTPSRVR=192.168.77.1,HTTPPORT=8080' }],
    [
      'Avaya',
      vector('avaya-96x1-discover'),
      'provision: { server: "https://prov.example.net/a/b/", vlan: 1212 }',
      { 242: 'L2Q=1,L2QVLAN=1212,TLSSRVR=prov.example.net,TLSDIR=a/b' },
    ],
    [
      'snom, which asks for nothing of it',
      discoverOf({ vendorClass: 'snom370', list: [1, 3] }),
      'provision: { server: "http://test", vlan: 114 }',
      { 43: `420c${nul('http://test')}8404${nul('114')}` },
    ],
    [
      'snom',
      discoverOf({ vendorClass: 'snomD785', list: ALL }),
      WITH_HTTP,
      { 43: `4219${nul('http://192.168.77.1:8080')}`, 66: 'http://192.168.77.1:8080' },
    ],
    [
      'Mitel',
      discoverOf({ vendorClass: 'AastraIPPhone6867i', list: ALL }),
      OURS,
      {
        43: `0213${hex(latin1Bytes('tftp://192.168.77.1'))}`,
        66: 'tftp://192.168.77.1',
        159: 'tftp://192.168.77.1',
        160: 'tftp://192.168.77.1',
      },
    ],
    [
      'Fanvil',
      discoverOf({ mac: '0c:38:3e:07:e1:6c', list: ALL }),
      OURS,
      { 43: 'tftp://192.168.77.1', 66: 'tftp://192.168.77.1', 160: 'tftp://192.168.77.1' },
    ],
    ['Gigaset', discoverOf({ vendorClass: 'N510_IP_PRO', list: ALL }), WITH_HTTP, { 114: 'http://192.168.77.1:8080' }],
    ['Panasonic', discoverOf({ vendorClass: 'Panasonic', list: ALL }), WITH_HTTP, { 66: '192.168.77.1' }],
    [
      'Panasonic',
      discoverOf({ vendorClass: 'Panasonic', list: ALL }),
      'provision: "http://p.example.net/{MODEL}.cfg"',
      { 66: 'p.example.net', 159: 'http://p.example.net/{MODEL}.cfg', 160: 'http://p.example.net/{MODEL}.cfg' },
    ],
    [
      'Cisco MPP',
      discoverOf({ vendorClass: 'Cisco Systems, Inc. IP Phone CP-8851-3PCC\0', list: ALL }),
      WITH_HTTP,
      {
        66: '192.168.77.1',
        150: 'c0a84d01',
        159: 'http://192.168.77.1:8080/$MA.xml',
        160: 'http://192.168.77.1:8080/$MA.xml',
      },
    ],
    [
      'Cisco SPA',
      discoverOf({ vendorClass: 'LINKSYS SPA-942', list: ALL }),
      'provision: { server: "${server}", vlan: 5, http: false }\nhttp: { port: 80 }',
      { 66: '192.168.77.1', 132: '5', 150: 'c0a84d01', 159: 'tftp://192.168.77.1/$MA.xml', 160: 'tftp://192.168.77.1/$MA.xml' },
    ],
  ];
  test.each(rows)('%s', (_device, packet, yaml, expected) => {
    expect(told(new ProvisioningBench(yaml).offer(packet))).toEqual(expected);
  });

  it('goes out by the list of parameters, in its order', () => {
    const codes = [...new ProvisioningBench(OURS).offer(vector('cisco-7960-discover')).keys()];
    expect(codes.filter((code) => [66, 150].includes(code))).toEqual([66, 150]);
  });

  it.each(DEVICES.map((profile) => [profile.name, profile] as const))('%s has octets for any server', (_name, profile) => {
    for (const written of ['10.0.0.1', 'a.example', 'http://a.example:81/b/c', '']) {
      const options = profile.provision({ address: undefined, written, url: written, httpPort: undefined, vlan: 4094 });
      for (const octets of options.values()) expect(octets.length).toBeLessThan(256);
    }
  });
});

describe('Who is told, and by which level', () => {
  const cisco = vector('cisco-7960-discover');
  const its66 = (yaml: string, ofNetwork = '', packet = cisco): unknown => told(new ProvisioningBench(yaml, ofNetwork).offer(packet))[66];

  it.each<[what: string, yaml: string, ofNetwork: string, server: string]>([
    ['the site', 'provision: 10.0.0.1', '', '10.0.0.1'],
    ['the network before it', 'provision: 10.0.0.1', ', provision: 10.0.0.2', '10.0.0.2'],
    [
      'a class before both',
      'provision: 10.0.0.1\nclasses: [{ name: c, match: { vendorClass: "Cisco*" }, provision: 10.0.0.3 }]',
      ', provision: 10.0.0.2',
      '10.0.0.3',
    ],
    [
      'a host before all',
      'classes: [{ name: c, match: { vendorClass: "Cisco*" }, provision: 10.0.0.3 }]\nhosts: [{ mac: "00:0d:29:1a:2b:3c", provision: 10.0.0.4 }]',
      ', provision: 10.0.0.2',
      '10.0.0.4',
    ],
    ['an option of the network before any', 'provision: 10.0.0.1', ', options: { 66: x.example }', 'x.example'],
    [
      'a host that is told nothing: what everybody is',
      'provision: 10.0.0.9\nhosts: [{ mac: "00:0d:29:1a:2b:3c", provision: off }]',
      '',
      '192.168.77.1',
    ],
  ])('%s', (_what, yaml, ofNetwork, server) => expect(its66(yaml, ofNetwork)).toBe(server));

  it('takes a VLAN and a server from different levels', () => {
    const bench = new ProvisioningBench('provision: { vlan: 9 }', ', provision: "${server}"');
    expect(told(bench.offer(vector('yealink-t48s-discover')))).toEqual({ 66: 'tftp://192.168.77.1', 132: '9' });
  });

  it('believes the profile of a host more than the device', () => {
    const bench = new ProvisioningBench(`${OURS}\nhosts: [{ mac: "00:0d:29:1a:2b:3c", profile: cisco-sccp }]`);
    expect(bench.provision(cisco)).toMatchObject({ profile: 'cisco-sccp', why: 'Cisco IP phone (SCCP)' });
  });

  it('tells a device that no family knows what it told it before', () => {
    const packet = discoverOf({ vendorClass: 'MSFT 5.0', list: ALL });
    expect(told(new ProvisioningBench(OURS).offer(packet))).toEqual(told(new ProvisioningBench('log: {}').offer(packet)));
  });

  it('looks at nobody where nothing is said', () => {
    const bench = new ProvisioningBench('hosts: [{ mac: "00:0d:29:1a:2b:3c", profile: cisco-sccp }]');
    expect(bench.provision(cisco)).toBeUndefined();
  });
});

describe('Profiles', () => {
  it('have names of their own, and say where what they know comes from', () => {
    expect(new Set(DEVICES.map(({ name }) => name)).size).toBe(DEVICES.length);
    for (const profile of DEVICES) {
      expect(deviceProfile(profile.name)).toBe(profile);
      expect(profile.evidence.length).toBeGreaterThan(20);
    }
  });

  it('know the common file of a Yealink model', () => {
    expect(['SIP-T48S', 'T46U', 'w60b', 'T28P', 'X'].map(commonFileOf)).toEqual([
      'y000000000065.cfg',
      'y000000000108.cfg',
      'y000000000077.cfg',
      'y000000000000.cfg',
      undefined,
    ]);
  });
});
