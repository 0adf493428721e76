import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { wallMs } from '../../src/base/clock.ts';
import { checkCommand } from '../../src/cli/check.ts';
import { devicesCommand } from '../../src/cli/devices.ts';
import { renderCommand } from '../../src/cli/render.ts';
import { NEVER } from '../../src/dhcp/lease.ts';
import type { ClientKey } from '../../src/dhcp/request.ts';
import { SqliteLeaseStore } from '../../src/leases/sqlite-store.ts';
import { ip, mac } from '../support/addresses.ts';
import { MemoryOutput } from '../support/memory-output.ts';
import { scratch } from '../support/scratch.ts';

const CONFIG = `server: { dataDir: . }
networks: [{ interface: eth1, address: 192.168.77.1/24 }]
boot: { files: {} }
tftp: { root: . }
`;
const TABLE = 'mac,name,profile,label,pin\n00:1b:54:aa:bb:cc,desk-101,phone,A & B,4711\n';
const NEW = '00:1b:54:aa:bb:cd';

let folder = '';
beforeEach(() => {
  folder = scratch('devices');
  mkdirSync(join(folder, 'templates/phone'), { recursive: true });
  put('templates/phone/a.liquid', '---\nanswers: "{mac}.xml"\n---\n<a p="{{ vars.pin }}">{{ vars.label }}</a>\n');
  put('config.yaml', `${CONFIG}inventory: phones.csv\n`);
  put('phones.csv', TABLE);
});

const put = (path: string, text: string): void => writeFileSync(join(folder, path), text);
const table = (): string => readFileSync(join(folder, 'phones.csv'), 'utf8');

async function run(command: 'devices' | 'check' | 'render', ...args: readonly string[]): Promise<MemoryOutput> {
  const output = new MemoryOutput(`${folder}/`);
  const made = { devices: devicesCommand, check: checkCommand, render: renderCommand }[command](output);
  await made.parseAsync([...args, '--config', join(folder, 'config.yaml')], { from: 'user' });
  return output;
}

describe('bootlace devices adopt', () => {
  it('adds a line, and says what is made for the device', async () => {
    const output = await run(
      'devices',
      'adopt',
      NEW,
      '--name',
      'desk-102',
      '--profile',
      'phone',
      '--var',
      'label=C, D',
      '--var',
      'pin=1',
      '--var',
      'x=a=b',
    );
    expect(output.notes).toEqual([]);
    expect(output.lines).toEqual([`desk-102, ${NEW} is in phones.csv:3`, 'files are made for it under the names 001b54aabbcd.xml']);
    expect(table()).toBe(`${TABLE.replace('pin\n', 'pin,x\n')}${NEW},desk-102,phone,"C, D",1,a=b\n`);
  });

  it.each<[what: string, args: readonly string[], said: string]>([
    [
      'a MAC address that is there',
      ['00:1b:54:aa:bb:cc'],
      'phones.csv:3:1: error: the MAC address 00:1b:54:aa:bb:cc belongs to phones.csv:2 already',
    ],
    ['a name that is there', [NEW, '--name', 'desk-101'], 'phones.csv:3:19: error: the name desk-101 belongs to phones.csv:2 already'],
    ['a name that is none', [NEW, '--name', 'a b'], 'phones.csv:3:19: error: `name` must be a host name'],
    [
      'an address of another network',
      [NEW, '--address', '10.0.0.1'],
      'phones.csv:3:23: error: the address 10.0.0.1 is in none of the networks',
    ],
    ['a secret that is not there', [NEW, '--var', 'pin=file:no'], 'phones.csv:3:22: error: the variable pin cannot be read from no'],
  ])('changes nothing for %s', async (_what, args, said) => {
    const output = await run('devices', 'adopt', ...args);
    expect(output.notes[0]?.startsWith(said), output.notes.join('\n')).toBe(true);
    expect(output.notes.at(-1)).toMatch(/is not adopted, and nothing is changed$/);
    expect(output.hasFailed).toBe(true);
    expect(table()).toBe(TABLE);
  });

  it('refuses a variable that is a column of its own, and line ends', async () => {
    await expect(run('devices', 'adopt', NEW, '--var', 'Name=x')).rejects.toThrow(
      'Name is no variable, but a column of its own: give it as name',
    );
    await expect(run('devices', 'adopt', NEW, '--var', 'x=a\nb')).rejects.toThrow('x must not hold control characters');
    expect(table()).toBe(TABLE);
  });

  it('says which line is missing where the configuration names no table', async () => {
    put('config.yaml', CONFIG);
    const output = await run('devices', 'adopt', NEW, '--name', 'desk-102');
    expect(output.notes).toEqual([]);
    expect(output.lines.slice(-3)).toEqual(['config.yaml does not name this file yet; add the line:', '', 'inventory: ./inventory.csv']);
    expect(readFileSync(join(folder, 'inventory.csv'), 'utf8')).toBe(`mac,name,profile,model,address\n${NEW},desk-102,,,\n`);
    expect(existsSync(join(folder, 'inventory.csv.lock'))).toBe(false);
  });
});

it('bootlace devices unknown lists who has a lease and is in no inventory', async () => {
  const store = new SqliteLeaseStore(join(folder, 'leases.db'));
  const lease = { network: 'lan', state: 'bound', since: wallMs(0), expiresAt: NEVER, hostName: undefined } as const;
  await store.put([
    { ...lease, address: ip('192.168.77.100'), client: 'id:1' as ClientKey, mac: mac('00:1b:54:aa:bb:cc') },
    { ...lease, address: ip('192.168.77.101'), client: 'id:2' as ClientKey, mac: mac(NEW), hostName: 'sep' },
    { ...lease, address: ip('192.168.77.102'), client: 'id:3' as ClientKey, mac: undefined },
  ]);
  store.close();
  expect((await run('devices', 'unknown')).lines.slice(1, 2)).toEqual([expect.stringMatching(`^${NEW}  192.168.77.101  .*sep`)]);
  expect(JSON.parse((await run('devices', 'unknown', '--json')).lines.join('\n'))).toMatchObject([
    { mac: NEW, hostName: 'sep', network: 'lan' },
  ]);
});

describe('bootlace check', () => {
  it('makes every file once, and says of which device something is missing', async () => {
    put('phones.csv', `${TABLE}${NEW},desk-102,phone,,1\n00:1b:54:aa:bb:ce,desk-103,phone,,1\n`);
    const { notes, hasFailed } = await run('check');
    expect(notes).toEqual([
      'templates/phone/a.liquid:4:26: warning: the variable vars.label is not known',
      '  4 | <a p="{{ vars.pin }}">{{ vars.label }}</a>',
      '    |                          ^',
      '  for desk-102, 001b54aabbcd.xml, and for 1 more',
      '',
    ]);
    expect(hasFailed).toBe(false);
  });

  it('explains a device of an inventory by its line there', async () => {
    const { lines } = await run('check', '--explain', '00:1b:54:aa:bb:cc');
    expect(lines.join('\n')).toMatch(/host +desk-101 +phones\.csv:2/);
  });

  it.each<[what: string, text: string, said: string]>([
    ['that is no XML', '<a>{{ vars.label }}</b>', 'templates/phone/a.liquid:4:1: warning: what it makes is not well-formed XML: '],
    ['with a tag that has no end', '{% if vars.pin %}', 'templates/phone/a.liquid:4:1: warning: tag {% if vars.pin %} not closed'],
  ])('finds a template %s', async (_what, text, said) => {
    put('templates/phone/a.liquid', `---\nanswers: "{mac}.xml"\n---\n${text}\n`);
    const { notes } = await run('check');
    expect(notes[0]?.startsWith(said), notes.join('\n')).toBe(true);
  });
});

describe('bootlace render', () => {
  it('prints what the device gets, and where it comes from without secrets', async () => {
    const output = await run('render', '001B54AABBCC.xml', '--mac', '00:1b:54:aa:bb:cc');
    expect(Buffer.concat(output.written).toString()).toBe('<a p="4711">A &amp; B</a>\n');
    expect(output.notes).toEqual([
      '001B54AABBCC.xml, made from the template phone/a.liquid, 26 B',
      '  from templates/phone/a.liquid',
      '  for desk-101 (phones.csv:2)',
      '  vars.label: A & B (device)',
      '  vars.pin: **** (device)',
    ]);
  });

  it('says why another device gets nothing', async () => {
    const output = await run('render', '001b54aabbcc.xml', '--mac', NEW);
    expect(output.notes[0]).toContain('would not be served: the file is for desk-101, 00:1b:54:aa:bb:cc alone');
    expect(output.written).toEqual([]);
  });
});
