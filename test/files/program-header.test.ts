import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readProgramHeader } from '../../src/files/program-header.ts';

/** A PE header for this machine, with sections of these places. */
function pe(machine: number, sections: readonly (readonly [at: number, size: number])[] = []): Uint8Array {
  const octets = new Uint8Array(512);
  const view = new DataView(octets.buffer);
  view.setUint16(0, 0x5a4d, true);
  view.setUint32(60, 64, true);
  view.setUint32(64, 0x4550, true);
  view.setUint16(68, machine, true);
  view.setUint16(70, sections.length, true);
  for (const [index, [at, size]] of sections.entries()) {
    view.setUint32(88 + index * 40 + 16, size, true);
    view.setUint32(88 + index * 40 + 20, at, true);
  }
  return octets;
}

describe('the header of a program (PE/COFF §3)', () => {
  it.each([
    ['efi-ia32', 0x14c],
    ['efi-x64', 0x8664],
    ['efi-arm32', 0x1c2],
    ['efi-arm64', 0xaa64],
    ['efi-riscv64', 0x5064],
    ['efi-loongarch64', 0x6264],
    ['pe-unknown', 0xebc],
  ])('%s', (kind, machine) => {
    expect(readProgramHeader(pe(machine)).kind).toBe(kind);
  });

  it('says how long the file has to be; sections without octets do not count', () => {
    expect(
      readProgramHeader(
        pe(0x8664, [
          [1024, 512],
          [4096, 100],
          [9000, 0],
        ]),
      ).wholeSize,
    ).toBe(4196);
    expect(readProgramHeader(pe(0x8664)).wholeSize).toBeUndefined();
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a boot program of a BIOS', Uint8Array.of(0xea, 5, 0, 0xc0, 7)],
    ['MZ alone, as in DOS', Uint8Array.of(0x4d, 0x5a, 0, 0)],
    ['a script', new TextEncoder().encode('#!ipxe\n')],
  ])('%s is something else', (_name, octets) => {
    expect(readProgramHeader(octets)).toEqual({ kind: 'other', wholeSize: undefined });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (octets, isProgram) => {
        if (isProgram) octets.set(pe(0x8664, [[1, 2]]).subarray(0, octets.length));
        expect(readProgramHeader(octets).kind).toBeTypeOf('string');
      }),
    );
  });
});
