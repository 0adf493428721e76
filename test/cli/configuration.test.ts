import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkCommand } from '../../src/cli/check.ts';
import { optionsCommand } from '../../src/cli/options.ts';
import { showTable } from '../../src/cli/output.ts';
import { schemaCommand } from '../../src/cli/schema.ts';
import { MemoryOutput } from '../support/memory-output.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bootlace-cli-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function check(yaml: string, ...flags: string[]): Promise<MemoryOutput> {
  const output = new MemoryOutput(folder);
  const file = join(folder, 'config.yaml');
  await writeFile(file, yaml);
  await checkCommand(output).parseAsync(['--config', file, ...flags], { from: 'user' });
  return output;
}

async function options(...words: string[]): Promise<MemoryOutput> {
  const output = new MemoryOutput(folder);
  await optionsCommand(output).parseAsync(words, { from: 'user' });
  return output;
}

const THREE_NETWORKS = `
networks:
  - { name: bench, address: 192.168.77.1/24, assign: true, pools: [192.168.77.100-192.168.77.199, 192.168.77.220] }
  - { name: floor-2, subnet: 10.88.0.0/24, leaseTime: 90m }
  - { name: lab, interface: eth2 }
  - { name: quiet, interface: eth3, address: 10.0.0.1/24, mode: off }
hosts:
  - { mac: "00:00:00:00:00:01" }
boot: { files: {} }
tftp: { root: ., uploads: { policy: deny } }
`;

describe('bootlace check', () => {
  it('says what would be served', async () => {
    const output = await check(THREE_NETWORKS);
    expect(output.notes).toEqual([]);
    expect(output.hasFailed).toBe(false);
    expect(output.lines).toEqual([
      '/config.yaml is fine: 4 networks, 1 host',
      '  bench       the wired interface that leads nowhere else, which gets 192.168.77.1/24; leases 192.168.77.100-192.168.77.199, 192.168.77.220 (101 addresses) for 1h',
      '  floor-2     10.88.0.0/24 behind a relay; leases 10.88.0.128-10.88.0.254 (127 addresses) for 1h30m',
      '  lab         eth2, with the address that it has; leases the upper half of its subnet for 1h',
      '  quiet       eth3, as 10.0.0.1/24; answers no DHCP',
      '  boot files  none',
      '  TFTP        serves ; takes no uploads',
      '  HTTP        serves the same files at port 8080',
      '  leases      in /data',
    ]);
  });

  it('does not fail because of warnings', async () => {
    const output = await check('tftp: { root: ./images }');
    expect(output.hasFailed).toBe(false);
    expect(output.notes[0]).toBe('/config.yaml:1:15: warning: the folder with the files to serve does not exist');
    expect(output.lines[0]).toBe('/config.yaml is fine: 1 network, 0 hosts, 1 warning');
  });

  it.each<[uploads: string, warned: boolean]>([
    ['quota: 1MiB', true],
    ['quotaPerDevice: 1MiB', true],
    ['quotaPerDevice: 1MiB, maxSize: 1MiB', false],
    ['quotaPerDevice: off, maxSize: 2GiB', false],
    ['maxSize: 2GiB', true],
    ['quotaPerDevice: 1MiB, policy: overwrite', false],
    ['quota: 1MiB, policy: overwrite', true],
    ['quota: 1MiB, policy: deny', false],
  ])('warns of a quota that is smaller than a file may be: %s, %j', async (uploads, warned) => {
    const output = await check(`boot: { files: {} }\ntftp: { root: ., uploads: { ${uploads} } }`);
    expect(output.notes.filter((note) => note.includes('of the size that `maxSize` allows would not fit into `quota'))).toHaveLength(
      warned ? 1 : 0,
    );
    expect(output.hasFailed).toBe(false);
  });

  it('fails because of errors, with all of them', async () => {
    const output = await check('lgo: {}\nhosts: {}\n');
    expect(output.hasFailed).toBe(true);
    expect(output.lines).toEqual([]);
    expect(output.notes.filter((line) => line.includes('error'))).toEqual([
      '/config.yaml:1:1: error: unknown key `lgo`',
      '/config.yaml:2:8: error: `hosts` must be a list, but is a mapping',
      '/config.yaml cannot be used: 2 errors',
    ]);
  });

  it('gives all of it to programs with --json', async () => {
    const fine = await check(THREE_NETWORKS, '--json');
    expect(JSON.parse(fine.lines.join('\n'))).toMatchObject({
      fine: true,
      hosts: 1,
      networks: [
        { name: 'bench', interface: 'auto', address: '192.168.77.1/24', mode: 'server' },
        { subnet: '10.88.0.0/24' },
        {},
        { mode: 'off' },
      ],
      diagnostics: [],
    });
    const wrong = await check('lgo: {}', '--json');
    expect(wrong.hasFailed).toBe(true);
    expect(JSON.parse(wrong.lines.join('\n'))).toMatchObject({
      fine: false,
      diagnostics: [{ severity: 'error', path: 'lgo', line: 1, column: 1, message: 'unknown key `lgo`', hint: 'did you mean `log`?' }],
    });
  });
});

describe('bootlace options', () => {
  it.each([
    ['43', ['43    vendor  bytes  Vendor Specific Information  RFC 2132 §8.4']],
    ['wpad', ['252   wpad  text  Web Proxy Auto-Discovery  Web Proxy Auto-Discovery']],
    ['Path Prefix', ['210   pxePathPrefix  text  PXELINUX Path Prefix  RFC 5071 §5']],
    ['clientid', ['61    clientId  -     Client-identifier  RFC 2132 §9.14']],
  ])('finds %s', async (filter, rows) => {
    const output = await options(filter);
    expect(output.lines.slice(1, 1 + rows.length)).toEqual(rows);
    expect(output.hasFailed).toBe(false);
  });

  it('lists everything without a filter', async () => {
    const output = await options();
    expect(output.lines.filter((line) => /^\d+ /.test(line)).length).toBeGreaterThan(100);
  });

  it('fails for a word that no option has', async () => {
    const output = await options('zzz');
    expect(output.hasFailed).toBe(true);
    expect(output.notes[0]).toMatch(/^no DHCP option is called "zzz"/);
  });

  it('gives rows to programs with --json', async () => {
    const output = await options('51', '--json');
    expect(JSON.parse(output.lines.join('\n'))).toMatchObject([{ code: 51, name: 'leaseTime', type: 'u32', configurable: false }]);
  });
});

it('bootlace schema prints a JSON Schema', () => {
  const output = new MemoryOutput(folder);
  schemaCommand(output).parse([], { from: 'user' });
  expect(JSON.parse(output.lines.join('\n'))).toMatchObject({
    $schema: expect.stringContaining('json-schema.org') as string,
    type: 'object',
  });
});

it('a table has columns of one width and no blanks at the ends of lines', () => {
  expect(
    showTable([
      ['A', 'LONG'],
      ['xyz', ''],
      ['', 'q'],
    ]),
  ).toBe('A    LONG\nxyz\n     q');
});
