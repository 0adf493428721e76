import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type LoadOutcome, loadConfig } from '../../src/config/load.ts';
import { SHIPPED_TEMPLATES } from '../../src/config/template-files.ts';
import { scratch } from '../support/scratch.ts';

const CONFIG = `networks: [{ interface: eth1, address: 192.168.77.1/24 }]
boot: { files: {} }
tftp: { root: . }
`;

let folder = '';
beforeEach(() => {
  folder = scratch('provisioning');
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

async function load(yaml: string, env: Readonly<Record<string, string>> = {}): Promise<LoadOutcome & { readonly said: readonly string[] }> {
  put('config.yaml', CONFIG + yaml);
  const outcome = await loadConfig(join(folder, 'config.yaml'), env);
  const said = outcome.diagnostics.map(({ severity, file, position, message }) => {
    const place = position === undefined ? '' : `:${position.line}:${position.column}`;
    return `${file.replace(`${folder}/`, '')}${place} ${severity}: ${message}`;
  });
  return { ...outcome, said };
}

const names = ({ config }: LoadOutcome): readonly (string | undefined)[] => config?.hosts.map(({ name }) => name) ?? [];

describe('Inventories', () => {
  it('are hosts like others, with where they stand', async () => {
    put('phones.csv', 'mac,name,address,model,ext\n00:1b:54:00:00:01,a,192.168.77.21,T46,101\n');
    put('gear.yaml', '- { serial: FCH1, name: sw, vars: { vlans: [{ id: 1 }] } }\n');
    const { config, said } = await load('inventory: [phones.csv, ./gear.yaml]\n');
    expect(said).toEqual([]);
    expect(config?.hosts).toMatchObject([
      {
        key: { mac: '00:1b:54:00:00:01' },
        name: 'a',
        address: 0xc0a84d15,
        model: 'T46',
        vars: { values: { ext: '101' } },
        place: join(folder, 'phones.csv:2'),
      },
      { serial: 'FCH1', name: 'sw', vars: { values: { vlans: [{ id: 1 }] } }, place: join(folder, 'gear.yaml:1') },
    ]);
    expect(config?.inventory).toEqual([join(folder, 'phones.csv'), join(folder, 'gear.yaml')]);
  });

  it('lose the lines that are wrong or that belong to somebody already, each with its place', async () => {
    put(
      'phones.csv',
      `mac,name,address
00:1b:54:00:00:01,a,192.168.77.21
zz,b,
00:1b:54:00:00:03,c d,
00:1b:54:00:00:04,e,10.0.0.1
00:1b:54:00:00:01,f,
00:1b:54:00:00:05,host,
00:1b:54:00:00:06,g,192.168.77.21
00:1b:54:00:00:07,h,192.168.77.22
`,
    );
    put('more.yaml', '- { mac: "00:1b:54:00:00:08", name: h }\n- { mac: 5, nmae: i }\n- { mac: "00:1b:54:00:00:09", name: j }\n');
    const outcome = await load('hosts: [{ mac: "00:1b:54:00:00:99", name: host }]\ninventory: [phones.csv, more.yaml]\n');
    expect(outcome.said.map((line) => line.replaceAll(`${folder}/`, ''))).toEqual([
      'phones.csv:3:1 warning: `mac` must be a MAC address such as 00:1b:54:aa:bb:cc, but is "zz"; this device is left out',
      'phones.csv:4:19 warning: `name` must be a host name: letters, digits, hyphens and dots, at most 63, but is "c d"; this device is left out',
      'more.yaml:2:10 warning: `mac` must be a MAC address such as 00:1b:54:aa:bb:cc, but is 5; this device is left out',
      'more.yaml:2:13 warning: unknown key `nmae`; this device is left out',
      'phones.csv:6:1 warning: the MAC address 00:1b:54:00:00:01 belongs to phones.csv:2 already; this device is left out',
      'phones.csv:7:19 warning: the name host belongs to hosts[0] already; this device is left out',
      'more.yaml:1:37 warning: the name h belongs to phones.csv:9 already; this device is left out',
      'phones.csv:8:21 warning: the address 192.168.77.21 belongs to phones.csv:2 already; this device is left out',
      'phones.csv:5:21 warning: the address 10.0.0.1 is in none of the networks; this device is left out',
    ]);
    expect(names(outcome)).toEqual(['host', 'a', 'h', 'j']);
  });

  it.each<[what: string, file: string, text: string | undefined, said: string]>([
    ['that is not there', 'phones.csv', undefined, 'phones.csv warning: there is no such inventory'],
    ['of another kind', 'phones.txt', 'x', 'phones.txt error: it is not clear what kind of inventory this is'],
    ['without a column to know devices by', 'phones.csv', 'name\na\n', 'phones.csv:1:1 error: there is no column mac or serial'],
    ['that is no list', 'phones.yaml', 'a: 1\n', 'phones.yaml:1:1 error: an inventory is a list of devices, each as in `hosts`'],
    ['that is no YAML', 'phones.yaml', '- { mac: "x\n', 'phones.yaml:1:10 error: '],
  ])('one %s', async (_what, file, text, said) => {
    if (text !== undefined) put(file, text);
    const outcome = await load(`inventory: ${file}\n`);
    expect(outcome.said[0]?.startsWith(said), outcome.said.join('\n')).toBe(true);
    expect(outcome.config === undefined).toBe(said.includes(' error: '));
  });

  it('one that is not text', async () => {
    writeFileSync(join(folder, 'phones.csv'), Buffer.from('mac,name\n1,J\xfcrgen\n', 'latin1'));
    expect((await load('inventory: phones.csv\n')).said).toEqual(['phones.csv error: is not text in UTF-8']);
  });
});

describe('Variables', () => {
  it('come from files and from the environment, and are hidden then, or when they are called like secrets', async () => {
    put('secrets/pin', '4711\n');
    put('phones.csv', 'mac,ext,pass,a,b\n00:1b:54:00:00:02,1,x,file:secrets/pin,${TOKEN}\n');
    const { config, said } = await load(
      `inventory: phones.csv
hosts: [{ mac: "00:1b:54:00:00:01", vars: { ext: 1, sipPassword: x, a: file:./secrets/pin, list: [{ b: "\${TOKEN}" }], url: "file:///x" } }]
unknown: [{ profile: phone, vars: { c: "\${TOKEN}" } }]
`,
      { TOKEN: 't' },
    );
    expect(said).toEqual([expect.stringContaining('there is no profile phone')]);
    expect(config?.hosts.map(({ vars }) => vars)).toEqual([
      { values: { ext: 1, sipPassword: 'x', a: '4711', list: [{ b: 't' }], url: 'file:///x' }, hidden: ['sipPassword', 'a', 'list'] },
      { values: { ext: '1', pass: 'x', a: '4711', b: 't' }, hidden: ['pass', 'a', 'b'] },
    ]);
    expect(config?.unknown).toEqual([{ profile: 'phone', vars: { values: { c: 't' }, hidden: ['c'] } }]);
  });

  it('from a file that is not there are an error in the configuration, and leave out a device of an inventory', async () => {
    put('phones.csv', 'mac,a\n00:1b:54:00:00:02,file:no\n00:1b:54:00:00:03,x\n');
    const inInventory = await load('inventory: phones.csv\n');
    expect(inInventory.said).toEqual([
      'phones.csv:2:19 warning: the variable a cannot be read from no: there is no such file; this device is left out',
    ]);
    expect(inInventory.config?.hosts).toHaveLength(1);
    const inConfig = await load('hosts: [{ mac: "00:1b:54:00:00:01", vars: { a: file:no } }]\n');
    expect(inConfig.said).toEqual(['config.yaml:4:48 error: the variable a cannot be read from no: there is no such file']);
  });
});

describe('Templates', () => {
  const own = (outcome: LoadOutcome) => outcome.config?.templates.sources.filter(({ origin }) => origin === 'user') ?? [];

  it('are read with their front matter', async () => {
    put(
      'templates/phone/a.liquid',
      '---\nanswers: ["{mac}.cfg", x.cfg]\nescape: xml\ndefaults: { t: udp, pin: 1 }\npublic: true\n---\nhello\n',
    );
    put('templates/phone/parts/line.liquid', 'line');
    put('templates/top.liquid', 'top');
    put('templates/phone/readme.md', 'not a template');
    const outcome = await load('');
    expect(outcome.said).toEqual([]);
    expect(own(outcome)).toMatchObject([
      {
        key: 'phone/a.liquid',
        profile: 'phone',
        answers: ['{mac}.cfg', 'x.cfg'],
        escape: 'xml',
        isPublic: true,
        text: 'hello\n',
        linesBefore: 6,
        defaults: { values: { t: 'udp', pin: 1 }, hidden: ['pin'] },
      },
      { key: 'phone/parts/line.liquid', answers: [], text: 'line', linesBefore: 0 },
      { key: 'top.liquid', answers: [], profile: '' },
    ]);
    expect(outcome.config?.templates.folders).toEqual([join(folder, 'templates'), SHIPPED_TEMPLATES]);
  });

  it('with a fault are left out, each with its place', async () => {
    put('templates/phone/a.liquid', '---\nanswers: "{mca}.cfg"\n---\n');
    put('templates/phone/b.liquid', '---\nanswers: b.cfg\nescpae: xml\n---\n');
    put('templates/phone/c.liquid', '---\nanswers: [c.cfg\n---\n');
    put('templates/phone/d.liquid', '---\nanswers: d.cfg\n');
    put('templates/phone/e.liquid', '---\nescape: html\nanswers: e.cfg\n---\n');
    put('templates/phone/f.liquid', '---\nanswers: f.cfg\n---\n');
    const outcome = await load('');
    expect(outcome.said.map((line) => line.replace('templates/phone/', ''))).toEqual([
      'a.liquid:2:10 warning: the name {mca}.cfg cannot be answered: {mca} stands for nothing; did you mean {mac}?; the template is left out',
      'b.liquid:3:1 warning: unknown key `escpae`; the template is left out',
      expect.stringMatching(/^c\.liquid:2:\d+ warning: .*; the template is left out$/),
      'd.liquid warning: its front matter has no end; the template is left out',
      'e.liquid:2:9 warning: `escape` must be one of xml, json, shell, plain, but is "html"; the template is left out',
    ]);
    expect(own(outcome).map(({ key }) => key)).toEqual(['phone/f.liquid']);
  });

  it('are not looked for outside of their folder', async () => {
    put('elsewhere/secret.liquid', 'secret');
    put('templates/phone/f.liquid', '---\nanswers: f.cfg\n---\n');
    symlinkSync(join(folder, 'elsewhere/secret.liquid'), join(folder, 'templates/phone/link.liquid'));
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'templates/phone/there'));
    expect(own(await load('')).map(({ key }) => key)).toEqual(['phone/f.liquid']);
  });

  it('make profiles of their folders; a host of another gets a warning, and the nearest name', async () => {
    put('templates/phone/f.liquid', '---\nanswers: f.cfg\n---\n');
    const outcome = await load('hosts: [{ mac: "00:1b:54:00:00:01", profile: phne }]\nunknown: { profile: gear }\n');
    expect(outcome.said).toEqual([
      'config.yaml:4:46 warning: there is no profile phne, so that no file is made for it',
      'config.yaml:5:21 warning: there is no profile gear, so that no file is made for it',
    ]);
    expect(outcome.diagnostics[0]?.hint).toBe('did you mean `phone`?');
    expect((await load('templates: ./nowhere\n')).said).toEqual(['config.yaml:4:12 warning: there is no such folder with templates']);
  });
});

it('every template that comes with the program is right', async () => {
  const outcome = await load('');
  expect(outcome.said).toEqual([]);
  expect(readFileSync(join(folder, 'config.yaml'), 'utf8')).toBe(CONFIG);
});
