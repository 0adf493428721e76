import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Mac } from '../../src/base/addresses.ts';
import type { BootChoice } from '../../src/boot/boot-choices.ts';
import type { Config } from '../../src/config/config.ts';
import { checkText } from '../../src/config/load.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { Subject } from '../../src/events/events.ts';
import type { FileCatalog, FoundFile } from '../../src/files/catalog.ts';
import { catalogOf, filesConfigOf } from '../../src/server/live-files.ts';
import { ip } from '../support/addresses.ts';
import { contentOf } from '../support/found-file.ts';
import { scratch } from '../support/scratch.ts';

const root = scratch('menus');
const DESK = '52:54:00:00:00:01' as Mac;
const SERVER = ip('192.168.77.1');

const menu = (title: string): string =>
  `menu: { title: ${title}, entries: [{ name: disk, local: true }, { name: linux, kernel: k, args: "u=$${'{server}'}" }] }`;

const YAML = `networks:
  - { name: bench, interface: eth1, address: 192.168.77.1/24 }
  - { name: lab, interface: eth2, address: 10.0.0.1/24, boot: { ${menu('lab')} } }
classes: [{ name: thin, match: { mac: "66:*" }, boot: { ${menu('thin')} } }]
hosts:
  - { mac: "${DESK}", name: desk, boot: linux }
  - { clientId: "01:02", name: own, address: 192.168.77.21, boot: { ${menu('own')} } }
boot: { ${menu('site')} }
`.replaceAll('$${server}', '$' + '{server}');

function config(more = '', yaml = YAML): Config {
  const { written, diagnostics } = checkText(`${yaml}tftp: { root: ${root}${more} }\n`, { file: 'config.yaml', env: {} });
  if (written === undefined) throw new Error(JSON.stringify(diagnostics));
  return resolveConfig(written, root, undefined);
}

const catalog = (choices: readonly BootChoice[] = [], more = ''): FileCatalog => catalogOf(filesConfigOf(config(more), choices));

beforeAll(() => {
  for (const path of ['pxelinux.cfg/default', 'pxelinux.cfg/01-52-54-00-00-00-01', 'boot.ipxe', 'grub/grub.cfg', 'desk/boot.ipxe']) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), 'from the disk');
  }
});

const titleFor = async (from: Subject, files = catalog()): Promise<string | undefined> =>
  /^menu (.*)$/m.exec(await contentOf(files.open('boot.ipxe', from, SERVER)))?.[1];

async function found(name: string, from: Subject, files = catalog(), server?: typeof SERVER): Promise<FoundFile> {
  const answer = await files.open(name, from, server);
  if (!answer.ok) throw new Error(answer.error.detail);
  answer.value.file.close();
  return answer.value;
}

describe('A menu is that of who asks', () => {
  it.each<[who: string, from: Subject, title: string]>([
    ['anybody', {}, 'site'],
    ['a network', { address: ip('10.0.0.9') }, 'lab'],
    ['a network of the site’s menu', { address: ip('192.168.77.9') }, 'site'],
    ['a class', { address: ip('10.0.0.9'), isLeased: true, classes: ['thin'] }, 'thin'],
    ['a host by its reserved address', { address: ip('192.168.77.21'), isLeased: true }, 'own'],
    ['somebody who took a reserved address', { address: ip('192.168.77.21') }, 'site'],
  ])('%s', async (_who, from, title) => expect(await titleFor(from)).toBe(title));
});

describe('Names', () => {
  it.each(['pxelinux.cfg/default', '/pxelinux.cfg/default', 'grub/grub.cfg', 'grub/x86_64-efi/grub.cfg', 'grub.cfg', 'boot.ipxe'])(
    '%s is made, before a file on the disk',
    async (name) => expect((await found(name, {})).made?.what).toBe('boot.menu'),
  );

  it('of one machine are the disk’s', async () => {
    expect(await contentOf(catalog().open('pxelinux.cfg/01-52-54-00-00-00-01', { mac: DESK }))).toBe('from the disk');
  });

  it('in the own folder of a client are the disk’s, and nobody else’s', async () => {
    const files = catalog([], ', perClientRoot: name');
    expect(await contentOf(files.open('boot.ipxe', { mac: DESK, isLeased: true }))).toBe('from the disk');
    expect((await found('pxelinux.cfg/default', { mac: DESK, isLeased: true }, files)).made).toBeDefined();
    expect((await found('boot.ipxe', {}, files)).made).toBeDefined();
  });

  it('are the disk’s where no menu is configured', async () => {
    const files = catalogOf(filesConfigOf(config('', 'networks: [{ name: bench, interface: eth1, address: 192.168.77.1/24 }]\n'), []));
    expect(await contentOf(files.open('boot.ipxe', {}))).toBe('from the disk');
  });
});

describe('The entry', () => {
  it('of a host is started without asking', async () => {
    expect((await found('boot.ipxe', { mac: DESK }, catalog(), SERVER)).made?.what).toBe('boot.menu, entry linux');
  });

  it('that the operator chose goes before it, and is told apart', async () => {
    const files = catalog([{ mac: DESK, entry: 'disk', once: true }]);
    expect((await found('boot.ipxe', { mac: DESK }, files, SERVER)).made).toMatchObject({
      what: 'boot.menu, entry disk as chosen',
      choice: 'disk',
    });
    expect((await found('boot.ipxe', {}, files, SERVER)).made?.choice).toBeUndefined();
  });

  it('that no menu has any more counts for nothing', async () => {
    const { made } = await found('boot.ipxe', { mac: DESK }, catalog([{ mac: DESK, entry: 'gone', once: false }]), SERVER);
    expect(made).toMatchObject({ what: 'boot.menu, entry linux' });
    expect(made?.choice).toBeUndefined();
  });

  it('is left out where it names our address and that is not known, and it is said', async () => {
    const { made } = await found('boot.ipxe', {});
    expect(made?.notes).toEqual(['1 of 2 entries', expect.stringContaining('without the entry linux')]);
  });
});

describe('Its content', () => {
  it('has our address that was asked in it', async () => {
    expect(await contentOf(catalog().open('boot.ipxe', {}, ip('10.9.9.9')))).toContain('u=10.9.9.9');
  });

  it('has one key for all who get the same, and another for others', async () => {
    const [one, same, other] = [
      await found('boot.ipxe', {}),
      await found('boot.ipxe', { mac: '02:00:00:00:00:09' as Mac }),
      await found('boot.ipxe', { mac: DESK }, catalog(), SERVER),
    ];
    expect(one.file.contentKey).toBe(same.file.contentKey);
    expect(one.file.contentKey).not.toBe(other.file.contentKey);
  });
});
