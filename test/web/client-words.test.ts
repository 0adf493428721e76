import { expect, it } from 'vitest';
import { clientWords } from '../../src/web/client-words.ts';
import { contentTypeOf } from '../../src/web/content-type.ts';

it('takes the program and what switches say of themselves, and nothing else', () => {
  const raw = [
    'Host',
    'x',
    'User-Agent',
    'onie/1.0',
    'ONIE-SERIAL-NUMBER',
    'S1',
    'X-Arista-ModelName',
    'DCS',
    'CUMULUS-SERIAL',
    'C',
    'Cookie',
    'c',
  ];
  expect(clientWords(raw)).toEqual(['User-Agent: onie/1.0', 'ONIE-SERIAL-NUMBER: S1', 'X-Arista-ModelName: DCS', 'CUMULUS-SERIAL: C']);
});

it('takes the words of SONiC, whose headers have no name in common', () => {
  const raw = [
    'User-Agent',
    'SONiC-ZTP/0.1',
    'PRODUCT-NAME',
    'S6000',
    'SERIAL-NUMBER',
    'A1',
    'Base-MAC-Address',
    '00:11',
    'SONiC-Version',
    '1',
  ];
  expect(clientWords([...raw, 'Serial-Number-Of-Another', 'x'])).toHaveLength(5);
});

it('takes no secrets', () => {
  expect(clientWords(['ONIE-SECURITY-KEY', 'd3b07384', 'Authorization', 'Basic x'])).toBeUndefined();
});

it('takes only so much, and nothing that could move a cursor', () => {
  const [word = ''] = clientWords(['user-agent', `\x1b[2J${'a'.repeat(5_000)}`]) ?? [];
  expect(word.startsWith('user-agent: \\x1b[2Jaaa')).toBe(true);
  expect(word.length).toBeLessThan(200);
  const many = Array.from({ length: 500 }, (_, at) => [`ONIE-${at}`, 'x']).flat();
  expect(clientWords(many)).toHaveLength(16);
});

it.each([
  ['ipxe.efi', 'application/efi'],
  ['DEBIAN.ISO', 'application/vnd.efi-iso'],
  ['disk.img', 'application/vnd.efi-img'],
  ['boot.ipxe', 'text/plain'],
  ['pxelinux.cfg/default', 'text/plain'],
  ['pxelinux.cfg/01-00-1b-54-aa-bb-cc', 'text/plain'],
  ['nocloud/user-data', 'text/plain'],
  ['SEP001B54AABBCC.cnf.xml', 'text/xml'],
  ['vmlinuz', 'application/octet-stream'],
  ['a.cfg/kernel', 'application/octet-stream'],
  ['page.html', 'application/octet-stream'],
  ['pxelinux.0', 'application/octet-stream'],
])('the type of %s is %s', (path, type) => {
  expect(contentTypeOf(path)).toBe(type);
});
