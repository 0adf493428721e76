import { describe, expect, it } from 'vitest';
import type { Mac } from '../../src/base/addresses.ts';
import { hex } from '../../src/base/bytes.ts';
import { magicPacket, parseWakePassword, wakeFrame } from '../../src/boot/magic-packet.ts';

const MAC = '00:1b:54:aa:bb:cc' as Mac;

describe('The magic packet', () => {
  it('is six times 0xFF and sixteen times the address', () => {
    expect(hex(magicPacket(MAC))).toBe('ff'.repeat(6) + '001b54aabbcc'.repeat(16));
  });

  it.each([
    ['00:11:22:33:44:55', '001122334455'],
    ['0011.2233.4455', '001122334455'],
    ['192.168.1.7', 'c0a80107'],
  ])('ends with the password %s', (text, octets) => {
    const packet = magicPacket(MAC, parseWakePassword(text));
    expect(hex(packet.subarray(102))).toBe(octets);
    expect(hex(packet.subarray(0, 102))).toBe(hex(magicPacket(MAC)));
  });

  it.each(['', 'secret', '00:11:22', '300.1.1.1', '00:11:22:33:44:55:66'])('has no password like %j', (text) => {
    expect(parseWakePassword(text)).toBeUndefined();
  });

  it('goes to all in a frame of its own type', () => {
    const frame = wakeFrame('02:00:00:00:00:01' as Mac, magicPacket(MAC));
    expect(hex(frame.subarray(0, 14))).toBe(`${'ff'.repeat(6)}0200000000010842`);
    expect(frame.subarray(14)).toEqual(magicPacket(MAC));
  });
});
