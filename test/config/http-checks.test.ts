// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a configuration names its variables
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { scratch } from '../support/scratch.ts';

const folder = scratch('http-config');

async function errorsOf(...lines: readonly string[]): Promise<readonly string[]> {
  const file = join(folder, 'config.yaml');
  writeFileSync(file, lines.join('\n'));
  const { diagnostics } = await loadConfig(file, {});
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ path, message }) => `${path}: ${message}`);
}

const UNSERVED = 'uses ${httpPort}, but nothing is served by HTTP';
const URL = 'http://${server}:${httpPort}/x.efi';

describe('${httpPort} where HTTP is off', () => {
  it.each([
    ['a boot file', `boot: { files: { uefi-x64-http: "${URL}" } }`, 'boot.files.uefi-x64-http'],
    ['the script of iPXE', `boot: { ipxe: "${URL}" }`, 'boot.ipxe'],
    ['an option of a network', `networks: [{ address: 10.0.0.1/24, options: { bootFile: "${URL}" } }]`, 'networks[0].options.bootFile'],
    ['an option in a list', 'hosts: [{ mac: "00:00:5e:00:53:01", options: { 224: { text: "${httpPort}" } } }]', 'hosts[0].options.224'],
    ['the boot file of a host', `hosts: [{ mac: "00:00:5e:00:53:01", boot: { file: "${URL}" } }]`, 'hosts[0].boot.file'],
    ['where devices are configured', `provision: "${URL}"`, 'provision'],
    ['the boot file of a class', `classes: [{ name: a, match: { mac: "*" }, boot: { file: "${URL}" } }]`, 'classes[0].boot.file'],
  ])('%s', async (_name, line, path) => {
    expect(await errorsOf(line, 'http: { port: off }')).toEqual([`${path}: ${UNSERVED}`]);
    expect(await errorsOf(line)).toEqual([]);
  });
});

describe('provision by HTTP where HTTP is off', () => {
  const OFF = 'http: { port: off }';
  it.each([
    ['from here', 'provision: { server: "${server}", http: true }', ['provision.http: is by HTTP, but nothing is served by HTTP']],
    [
      'of a network from wherever',
      'networks: [{ address: 10.0.0.1/24, provision: { http: true } }]',
      ['networks[0].provision.http: is by HTTP, but nothing is served by HTTP'],
    ],
    ['from elsewhere', 'provision: { server: prov.example.net, http: true }', []],
    ['not at all', 'provision: { server: "${server}", http: false }', []],
  ])('%s', async (_name, line, errors) => expect(await errorsOf(line, OFF)).toEqual(errors));
});

describe('http.port', () => {
  it.each(['0', '65536', '80.5', 'on', '"8080"'])('%s is none', async (port) => {
    expect(await errorsOf(`http: { port: ${port} }`)).toEqual([
      expect.stringContaining('http.port: `port` must be a port between 1 and 65535, or off'),
    ]);
  });

  it.each([
    ['', 8080],
    ['http: { port: 80 }', 80],
    ['http: { port: off }', undefined],
  ])('%j', async (line, port) => {
    const file = join(folder, 'config.yaml');
    writeFileSync(file, line);
    expect((await loadConfig(file, {})).config?.http.port).toBe(port);
  });
});
