/** Network gear: who it is, and what it is told. Packets are those of `test/golden/vectors`, or made of the words that guides print. */
import { describe, expect, it, test } from 'vitest';
import { hex, latin1Bytes } from '../../../src/base/bytes.ts';
import type { DeviceProfile, ProvisioningServer } from '../../../src/boot/profiles/device-profile.ts';
import { GEAR_PROFILES } from '../../../src/boot/profiles/gear/index.ts';
import type { DhcpPacket } from '../../../src/dhcp/packet.ts';
import { ip } from '../../support/addresses.ts';
import { vector } from '../../support/provisioning-bench.ts';

/** A DISCOVER with these options. */
function saying(options: Readonly<Record<number, string>>): DhcpPacket {
  const said = Object.entries(options).map(([code, value]) => [Number(code), latin1Bytes(value)] as const);
  return { ...vector('udhcpc-discover'), options: new Map(said) };
}

/** An option that is text behind an enterprise number and its length (RFC 3925). */
const ofCisco = (text: string): string => `\0\0\0\x09${String.fromCharCode(text.length)}${text}`;

function recognised(packet: DhcpPacket): readonly string[] {
  return GEAR_PROFILES.flatMap((profile) => {
    const device = profile.recognise(packet);
    return device === undefined ? [] : [`${profile.name} ${device.model ?? '-'} ${device.serial ?? '-'}`];
  });
}

describe('one family knows its device, with model and serial number', () => {
  test.each([
    ['cisco-ios-autoinstall-discover', 'cisco-ios - -'],
    ['cisco-iosxe-pnp-discover', 'cisco-pnp C9300-24T -'],
    ['arista-ztp-discover', 'arista DCS-7050S-64 JPE12221671'],
    ['juniper-ztp-request', 'juniper qfx10002-36q DN817'],
    ['onie-discover', 'onie x86_64-dellemc_s5200_c3538-r0 TW0ABCDEF0001'],
    ['aruba-instant-discover', 'aruba-instant - -'],
    ['ruckus-ap-discover', 'ruckus-ap - -'],
    ['mikrotik-routerboot-discover', 'mikrotik Mips -'],
  ])('%s: %s', (name, said) => expect(recognised(vector(name))).toEqual([said]));

  test.each([
    [{ 60: 'ciscopnp', 124: ofCisco('SN:FOC1947R143;PID:C9300-48P') }, 'cisco-pnp C9300-48P FOC1947R143'],
    [{ 61: '\0FOC1947R143', 124: ofCisco('SN:FOC1947R143;PID:NCS-5501-SE') }, 'cisco-xr NCS-5501-SE FOC1947R143'],
    [{ 61: '\0FOC1947R143', 77: '\x09xr-config' }, 'cisco-xr - FOC1947R143'],
    [{ 60: 'FPR9300', 61: '\0JMX2001X0AA' }, 'cisco-firepower FPR9300 JMX2001X0AA'],
    [{ 61: '\0FDO21030Q6Y' }, 'nexus - FDO21030Q6Y'],
    [{ 60: 'Cisco N9K-C93180YC-EX', 61: '\0FDO21030Q6Y' }, 'nexus N9K-C93180YC-EX FDO21030Q6Y'],
    [{ 60: 'Cisco AP c3700' }, 'cisco-ap c3700 -'],
    [{ 60: 'MERAKI' }, 'meraki - -'],
    [{ 60: 'Juniper-ex4300-48t', 12: 'PE3714070123' }, 'juniper ex4300-48t PE3714070123'],
    [{ 60: 'Juniper-ex4300-48t', 12: 'switch' }, 'juniper ex4300-48t -'],
    [{ 60: 'Juniper:ex2300-24t:JW02' }, 'juniper ex2300-24t JW02'],
    [{ 61: 'SONiC##S6000##ABC1234', 77: 'SONiC-ZTP' }, 'sonic S6000 ABC1234'],
    [{ 61: '\0SONiC##Force10-S6000##ABC1234' }, 'sonic Force10-S6000 ABC1234'],
    [{ 60: 'cumulus-linux x86_64' }, 'cumulus - -'],
    [{ 60: 'onie_vendor:arm-acme_s1-r0\0' }, 'onie arm-acme_s1-r0 -'],
    [{ 60: 'Aruba JL678A 6100 24G CL4 4SFP+' }, 'aruba-cx JL678A 6100 24G CL4 4SFP+ -'],
    [{ 60: 'HP J9729A 2920-48G-POE+ Switch' }, 'procurve J9729A 2920-48G-POE+ Switch -'],
    [{ 60: 'Aruba JL258A 2930F-8G-PoE+-2SFP+' }, 'procurve JL258A 2930F-8G-PoE+-2SFP+ -'],
    [{ 60: 'H3C. H3C S5130S-28S-EI' }, 'comware H3C S5130S-28S-EI -'],
    [{ 61: '\x00000f-e249-8050-VLAN0001' }, 'comware - -'],
    [{ 60: 'ArubaAP' }, 'aruba-ap - -'],
    [{ 60: 'TY=DELLNTW-S4810P;HW=3.0;SN=HADL124560;ST=1234567;OS=9.14;US=1.0' }, 'dell-ftos S4810P HADL124560'],
    [{ 60: 'Dell Networking S5248F-ON' }, 'dell-os10 S5248F-ON -'],
    [{ 60: 'XSUMMIT' }, 'extreme XSUMMIT -'],
    [{ 60: 'ubnt' }, 'unifi - -'],
    [{ 60: 'NOKIA:SR OS', 61: '\0NS1234', 77: '7750 SR-1;20.10.R1;ztp' }, 'nokia 7750 SR-1 NS1234'],
    [{ 60: 'ARM64__boot' }, 'mikrotik ARM64 -'],
    [{ 60: 'FortiGate-60F' }, 'fortigate FortiGate-60F -'],
    [{ 60: 'FortiAP-FP231F' }, 'fortilink FortiAP-FP231F -'],
  ])('%j: %s', (options, said) => expect(recognised(saying(options))).toEqual([said]));

  test.each([
    'pxe-bios-intel-discover',
    'pxe-edk2-x64-discover',
    'httpboot-edk2-x64-discover',
    'ipxe-efi-x64-discover',
    'rpi4-discover',
    'uboot-discover',
    'windows10-discover',
    'android-discover',
    'dhclient-discover',
    'udhcpc-discover',
    'cisco-7960-discover',
    'cisco-8851-discover',
    'yealink-t48s-discover',
    'grandstream-gxp-discover',
    'polycom-vvx-binary60-discover',
    'avaya-96x1-discover',
    'relay-opt82-cisco',
    'userclass-rfc3004',
  ])('%s is none', (name) => expect(recognised(vector(name))).toEqual([]));

  test.each([
    [{ 60: `Arista;${'x'.repeat(300)};01;S1` }, 'arista - S1'],
    [{ 60: 'Arista;DCS\x1b[2J;01;../../etc' }, 'arista - -'],
    [{ 60: 'Arista' }, 'arista - -'],
  ])('what is no name of a model and no serial number is left out: %j', (options, said) =>
    expect(recognised(saying(options))).toEqual([said]),
  );
});

const OURS: ProvisioningServer = {
  address: ip('192.168.77.1'),
  written: '192.168.77.1',
  url: 'tftp://192.168.77.1',
  httpPort: undefined,
  vlan: undefined,
};
const BY_HTTP: ProvisioningServer = { ...OURS, url: 'http://192.168.77.1:8080', httpPort: 8080 };
const BY_NAME: ProvisioningServer = { ...OURS, address: undefined, written: 'boot.bench.lan', url: 'tftp://boot.bench.lan' };

/** `code=text`, in hexadecimal where it is none. */
function told(name: string, server: ProvisioningServer): readonly string[] {
  const profile = GEAR_PROFILES.find((one) => one.name === name);
  return Array.from(profile?.provision(server) ?? [], ([code, value]) => {
    const text = String.fromCharCode(...value);
    return `${code}=${/^[\x20-\x7e]+$/.test(text) && text.length > 4 ? text : hex(value)}`;
  });
}

const SERVER = ['66=192.168.77.1', '150=c0a84d01'];

/** Sub-option of 43: code, length, text. */
const sub = (code: number, text: string): string => hex(Uint8Array.of(code, text.length, ...latin1Bytes(text)));

describe('the server in the dialect of the family', () => {
  test.each<[string, ProvisioningServer, readonly string[]]>([
    ['cisco-ios', OURS, SERVER],
    ['cisco-ios', { ...OURS, file: 'lab-confg' }, [...SERVER, '67=lab-confg']],
    ['cisco-ios', BY_NAME, ['66=boot.bench.lan']],
    ['cisco-pnp', OURS, ['43=5A1N;B2;K4;I192.168.77.1;J80']],
    ['cisco-pnp', { ...OURS, written: 'https://10.0.0.9' }, ['43=5A1N;B2;K5;I10.0.0.9;J443']],
    ['cisco-pnp', { ...BY_NAME, written: 'http://pnp.bench.lan:8080/x' }, ['43=5A1N;B1;K4;Ipnp.bench.lan;J8080']],
    ['cisco-pnp', { ...OURS, file: 'ztp.py' }, [...SERVER, '67=ztp.py']],
    ['cisco-xr', { ...BY_HTTP, file: 'xr/base.cfg' }, ['67=http://192.168.77.1:8080/xr/base.cfg']],
    ['cisco-xr', OURS, SERVER],
    ['cisco-firepower', { ...OURS, file: 'fpr.sh' }, [...SERVER, '67=fpr.sh']],
    ['nexus', OURS, [...SERVER, '67=poap.py']],
    ['nexus', { ...OURS, file: 'nexus/poap-lab.py' }, [...SERVER, '67=nexus/poap-lab.py']],
    ['cisco-ap', OURS, ['43=f104c0a84d01']],
    ['cisco-ap', BY_NAME, []],
    ['meraki', OURS, []],
    ['arista', BY_HTTP, ['67=http://192.168.77.1:8080/arista-startup-config']],
    ['arista', { ...OURS, file: '/eos/leaf.sh' }, ['67=tftp://192.168.77.1/eos/leaf.sh']],
    ['arista', { ...OURS, file: 'https://cv.bench.lan/ztp' }, ['67=https://cv.bench.lan/ztp']],
    ['juniper', OURS, [`43=${sub(1, 'juniper.conf')}${sub(3, 'tftp')}`, ...SERVER]],
    ['juniper', { ...BY_HTTP, file: 'ex/a.conf' }, [`43=${sub(1, 'ex/a.conf')}${sub(3, 'tftp')}`, ...SERVER]],
    ['juniper', { ...BY_HTTP, url: 'http://192.168.77.1:80', file: 'a.conf' }, [`43=${sub(1, 'a.conf')}${sub(3, 'http')}`, ...SERVER]],
    ['onie', BY_HTTP, SERVER],
    ['onie', { ...BY_HTTP, httpPort: 80 }, [...SERVER, '72=c0a84d01']],
    ['onie', { ...BY_HTTP, file: 'sonic.bin' }, ['114=http://192.168.77.1:8080/sonic.bin', ...SERVER]],
    ['sonic', BY_HTTP, ['67=http://192.168.77.1:8080/ztp.json']],
    ['sonic', { ...BY_HTTP, file: 'setup.sh' }, ['239=http://192.168.77.1:8080/setup.sh']],
    ['cumulus', BY_HTTP, ['239=http://192.168.77.1:8080/cumulus-ztp']],
    ['aruba-cx', OURS, ['66=192.168.77.1', `43=${sub(144, 'aruba-cx.cfg')}`]],
    ['aruba-cx', { ...BY_NAME, file: 'a.cfg' }, [`43=${sub(144, 'a.cfg')}`]],
    ['procurve', OURS, SERVER],
    ['procurve', { ...OURS, file: 'j9729a.cfg' }, [...SERVER, '67=j9729a.cfg']],
    ['comware', { ...OURS, file: 'tftp://10.0.0.1/a.cfg' }, ['67=tftp://10.0.0.1/a.cfg']],
    ['aruba-ap', OURS, ['60=ArubaAP', '43=192.168.77.1']],
    ['aruba-instant', OURS, []],
    ['dell-ftos', { ...OURS, file: 'ftos.conf' }, [...SERVER, '209=ftos.conf']],
    ['dell-os10', BY_HTTP, ['240=http://192.168.77.1:8080/os10-ztd.sh']],
    ['dell-n', OURS, SERVER],
    ['extreme', OURS, [`43=6404c0a84d01${sub(101, 'extreme.xsf')}`]],
    ['ruckus-icx', { ...OURS, file: 'icx.cfg' }, [...SERVER, '67=icx.cfg']],
    ['ruckus-ap', { ...OURS, written: '192.168.0.200' }, ['43=060d3139322e3136382e302e323030']],
    ['unifi', OURS, ['43=0104c0a84d01']],
    ['nokia', BY_HTTP, ['67=http://192.168.77.1:8080/nokia-provisioning.cfg']],
    ['mikrotik', { ...OURS, file: 'routeros.fwf' }, ['67=routeros.fwf']],
    ['fortigate', OURS, ['240=c0a84d01']],
    ['fortilink', OURS, ['138=c0a84d01']],
  ])('%s %j: %j', (name, server, options) => expect(told(name, server)).toEqual(options));

  it('is the topic of at least one case for every family', () => {
    const silent = GEAR_PROFILES.filter(({ name }) => told(name, { ...OURS, file: 'x' }).length === 0).map(({ name }) => name);
    expect(silent).toEqual(['meraki', 'aruba-instant']);
  });
});

describe('files that gear asks for', () => {
  const rowOf = (asked: string): readonly string[] =>
    GEAR_PROFILES.flatMap(({ name, files }: DeviceProfile) =>
      files.filter((file) => file.name.test(asked)).map((file) => `${name}: ${file.what}${file.miss.isNormal ? '' : '!'}`),
    );

  test.each([
    ['network-confg', ['cisco-ios: list of host names', 'cisco-pnp: list of host names']],
    ['cisconet.cfg', ['cisco-ios: list of host names', 'cisco-pnp: list of host names']],
    ['lab-switch-1-confg', ['cisco-ios: configuration', 'cisco-pnp: configuration']],
    ['router-confg', ['cisco-ios: configuration for all', 'cisco-pnp: configuration for all']],
    ['nexus/poap.py', ['nexus: POAP script!']],
    ['conf.FDO21030Q6Y', ['nexus: configuration!']],
    ['f8-8e-a1-00-01-00/onie-installer-x86_64-dellemc_s5200_c3538-r0', ['onie: installer or updater']],
    ['onie-updater', ['onie: installer or updater']],
    ['ztp.json', ['sonic: list of its tasks!']],
    ['netdesc.cfg', ['comware: list of host names, or a default']],
    ['fp-net.cfg', ['dell-n: list of host names, or a default']],
    ['switch0012.f2ab.cdef-config.cfg', ['ruckus-icx: configuration']],
    ['ICX7150-switch.cfg', ['ruckus-icx: configuration for all of its model']],
    ['001b54aabbcc.cfg', []],
    ['pxelinux.0', []],
  ])('%s: %j', (asked, rows) => expect(rowOf(asked)).toEqual(rows));

  test.each([
    ['onie', ['f8-8e-a1-00-01-00/onie-installer-x86_64-a_1-r0', 'onie-installer'], 'put onie-installer-x86_64-a_1-r0 into the root'],
    ['cisco-ios', ['network-confg', 'cisconet.cfg', 'lab-confg', 'router-confg'], 'put lab-confg into the root'],
    ['cisco-ios', ['network-confg', 'router-confg'], 'put network-confg with its host name, or router-confg for all, into the root'],
  ])('the advice of %s after %j: %s', (name, asked, advice) => {
    expect(GEAR_PROFILES.find((one) => one.name === name)?.search?.advise(asked)).toContain(advice);
  });
});

it('names are unique, and each profile says where its facts come from', () => {
  expect(new Set(GEAR_PROFILES.map(({ name }) => name)).size).toBe(GEAR_PROFILES.length);
  for (const { evidence, title } of GEAR_PROFILES) expect(Math.min(evidence.length, title.length)).toBeGreaterThan(3);
});
