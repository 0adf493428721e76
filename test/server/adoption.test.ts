import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { adoptDevice, type DeviceToAdopt } from '../../src/server/adoption.ts';
import { mac } from '../support/addresses.ts';
import { scratch } from '../support/scratch.ts';

const TABLE = 'mac,name,pin\n00:1b:54:aa:bb:cc,desk-101,4711\n';
const NEW = mac('00:1b:54:aa:bb:cd');

let folder = '';
beforeEach(() => {
  folder = scratch('adoption');
  writeFileSync(
    join(folder, 'config.yaml'),
    'networks: [{ interface: eth1, address: 192.168.77.1/24 }]\nboot: { files: {} }\ntftp: { root: . }\ninventory: phones.csv\n',
  );
  writeFileSync(join(folder, 'phones.csv'), TABLE);
});

async function adopt(wanted: Partial<DeviceToAdopt>, isFromAfar: boolean) {
  const file = join(folder, 'config.yaml');
  const { config } = await loadConfig(file, {});
  if (config === undefined) throw new Error('a configuration that is wrong');
  return adoptDevice({ mac: NEW, ...wanted }, { file, config, env: { HOME: '/root' }, isFromAfar });
}

const table = (): string => readFileSync(join(folder, 'phones.csv'), 'utf8');

describe('a device that is adopted from afar', () => {
  it.each<[what: string, wanted: Partial<DeviceToAdopt>, named: string]>([
    ['a file', { vars: { pin: 'file:/etc/hostname' } }, 'pin'],
    ['a file, behind a blank', { vars: { pin: ' FILE:/etc/hostname' } }, 'pin'],
    ['the environment', { name: `$${'{HOME}'}` }, 'name'],
  ])('gets nothing out of %s', async (_what, wanted, named) => {
    const error = `${named} must not be taken from a file or from the environment here; write it into the inventory by hand`;
    expect(await adopt(wanted, true)).toEqual({ ok: false, error });
    expect(table()).toBe(TABLE);
  });

  it('is written with what it is given', async () => {
    expect(await adopt({ name: 'desk-102', vars: { pin: '=1+1' } }, true)).toMatchObject({
      ok: true,
      value: { host: { name: 'desk-102' }, advice: undefined, warnings: [] },
    });
    expect(table()).toBe(`${TABLE}${NEW},desk-102,=1+1\n`);
  });
});

it('who adopts a device on this machine may name a file', async () => {
  writeFileSync(join(folder, 'pin'), '4712\n');
  expect(await adopt({ vars: { pin: 'file:pin' } }, false)).toMatchObject({ ok: true });
  expect(table()).toBe(`${TABLE}${NEW},,file:pin\n`);
});
