/** A configuration in force, and a file beside it that has faults until it is put right. */
import type { ConfigStateShape, ConfigValueShape } from '../../../src/web/api/config-shapes.ts';
import { fault, type StubArea } from './stub-area.ts';

const written = (path: string, value: string, line: number, about: string): ConfigValueShape => ({
  path,
  value,
  line,
  isDefault: false,
  about,
});
const standard = (path: string, value: string, about: string): ConfigValueShape => ({ path, value, isDefault: true, about });

const VALUES: readonly ConfigValueShape[] = [
  written('server.dataDir', './data', 4, 'Where leases, backups and timelines are kept.'),
  standard('server.user', 'bootlace', 'The user that the program becomes when everything that needs root is open.'),
  standard('server.api.port', '8067', 'The port of the console, by HTTP.'),
  written('server.api.token', '****', 7, 'Who knows it may change things. At least 16 characters.'),
  written('networks[0].name', 'phones', 10, 'What the log calls it.'),
  written('networks[0].interface', 'eth0', 11, 'The interface that it is on.'),
  written('networks[0].pools[0]', '192.168.77.10-192.168.77.249', 12, 'Addresses that are handed out: `first-last`, or a subnet.'),
  written('networks[0].leaseTime', '12h', 13, 'How long a lease holds without being renewed.'),
  standard(
    'networks[0].mode',
    'server',
    '`server` hands out addresses; `proxy` says only what to boot, beside another DHCP server; `off`.',
  ),
  standard('networks[0].dhcp.probe', 'true', 'Asks by ARP whether somebody uses an address before it is offered.'),
  written('networks[1].name', 'lab', 16, 'What the log calls it.'),
  written('networks[1].interface', 'eth1', 17, 'The interface that it is on.'),
  written('networks[1].pools[0]', '10.20.4.10-10.20.4.200', 18, 'Addresses that are handed out: `first-last`, or a subnet.'),
  standard('networks[1].leaseTime', '1h', 'How long a lease holds without being renewed.'),
  written('boot.files.bios', 'undionly.kpxe', 21, 'What a machine with a BIOS boots.'),
  written('boot.files.uefi-x64', 'ipxe.efi', 22, 'What a machine with UEFI on x86-64 boots.'),
  written('boot.menu.default', 'local', 25, 'The entry that starts when nobody chooses.'),
  standard('boot.menu.timeout', '10s', 'How long the menu waits; 0: for ever.'),
  standard('tftp.blockSize', '1468', 'The largest block that is agreed to, in octets.'),
  standard('tftp.window', '16', 'The most blocks in a row that are sent without an answer (RFC 7440).'),
  written('tftp.root', './boot-images', 39, 'The folder of the files that are handed out.'),
  standard('tftp.uploads.policy', 'version', 'What becomes of a file that comes again: `version`, `create`, `overwrite`.'),
  standard('tftp.uploads.keep', '50', 'How many versions of a file are kept.'),
  standard('log.level', 'info', 'From which level on lines are written.'),
];

const PROBLEMS = [
  'config.yaml:13:14: networks[0].leaseTime: 12hh is no time; write for example 12h',
  'config.yaml:22:17: boot.files.uefi-x64: there is no ipxe.efii in ./boot-images; did you mean ipxe.efi?',
  'phones.csv:14:19: the address 10.0.0.9 is in none of the networks; this device is left out',
];

export function configArea(): StubArea & { repair(): void } {
  let problems: readonly string[] = PROBLEMS;
  const area: StubArea = ({ method, path }) => {
    const state: ConfigStateShape = { file: 'config.yaml', values: [...VALUES], problems: [...problems] };
    if (method === 'GET' && path === '/config') return { status: 200, body: state };
    if (method !== 'POST' || path !== '/config/reload') return undefined;
    if (problems.length > 0) return fault(409, 'config.yaml has faults, and everything stays as it was', PROBLEMS.slice(0, 2));
    return { status: 200, body: { changes: ['networks[0].leaseTime: 12h instead of 8h', 'desk-148 is new (phones.csv:49)'] } };
  };
  return Object.assign(area, {
    /** Somebody has saved the file without its faults. */
    repair() {
      problems = [];
    },
  });
}
