/** Each phone and switch at a site that says where its server is and nothing of its vendor: dialect, templates and device have to agree. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { invariant } from '../../src/base/result.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { DEVICES } from '../../src/probe/devices/index.ts';
import { PROVISIONED, PROVISIONED_VERDICTS, writeProvisionedFiles } from '../support/provisioned-site.ts';
import { rehearse } from '../support/rehearsal.ts';
import { removeScratch, scratch } from '../support/scratch.ts';

const NETWORK = { name: 'bench', interface: 'eth1', address: '192.168.77.1/24', pools: ['192.168.77.100-192.168.77.199'] };

let config: Config;

beforeAll(async () => {
  const folder = scratch('provisioned-site');
  writeProvisionedFiles(join(folder, 'tftp'));
  const file = join(folder, 'config.yaml');
  writeFileSync(file, stringify({ networks: [NETWORK], ...PROVISIONED, tftp: { root: './tftp' } }));
  const loaded = await loadConfig(file, {});
  invariant(loaded.config !== undefined, 'the site is one that can be');
  config = loaded.config;
});

afterAll(removeScratch);

describe('a site that only says where its server is', () => {
  it.each(DEVICES.filter(({ name }) => PROVISIONED_VERDICTS[name] !== undefined))('is all that $name needs', async (device) => {
    const { verdict, events } = await rehearse(device, config);
    expect(verdict.text).toMatch(PROVISIONED_VERDICTS[device.name] ?? /never/);
    expect(verdict.ok).toBe(true);
    expect(JSON.stringify(events)).not.toContain('secret of the phones');
  });
});
