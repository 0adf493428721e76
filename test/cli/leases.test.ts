import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mac } from '../../src/base/addresses.ts';
import { wallMs } from '../../src/base/clock.ts';
import { leasesCommand } from '../../src/cli/leases.ts';
import { type Lease, NEVER } from '../../src/dhcp/lease.ts';
import type { ClientKey } from '../../src/dhcp/request.ts';
import { readLeases } from '../../src/leases/read-leases.ts';
import { SqliteLeaseStore } from '../../src/leases/sqlite-store.ts';
import { ip } from '../support/addresses.ts';
import { MemoryOutput } from '../support/memory-output.ts';

const DESK = '00:1b:54:aa:bb:cc' as Mac;
const LONG_AGO = wallMs(Date.UTC(2020, 0, 1));
/** The boot file is not there: a warning that has nothing to do with leases. */
const YAML = `server: { dataDir: . }
networks: [{ interface: eth1, address: 192.168.77.1/24 }]
hosts: [{ mac: "${DESK}", name: desk-101 }]
boot: { files: { bios: missing.0 } }
`;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bootlace-leases-'));
  await writeFile(join(folder, 'config.yaml'), YAML);
});
afterEach(() => rm(folder, { recursive: true }));

function lease(address: string, more: Partial<Lease>): Lease {
  return {
    address: ip(address),
    network: 'lan',
    client: `id:${address}` as ClientKey,
    mac: undefined,
    hostName: undefined,
    state: 'bound',
    since: LONG_AGO,
    expiresAt: NEVER,
    ...more,
  };
}

async function stored(...leases: readonly Lease[]): Promise<void> {
  const store = new SqliteLeaseStore(join(folder, 'leases.db'));
  await store.put(leases);
  store.close();
}

async function leases(...words: string[]): Promise<MemoryOutput> {
  const output = new MemoryOutput(folder);
  await leasesCommand(output).parseAsync([...words, '--config', join(folder, 'config.yaml')], { from: 'user' });
  return output;
}

describe('bootlace leases', () => {
  it('lists who has which address: the configuration’s names before the devices’ own, and nothing that steers a terminal', async () => {
    await stored(
      lease('192.168.77.130', { mac: DESK, hostName: 'what it says' }),
      lease('192.168.77.4', { hostName: 'evil\u001b[31m' }),
      lease('192.168.77.131', { state: 'released', expiresAt: LONG_AGO }),
    );
    const output = await leases('list');
    expect(output.lines.map((line) => line.split(/ {2,}/))).toEqual([
      ['ADDRESS', 'MAC', 'NAME', 'VENDOR', 'NETWORK', 'STATE', 'UNTIL'],
      ['192.168.77.4', '-', expect.stringMatching(/^evil/), '-', 'lan', 'bound', '-'],
      ['192.168.77.130', DESK, 'desk-101', 'Cisco', 'lan', 'bound', '-'],
    ]);
    expect(output.lines.join('')).not.toContain('\u001b');
    expect(output.notes, 'warnings are for those who serve').toEqual([]);
  });

  it('shows the ended ones too, when asked', async () => {
    await stored(lease('192.168.77.130', { state: 'released', expiresAt: LONG_AGO }), lease('192.168.77.131', { expiresAt: LONG_AGO }));
    const { lines } = await leases('list', '--all', '--json');
    expect(JSON.parse(lines.join('\n'))).toMatchObject([
      { address: '192.168.77.130', state: 'released' },
      { address: '192.168.77.131', state: 'ended' },
    ]);
    expect((await leases('list')).lines).toEqual(['no leases in /leases.db']);
  });

  it('says so when there are none yet', async () => {
    expect((await leases()).lines).toEqual(['no leases in /leases.db']);
  });

  it('takes an address back, in the store when no server runs', async () => {
    await stored(lease('192.168.77.130', {}));
    expect((await leases('release', '192.168.77.130')).lines).toEqual(['192.168.77.130 is free again']);
    expect(readLeases(join(folder, 'leases.db'))).toMatchObject([{ state: 'released' }]);
    await expect(leases('release', '192.168.77.130')).rejects.toThrow('nobody has 192.168.77.130');
  });
});
