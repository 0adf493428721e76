import { describe, expect, it } from 'vitest';
import { checkText } from '../../src/config/load.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { explain } from '../../src/server/explanation.ts';
import { mac } from '../support/addresses.ts';

const DESK = mac('00:1b:54:aa:bb:cc');

/** What the client would be told, and who says so: `42 192.168.77.1 services.ntp`. */
function told(yaml: string, network?: string): readonly string[] {
  const { written, diagnostics } = checkText(yaml, { file: 'config.yaml', env: {} });
  if (written === undefined) throw new Error(JSON.stringify(diagnostics));
  const explanation = explain(resolveConfig(written, '/srv', undefined), { mac: DESK, network });
  if (!explanation.ok) throw new Error(explanation.error);
  return explanation.value.options
    .filter(({ code }) => [6, 7, 42].includes(code))
    .map(({ code, text, origin }) => `${code} ${text} ${'key' in origin ? origin.key.join('.') : origin.builtIn}`);
}

const NETWORKS = `networks:
  - { name: bench, interface: eth1, address: 192.168.77.1/24, options: { ntpServer: 192.168.77.9 } }
  - { name: floor-2, subnet: 10.88.0.0/24 }
services: { syslog: on, ntp: on, dns: on }
`;

describe('Options that services bring', () => {
  it('are ours where the file says nothing else, and the service says so', () => {
    expect(told(NETWORKS)).toEqual([
      '6 192.168.77.1 services.dns',
      '7 192.168.77.1 services.syslog',
      '42 192.168.77.9 networks.0.options.ntpServer',
    ]);
  });

  it('are ours on the way to a network behind a relay', () => {
    expect(told(NETWORKS, 'floor-2')).toEqual([
      '6 192.168.77.1 services.dns',
      '7 192.168.77.1 services.syslog',
      '42 192.168.77.1 services.ntp',
    ]);
  });

  it('come after those of a host and of a class', () => {
    const yaml = `${NETWORKS}hosts: [{ mac: "${DESK}", options: { dns: 192.168.77.8 } }]
classes: [{ name: all, match: { mac: "*" }, options: { logServer: 192.168.77.7 } }]
`;
    expect(told(yaml, 'floor-2')).toEqual([
      '6 192.168.77.8 hosts.0.options.dns',
      '7 192.168.77.7 classes.0.options.logServer',
      '42 192.168.77.1 services.ntp',
    ]);
  });
});
