/** The configuration of the lab and its files: everything for the devices that are well, and what each failure needs. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { DEVICES } from '../../src/probe/devices/index.ts';
import type { Section } from '../../test/support/appliance.ts';
import { DEVICE_BOOT, DEVICE_HOSTS, writeDeviceFiles } from '../../test/support/device-site.ts';
import type { RealMachine } from './real-machines.ts';
import type { Scenario, Station } from './scenario.ts';

export const SERVER = '192.168.77.1';
/** Where the console is, in the laptop. */
export const CONSOLE_PORT = 8067;

/** Every device that can be simulated, each with a MAC of its own: some were recorded on one machine. */
export const HEALTHY: readonly Station[] = DEVICES.map(({ name, mac }, at) => {
  const isFirst = DEVICES.findIndex((one) => one.mac === mac) === at;
  return { device: name, mac: isFirst ? mac : `${mac.slice(0, -2)}${at.toString(16).padStart(2, '0')}` };
});

/** By a default name every switch with ONIE would find it: here it is for the one that is told. */
const INSTALLER = 'onie-installer.bin';
const INSTALLER_FOLDER = 'installers';
const ONIE_IS_TOLD: Section = { options: { captivePortal: `http://\${server}:8080/${INSTALLER_FOLDER}/${INSTALLER}` } };

export interface Cast {
  readonly healthy: readonly Station[];
  readonly scenarios: readonly Scenario[];
  readonly real: readonly RealMachine[];
}

/** All of the configuration, without its places on the disk. */
function sections({ healthy, scenarios, real }: Cast): Section {
  return {
    networks: [
      {
        name: 'lab',
        interface: 'auto',
        address: `${SERVER}/24`,
        assign: true,
        pools: ['192.168.77.100-192.168.77.199'],
        guard: 'warn',
        options: { domainName: 'lab.test', ntpServer: SERVER },
      },
    ],
    hosts: [
      ...healthy.map(({ mac, device }) => ({
        ...(device === 'onie' ? ONIE_IS_TOLD : DEVICE_HOSTS.find((host) => host['mac'] === mac)),
        mac,
        name: device,
      })),
      ...scenarios.map(({ mac, name, host }) => ({ ...host, mac, name })),
      ...real.map(({ mac, name, bootFile }) => ({ mac, name, boot: { file: bootFile } })),
    ],
    classes: scenarios.flatMap(({ name, mac, companions = [], group }) =>
      group === undefined ? [] : [{ name, match: { mac: [mac, ...companions.map((one) => one.mac)] }, ...group }],
    ),
    boot: DEVICE_BOOT,
    http: { port: 8080 },
    services: { syslog: 'on', ntp: 'on' },
    web: { listen: `127.0.0.1:${CONSOLE_PORT}` },
  };
}

/** Writes the configuration and the files into a directory; returns the path of the configuration. */
export function writeSite(directory: string, cast: Cast, log: Section): string {
  const root = join(directory, 'boot-images');
  writeDeviceFiles(root);
  mkdirSync(join(root, INSTALLER_FOLDER));
  renameSync(join(root, INSTALLER), join(root, INSTALLER_FOLDER, INSTALLER));
  for (const { files = {} } of cast.scenarios) {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), content);
    }
  }
  const config = {
    ...sections(cast),
    server: { dataDir: './data' },
    tftp: { root: './boot-images', uploads: { dir: './data/uploads' } },
    log,
  };
  const path = join(directory, 'config.yaml');
  writeFileSync(path, stringify(config));
  return path;
}
