/** UDP sockets that crowds share on the loopback, and what is heard there. */
import { expect } from 'vitest';
import { invariant } from '../../src/base/result.ts';
import { isAvailable } from '../../src/net/linux/libc.ts';
import { linuxSockets } from '../../src/net/linux/sockets.ts';
import type { SendMemory, SharedPort, UdpOptions } from '../../src/net/ports.ts';
import { ip } from './addresses.ts';

export const LOCALHOST = ip('127.0.0.1');
const open: SharedPort[] = [];
const sockets = isAvailable() ? linuxSockets() : undefined;

/** After each test. */
export async function closePorts(): Promise<void> {
  await Promise.all(open.splice(0).map((port) => port.close()));
}

/** A port on loopback. */
export async function sharedLoopback(options: Partial<UdpOptions> = {}): Promise<SharedPort> {
  invariant(sockets !== undefined, 'only where there are such sockets');
  const made = await sockets.openShared({ interface: 'lo', port: 0, address: LOCALHOST, receiveBuffer: 8 << 20, ...options });
  open.push(made);
  return made;
}

export interface Heard {
  readonly octets: Buffer;
  readonly fromPort: number;
}

/** Resolves with the first `count` datagrams. */
export function hear(at: SharedPort, count: number): Promise<Heard[]> {
  const heard: Heard[] = [];
  return new Promise((resolve) => {
    at.onDatagram((octets, _address, fromPort) => {
      heard.push({ octets: Buffer.from(octets), fromPort });
      if (heard.length === count) resolve(heard);
    });
  });
}

export const memoryOf = (octets: Uint8Array): SendMemory => ({ octets, address: undefined });
export const text = (words: string): Uint8Array => new TextEncoder().encode(words);
export const textsOf = (heard: readonly Heard[]): string[] => heard.map(({ octets }) => octets.toString());
/** Long enough for what was sent to be heard. */
export const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));

/** As the octets of a run are cut. */
export function cut(octets: Uint8Array, stride: number): Buffer[] {
  return Array.from({ length: Math.ceil(octets.length / stride) }, (_, n) => Buffer.from(octets.subarray(n * stride, (n + 1) * stride)));
}

/** Datagram by datagram. */
export function expectHeard(heard: readonly Heard[], expected: readonly Buffer[]): void {
  expect(heard.map(({ octets }) => octets.length)).toEqual(expected.map((octets) => octets.length));
  heard.forEach(({ octets }, n) => {
    expect(expected[n]?.equals(octets), `datagram ${n}`).toBe(true);
  });
}
