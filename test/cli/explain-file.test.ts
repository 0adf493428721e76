import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkCommand } from '../../src/cli/check.ts';
import { MemoryOutput } from '../support/memory-output.ts';
import { scratch } from '../support/scratch.ts';

const folder = scratch('explain-file');

const YAML = `networks:
  - { name: bench, interface: eth1, address: 192.168.77.1/24, pools: [192.168.77.100-192.168.77.199] }
hosts:
  - { mac: "00:1b:54:aa:bb:cc", name: desk-101, address: 192.168.77.21 }
classes:
  - { name: labs, match: { mac: "66:*" } }
boot: { files: {} }
tftp:
  root: ./root
  remap: [{ match: "^cfg/(.*)$", to: "configs/$1" }]
  perClientRoot: name
  deny: ["class:labs"]
  secure: { boundToMac: true }
`;

beforeAll(() => {
  for (const path of ['boot/bcd', 'configs/a', 'debian/grubx64.efi', 'desk-101/menu', 'menu', 'SEP001B54AABBCC.cnf.xml']) {
    mkdirSync(dirname(join(folder, 'root', path)), { recursive: true });
    writeFileSync(join(folder, 'root', path), path);
  }
  writeFileSync(join(folder, 'config.yaml'), YAML);
});

async function asked(...flags: string[]): Promise<MemoryOutput> {
  const output = new MemoryOutput(`${folder}/`);
  await checkCommand(output).parseAsync(['--config', join(folder, 'config.yaml'), '--file', ...flags], { from: 'user' });
  return output;
}

const plain = (lines: readonly string[]) => lines.flatMap((line) => line.split('\n')).map((line) => line.replace(/ {2,}/g, ' | ').trim());

describe('bootlace check --file', () => {
  it('says step by step what becomes of a name', async () => {
    const output = await asked('\\Boot\\BCD');
    expect(plain(output.lines)).toEqual([
      '\\Boot\\BCD, asked for by a client that nothing is known of:',
      '| PLACE | OVERLOOKING | FOUND',
      '| 1 | root/Boot/BCD | backslashes, a leading / | nothing',
      '| 2 | data/uploads/unknown/Boot/BCD | backslashes, a leading / | nothing',
      '| 3 | root/Boot/BCD | backslashes, a leading /, any case | boot/bcd',
      'served: boot/bcd, 8 B (backslashes, a leading /, wrong case)',
    ]);
    expect(output.hasFailed).toBe(false);
  });

  it.each([
    [['cfg/a'], 'served: configs/a, 9 B (rule 1 of tftp.remap)'],
    [['menu'], 'served: menu, 4 B'],
    [['menu', '--mac', '00:1b:54:aa:bb:cc'], 'served: desk-101/menu, 13 B'],
    [['SEP001B54AABBCC.cnf.xml', '--mac', '00:1b:54:aa:bb:cc'], 'served: SEP001B54AABBCC.cnf.xml, 23 B'],
  ])('%j: %s', async (flags, verdict) => expect((await asked(...flags)).lines.at(-1)).toBe(verdict));

  it.each([
    [['grubx64.efi'], 'no such file: root/grubx64.efi, data/uploads/unknown/grubx64.efi; did you mean debian/grubx64.efi, which is there?'],
    [
      ['SIP42.loads'],
      'no such file: root/SIP42.loads, data/uploads/unknown/SIP42.loads; Cisco IP phone (SCCP) or Cisco IP phone (SIP) asks for its firmware: put the firmware into the TFTP root, all files of its archive',
    ],
    [['bootsig.bin'], 'no such file, which is normal: Raspberry Pi: it asks for everything that it could take, and most need none of it'],
    [['../secret'], 'refused: the name leads out of the folder'],
    [['menu', '--mac', '66:00:00:00:00:01'], 'refused: tftp.deny names it: class:labs'],
    [
      ['SEP001B54AABBCC.cnf.xml', '--address', '192.168.77.150'],
      'refused: the file is for 00:1b:54:aa:bb:cc alone, and the address that asks holds no lease of this server (tftp.secure.boundToMac)',
    ],
  ])('%j: %s, and fails', async (flags, verdict) => {
    const output = await asked(...flags);
    expect(output.lines.at(-1)).toBe(verdict);
    expect(output.hasFailed).toBe(true);
  });

  it('says it to programs, too', async () => {
    const { lines } = await asked('menu', '--mac', '001b54aabbcc', '--json');
    expect(JSON.parse(lines.join('\n'))).toMatchObject({
      file: 'menu',
      served: 'desk-101/menu',
      size: 13,
      steps: [{ outcome: 'desk-101/menu' }],
    });
  });
});
