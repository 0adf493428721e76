/** Which answer a PXE firmware takes its boot file from (PXE 2.1 §2.4, EDK2 PxeBcDhcp4.c). */
import { describe, expect, it } from 'vitest';
import { showIpv4 } from '../../src/base/addresses.ts';
import { latin1Bytes } from '../../src/base/bytes.ts';
import { type MonoMs, monoMs } from '../../src/base/clock.ts';
import { OPTION } from '../../src/dhcp/codes.ts';
import { type DhcpPacket, decodePacket, encodePacket } from '../../src/dhcp/packet.ts';
import { DeviceMachine } from '../../src/probe/device-machine.ts';
import { UEFI_X64 } from '../../src/probe/devices/firmware.ts';
import type { Action, ProbeEvent } from '../../src/probe/life.ts';
import { decodePacket as decodeTftp } from '../../src/tftp/packet.ts';
import { ip, mac } from '../support/addresses.ts';

const SERVER = '192.0.2.1';
const PROXY = '192.0.2.9';

/** What of an answer a row says. */
interface Said {
  readonly from?: string;
  readonly yiaddr?: string;
  readonly vendorClass?: string;
  readonly vendor?: readonly number[];
  readonly file?: string;
}

function answer(to: DhcpPacket, type: number, { from = SERVER, yiaddr = '192.0.2.50', vendorClass, vendor, file }: Said): Uint8Array {
  const options = new Map<number, Uint8Array>([
    [OPTION.messageType, Uint8Array.of(type)],
    [OPTION.serverIdentifier, Uint8Array.from(from.split('.').map(Number))],
    [OPTION.subnetMask, Uint8Array.of(255, 255, 255, 0)],
  ]);
  if (vendorClass !== undefined) options.set(OPTION.vendorClass, latin1Bytes(vendorClass));
  if (vendor !== undefined) options.set(OPTION.vendorSpecific, Uint8Array.from(vendor));
  return encodePacket({ ...to, operation: 2, yourAddress: ip(yiaddr), nextServer: ip(from), bootFile: latin1Bytes(file ?? ''), options });
}

/** Lets it boot where servers answer so, and tells which server it asked at which port, and for which file. */
function booted(own: Said, proxy: Said | undefined, bootServer: Said | undefined): readonly string[] {
  const machine = new DeviceMachine(UEFI_X64, { mac: mac('d4:f5:ef:6b:2a:90'), random: () => 77, md5: () => '' });
  const asked: string[] = [];
  let now: MonoMs = monoMs(0);
  const events: ProbeEvent[] = [{ on: 'start' }];
  const hear = (octets: Uint8Array, from: string, port = 67) =>
    void events.push({ on: 'datagram', octets, from: { address: ip(from), port }, toPort: 68 });
  const carryOut = (action: Action): void => {
    if (action.do === 'udp') {
      const request = decodeTftp(action.octets);
      if (request.ok && request.value.type === 'rrq') asked.push(`${request.value.fileName} of ${showIpv4(action.to.address)}`);
    }
    if (action.do !== 'dhcp') return;
    const packet = decodePacket(action.octets);
    if (!packet.ok) return;
    if (action.to.port === 4011) {
      asked.push(`boot server ${showIpv4(action.to.address)}`);
      if (bootServer !== undefined) hear(answer(packet.value, 5, { ...bootServer, yiaddr: '0.0.0.0' }), bootServer.from ?? SERVER, 4011);
      return;
    }
    const isDiscover = packet.value.options.get(OPTION.messageType)?.[0] === 1;
    hear(answer(packet.value, isDiscover ? 2 : 5, own), SERVER);
    if (isDiscover && proxy !== undefined) hear(answer(packet.value, 2, { ...proxy, yiaddr: '0.0.0.0' }), PROXY);
  };
  for (let steps = 0; steps < 60; steps += 1) {
    const event = events.shift();
    now = event === undefined ? (machine.nextDeadline() ?? now) : now;
    for (const action of machine.step(event ?? { on: 'timeout' }, now)) {
      if (action.do === 'end') return [...new Set([...asked, action.verdict.text])];
      carryOut(action);
    }
  }
  return asked;
}

const PXE = 'PXEClient';
const TAKE_FILE = [6, 1, 8, 255];
/** One item, type 0x8001. */
const MENU = [6, 1, 7, 9, 7, 0x80, 1, 4, 0x42, 0x6f, 0x6f, 0x74, 255];

describe('UEFI by PXE', () => {
  it.each<[name: string, own: Said, proxy: Said | undefined, bootServer: Said | undefined, asked: readonly string[]]>([
    ['takes the file of a plain answer', { file: 'a.efi' }, undefined, undefined, ['a.efi of 192.0.2.1']],
    [
      'takes the file of an answer with option 43',
      { file: 'a.efi', vendorClass: PXE, vendor: TAKE_FILE },
      undefined,
      undefined,
      ['a.efi of 192.0.2.1'],
    ],
    [
      'prefers a proxy to a plain answer',
      { file: 'a.efi' },
      { from: PROXY, vendorClass: PXE, vendor: TAKE_FILE, file: 'b.efi' },
      undefined,
      ['b.efi of 192.0.2.9'],
    ],
    [
      'asks the proxy at 4011 where its offer has no menu',
      {},
      { from: PROXY, vendorClass: PXE },
      { from: PROXY, file: 'c.efi' },
      ['boot server 192.0.2.9', 'c.efi of 192.0.2.9'],
    ],
    [
      'asks the server at 4011 where it says PXEClient and no more',
      { file: 'a.efi', vendorClass: PXE },
      undefined,
      { file: 'd.efi' },
      ['boot server 192.0.2.1', 'd.efi of 192.0.2.1'],
    ],
    [
      'asks for the first item of a menu',
      { vendorClass: PXE, vendor: MENU },
      undefined,
      { file: 'e.efi' },
      ['boot server 192.0.2.1', 'e.efi of 192.0.2.1'],
    ],
    [
      'stops where the boot server is silent',
      { vendorClass: PXE },
      undefined,
      undefined,
      ['boot server 192.0.2.1', 'the boot server at port 4011 does not answer (PXE-E55)'],
    ],
    [
      'stops where nothing is named',
      {},
      undefined,
      undefined,
      ['the answer names no boot file (option 67 or the field file): set boot.files for its architecture'],
    ],
  ])('%s', (_name, own, proxy, bootServer, asked) => {
    expect(booted(own, proxy, bootServer).slice(0, asked.length)).toEqual(asked);
  });
});
