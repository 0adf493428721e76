// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a configuration names its variables
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCidr, parseIpv4, parseMac, parseRange } from '../../src/base/addresses.ts';
import { NO_BOOT_SETTINGS } from '../../src/boot/boot-settings.ts';
import { NO_PROVISION } from '../../src/boot/provision-settings.ts';
import { showDiagnostics } from '../../src/config/diagnostics.ts';
import { checkText, loadConfig } from '../../src/config/load.ts';
import { defaultConfig } from '../../src/config/resolve.ts';
import { SHIPPED_TEMPLATES } from '../../src/config/template-files.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bootlace-config-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function load(text: string | Uint8Array, env: Record<string, string> = {}) {
  const file = join(folder, 'config.yaml');
  await writeFile(file, text);
  const outcome = await loadConfig(file, env);
  const said = showDiagnostics(outcome.diagnostics, { colour: false }).replaceAll(folder, '');
  return { ...outcome, said };
}

async function putFiles(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const path = join(folder, 'boot-images', name);
    await mkdir(resolve(path, '..'), { recursive: true });
    await writeFile(path, '');
  }
}

const USUAL_FILES = ['pxelinux.0', 'grubx64.efi', 'boot.ipxe'];

describe('a file that can be used', () => {
  it('resolves every key', async () => {
    await putFiles(...USUAL_FILES, 'installer/kernel.efi');
    const { config, said } = await load(
      `
server: { dataDir: /var/lib/bootlace, user: nobody }
networks:
  - name: bench
    interface: eth1
    address: 192.168.77.1/24
    assign: true
    pools: [192.168.77.100-192.168.77.199, 192.168.77.220]
    leaseTime: { default: 1h, max: 4h }
    options: { router: 192.168.77.254, tftpServer: \${server}, 150: { ips: [\${server}] } }
  - name: floor-2
    subnet: 10.88.0.0/24
    authoritative: false
    leaseTime: 30s
    options: { router: 10.88.0.200 }
  - { interface: eth2, mode: off }
hosts:
  - { mac: 001b.54AA.bbcc, name: desk-101, address: 192.168.77.21, options: { hostname: \${WHO} }, boot: { file: installer/kernel.efi }, provision: off, profile: cisco-sip }
provision: { server: "http://\${server}:\${httpPort}", vlan: 100, http: true }
boot:
  files: { uefi-x64: "http://\${server}/x64.efi" }
  ipxe: "http://192.168.77.9/$\${mac}.ipxe"
tftp: { root: ./boot-images, maxWindow: \${WINDOW}, uploads: { policy: create, dir: ../up, maxSize: 1GiB, keep: 3, quota: 5GB, quotaPerDevice: off, keepPartial: 0 } }
leases: { quarantine: 1d }
log: { level: debug, format: json, live: off }
`,
      { WHO: 'desk', WINDOW: '16' },
    );
    expect(said).toBe('');
    expect(config).toEqual({
      file: join(folder, 'config.yaml'),
      server: { dataDir: '/var/lib/bootlace', user: 'nobody' },
      networks: [
        {
          name: 'bench',
          attachment: { kind: 'interface', interface: 'eth1', address: parseCidr('192.168.77.1/24'), assign: true },
          mode: 'server',
          authoritative: true,
          pools: [parseRange('192.168.77.100-192.168.77.199'), parseRange('192.168.77.220')],
          leaseTime: { default: 3600, min: 60, max: 14_400 },
          options: [
            { code: 150, name: '150', shape: 'ips', value: ['${server}'] },
            { code: 3, name: 'router', shape: 'ips', value: '192.168.77.254' },
            { code: 66, name: 'tftpServer', shape: 'text', value: '${server}' },
          ],
          identity: 'mac',
          bootp: 'reserved',
          rapidCommit: false,
          conflictCheck: 'arp',
          guard: 'refuse',
          boot: NO_BOOT_SETTINGS,
          provision: NO_PROVISION,
        },
        {
          name: 'floor-2',
          attachment: { kind: 'relay', subnet: parseCidr('10.88.0.0/24') },
          mode: 'server',
          authoritative: false,
          pools: [parseRange('10.88.0.128-10.88.0.199'), parseRange('10.88.0.201-10.88.0.254')],
          leaseTime: { default: 30, min: 30, max: 60 },
          options: [{ code: 3, name: 'router', shape: 'ips', value: '10.88.0.200' }],
          identity: 'mac',
          bootp: 'reserved',
          rapidCommit: false,
          conflictCheck: 'arp',
          guard: 'refuse',
          boot: NO_BOOT_SETTINGS,
          provision: NO_PROVISION,
        },
        {
          name: 'lan-3',
          attachment: { kind: 'interface', interface: 'eth2', address: undefined, assign: false },
          mode: 'off',
          authoritative: true,
          pools: undefined,
          leaseTime: { default: 3600, min: 60, max: 7200 },
          options: [],
          identity: 'mac',
          bootp: 'reserved',
          rapidCommit: false,
          conflictCheck: 'arp',
          guard: 'refuse',
          boot: NO_BOOT_SETTINGS,
          provision: NO_PROVISION,
        },
      ],
      hosts: [
        {
          key: { mac: parseMac('00:1b:54:aa:bb:cc') },
          name: 'desk-101',
          address: parseIpv4('192.168.77.21'),
          leaseTime: undefined,
          options: [{ code: 12, name: 'hostname', shape: 'text', value: 'desk' }],
          boot: { ...NO_BOOT_SETTINGS, file: 'installer/kernel.efi' },
          provision: { ...NO_PROVISION, server: false },
          profile: 'cisco-sip',
          vars: { values: {}, hidden: [] },
          place: `${join(folder, 'config.yaml')}:18`,
        },
      ],
      inventory: [],
      unknown: [],
      templates: { folders: [join(folder, 'templates'), SHIPPED_TEMPLATES], sources: expect.any(Array) as unknown },
      classes: [],
      leasequery: { allow: [] },
      timelines: { keepSeconds: 1_209_600, maxOctets: 67_108_864 },
      boot: { ...NO_BOOT_SETTINGS, files: { 'uefi-x64': 'http://${server}/x64.efi' }, ipxe: 'http://192.168.77.9/${mac}.ipxe' },
      provision: { server: 'http://${server}:${httpPort}', vlan: 100, http: true },
      images: [],
      http: { port: 8080 },
      web: { listen: { address: parseIpv4('127.0.0.1'), port: 8067 }, webhooks: [] },
      services: { syslog: undefined, ntp: false, dns: undefined },
      tftp: {
        root: join(folder, 'boot-images'),
        remap: [],
        perClientRoot: 'none',
        allow: [],
        deny: [],
        secure: { boundToMac: false, except: [] },
        maxBlockSize: 1468,
        maxWindow: 16,
        maxTransfers: 2000,
        maxTransfersPerClient: undefined,
        maxRequestsPerClient: undefined,
        bandwidth: undefined,
        bandwidthPerClient: undefined,
        singlePort: false,
        portRange: undefined,
        uploads: {
          policy: 'create',
          allow: [],
          deny: [],
          dir: resolve(folder, '../up'),
          maxSize: 1024 ** 3,
          keep: 3,
          quota: 5e9,
          quotaPerDevice: undefined,
          keepPartialSeconds: 0,
        },
      },
      leases: { store: 'sqlite', quarantineSeconds: 86_400 },
      log: { level: 'debug', format: 'json', live: 'off' },
    });
    // The engine may live in another thread.
    expect(structuredClone(config)).toEqual(config);
  });

  it.each(['', '# nothing yet\n', '---\n', '{}', 'hosts:\nnetworks:\nlog:\n'])(
    'takes the defaults where nothing is written: %j',
    async (text) => {
      await putFiles(...USUAL_FILES);
      const { config, said } = await load(text);
      expect(said).toBe('');
      expect(config).toEqual({ ...defaultConfig(folder), file: join(folder, 'config.yaml') });
    },
  );

  it('serves one network by default, its upper half', () => {
    expect(defaultConfig('/srv/bench')).toMatchObject({
      file: undefined,
      networks: [
        {
          name: 'lan',
          attachment: { kind: 'interface', interface: 'auto', address: parseCidr('192.168.77.1/24'), assign: true },
          pools: [parseRange('192.168.77.128-192.168.77.254')],
        },
      ],
      boot: { chain: 'pxelinux', files: {}, ipxe: undefined },
      tftp: { root: '/srv/bench/boot-images', uploads: { dir: '/srv/bench/data/uploads' } },
    });
  });

  it('takes anchors, the line ends of Windows and a byte order mark', async () => {
    await putFiles(...USUAL_FILES);
    const { config, said } = await load(
      '\uFEFFnetworks:\r\n  - { interface: a, options: &all { dns: 192.168.77.1 } }\r\n  - { interface: b, options: *all }\r\n',
    );
    expect(said).toBe('');
    expect(config?.networks[1]?.options).toEqual(config?.networks[0]?.options);
  });

  it('finds the place behind a byte order mark and before the line end of Windows', async () => {
    expect((await load('\uFEFFlgo: {}\r\n')).said).toBe(
      '/config.yaml:1:1: error: unknown key `lgo`\n  1 | lgo: {}\n    | ^^^\n  did you mean `log`?',
    );
  });
});

describe('a file that cannot be read', () => {
  it.each([
    ['is not there', 'nowhere.yaml', 'there is no such file\n  name another with --config'],
    ['is a folder', '.', 'this is a folder, not a file\n  name the file in it with --config'],
    ['lies below a file', 'image/config.yaml', 'there is no such file\n  name another with --config'],
    ['is no text', 'image', 'is not text\n  a configuration is YAML in UTF-8'],
    ['has a name that no file has', 'a\0b', undefined],
  ])('%s', async (_, name, said) => {
    await writeFile(join(folder, 'image'), Uint8Array.of(0x7f, 0x45, 0xff, 0xfe));
    const file = `${folder}/${name}`;
    const { config, diagnostics } = await loadConfig(file, {});
    expect(config).toBeUndefined();
    expect(diagnostics).toHaveLength(1);
    if (said !== undefined) expect(showDiagnostics(diagnostics, { colour: false })).toBe(`${file}: error: ${said}`);
  });
});

describe('boot files that are not there are warnings', () => {
  it('names the path and a near file', async () => {
    await putFiles('pxelinux.0', 'grubx64.efi', 'boot.ipxe', 'installer/kernel.efi');
    const { config, said } = await load(`
hosts:
  - { mac: "00:00:00:00:00:01", boot: { file: installer/kernle.efi } }
  - { mac: "00:00:00:00:00:02", boot: { file: ../secret } }
  - { mac: "00:00:00:00:00:03", boot: { file: "tftp://192.168.77.9/x" } }
  - { mac: "00:00:00:00:00:04", boot: { file: /installer/kernel.efi } }
`);
    expect(config?.hosts).toHaveLength(4);
    expect(said.split('\n')).toEqual([
      '/config.yaml:3:47: warning: there is no boot file installer/kernle.efi',
      '  3 |   - { mac: "00:00:00:00:00:01", boot: { file: installer/kernle.efi } }',
      '    |                                               ^^^^^^^^^^^^^^^^^^^^',
      '  looked for /boot-images/installer/kernle.efi; did you mean `kernel.efi`, which is there?',
      '',
      '/config.yaml:4:47: warning: ../secret leads out of /boot-images, so it is not served',
      '  4 |   - { mac: "00:00:00:00:00:02", boot: { file: ../secret } }',
      '    |                                               ^^^^^^^^^',
    ]);
  });

  it('says it once when the whole folder is missing', async () => {
    expect((await load('tftp: { root: ./images }')).said.split('\n')).toEqual([
      '/config.yaml:1:15: warning: the folder with the files to serve does not exist',
      '  1 | tftp: { root: ./images }',
      '    |               ^^^^^^^^',
      '  looked for /images',
    ]);
  });

  it('warns of an iPXE that would have nothing to go on with', async () => {
    await putFiles('undionly.kpxe');
    expect((await load('boot: { files: { bios: undionly.kpxe } }')).said.split('\n')).toEqual([
      '/config.yaml:1:24: warning: undionly.kpxe is iPXE, and once it runs there is nothing for it to boot',
      '  1 | boot: { files: { bios: undionly.kpxe } }',
      '    |                        ^^^^^^^^^^^^^',
      '  set `boot.ipxe` to its script, or give it a `boot.menu`',
    ]);
    expect((await load('boot: { files: { bios: undionly.kpxe }, ipxe: http://boot.lan/a.ipxe }')).said).toBe('');
  });

  it('names the key where a default is at fault', async () => {
    await putFiles('boot.ipxe', 'grubx64.efi');
    expect((await load('')).said).toBe(
      '/config.yaml: warning: boot.chain: there is no boot file pxelinux.0\n  looked for /boot-images/pxelinux.0',
    );
  });
});

describe('environment variables', () => {
  it.each<[string, Record<string, string>, unknown]>([
    ['tftp: { maxWindow: ${N} }', { N: '7' }, { tftp: { maxWindow: 7 } }],
    ['log: { level: ${A}${B} }', { A: 'de', B: 'bug' }, { log: { level: 'debug' } }],
    ['server: { user: "${N}" }', { N: '7' }, { server: { user: '7' } }],
    ['server: { user: ${N} }', { N: '007' }, { server: { user: '007' } }],
    ['networks: [{ assign: ${YES}, address: 10.0.0.1/8 }]', { YES: 'true' }, { networks: [{ assign: true }] }],
    ['boot: { ipxe: "x/$${net}/${net/mac}/${server}" }', { net: 'no', server: 'no' }, { boot: { ipxe: 'x/${net}/${net/mac}/${server}' } }],
    ['server: { user: ${A} }', { A: '{ a: b }' }, { server: { user: '{ a: b }' } }],
  ])('%s', (text, env, part) => {
    const { written, diagnostics } = checkText(text, { file: 'config.yaml', env });
    expect(diagnostics).toEqual([]);
    expect(written).toMatchObject(part as object);
  });
});
