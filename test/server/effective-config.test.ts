import { describe, expect, it } from 'vitest';
import { checkText } from '../../src/config/load.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { effectiveValues } from '../../src/server/effective-config.ts';

function effective(yaml: string, env: Readonly<Record<string, string>> = {}) {
  const { written, source, diagnostics } = checkText(yaml, { file: 'config.yaml', env });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return effectiveValues(source, written && resolveConfig(written, '/srv', '/srv/config.yaml'));
}

const NETWORK = `networks:
  - name: bench
    interface: eth1
    address: 192.168.77.1/24
`;

describe('effective values', () => {
  it.each([
    ['a value of the file with its line', NETWORK, 'networks[0].interface', { value: 'eth1', line: 3, isDefault: false }],
    ['a default', NETWORK, 'tftp.maxBlockSize', { value: '1468', line: undefined, isDefault: true }],
    ['a default within a mapping that nobody wrote', '', 'tftp.uploads.policy', { value: 'version', isDefault: true }],
    ['the list of networks that nobody wrote', '', 'networks[0].address', { value: '192.168.77.1/24', line: undefined, isDefault: true }],
    ['a key in a mapping on one line', 'tftp: { maxWindow: 8 }\n', 'tftp.maxWindow', { value: '8', line: 1, isDefault: false }],
    ['a word in the place of a mapping', 'boot: ipxe\n', 'boot', { value: 'ipxe', line: 1, isDefault: false }],
    [
      'a default that depends on other keys',
      NETWORK,
      'networks[0].pools',
      { value: '192.168.77.128-192.168.77.254', line: undefined, isDefault: true },
    ],
  ])('has %s', (_, yaml, path, wanted) => {
    expect(effective(yaml).find((one) => one.path === path)).toMatchObject(wanted);
  });

  it('has no key that is not set and has no default', () => {
    expect(effective('').map(({ path }) => path)).not.toContain('boot.menu');
    expect(effective('').filter(({ value }) => value === undefined)).toEqual([]);
  });

  it('says what a key is', () => {
    expect(effective('').find(({ path }) => path === 'tftp.root')?.about).toBe('The files that are served.');
  });

  it('shows no secret: by its name, from the environment, within a list, or in a URL', () => {
    const yaml = `${NETWORK}hosts:
  - mac: 00:1b:54:aa:bb:cc
    vars:
      sipPassword: hunter2
      line: \${LINE}
      accounts: [{ user: 101, secret: hunter3 }]
      proxy: http://user:hunter4@proxy.lan/
`;
    const all = effective(yaml, { LINE: 'hunter5' });
    expect(JSON.stringify(all)).not.toMatch(/hunter/);
    expect(all.find(({ path }) => path === 'hosts[0].vars.sipPassword')).toMatchObject({ value: '****', line: 8 });
    expect(all.find(({ path }) => path === 'hosts[0].vars.proxy')?.value).toContain('proxy.lan');
  });
});
