/** What simulated devices say, beside what real ones were recorded, or documented, to say. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseMac } from '../../src/base/addresses.ts';
import { hex } from '../../src/base/bytes.ts';
import { monoMs } from '../../src/base/clock.ts';
import { invariant } from '../../src/base/result.ts';
import { OPTION } from '../../src/dhcp/codes.ts';
import { type DhcpPacket, decodePacket, encodePacket } from '../../src/dhcp/packet.ts';
import type { Device } from '../../src/probe/device.ts';
import { DeviceMachine } from '../../src/probe/device-machine.ts';
import { DEVICES } from '../../src/probe/devices/index.ts';
import type { Action } from '../../src/probe/life.ts';
import { ip, mac } from '../support/addresses.ts';

function vector(name: string): { readonly packet: DhcpPacket; readonly octets: number } {
  const text = readFileSync(new URL(`../golden/vectors/${name}.hex`, import.meta.url), 'utf8').replace(/\s/g, '');
  const octets = Uint8Array.from(Buffer.from(text, 'hex'));
  return { packet: decoded(octets), octets: octets.length };
}

function decoded(octets: Uint8Array): DhcpPacket {
  const packet = decodePacket(octets);
  invariant(packet.ok, 'a message of a device can be read');
  return packet.value;
}

function deviceNamed(name: string): Device {
  const device = DEVICES.find((one) => one.name === name);
  invariant(device !== undefined, `there is a ${name}`);
  return device;
}

function machineOf(device: Device): DeviceMachine {
  return new DeviceMachine(device, { mac: mac(device.mac), random: () => 0x12345678, md5: () => '' });
}

function messages(actions: readonly Action[]): readonly Uint8Array[] {
  return actions.flatMap((action) => (action.do === 'dhcp' ? [action.octets] : []));
}

function firstMessage(device: Device): Uint8Array {
  const [octets] = messages(machineOf(device).step({ on: 'start' }, monoMs(0)));
  invariant(octets !== undefined, 'a device begins with a message');
  return octets;
}

/** Its answer to an offer of 192.0.2.51 from 192.0.2.1. */
function requestOf(device: Device): DhcpPacket {
  const machine = machineOf(device);
  const discover = decoded(messages(machine.step({ on: 'start' }, monoMs(0)))[0] ?? new Uint8Array());
  const options = new Map([
    [OPTION.messageType, Uint8Array.of(2)],
    [OPTION.serverIdentifier, Uint8Array.of(192, 0, 2, 1)],
    [OPTION.leaseTime, Uint8Array.of(0, 0, 14, 16)],
    [OPTION.bootFileName, Uint8Array.of(120)],
    [OPTION.vendorSpecific, Uint8Array.from(Buffer.from('Raspberry Pi Boot'))],
  ]);
  const offer = encodePacket({ ...discover, operation: 2, yourAddress: ip('192.0.2.51'), options });
  const heard = machine.step({ on: 'datagram', octets: offer, from: { address: ip('192.0.2.1'), port: 67 }, toPort: 68 }, monoMs(10));
  // Firmware that boots listens for other offers for a while.
  const [request] = [...messages(heard), ...messages(machine.step({ on: 'timeout' }, monoMs(5000)))];
  invariant(request !== undefined, 'a device takes an offer');
  return decoded(request);
}

function optionsOf({ options }: DhcpPacket): readonly (readonly [number, string])[] {
  return [...options].map(([code, value]) => [code, hex(value)] as const);
}

/** Beside the model, which another row differs in. */
const OTHER_MODEL = [60, 61, 12];

describe('The DISCOVER of', () => {
  it.each<[device: string, vector: string, except?: readonly number[]]>([
    ['cisco-7962', 'cisco-7960-discover', OTHER_MODEL],
    ['cisco-8851', 'cisco-8851-discover'],
    ['polycom-vvx', 'polycom-vvx-binary60-discover'],
    ['yealink-t48', 'yealink-t48s-discover'],
    ['grandstream', 'grandstream-gxp-discover'],
    ['avaya-j179', 'avaya-96x1-discover'],
    ['catalyst', 'cisco-ios-autoinstall-discover'],
    ['iosxe-pnp', 'cisco-iosxe-pnp-discover'],
    ['arista', 'arista-ztp-discover'],
    ['onie', 'onie-discover'],
    ['mikrotik', 'mikrotik-routerboot-discover'],
    ['ruckus-ap', 'ruckus-ap-discover'],
    ['pi4', 'rpi4-discover'],
    ['pxe-bios', 'pxe-bios-intel-discover'],
    ['uefi-x64', 'pxe-edk2-x64-discover'],
    ['uefi-arm64', 'pxe-edk2-arm64-discover'],
    ['httpboot', 'httpboot-edk2-x64-discover'],
    // Its machine's number is another machine's.
    ['ipxe', 'ipxe-bios-discover', [97]],
    ['uboot', 'uboot-discover'],
    ['debian-pc', 'dhclient-discover'],
  ])('%s is that of %s', (name, recorded, except = []) => {
    const octets = firstMessage(deviceNamed(name));
    const [packet, wanted] = [decoded(octets), vector(recorded)];
    const isCompared = ([code]: readonly [number, string]) => !except.includes(code);
    expect(optionsOf(packet).filter(isCompared)).toEqual(optionsOf(wanted.packet).filter(isCompared));
    expect([...packet.options.keys()]).toEqual([...wanted.packet.options.keys()]);
    expect([packet.flags, packet.seconds, packet.hops]).toEqual([wanted.packet.flags, wanted.packet.seconds, wanted.packet.hops]);
    if (except.length === 0) expect(octets).toHaveLength(wanted.octets);
  });

  it.each(DEVICES)('$name is a whole message from its own hardware address', (device) => {
    const packet = decoded(firstMessage(device));
    expect(parseMac(device.mac)).toBe(device.mac);
    expect(hex(packet.hardwareAddress.subarray(0, 6), ':')).toBe(device.mac);
    expect(packet.options.get(OPTION.messageType)).toEqual(Uint8Array.of(1));
  });
});

describe('The REQUEST (RFC 2131 §4.3.2) of', () => {
  it.each([
    ['pxe-bios', 'pxe-bios-intel-request-selecting'],
    ['uefi-x64', 'pxe-edk2-x64-request'],
  ])('%s is that of %s', (name, recorded) => {
    const values = ([code, value]: readonly [number, string]) => (code === OPTION.requestedAddress ? [code] : [code, value]);
    expect(optionsOf(requestOf(deviceNamed(name))).map(values)).toEqual(optionsOf(vector(recorded).packet).map(values));
  });

  it('juniper has the order of a recorded one', () => {
    expect([...requestOf(deviceNamed('juniper')).options.keys()]).toEqual([...vector('juniper-ztp-request').packet.options.keys()]);
  });

  it.each(DEVICES)('$name names the server and the address that it was offered', (device) => {
    const { options } = requestOf(device);
    expect(options.get(OPTION.serverIdentifier)).toEqual(Uint8Array.of(192, 0, 2, 1));
    expect(options.get(OPTION.requestedAddress)).toEqual(Uint8Array.of(192, 0, 2, 51));
  });
});
