import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { cidr } from '../support/addresses.ts';
import { scratch } from '../support/scratch.ts';

const file = join(scratch('tftp-keys'), 'config.yaml');

/** The configuration, and what is said of it. */
async function load(tftp: string) {
  writeFileSync(
    file,
    `classes: [{ name: phones, match: { network: "*" } }]\nboot: { files: {} }\ntftp:\n  root: .\n${tftp.replace(/^/gm, '  ')}\n`,
  );
  const { config, diagnostics } = await loadConfig(file, {});
  return {
    config,
    said: diagnostics.map(({ position, severity, message }) => `${position?.line}:${position?.column} ${severity}: ${message}`),
  };
}

describe('who may read and write', () => {
  it('is written as people write it', async () => {
    const { config, said } = await load(
      'allow: [192.168.77.0/24, 10.0.0.1, "00:1b:54:*", "class:phones", lease, host]\ndeny: [001b54aabbcc]\nuploads: { allow: [host], deny: [lease] }',
    );
    expect(said).toEqual([]);
    expect(config?.tftp).toMatchObject({
      allow: [
        { kind: 'network', network: cidr('192.168.77.0/24') },
        { kind: 'network', network: cidr('10.0.0.1/32') },
        { kind: 'mac', pattern: '00:1b:54:*' },
        { kind: 'class', name: 'phones' },
        { kind: 'lease' },
        { kind: 'host' },
      ],
      deny: [{ kind: 'mac', pattern: '001b54aabbcc' }],
      uploads: { allow: [{ kind: 'host' }], deny: [{ kind: 'lease' }] },
      secure: { boundToMac: false, except: [] },
    });
  });

  it.each([
    ['allow: ["class:phone"]', '5:11 error: no class has the name phone'],
    ['uploads: { deny: ["class:nobody"] }', '5:21 error: no class has the name nobody'],
    ['allow: [everybody]', '5:11 error: `allow[0]` must be a network or an address, a MAC address'],
    ['deny: ["00:1b:*:5"]', undefined],
    ['deny: ["00:1b"]', '5:10 error: `deny[0]` must be a network or an address, a MAC address'],
    ['allow: [*]', '5:1'],
    ['secure: { boundToMac: yes please }', '5:25 error: `boundToMac` must be true or false'],
  ])('%s: %s', async (yaml, message) => {
    const { config, said } = await load(yaml);
    expect(said[0]?.slice(0, message?.length)).toBe(message);
    expect(config === undefined).toBe(message !== undefined);
  });
});

describe('limits', () => {
  it('are read into octets and numbers', async () => {
    const { config, said } = await load(
      'bandwidth: 100Mbit/s\nbandwidthPerClient: 1MiB/s\nportRange: 50000-50063\nmaxTransfersPerClient: 4',
    );
    expect(said).toEqual([]);
    expect(config?.tftp).toMatchObject({
      bandwidth: 12_500_000,
      bandwidthPerClient: 1024 ** 2,
      portRange: { first: 50_000, last: 50_063 },
      singlePort: false,
      maxTransfersPerClient: 4,
    });
  });

  it.each([
    ['bandwidth: 10MiB', '5:14 error: `bandwidth` must be a rate such as 10MiB/s or 100Mbit/s'],
    ['portRange: 69-80', '5:14 error: `portRange` must be a range of ports between 1024 and 65535'],
    ['portRange: 50010-50000', '5:14 error: `portRange` must be a range of ports between 1024 and 65535'],
    ['maxRequestsPerClient: 0', '5:25 error: `maxRequestsPerClient` must be at least 1'],
    ['singlePort: true\nportRange: 50000-50063', '6:14 warning: with `singlePort` all transfers go on from port 69'],
  ])('%s: %s', async (yaml, message) => expect((await load(yaml)).said[0]).toContain(message));
});
