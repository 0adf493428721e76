import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bootCommand } from '../../src/cli/boot.ts';
import { renderCommand } from '../../src/cli/render.ts';
import { bootChoicesFile, readBootChoices } from '../../src/server/boot-choices-file.ts';
import { type ControlAnswer, type ControlOrder, ControlServer, controlPath } from '../../src/server/control.ts';
import { MemoryOutput } from '../support/memory-output.ts';
import { scratch } from '../support/scratch.ts';

const YAML = `server: { dataDir: data }
networks: [{ name: bench, interface: eth1, address: 192.168.77.1/24 }]
hosts:
  - { mac: "52:54:00:00:00:01", name: desk-1, boot: rescue }
  - { mac: "52:54:00:00:00:02", name: desk-2 }
  - { clientId: "01:02", name: switch-1 }
tftp: { root: root }
boot:
  menu:
    entries:
      - { name: disk, local: true }
      - { name: install, kernel: k, args: "url=http://\${server}/x" }
      - { name: rescue, kernel: { uefi-x64: k } }
`;

let folder: string;
let server: ControlServer | undefined;

beforeEach(() => {
  folder = scratch('boot-command');
  mkdirSync(join(folder, 'root'));
  writeFileSync(join(folder, 'root', 'plain'), 'as it lies\n');
  writeFileSync(join(folder, 'config.yaml'), YAML);
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

async function run(command: typeof bootCommand, ...words: string[]): Promise<MemoryOutput> {
  const output = new MemoryOutput(`${folder}/`);
  await command(output).parseAsync([...words, '--config', join(folder, 'config.yaml')], { from: 'user' });
  return output;
}

const boot = (...words: string[]) => run(bootCommand, ...words);
const plain = (lines: readonly string[]) => lines.map((line) => line.replace(/ {2,}/g, ' | '));
const kept = () => readBootChoices(bootChoicesFile(join(folder, 'data')));

async function runs(answer: ControlAnswer): Promise<ControlOrder[]> {
  const orders: ControlOrder[] = [];
  mkdirSync(join(folder, 'data'));
  server = await ControlServer.open(controlPath(join(folder, 'data')), (order) => {
    orders.push(order);
    return Promise.resolve(answer);
  });
  return orders;
}

describe('bootlace boot', () => {
  it('lists who has which entry, and by whom', async () => {
    await boot('desk-1', 'install', '--once');
    await boot('52-54-00-00-00-09', 'disk');
    expect(plain((await boot()).lines)).toEqual([
      'MAC | NAME | ENTRY | BY',
      '52:54:00:00:00:01 | desk-1 | install | bootlace boot, once instead of rescue',
      '52:54:00:00:00:09 | - | disk | bootlace boot',
      'entries: disk, install, rescue',
    ]);
    expect(plain((await boot('desk-1')).lines)).toHaveLength(3);
    expect((await boot('desk-2')).lines[0]).toBe('it is asked by its menu');
  });

  it('lists what the configuration says, and says it to programs', async () => {
    expect(JSON.parse((await boot('--json')).lines.join('\n'))).toEqual([
      { mac: '52:54:00:00:00:01', name: 'desk-1', entry: 'rescue', by: 'configuration', once: false },
    ]);
  });

  it('writes the file where no server runs', async () => {
    expect((await boot('Desk-2', 'install')).lines).toEqual(['Desk-2 boots install from now on']);
    expect((await boot('desk-2', 'disk', '--once')).lines).toEqual([
      'desk-2 boots disk the next time, and then by the configuration again',
    ]);
    expect(await kept()).toEqual([{ mac: '52:54:00:00:00:02', entry: 'disk', once: true }]);
    expect((await boot('desk-2', '--clear')).lines).toEqual(['desk-2 boots by the configuration again']);
    expect(await kept()).toEqual([]);
  });

  it('asks the server that runs, and leaves the file to it', async () => {
    const orders = await runs({ ok: true, pid: 1, found: true });
    await boot('desk-2', 'install', '--once');
    await boot('desk-2', '--clear');
    expect(orders).toEqual([
      { do: 'choose', mac: '52:54:00:00:00:02', entry: 'install', once: true },
      { do: 'clear-choice', mac: '52:54:00:00:00:02' },
    ]);
    expect(existsSync(bootChoicesFile(join(folder, 'data')))).toBe(false);
  });

  it.each([
    [['desk-3', 'disk'], 'no host is called desk-3; did you mean desk-1?'],
    [['xxxxxxxxxx', 'disk'], 'no host is called xxxxxxxxxx, and it is no MAC address'],
    [['switch-1', 'disk'], 'switch-1 is not known by its MAC in the configuration; give its MAC instead of its name'],
    [['desk-1', 'instal'], 'no menu has an entry instal; did you mean install?'],
    [['desk-1', 'xxxxxx'], 'no menu has an entry xxxxxx; there are disk, install, rescue'],
    [['desk-1', '--clear'], 'nothing was chosen for desk-1'],
    [['desk-1', 'disk', '--clear'], '--clear takes back whatever was chosen: leave the entry and --once out'],
    [['desk-1', '--once'], 'name the entry that it is to boot once'],
    [['--clear'], 'name the device: its name in the configuration, or its MAC address'],
  ])('%j: %s', async (words, fault) => {
    await expect(boot(...words)).rejects.toThrow(fault);
  });

  it('says when a server refuses', async () => {
    await runs({ ok: false, error: 'the disk is full' });
    await expect(boot('desk-2', 'disk')).rejects.toThrow('the disk is full');
  });
});

describe('bootlace render', () => {
  const render = (...words: string[]) => run(renderCommand, ...words);
  const written = ({ written: octets }: MemoryOutput) => Buffer.concat(octets).toString();

  it('prints what a device gets, and beside it from what it was made', async () => {
    const output = await render('pxelinux.cfg/default', '--mac', '52:54:00:00:00:02');
    expect(written(output)).toContain('  APPEND url=http://192.168.77.1/x\n');
    expect(output.notes).toEqual([
      expect.stringMatching(/^pxelinux\.cfg\/default, made from boot\.menu, \d+ B$/),
      '  2 of 3 entries',
      '  without the entry rescue: it has nothing for BIOS',
    ]);
  });

  it('knows what was chosen for it', async () => {
    await boot('desk-2', 'install');
    const output = await render('boot.ipxe', '--mac', '52:54:00:00:00:02');
    expect(written(output)).toContain('goto entry/install');
    expect(output.notes[0]).toContain('made from boot.menu, entry install as chosen');
  });

  it('prints a file of the disk, octet by octet', async () => {
    const output = await render('PLAIN');
    expect([written(output), output.notes]).toEqual(['as it lies\n', ['plain, as it lies on the disk, 11 B (wrong case)']]);
  });

  it('fails where there is none', async () => {
    const output = await render('pxelinux.cfg/01-52-54-00-00-00-02');
    expect([output.hasFailed, output.notes[0]]).toEqual([true, expect.stringContaining('would not be served: ')]);
  });
});
