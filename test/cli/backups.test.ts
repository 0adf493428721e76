import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Mac } from '../../src/base/addresses.ts';
import { wallMs } from '../../src/base/clock.ts';
import { backupsCommand } from '../../src/cli/backups.ts';
import { readable } from '../../src/cli/backups-choice.ts';
import { NEVER } from '../../src/dhcp/lease.ts';
import type { ClientKey } from '../../src/dhcp/request.ts';
import { SqliteLeaseStore } from '../../src/leases/sqlite-store.ts';
import { ip } from '../support/addresses.ts';
import { MemoryOutput } from '../support/memory-output.ts';
import { scratch } from '../support/scratch.ts';

const YAML = `server: { dataDir: . }
networks: [{ interface: eth1, address: 192.168.77.1/24 }]
hosts: [{ mac: "00:1b:54:00:00:09", name: sw1 }, { mac: "00:1b:54:00:00:0a", name: named-later }]
tftp: { root: ./served, uploads: { dir: ./up, keep: 3 } }
`;
const CONFIG = `! Last configuration change at 07:10:22 UTC Fri Nov 20 2026 by ada
version 15.2
hostname sw1
enable secret 5 $1$mERr$old
vlan 10
`;
const LATER = CONFIG.replace('07:10:22', '08:31:02');
const NEW_SECRET = LATER.replace('old', 'new');

let folder = '';
beforeEach(() => {
  folder = scratch('backups');
  writeFileSync(join(folder, 'config.yaml'), YAML);
});

/** A version in its place; the hour of 2026-11-20 in which it came is its number. */
function keep(path: string, number: number, content: string | Uint8Array): void {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8);
  const hour = String(number).padStart(2, '0');
  const file = join(folder, 'up', path, `${String(number).padStart(4, '0')}-20261120T${hour}0000Z-${hash}`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

async function backups(words: readonly string[], at: { isTerminal?: boolean; colours?: boolean } = {}): Promise<MemoryOutput> {
  const output = new MemoryOutput(folder, at);
  await backupsCommand(output).parseAsync([...words, '--config', join(folder, 'config.yaml')], { from: 'user' });
  return output;
}

/** What is read under the plain name: the newest version. */
function newest(path: string): string {
  const name =
    readdirSync(join(folder, 'up', path))
      .sort()
      .at(-1) ?? '';
  return readFileSync(join(folder, 'up', path, name), 'utf8');
}

const text = (output: MemoryOutput): string => Buffer.concat(output.written).toString();

describe('bootlace backups list', () => {
  beforeEach(() => {
    keep('sw1/running-config', 1, CONFIG);
    keep('sw1/running-config', 2, LATER);
    keep('sw1/flash/vlan.dat', 1, 'x');
    keep('192.168.77.20/cfg', 7, 'y');
  });

  it('shows the newest version of each file', async () => {
    expect((await backups(['list'])).lines.map((line) => line.split(/ {2,}/))).toEqual([
      ['DEVICE', 'FILE', 'VERSION', 'KEPT', 'TIME', 'SIZE', 'HASH'],
      ['192.168.77.20', 'cfg', '7', '1', '2026-11-20T07:00:00Z', '1 B', 'a1fce436'],
      ['sw1', 'flash/vlan.dat', '1', '1', '2026-11-20T01:00:00Z', '1 B', '2d711642'],
      ['sw1', 'running-config', '2', '2', '2026-11-20T02:00:00Z', '129 B', expect.stringMatching(/^[0-9a-f]{8}$/)],
    ]);
  });

  it.each(['sw1', 'SW1', '00:1b:54:00:00:09', '001b.5400.0009'])('shows those of one device, called %s', async (device) => {
    const { lines } = await backups(['list', device, '--all', '--json']);
    expect(JSON.parse(lines.join('\n'))).toMatchObject([
      { device: 'sw1', file: 'flash/vlan.dat', version: 1, kept: 1, size: 1 },
      { device: 'sw1', file: 'running-config', version: 1, kept: 2, time: '2026-11-20T01:00:00Z' },
      { device: 'sw1', file: 'running-config', version: 2, kept: 2, size: 129 },
    ]);
  });

  it('tells of what came only in part', async () => {
    mkdirSync(join(folder, 'up/.bootlace-incoming'));
    writeFileSync(join(folder, 'up/.bootlace-incoming/20261120T063000Z-sw1-cfg-00.partial'), 'half');
    const { lines, notes } = await backups(['list']);
    expect(notes.slice(1)).toEqual([
      '1 upload came only in part, and can be looked at for a while:',
      '  4 B in /up/.bootlace-incoming/20261120T063000Z-sw1-cfg-00.partial',
    ]);
    expect(lines).toHaveLength(4);
  });

  it('shows names that steer a terminal harmlessly, and is not led astray by what is no version', async () => {
    keep('sw1/evil\u001b[31m', 1, 'x');
    writeFileSync(join(folder, 'up/sw1/running-config/notes.txt'), 'x');
    writeFileSync(join(folder, 'up/stray'), 'x');
    const { lines } = await backups(['list']);
    expect(lines).toHaveLength(5);
    expect(lines.join('')).not.toContain('\u001b');
  });
});

describe('bootlace backups, when there is not what was asked for', () => {
  it('says that nothing is kept yet', async () => {
    expect((await backups([])).lines).toEqual(['no backups in /up']);
    await expect(backups(['show', 'sw1'])).rejects.toThrow('no backups of sw1; nothing is kept yet');
  });

  it.each<[words: string[], why: string]>([
    [['show', 'sw2'], 'no backups of sw2; did you mean sw1?'],
    [['show', 'gateway'], 'no backups of gateway; there is 192.168.77.20, sw1'],
    [['list', 'gateway'], 'no backups of gateway; there is 192.168.77.20, sw1'],
    [['show', '192.168.77.20'], '192.168.77.20 has several files, name one: a.txt, b.txt'],
    [['show', 'sw1', 'runing-config'], 'sw1 has no backup of runing-config; did you mean running-config?'],
    [['show', 'sw1', 'firmware'], 'sw1 has no backup of firmware; there is running-config, vlan.dat'],
    [['show', 'sw1', 'vlan.dat', '--version', '4'], 'sw1 has no version 4 of vlan.dat; only version 1 is kept'],
    [['restore', 'sw1', 'running-config', '--version', '4'], 'sw1 has no version 4 of running-config; kept are 1 to 2'],
    [['restore', 'sw1', 'running-config', '--as', '../x'], "../x cannot be a file's name"],
  ])('%j: %s', async (words, why) => {
    keep('sw1/running-config', 1, CONFIG);
    keep('sw1/running-config', 2, LATER);
    keep('sw1/vlan.dat', 1, 'x');
    keep('192.168.77.20/a.txt', 1, 'x');
    keep('192.168.77.20/b.txt', 1, 'x');
    await expect(backups(words)).rejects.toThrow(why);
  });

  it('says who may read what may not be read', async () => {
    const refused = new Error("EACCES: permission denied, scandir '/up/sw1'");
    await expect(readable(Promise.reject(refused))).rejects.toThrow(
      /^EACCES: permission denied, scandir '\/up\/sw1'; .* run this as that user, or with sudo$/,
    );
    await expect(readable(Promise.reject(new Error('anything else')))).rejects.toThrow('anything else');
  });
});

describe('bootlace backups show', () => {
  it('prints the newest version, its secrets masked, exactly as it is otherwise', async () => {
    keep('sw1/running-config', 1, 'older\n');
    keep('sw1/running-config', 2, CONFIG.replaceAll('\n', '\r\n'));
    expect(text(await backups(['show', 'sw1']))).toBe(
      CONFIG.replace('$1$mERr$old', '****').replaceAll('\n', '\r\n').replace('****', '****'),
    );
    expect(text(await backups(['show', 'sw1', 'running-config', '--version', '1']))).toBe('older\n');
  });

  it('keeps the octets of a text that is not UTF-8', async () => {
    const latin1 = Buffer.from('description B\xfcro\npassword x\n', 'latin1');
    keep('sw1/cfg', 1, latin1);
    expect(Buffer.concat((await backups(['show', 'sw1'])).written).toString('latin1')).toBe('description B\xfcro\npassword ****\n');
    expect(Buffer.concat((await backups(['show', 'sw1', '--reveal'])).written)).toEqual(latin1);
  });

  it('on a terminal cannot steer it, and keeps tabs', async () => {
    keep('sw1/cfg', 1, 'banner \u001b[2J\n\tindented\r\n');
    expect((await backups(['show', 'sw1'], { isTerminal: true })).lines).toEqual(['banner \\x1b[2J', '\tindented']);
  });

  it('prints no binary file to a terminal, but gives it whole to a file or a pipe', async () => {
    const image = Buffer.from([0x7f, 0x45, 0, 1, 2]);
    keep('sw1/image', 1, image);
    await expect(backups(['show', 'sw1'], { isTerminal: true })).rejects.toThrow('is no text (5 B); write it to a file with --output FILE');
    expect(Buffer.concat((await backups(['show', 'sw1'])).written)).toEqual(image);
    await backups(['show', 'sw1', '--output', join(folder, 'out')], { isTerminal: true });
    expect(readFileSync(join(folder, 'out'))).toEqual(image);
  });

  it('writes to a new file for its user only, with secrets only when asked for', async () => {
    keep('sw1/cfg', 1, CONFIG);
    const masked = await backups(['show', 'sw1', '--output', join(folder, 'masked')]);
    expect(masked.notes).toEqual(['version 1 of sw1/cfg is in /masked, its secrets masked; --reveal writes them too']);
    expect(readFileSync(join(folder, 'masked'), 'utf8')).not.toContain('mERr');
    expect(statSync(join(folder, 'masked')).mode & 0o777).toBe(0o600);
    const whole = await backups(['show', 'sw1', '--reveal', '--output', join(folder, 'whole')]);
    expect(whole.notes).toEqual(['version 1 of sw1/cfg is in /whole']);
    expect(readFileSync(join(folder, 'whole'), 'utf8')).toBe(CONFIG);
    await expect(backups(['show', 'sw1', '--output', join(folder, 'whole')])).rejects.toThrow('is there already');
  });
});

describe('bootlace', () => {
  it('ends well when its reader goes away, as head does', () => {
    keep('sw1/cfg', 1, 'interface x\n'.repeat(100_000));
    const main = fileURLToPath(new URL('../../bin/bootlace.js', import.meta.url));
    const script = '("$0" "$1" backups show sw1 -c "$2"; echo "ended with $?" >&2) 2>&1 >&3 | cat >&2';
    const { stdout, stderr } = spawnSync(
      'sh',
      ['-c', `{ ${script}; } 3>&1 | head -n 1`, process.execPath, main, join(folder, 'config.yaml')],
      {
        encoding: 'utf8',
      },
    );
    expect([stdout, stderr]).toEqual(['interface x\n', 'ended with 0\n']);
  });
});

describe('bootlace backups diff', () => {
  beforeEach(() => {
    keep('sw1/running-config', 1, CONFIG);
    keep('sw1/running-config', 2, LATER);
    keep('sw1/running-config', 3, NEW_SECRET);
  });

  it('compares the newest with the one before, and fails with 1 when they differ', async () => {
    const { lines, exitCode } = await backups(['diff', 'sw1']);
    expect(lines).toEqual([
      '--- sw1/running-config\tversion 2, 2026-11-20T02:00:00Z',
      '+++ sw1/running-config\tversion 3, 2026-11-20T03:00:00Z',
      '@@ -1,5 +1,5 @@',
      ' ! Last configuration change at 08:31:02 UTC Fri Nov 20 2026 by ada',
      ' version 15.2',
      ' hostname sw1',
      '-enable secret 5 ****',
      '+enable secret 5 ****(changed)',
      ' vlan 10',
    ]);
    expect(exitCode).toBe(1);
  });

  it.each<[words: string[], said: RegExp, exitCode: number]>([
    [['--from', '1', '--to', '1'], /^versions 1 and 1 .* are the same$/, 0],
    [['--from', '1', '--to', '2', '--ignore-noise'], /are the same, but for noise$/, 0],
    [['--to', '2'], /version 1, /, 1],
    [['--from', '3', '--to', '1', '--reveal'], /-enable secret 5 \$1\$mERr\$new/, 1],
    [['--to', '1'], /has nothing before version 1/, 2],
    [['--from', '9'], /kept are 1 to 3/, 2],
  ])('%j', async (words, said, exitCode) => {
    const output = await backups(['diff', 'sw1', ...words]);
    expect([...output.lines, ...output.notes].join('\n')).toMatch(said);
    expect(output.exitCode).toBe(exitCode);
  });

  it('of an unknown device is trouble', async () => {
    const { notes, exitCode } = await backups(['diff', 'sw2']);
    expect([notes, exitCode]).toEqual([['bootlace: no backups of sw2; did you mean sw1?'], 2]);
  });

  it('of binary files says that they differ', async () => {
    keep('other/image', 1, Uint8Array.of(0, 1));
    keep('other/image', 2, Uint8Array.of(0, 2));
    const { lines, exitCode } = await backups(['diff', 'other']);
    expect([lines, exitCode]).toEqual([['versions 1 and 2 of other/image are no text, and differ'], 1]);
  });

  it('has colours where they are shown', async () => {
    const { lines } = await backups(['diff', 'sw1'], { colours: true });
    expect(lines).toContain('\u001b[32m+enable secret 5 ****(changed)\u001b[0m');
    expect((await backups(['diff', 'sw1'])).lines.join('')).not.toContain('\u001b');
  });
});

describe('which device and which file are meant', () => {
  it.each(['00:1b:54:00:00:0b', '001b.5400.000b', 'SW-ATTIC', '192.168.77.131'])('a device of a lease: %s', async (device) => {
    keep('00-1b-54-00-00-0b/sw-attic', 1, CONFIG);
    const store = new SqliteLeaseStore(join(folder, 'leases.db'));
    const [address, since] = [ip('192.168.77.131'), wallMs(Date.UTC(2026, 0, 1))];
    const who = { client: 'id:1' as ClientKey, mac: '00:1b:54:00:00:0b' as Mac, hostName: 'sw-attic' };
    await store.put([{ address, network: 'lan', ...who, state: 'bound', since, expiresAt: NEVER }]);
    store.close();
    expect(text(await backups(['show', device]))).toContain('hostname sw1');
  });

  it.each<[files: string[], meant: string]>([
    [['running-config', 'startup-config', 'vlan.dat'], 'running-config'],
    [['sw1-confg', 'crashinfo'], 'sw1-confg'],
    [['sw1', 'vlan.dat'], 'sw1'],
    [['sw1.cfg', 'startup.cfg'], 'sw1.cfg'],
    [['fgt.conf', 'debug.log'], 'fgt.conf'],
  ])('of %j the running configuration', async (files, meant) => {
    for (const file of files) keep(`sw1/${file}`, 1, `this is ${file}\n`);
    expect(text(await backups(['show', 'sw1']))).toBe(`this is ${meant}\n`);
  });

  it('shows what a device called each version', async () => {
    keep('sw1/sw1', 1, CONFIG);
    keep('sw1/sw1', 2, LATER);
    writeFileSync(join(folder, 'up/sw1/sw1/0001-as-sw1-Nov-20-01-00-00.123-1'), '');
    expect((await backups(['list', '--all'])).lines.map((line) => line.split(/ {2,}/).at(-1))).toEqual([
      'SENT AS',
      'sw1-Nov-20-01-00-00.123-1',
      expect.stringMatching(/^[0-9a-f]{8} *$/),
    ]);
  });
});

describe('bootlace backups restore', () => {
  it.each<[family: string, content: string, command: string]>([
    ['Cisco IOS', CONFIG, 'configure replace tftp://192.168.77.1/cfg'],
    ['Cisco NX-OS', '!Command: show running-config\n', 'copy tftp://192.168.77.1/cfg running-config vrf management'],
    ['Junos', '## Last commit: 2026-11-28 01:02:03 UTC by ada\nversion 21.4R3;\n', 'load override terminal'],
    ['Arista EOS', '! device: leaf1 (DCS-7050SX3, EOS-4.30.1F)\n', 'configure replace tftp:/192.168.77.1/cfg'],
    ['HP ProVision', '; J9773A Configuration Editor; Created on release #YA.16.10\n', 'copy tftp startup-config 192.168.77.1 cfg'],
    ['Aruba AOS-CX', '!Version ArubaOS-CX FL.10.13.1000\n', 'copy tftp://192.168.77.1/cfg running-config'],
    ['HPE Comware, Huawei VRP', '#\n version 7.1.070, Release 6126\n', 'tftp 192.168.77.1 get cfg restored.cfg'],
    ['Dell OS10', '! Version 10.5.4.1\n! Last configuration change at Nov 28\n', 'copy tftp://192.168.77.1/cfg startup-configuration'],
    ['Extreme EXOS', '#\n# Module devmgr configuration.\n#\n', 'tftp get 192.168.77.1 cfg restored.xsf'],
    ['FortiOS', '#config-version=FGT60F-7.4.3-FW-build2573\n', 'execute restore config tftp cfg 192.168.77.1'],
    ['PAN-OS', '<?xml version="1.0"?>\n<config version="10.2.0">\n', 'tftp import configuration from 192.168.77.1 file cfg'],
    ['MikroTik RouterOS', '# 2026-11-28 01:02:03 by RouterOS 7.15\n', '/import file-name=restored.rsc'],
    // 00:1b:54 is Cisco's.
    ['Cisco IOS', 'nothing that anybody would know\n', 'configure replace tftp://192.168.77.1/cfg'],
  ])('says what to type on %s', async (family, content, command) => {
    keep('sw1/cfg', 1, content);
    const { lines } = await backups(['restore', 'sw1']);
    expect(lines).toContain(`Type on the device (${family}):`);
    expect(lines.some((line) => line.trimStart().startsWith(command))).toBe(true);
  });

  it.each([['1'], ['cfg', '1'], ['cfg', '--version', '1']])('takes the number of a version: %j', async (...words) => {
    keep('sw1/cfg', 1, CONFIG);
    keep('sw1/cfg', 2, NEW_SECRET);
    await backups(['restore', 'sw1', ...words]);
    expect(newest('sw1/cfg')).toBe(CONFIG);
  });

  it('makes an old version the newest again, keeps all others, and says what to type', async () => {
    keep('sw1/running-config', 1, CONFIG);
    keep('sw1/running-config', 2, NEW_SECRET);
    const { lines } = await backups(['restore', 'sw1', 'running-config', '--version', '1']);
    expect(lines.map((line) => line.split(/ {2,}/).filter((part) => part !== ''))).toEqual([
      ['version 1 of sw1/running-config is now version 3 of sw1/running-config: sw1 reads it as running-config'],
      [],
      ['Type on the device (Cisco IOS):'],
      ['configure replace tftp://192.168.77.1/running-config', 'replaces the running configuration'],
      ['copy tftp://192.168.77.1/running-config running-config', 'adds to it'],
    ]);
    expect(newest('sw1/running-config')).toBe(CONFIG);
    expect(readdirSync(join(folder, 'up/sw1/running-config')).map((name) => name.slice(0, 4))).toEqual(['0001', '0002', '0003']);
    expect(readdirSync(join(folder, 'up/.bootlace-incoming'))).toEqual([]);
  });

  it('of the newest changes nothing', async () => {
    keep('sw1/cfg', 1, CONFIG);
    expect((await backups(['restore', 'sw1', 'cfg'])).lines[0]).toBe('version 1 of sw1/cfg is what sw1 reads as cfg already');
    expect(readdirSync(join(folder, 'up/sw1/cfg'))).toHaveLength(1);
  });

  it('under another name is a file of its own; who it is of is not guessed', async () => {
    keep('sw1/image', 1, Uint8Array.of(0, 1));
    const { lines } = await backups(['restore', 'sw1', 'image', '--as', 'boot/image']);
    expect(lines).toEqual([
      'version 1 of sw1/image is now version 1 of sw1/boot/image: sw1 reads it as boot/image',
      '',
      'The device fetches it by TFTP:',
      '  file boot/image from 192.168.77.1',
    ]);
    expect(readdirSync(join(folder, 'up/sw1/boot/image'))).toHaveLength(1);
  });

  it('goes to the folder that the device reads from now, when it has got a name since', async () => {
    keep('00-1b-54-00-00-0a/cfg', 1, CONFIG);
    expect((await backups(['restore', 'named-later', 'cfg'])).lines[0]).toMatch(
      /is now version 1 of named-later\/cfg: named-later reads it/,
    );
    expect(newest('named-later/cfg')).toBe(CONFIG);
  });

  it('refuses a name by which the device would get another file', async () => {
    keep('sw1/cfg', 1, CONFIG);
    mkdirSync(join(folder, 'served'));
    writeFileSync(join(folder, 'served/cfg'), 'x');
    await expect(backups(['restore', 'sw1', 'cfg'])).rejects.toThrow('which comes first; restore it with --as ANOTHER-NAME');
    await backups(['restore', 'sw1', 'cfg', '--as', 'cfg-old']);
    expect(newest('sw1/cfg-old')).toBe(CONFIG);
  });

  it('refuses where devices do not read versions', async () => {
    keep('sw1/cfg', 1, CONFIG);
    writeFileSync(join(folder, 'config.yaml'), YAML.replace('keep: 3', 'policy: overwrite'));
    await expect(backups(['restore', 'sw1', 'cfg'])).rejects.toThrow('with tftp.uploads.policy: overwrite no device reads a version');
  });

  it('keeps as many versions as the configuration says, the oldest goes', async () => {
    for (const number of [1, 2, 3]) keep('sw1/cfg', number, `version ${number}\n`);
    await backups(['restore', 'sw1', 'cfg', '--version', '1']);
    expect(readdirSync(join(folder, 'up/sw1/cfg')).map((name) => name.slice(0, 4))).toEqual(['0002', '0003', '0004']);
    expect(newest('sw1/cfg')).toBe('version 1\n');
  });
});
