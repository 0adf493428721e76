/**
 * Client system architectures, option 93 (RFC 4578 §2.1 and the IANA registry "Processor Architecture Types").
 * RFC 4578 as printed swapped 7 and 9; the erratum, EDK2 and iPXE say 7 = x64, 9 = EBC, and old x64 firmware sends 9.
 */

interface ArchitectureRow {
  readonly name: string;
  readonly codes: readonly number[];
  readonly what: string;
}

/** One row an architecture: the name that `boot.files` uses and the numbers that firmware sends for it. */
export const ARCHITECTURES = [
  { name: 'bios', codes: [0], what: 'PC with BIOS firmware' },
  { name: 'uefi-ia32', codes: [6], what: 'PC with 32-bit UEFI firmware' },
  { name: 'uefi-x64', codes: [7, 9], what: 'PC with 64-bit UEFI firmware' },
  { name: 'uefi-arm32', codes: [10], what: '32-bit ARM with UEFI firmware' },
  { name: 'uefi-arm64', codes: [11], what: '64-bit ARM with UEFI firmware' },
  { name: 'uefi-riscv64', codes: [27], what: '64-bit RISC-V with UEFI firmware' },
  { name: 'uefi-loongarch64', codes: [39], what: '64-bit LoongArch with UEFI firmware' },
  { name: 'uefi-ia32-http', codes: [15], what: '32-bit UEFI firmware booting by HTTP' },
  { name: 'uefi-x64-http', codes: [16, 17], what: '64-bit UEFI firmware booting by HTTP' },
  { name: 'uefi-arm32-http', codes: [18], what: '32-bit ARM UEFI firmware booting by HTTP' },
  { name: 'uefi-arm64-http', codes: [19], what: '64-bit ARM UEFI firmware booting by HTTP' },
  { name: 'uefi-riscv64-http', codes: [28], what: '64-bit RISC-V UEFI firmware booting by HTTP' },
  { name: 'uefi-loongarch64-http', codes: [40], what: '64-bit LoongArch UEFI firmware booting by HTTP' },
  { name: 'uboot-arm32', codes: [21], what: '32-bit ARM with U-Boot' },
  { name: 'uboot-arm64', codes: [22], what: '64-bit ARM with U-Boot' },
] as const satisfies readonly ArchitectureRow[];

/** What `boot.files` calls a kind of firmware. */
export type Architecture = (typeof ARCHITECTURES)[number]['name'];

const HTTP = '-http';

/** The same firmware when it boots by TFTP: its programs are the same. */
export function byTftp(architecture: Architecture): Architecture {
  if (!architecture.endsWith(HTTP)) return architecture;
  const plain = architecture.slice(0, -HTTP.length);
  return ARCHITECTURES.find(({ name }) => name === plain)?.name ?? architecture;
}

/** The architecture of an option 93 number; undefined for one that nobody configures boot files for. */
export function architectureOf(code: number): Architecture | undefined {
  return ARCHITECTURES.find((row) => (row.codes as readonly number[]).includes(code))?.name;
}
