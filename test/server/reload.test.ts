import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { checkText } from '../../src/config/load.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { LiveFiles } from '../../src/server/live-files.ts';
import { eventsOf, judgeReload, type Reread } from '../../src/server/reload.ts';
import { cidr, ip } from '../support/addresses.ts';
import { contentOf } from '../support/found-file.ts';
import { card } from '../support/interfaces.ts';

function reread(...yaml: readonly string[]): Reread {
  const { written, diagnostics } = checkText(`${yaml.join('\n')}\n`, { file: 'config.yaml', env: {} });
  const config = written === undefined ? {} : { config: resolveConfig(written, '/srv', '/srv/config.yaml') };
  return { ...config, diagnostics, file: '/srv/config.yaml', warnings: [] };
}

function config(...yaml: readonly string[]): Config {
  const { config } = reread(...yaml);
  if (config === undefined) throw new Error('a configuration that is wrong');
  return config;
}

const BENCH = 'networks: [{ name: bench, interface: eth1, pools: [10.0.0.5] }]';
const UP = { network: 'bench', facts: card('eth1', 4), address: cidr('10.0.0.1/24') };

describe('A reload', () => {
  it('is refused with all that is wrong with the file', () => {
    const wrong = reread('nonsense: 1', 'log: { level: loud }');
    const outcome = judgeReload(config(BENCH), wrong, [UP]);
    expect(outcome).toMatchObject({
      ok: false,
      reasons: ['config.yaml:1:1: unknown key `nonsense`', expect.stringMatching(/^config.yaml:2:15: `level`/)],
    });
    expect(eventsOf(outcome, wrong)).toEqual([
      { type: 'config.refused', file: '/srv/config.yaml', reasons: outcome.ok ? [] : outcome.reasons },
    ]);
  });

  it('is refused when it takes a restart, or when pools are not of the network that the interface has', () => {
    const before = config(BENCH);
    expect(judgeReload(before, reread(BENCH, 'server: { user: nobody }'), [UP])).toMatchObject({
      ok: false,
      reasons: [/^server\.user/].map((text) => expect.stringMatching(text) as string),
    });
    const elsewhere = reread('networks: [{ name: bench, interface: eth1, pools: [10.9.0.5, 10.0.0.7] }]');
    expect(judgeReload(before, elsewhere, [UP])).toMatchObject({
      ok: false,
      reasons: ['eth1 has 10.0.0.1/24, and the pools 10.9.0.5 of bench are not inside that network'],
    });
    // Nobody knows yet which address the interface will have, or the network gets another one.
    expect(judgeReload(before, elsewhere, [])).toMatchObject({ ok: true });
    const moved = reread('networks: [{ name: bench, interface: eth1, address: 10.9.0.1/24, pools: [10.9.0.5] }]');
    expect(judgeReload(before, moved, [UP])).toMatchObject({ ok: true });
  });

  it('is told warning by warning and change by change', () => {
    const better = reread(
      'networks: [{ name: bench, interface: eth1, address: 10.0.0.1/24, pools: [10.0.0.5], options: { router: 10.9.0.1 } }]',
    );
    const outcome = judgeReload(config(BENCH), better, [UP]);
    const changes = ['network bench: address is now 10.0.0.1/24', 'network bench: option router is now 10.9.0.1'];
    expect(eventsOf(outcome, { ...better, warnings: ['pools are left out'] })).toEqual([
      { type: 'config.warning', where: 'config.yaml:1:104', detail: 'the router 10.9.0.1 is not an address in 10.0.0.0/24' },
      { type: 'config.warning', where: 'command line', detail: 'pools are left out' },
      ...changes.map((change) => ({ type: 'config.changed', change })),
      { type: 'config.reloaded', file: '/srv/config.yaml', changes },
    ]);
  });
});

describe('The files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bootlace-files-'));
    for (const name of ['a', 'b']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'file'), name);
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const MAC = '00:00:00:00:00:01';
  const filesOf = (root: string, more = '', hosts = ''): Config =>
    config(`tftp: { root: ${join(folder, root)}, uploads: { dir: ${join(folder, 'up')} }${more} }`, hosts);

  const read = (files: LiveFiles): Promise<string> => contentOf(files.catalog.open('file', {}));

  it('come from another folder after a reload, and are bound by other limits', async () => {
    const files = await LiveFiles.open(filesOf('a'));
    expect([await read(files), files.settings.maxWindow]).toEqual(['a', 64]);
    await files.configure(filesOf('b', ', maxWindow: 8'));
    expect([await read(files), files.settings.maxWindow]).toEqual(['b', 8]);
  });

  it('are called otherwise, and given to others, after a reload', async () => {
    const files = await LiveFiles.open(filesOf('a', ', remap: [{ match: "^x$", to: file }], allow: [10.0.0.0/8]'));
    const of = (name: string, address: string) => contentOf(files.catalog.open(name, { address: ip(address) }));
    expect([await of('x', '10.0.0.1'), await of('x', '192.168.0.1')]).toEqual(['a', 'forbidden']);
    await files.configure(filesOf('a', ', allow: [host]', `hosts: [{ mac: "${MAC}", name: switch-1 }]`));
    expect([await of('x', '10.0.0.1'), await of('file', '10.0.0.1')]).toEqual(['forbidden', 'forbidden']);
    const host = { address: ip('10.0.0.1'), mac: MAC as never, isLeased: true };
    expect([await contentOf(files.catalog.open('file', host)), await contentOf(files.catalog.open('x', host))]).toEqual(['a', 'not-found']);
  });

  it('are served on as they are when only an entry is chosen for a machine', async () => {
    const before = filesOf('a', '', 'boot: { menu: { entries: [{ name: disk, local: true }, { name: k, kernel: k }] } }');
    const files = await LiveFiles.open(before);
    const { catalog } = files;
    const menu = () => contentOf(files.catalog.open('boot.ipxe', { mac: MAC as never }));
    expect(await menu()).not.toContain('goto entry/k ');
    files.choose([{ mac: MAC as never, entry: 'k', once: false }]);
    expect(await menu()).toContain('goto entry/k ');
    expect(files.catalog).toBe(catalog);
    await files.configure(filesOf('a'));
    expect(await menu()).toBe('not-found');
  });

  it('are taken by the limits of now', async () => {
    const uploads = (more: string): Config => config(`tftp: { root: ., uploads: { dir: ${join(folder, 'up')}, ${more} } }`, '');
    const files = await LiveFiles.open(uploads('maxSize: 100'));
    const create = async () => {
      const sink = await files.catalog.create('config', { mac: MAC as never }, 50);
      if (sink.ok) await sink.value.abort();
      return sink.ok;
    };
    expect(await create()).toBe(true);
    await files.configure(uploads('maxSize: 10'));
    expect(await create()).toBe(false);
    await files.configure(uploads('maxSize: 100, quota: 10'));
    expect(await create()).toBe(false);
  });

  it('go into the folder of the name that a host has now, and an upload on its way survives the change', async () => {
    const files = await LiveFiles.open(filesOf('a'));
    const upload = await files.catalog.create('config', { mac: MAC as never });
    if (!upload.ok) throw new Error('refused');
    await upload.value.write(Buffer.from('x'));
    await files.configure(filesOf('b', '', `hosts: [{ mac: "${MAC}", name: switch-1 }]`));
    expect((await upload.value.commit()).ok).toBe(true);
    expect(readdirSync(join(folder, 'up'))).toContain('switch-1');
  });
});
