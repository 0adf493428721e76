// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a configuration names its variables
/** Whole answers to network gear: the options of its vendor, the boot file in no other way, and the lease that it takes. */
import { describe, expect, it, test } from 'vitest';
import { hex, latin1Bytes, latin1Text } from '../../src/base/bytes.ts';
import { wallMs } from '../../src/base/clock.ts';
import { BootPlanner } from '../../src/boot/boot-plan.ts';
import { Provisioner } from '../../src/boot/provisioner.ts';
import { DhcpEngine } from '../../src/dhcp/engine.ts';
import type { DhcpPacket } from '../../src/dhcp/packet.ts';
import { siteConfigOf, siteOf } from '../../src/server/site.ts';
import { cidr, ip } from '../support/addresses.ts';
import { configFrom } from '../support/config-text.ts';
import { card } from '../support/interfaces.ts';
import { vector } from '../support/provisioning-bench.ts';

const VIA = { interface: 'eth1', server: ip('192.168.77.1'), cast: 'broadcast', mtu: 1500 } as const;

/** The answer to a DISCOVER. */
function offer(packet: DhcpPacket, yaml: string, ofNetwork = ''): DhcpPacket {
  const network = `{ name: bench, interface: eth1, address: 192.168.77.1/24, conflictCheck: off${ofNetwork} }`;
  const config = configFrom(`networks: [${network}]\n${yaml}\n`);
  const [boot, provisioner] = [new BootPlanner(config), new Provisioner(config)];
  const engine = new DhcpEngine({
    plan: (inquiry, now, role) => boot.plan(inquiry, now, role),
    provision: (inquiry) => provisioner.provision(inquiry),
  });
  const facts = card('eth1', 4, { addresses: [cidr('192.168.77.1/24')] });
  engine.configure(siteOf(siteConfigOf(config), [{ network: 'bench', facts, address: cidr('192.168.77.1/24') }]));
  const sent = engine.receive(packet, VIA, wallMs(1_000_000_000_000)).find((effect) => effect.do === 'send');
  if (sent?.do !== 'send') throw new Error('no answer');
  return sent.packet;
}

/** That vector with other options; what it asks for is all of these. */
function asking(name: string, list: readonly number[], options: Readonly<Record<number, string>> = {}): DhcpPacket {
  const packet = vector(name);
  const said = Object.entries(options).map(([code, value]) => [Number(code), latin1Bytes(value)] as const);
  return { ...packet, options: new Map([...packet.options, ...said, [55, Uint8Array.from(list)]]) };
}

function said({ options, bootFile }: DhcpPacket, codes: readonly number[]): Readonly<Record<string, string>> {
  const octets = codes.flatMap((code): readonly (readonly [number, string])[] => {
    const value = options.get(code);
    if (value === undefined) return [];
    const text = latin1Text(value);
    return [[code, /^[\x20-\x7e]{5,}$/.test(text) ? text : hex(value)]];
  });
  return { ...Object.fromEntries(octets), file: latin1Text(bootFile) };
}

const NEXUS = asking('udhcpc-discover', [1, 3, 51, 66, 67, 150], { 61: '\0FDO21030Q6Y', 60: 'Cisco N9K-C93180YC-EX' });
const OURS = 'provision: ${server}';
const classWith = (match: string, file: string): string =>
  `${OURS}\nclasses: [{ name: gear, match: { ${match} }, boot: { file: ${file} } }]`;

describe('the boot file of a class, in the words of each vendor', () => {
  it('Cisco IOS: in 67 and in `file`, without a NUL', () => {
    const answer = offer(vector('cisco-ios-autoinstall-discover'), classWith('clientId: "cisco-*"', 'lab-confg'));
    expect(said(answer, [43, 66, 67, 150])).toEqual({ 150: 'c0a84d01', file: 'lab-confg' });
    const wanting = asking('cisco-ios-autoinstall-discover', [66, 67, 150]);
    expect(said(offer(wanting, classWith('clientId: "cisco-*"', 'lab-confg')), [66, 67, 150])).toEqual({
      66: '192.168.77.1',
      67: 'lab-confg',
      150: 'c0a84d01',
      file: 'lab-confg',
    });
  });

  it('Cisco IOS without one: AutoInstall walks through its names', () => {
    expect(said(offer(vector('cisco-ios-autoinstall-discover'), OURS), [43, 67, 150])).toEqual({ 150: 'c0a84d01', file: '' });
  });

  it('Arista: as a URL', () => {
    const answer = offer(vector('arista-ztp-discover'), `${classWith('vendorClass: "Arista;*"', 'eos/leaf.sh')}\nhttp: { port: 8080 }`);
    const url = 'http://192.168.77.1:8080/eos/leaf.sh';
    expect(said(answer, [67, 150])).toEqual({ 67: url, file: url });
  });

  it('Juniper: in 43.1 alone', () => {
    // The vector is a REQUEST: the same device's DISCOVER has neither 54 nor 50.
    const discover = { ...vector('juniper-ztp-request'), options: new Map([...vector('juniper-ztp-request').options]) };
    discover.options.set(53, Uint8Array.of(1)).delete(54);
    expect(said(offer(discover, classWith('vendorClass: "Juniper*"', 'qfx.conf')), [43, 66, 67, 150])).toEqual({
      43: `010871${hex(latin1Bytes('fx.conf'))}0304${hex(latin1Bytes('tftp'))}`,
      66: '192.168.77.1',
      150: 'c0a84d01',
      file: '',
    });
  });

  it('ONIE: in 114, and the servers of its waterfall beside it', () => {
    const answer = offer(vector('onie-discover'), `${classWith('vendorClass: "onie_vendor:*"', 'sonic.bin')}\nhttp: { port: 8080 }`);
    expect(said(answer, [43, 66, 67, 72, 114, 150])).toEqual({
      66: '192.168.77.1',
      114: 'http://192.168.77.1:8080/sonic.bin',
      file: '',
    });
  });

  it('an option of the configuration goes before', () => {
    const yaml = `${OURS}\nclasses: [{ name: gear, match: { vendorClass: "Arista;*" }, options: { bootFile: own.cfg } }]`;
    expect(said(offer(vector('arista-ztp-discover'), yaml), [67])).toMatchObject({ 67: 'own.cfg' });
  });

  it('firmware that boots over the network keeps its own way', () => {
    const yaml = `${OURS}\nclasses: [{ name: all, match: { mac: "*" }, boot: { file: x.efi } }]`;
    const answer = offer(vector('pxe-edk2-x64-discover'), yaml);
    expect(latin1Text(answer.bootFile)).toBe('x.efi');
  });
});

describe('POAP', () => {
  const secondsOf = ({ options }: DhcpPacket): number => Number.parseInt(hex(options.get(51) ?? new Uint8Array()), 16);

  test.each([
    [', leaseTime: 10m', 3600],
    [', leaseTime: { default: 5m, min: 1m, max: 20m }', 3600],
    ['', 3600],
    [', leaseTime: 2h', 7200],
  ])('gets a lease of an hour at least: %s', (leaseTime, seconds) => {
    const answer = offer(NEXUS, OURS, leaseTime);
    expect(secondsOf(answer)).toBe(seconds);
    // T1 and T2 follow (RFC 2131 §4.4.5).
    expect(said(answer, [66, 67, 150])).toEqual({ 66: '192.168.77.1', 67: 'poap.py', 150: 'c0a84d01', file: 'poap.py' });
  });

  test.each([
    ['another device', vector('udhcpc-discover'), OURS],
    ['a switch that is told nothing', NEXUS, ''],
  ])('%s gets the lease of its network', (_, packet, yaml) => {
    expect(secondsOf(offer(packet, yaml, ', leaseTime: 10m'))).toBe(600);
  });
});
