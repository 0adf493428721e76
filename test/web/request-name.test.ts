import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkTo, requestName } from '../../src/web/request-name.ts';

describe('the name in the target of a request (RFC 9112 §3.2)', () => {
  it.each([
    ['the root', '/', ''],
    ['a path', '/efi/boot/x.efi', 'efi/boot/x.efi'],
    ['a query, as iPXE scripts add one', '/boot.ipxe?mac=00:11&x=/..', 'boot.ipxe'],
    ['a fragment, which should not be there', '/a#b', 'a'],
    ['the whole URL (§3.2.2)', 'http://192.168.77.1:8080/a/b?c', 'a/b'],
    ['the whole URL without a path', 'http://192.168.77.1', ''],
    ['an escape', '/a%20b', 'a b'],
    ['UTF-8 stays its octets', '/%C3%BC', 'Ã¼'],
    ['ISO 8859-1 stays its octet', '/%fc', 'ü'],
    ['an escaped / is one', '/a%2Fb', 'a/b'],
    ['a backslash is left to the catalogue', '/a%5Cb\\c', 'a\\b\\c'],
    ['an escape is undone once', '/%252e', '%2e'],
    ['a plus is a plus', '/c++', 'c++'],
    ['a doubled / is left to the catalogue', '//a', '/a'],
    ['a zero octet is left to the catalogue', '/a%00', 'a\0'],
  ])('%s', (_name, target, expected) => {
    expect(requestName(target)).toEqual({ ok: true, value: expected });
  });

  it('refuses a name that no file can have, before anybody looks at it', () => {
    expect(requestName(`/${'a'.repeat(4096)}`).ok).toBe(true);
    expect(requestName(`/${'/'.repeat(4097)}`)).toEqual({ ok: false, error: 'no file has a name of 4097 octets' });
  });

  it.each(['/%', '/%2', '/%zz', '/a%2', '*', 'a', '', 'ftp://x/y'])('refuses %j', (target) => {
    expect(requestName(target).ok).toBe(false);
  });

  it('a link leads to the name that it was made of, whatever its octets', () => {
    const name = fc.uint8Array({ minLength: 1 }).map((octets) => Buffer.from(octets).toString('latin1'));
    fc.assert(
      fc.property(name, (path) => {
        expect(linkTo(path)).toMatch(/^\/[\w.~/%-]*$/);
        expect(requestName(linkTo(path))).toEqual({ ok: true, value: path });
      }),
    );
  });
});
