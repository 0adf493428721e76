import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileListShape } from '../../../src/web/api/file-shapes.ts';
import { DeskBench, NETWORK } from '../../support/desk-bench.ts';

let desk: DeskBench;
const MENU = `boot:
  menu:
    title: Bench
    entries:
      - { name: install, title: Install, kernel: debian/linux, initrd: debian/initrd.gz }
`;
const HOST = `hosts:
  - mac: 00:1b:54:aa:bb:cc
    name: desk-101
    profile: cisco-sip
    vars: { extension: 101 }
`;

beforeEach(async () => {
  desk = await DeskBench.open({ config: NETWORK + MENU + HOST, files: { 'root/a/b.txt': 'inside', 'secret.txt': 'outside' } });
});
afterEach(() => desk.close());

const root = (...path: string[]): string => join(desk.dir, 'root', ...path);
const put = (path: string, body: string, headers: Record<string, string> = {}) =>
  desk.console.ask(`/api/v1/files/${path}`, { method: 'PUT', body, headers });
const remove = (path: string) => desk.console.ask(`/api/v1/files/${path}`, { method: 'DELETE' });

async function listed(path = ''): Promise<FileListShape['entries']> {
  const { json } = await desk.get(`/files?path=${encodeURIComponent(path)}`);
  return (json as FileListShape).entries;
}

describe('files in the root', () => {
  it('are listed with folders, and with what is made there', async () => {
    const entries = await listed();
    expect(entries).toEqual(
      expect.arrayContaining([
        { name: 'a', path: 'a', kind: 'folder' },
        { name: 'boot.ipxe', path: 'boot.ipxe', kind: 'made', about: 'made from `boot.menu`' },
        { name: 'pxelinux.cfg', path: 'pxelinux.cfg', kind: 'folder' },
        {
          name: 'SEP001B54AABBCC.cnf.xml',
          path: 'SEP001B54AABBCC.cnf.xml',
          kind: 'made',
          about: 'made from the templates of cisco-sip for desk-101',
        },
      ]),
    );
    expect(await listed('pxelinux.cfg')).toEqual([expect.objectContaining({ path: 'pxelinux.cfg/default', kind: 'made' })]);
    expect(await listed('a')).toEqual([expect.objectContaining({ path: 'a/b.txt', kind: 'file', size: 6 })]);
    expect((await desk.get('/files?path=nowhere')).status).toBe(404);
  });

  it('are told what they are by their headers', async () => {
    const program = Buffer.alloc(1_024);
    program.write('MZ', 0);
    program.writeUInt32LE(64, 60);
    program.write('PE\0\0', 64);
    program.writeUInt16LE(0x8664, 68);
    writeFileSync(root('grubx64.efi'), program);
    expect(await listed()).toContainEqual(expect.objectContaining({ name: 'grubx64.efi', about: 'UEFI program for 64-bit PCs' }));
  });

  it('are put in whole, with folders on the way, and whoever did that is told', async () => {
    const { status, text } = await put('new/folder/%C3%BC%20x.bin', 'content');
    expect([status, JSON.parse(text)]).toEqual([201, expect.objectContaining({ path: 'new/folder/ü x.bin', size: 7, kind: 'file' })]);
    expect(readFileSync(root('new/folder/ü x.bin'), 'utf8')).toBe('content');
    expect(lstatSync(root('new/folder/ü x.bin')).mode & 0o777).toBe(0o644);
    expect(desk.events).toContainEqual({ type: 'file.placed', path: 'new/folder/ü x.bin', size: 7, replaced: false, from: '127.0.0.1' });
    expect((await listed('new/folder')).map(({ name }) => name)).toEqual(['ü x.bin']);
  });

  it('are replaced, unless the sender wants a new one', async () => {
    expect((await put('a/b.txt', 'other', { 'if-none-match': '*' })).status).toBe(412);
    expect(readFileSync(root('a/b.txt'), 'utf8')).toBe('inside');
    expect((await put('a/b.txt', 'other', { 'content-type': 'application/json' })).status).toBe(200);
    expect(readFileSync(root('a/b.txt'), 'utf8')).toBe('other');
    expect((await put('a/b.txt', '')).status).toBe(200);
    expect(lstatSync(root('a/b.txt')).size).toBe(0);
  });

  it('are of any type and larger than other bodies, and leave nothing beside them', async () => {
    const body = 'x'.repeat(3_000_000);
    expect((await put('large.iso', body, { 'content-type': 'text/plain' })).status).toBe(201);
    expect(lstatSync(root('large.iso')).size).toBe(body.length);
    expect(readdirSync(root('.bootlace-incoming'))).toEqual([]);
  });

  it('are not taken without their length, nor when more is announced than there is room for', async () => {
    expect((await put('x', 'x', { 'transfer-encoding': 'chunked' })).status).toBe(411);
    const status = await new Promise((resolve, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: desk.console.port,
          path: '/api/v1/files/huge',
          method: 'PUT',
          headers: { 'content-length': '99999999999999' },
        },
        (answer) => resolve(answer.statusCode),
      ).on('error', reject);
      sent.flushHeaders();
    });
    expect(status).toBe(507);
    expect(existsSync(root('huge'))).toBe(false);
  });

  it('of which only a part came are not there', async () => {
    await new Promise<void>((resolve) => {
      const headers = { 'content-length': '100' };
      const sent = request({ host: '127.0.0.1', port: desk.console.port, path: '/api/v1/files/half', method: 'PUT', headers });
      sent.on('error', () => undefined).on('close', () => resolve());
      sent.write('half', () => sent.destroy());
    });
    expect((await put('whole', 'whole')).status).toBe(201);
    expect(existsSync(root('half'))).toBe(false);
    expect(readdirSync(root('.bootlace-incoming'))).toEqual([]);
  });

  it('are taken away, and folders are not', async () => {
    expect((await remove('a')).status).toBe(403);
    expect((await remove('a/b.txt')).status).toBe(204);
    expect(existsSync(root('a/b.txt'))).toBe(false);
    expect((await remove('a/b.txt')).status).toBe(404);
    expect(desk.events).toEqual([{ type: 'file.removed', path: 'a/b.txt', size: 6, from: '127.0.0.1' }]);
  });
});

describe('a path of a request', () => {
  it.each([
    ['a folder above', '..%2Fsecret.txt', 403],
    ['a folder above, further down', 'a/..%2F..%2Fsecret.txt', 403],
    ['a folder above as Windows writes it', '..%5Csecret.txt', 403],
    ['a backslash', 'a%5Cb.txt', 422],
    ['a NUL', 'a/b.txt%00.png', 422],
    ['a line break', 'a%0Ab', 422],
    ['two slashes', 'a//b.txt', 422],
    ['a dot', './a/b.txt', 422],
    ['a hidden name', '.profile', 422],
    ['a hidden folder', '.git/config', 422],
    ['the folder of unfinished uploads', '.bootlace-incoming/x', 422],
    ['the name of a folder', 'a/', 422],
    ['a name that no file system takes', 'n'.repeat(300), 422],
    ['an absolute path', '/etc/passwd', 422],
  ])('with %s leads nowhere', async (_, path, status) => {
    // As it is, without what a client makes of it.
    expect((await put(path, 'planted')).status).toBe(status);
    expect([404, 403, 422]).toContain((await remove(path)).status);
    expect(readFileSync(join(desk.dir, 'secret.txt'), 'utf8')).toBe('outside');
    expect(readFileSync(root('a/b.txt'), 'utf8')).toBe('inside');
    expect(desk.events).toEqual([]);
  });

  it('never leads out through a link', async () => {
    mkdirSync(join(desk.dir, 'elsewhere'));
    writeFileSync(join(desk.dir, 'elsewhere/kept'), 'kept');
    symlinkSync(join(desk.dir, 'elsewhere'), root('way-out'));
    symlinkSync(join(desk.dir, 'secret.txt'), root('link'));
    symlinkSync(join(desk.dir, 'not-there'), root('dangling'));
    for (const path of ['way-out/kept', 'way-out/new', 'link', 'dangling']) {
      expect([path, (await put(path, 'planted')).status]).toEqual([path, 403]);
      expect([path, (await remove(path)).status]).toEqual([path, 403]);
    }
    expect(readFileSync(join(desk.dir, 'elsewhere/kept'), 'utf8')).toBe('kept');
    expect(readFileSync(join(desk.dir, 'secret.txt'), 'utf8')).toBe('outside');
    expect(existsSync(join(desk.dir, 'not-there'))).toBe(false);
    expect(readdirSync(join(desk.dir, 'elsewhere'))).toEqual(['kept']);
  });

  it('changes nothing outside the root and no file but the one that it names, whatever it holds', async () => {
    const part = fc.oneof(
      fc.constantFrom('..', '.', '', 'a', 'b.txt', '%2e%2e', '..\\', '\0', 'link', '~', 'C:', 'x'.repeat(256)),
      fc.string({ maxLength: 8 }),
    );
    symlinkSync(desk.dir, root('link'));
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 6 }), fc.constantFrom('/', '%2F', '%5C', '\\'), async (parts, between) => {
        const before = readdirSync(desk.dir).toSorted();
        const path = parts.map(encodeURIComponent).join(between === '\\' ? '%5C' : between);
        const { status } = await put(path, 'planted');
        const removed = await remove(path);
        // What was put there is what is taken away.
        expect(removed.status === 204).toBe(status === 201 || status === 200);
        expect(readdirSync(desk.dir).toSorted()).toEqual(before);
        expect(readFileSync(join(desk.dir, 'secret.txt'), 'utf8')).toBe('outside');
        if (!existsSync(root('a/b.txt'))) mkdirSync(root('a'), { recursive: true });
        writeFileSync(root('a/b.txt'), 'inside');
      }),
      { numRuns: 150 },
    );
  });
});

describe('what is the server’s own below the root', () => {
  it('is not changed, also behind a link', async () => {
    const own = await DeskBench.open({
      config: `${NETWORK}server: { dataDir: ./root/data }\n`,
      files: { 'root/data/web-token': 'token', 'root/data/uploads/sw1/running/0001-20261120T063000Z-1f3a9c2e': 'backup' },
    });
    try {
      symlinkSync('data', join(own.dir, 'root/alias'));
      for (const path of ['data/web-token', 'alias/web-token', 'data/new', 'data/uploads/sw1/running/0001-20261120T063000Z-1f3a9c2e']) {
        const asked = `/api/v1/files/${path}`;
        expect([path, (await own.console.ask(asked, { method: 'PUT', body: 'planted' })).status]).toEqual([path, 403]);
        expect([path, (await own.console.ask(asked, { method: 'DELETE' })).status]).toEqual([path, 403]);
      }
      expect(readFileSync(join(own.dir, 'root/data/web-token'), 'utf8')).toBe('token');
    } finally {
      await own.close();
    }
  });
});
