/** What a client says that it is (option 93), by the IANA's registry of processor architecture types (RFC 5970 §3.3). */
const NAMES: Readonly<Record<number, string>> = {
  0: 'x86 BIOS',
  1: 'NEC PC-98',
  2: 'Itanium',
  3: 'DEC Alpha',
  4: 'Arc x86',
  5: 'Intel Lean Client',
  6: 'x86 UEFI',
  7: 'x64 UEFI',
  8: 'EFI XScale',
  9: 'EBC',
  10: 'ARM 32-bit UEFI',
  11: 'ARM 64-bit UEFI',
  12: 'PowerPC Open Firmware',
  13: 'PowerPC ePAPR',
  14: 'POWER OPAL v3',
  15: 'x86 UEFI by HTTP',
  16: 'x64 UEFI by HTTP',
  17: 'EBC by HTTP',
  18: 'ARM 32-bit UEFI by HTTP',
  19: 'ARM 64-bit UEFI by HTTP',
  20: 'x86 BIOS by HTTP',
  21: 'ARM 32-bit U-Boot',
  22: 'ARM 64-bit U-Boot',
  23: 'ARM 32-bit U-Boot by HTTP',
  24: 'ARM 64-bit U-Boot by HTTP',
  25: 'RISC-V 32-bit UEFI',
  26: 'RISC-V 32-bit UEFI by HTTP',
  27: 'RISC-V 64-bit UEFI',
  28: 'RISC-V 64-bit UEFI by HTTP',
  31: 's390 Basic',
  32: 's390 Extended',
};

/** Undefined for a type that is not registered. */
export function architectureName(code: number): string | undefined {
  return NAMES[code];
}
