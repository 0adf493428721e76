import type { AppEvent, EventType } from '../../src/events/events.ts';
import { cidr, ip, mac } from '../support/addresses.ts';

type Samples = { readonly [Type in EventType]: readonly (readonly [event: Extract<AppEvent, { type: Type }>, text: string])[] };

export const DESK = { mac: mac('00:1b:54:aa:bb:cc'), address: ip('192.168.77.101') };
export const LAN = cidr('192.168.77.1/24');

const read = { transfer: 7, protocol: 'tftp', direction: 'read', path: 'pxelinux.0' } as const;
const write = { transfer: 8, protocol: 'tftp', direction: 'write', path: 'router-1.cfg' } as const;

export const SAMPLES: Samples = {
  'server.started': [
    [
      { type: 'server.started', version: '0.1.0', config: '/etc/bootlace.yaml', runtime: 'Node 26.10.0' },
      'Bootlace 0.1.0 starts with /etc/bootlace.yaml on Node 26.10.0',
    ],
  ],
  'server.ready': [
    [{ type: 'server.ready', networks: 1 }, 'ready, 1 network served'],
    [{ type: 'server.ready', networks: 0 }, 'ready, 0 networks served'],
  ],
  'server.stopping': [[{ type: 'server.stopping', why: 'Ctrl-C' }, 'stopping: Ctrl-C']],
  'server.privileges-dropped': [
    [
      { type: 'server.privileges-dropped', user: 'ada', kept: ['NET_RAW', 'NET_ADMIN'] },
      'runs as ada from here on, keeping NET_RAW, NET_ADMIN',
    ],
    [{ type: 'server.privileges-dropped', user: 'ada', kept: [] }, 'runs as ada from here on'],
  ],
  'server.privileges-kept': [
    [{ type: 'server.privileges-kept', why: 'nobody called sudo' }, 'keeps the rights it was started with: nobody called sudo'],
  ],
  'server.limited': [
    [{ type: 'server.limited', detail: 'no address can be put on an interface' }, 'limited here: no address can be put on an interface'],
  ],
  'server.fault': [[{ type: 'server.fault', where: 'dhcp', detail: 'invariant broken' }, 'fault in dhcp: invariant broken']],
  'config.warning': [
    [
      { type: 'config.warning', where: 'config.yaml:12:9', detail: 'no file pxelinux.0 under /srv' },
      'config.yaml:12:9: no file pxelinux.0 under /srv',
    ],
  ],
  'config.changed': [[{ type: 'config.changed', change: 'network bench: leaseTime 1h → 2h' }, 'network bench: leaseTime 1h → 2h']],
  'config.reloaded': [
    [{ type: 'config.reloaded', file: 'config.yaml', changes: ['a', 'b'] }, 'config.yaml read again: 2 changes in force'],
    [{ type: 'config.reloaded', file: 'config.yaml', changes: [] }, 'config.yaml read again: nothing is different'],
  ],
  'config.refused': [
    [
      { type: 'config.refused', file: 'config.yaml', reasons: ['line 3: unknown key `poolz`', 'line 5: …'] },
      'config.yaml is not used, the configuration before stays in force: line 3: unknown key `poolz`; line 5: …',
    ],
  ],
  'network.interface-chosen': [
    [
      { type: 'network.interface-chosen', network: 'bench', interface: 'eth1', why: 'the only wired one with a cable' },
      'network bench is on eth1: the only wired one with a cable',
    ],
  ],
  'network.waiting': [[{ type: 'network.waiting', network: 'bench', why: 'eth1 has no cable' }, 'network bench waits: eth1 has no cable']],
  'network.address-added': [
    [{ type: 'network.address-added', network: 'bench', interface: 'eth1', address: LAN }, 'put 192.168.77.1/24 on eth1 for network bench'],
  ],
  'network.address-removed': [
    [
      { type: 'network.address-removed', network: 'bench', interface: 'eth1', address: LAN },
      'took 192.168.77.1/24 off eth1, network bench',
    ],
  ],
  'network.up': [
    [
      { type: 'network.up', network: 'bench', interface: 'eth1', address: LAN, serving: 'DHCP and TFTP' },
      'network bench is up on eth1 as 192.168.77.1/24: DHCP and TFTP',
    ],
  ],
  'network.down': [
    [
      { type: 'network.down', network: 'bench', interface: 'eth1', why: 'the cable was pulled' },
      'network bench is down on eth1: the cable was pulled',
    ],
  ],
  'dhcp.dropped': [
    [{ type: 'dhcp.dropped', interface: 'eth1', reason: 'too short' }, 'dropped a DHCP packet on eth1: too short'],
    [
      { type: 'dhcp.dropped', interface: 'eth1', reason: 'too short', detail: '12 octets at 230' },
      'dropped a DHCP packet on eth1: too short (12 octets at 230)',
    ],
  ],
  'dhcp.silent': [
    [
      { type: 'dhcp.silent', network: 'bench', ...DESK, message: 'REQUEST', reason: 'it chose another server' },
      'did not answer REQUEST: it chose another server',
    ],
  ],
  'dhcp.offered': [
    [
      {
        type: 'dhcp.offered',
        ...DESK,
        network: 'bench',
        leaseSeconds: 3600,
        bootFile: 'pxelinux.0',
        why: 'new address from the pool',
      },
      'offered 192.168.77.101 for 1 h, boot file pxelinux.0 (new address from the pool)',
    ],
    [
      { type: 'dhcp.offered', ...DESK, network: 'bench', leaseSeconds: 0xffffffff, why: 'reserved for it' },
      'offered 192.168.77.101 for ever (reserved for it)',
    ],
  ],
  'boot.offered': [
    [
      { type: 'boot.offered', mac: DESK.mac, network: 'bench', bootFile: 'pxelinux.0', why: 'bios' },
      'told to boot pxelinux.0, as a proxy (bios)',
    ],
    [{ type: 'boot.offered', mac: DESK.mac, network: 'bench', why: 'uefi-x64' }, 'told to boot by port 4011, as a proxy (uefi-x64)'],
  ],
  'boot.answered': [
    [
      { type: 'boot.answered', ...DESK, network: 'bench', bootFile: 'grubx64.efi', why: 'uefi-x64' },
      'told to boot grubx64.efi at port 4011 (uefi-x64)',
    ],
  ],
  'dhcp.informed': [[{ type: 'dhcp.informed', ...DESK, network: 'bench' }, 'told 192.168.77.101 the options of network bench']],
  'lease.bound': [
    [
      { type: 'lease.bound', ...DESK, network: 'bench', leaseSeconds: 5400, bootFile: 'ipxe.efi', how: 'new' },
      'bound 192.168.77.101 for 1 h 30 min, boot file ipxe.efi',
    ],
    [{ type: 'lease.bound', ...DESK, network: 'bench', leaseSeconds: 90, how: 'renewed' }, 'renewed 192.168.77.101 for 1 min 30 s'],
  ],
  'lease.refused': [
    [
      { type: 'lease.refused', mac: DESK.mac, network: 'bench', asked: ip('10.0.0.5'), reason: 'not an address of this network' },
      'refused 10.0.0.5 (NAK): not an address of this network',
    ],
    [
      { type: 'lease.refused', mac: DESK.mac, network: 'bench', reason: 'names no address' },
      'refused an unnamed address (NAK): names no address',
    ],
  ],
  'lease.released': [
    [{ type: 'lease.released', ...DESK, network: 'bench', by: 'client' }, 'gave back 192.168.77.101'],
    [{ type: 'lease.released', ...DESK, network: 'bench', by: 'operator' }, '192.168.77.101 taken back by the operator'],
  ],
  'lease.declined': [
    [
      { type: 'lease.declined', ...DESK, network: 'bench', quarantineSeconds: 3600 },
      'found 192.168.77.101 in use by somebody else; nobody gets it for 1 h',
    ],
  ],
  'lease.expired': [[{ type: 'lease.expired', ...DESK, network: 'bench' }, 'lease of 192.168.77.101 ran out']],
  'lease.conflict': [
    [
      { type: 'lease.conflict', ...DESK, network: 'bench', quarantineSeconds: 3600 },
      '192.168.77.101 is used by a stranger, kept from everybody for 1 h',
    ],
  ],
  'pool.exhausted': [
    [{ type: 'pool.exhausted', mac: DESK.mac, network: 'bench', size: 100 }, 'no address left for it: all 100 of network bench are taken'],
  ],
  'guard.found': [
    [
      {
        type: 'guard.found',
        mac: mac('00:1a:1e:00:11:22'),
        address: ip('192.168.1.1'),
        network: 'bench',
        interface: 'eth1',
        offered: ip('192.168.1.57'),
        mode: 'refuse',
      },
      'another DHCP server offers 192.168.1.57 on eth1: no new device gets an address from here',
    ],
    [
      { type: 'guard.found', address: ip('192.168.1.1'), offered: ip('192.168.1.57'), network: 'bench', interface: 'eth1', mode: 'proxy' },
      'another DHCP server offers 192.168.1.57 on eth1: it gives the addresses, and devices are told from here what to boot',
    ],
    [
      { type: 'guard.found', address: ip('192.168.1.1'), network: 'bench', interface: 'eth1', mode: 'warn' },
      'another DHCP server refused an address on eth1: devices may get an address from either',
    ],
  ],
  'guard.gone': [
    [
      { type: 'guard.gone', address: ip('192.168.1.1'), network: 'bench', interface: 'eth1' },
      'the other DHCP server on eth1 does not answer any more',
    ],
  ],
  'guard.clear': [
    [{ type: 'guard.clear', network: 'bench', interface: 'eth1' }, 'no other DHCP server on eth1: network bench gives addresses'],
  ],
  'dhcp.overloaded': [
    [
      { type: 'dhcp.overloaded', shed: 1200, waiting: 8192, unsettled: 16 },
      '1200 DHCP messages thrown away unanswered as too old; 8192 wait, and 16 leases for the disk',
    ],
  ],
  'wake.sent': [
    [
      { type: 'wake.sent', ...DESK, interface: 'eth1', to: ['192.168.77.255:9', '255.255.255.255:9', '0x0842'] },
      'called on eth1 to wake up, at 192.168.77.255:9, 255.255.255.255:9, 0x0842',
    ],
  ],
  'store.opened': [
    [
      { type: 'store.opened', leases: 50_000, millis: 312, where: 'data/leases.sqlite' },
      'lease store data/leases.sqlite opened with 50000 leases in 0.31 s',
    ],
  ],
  'store.failed': [
    [
      { type: 'store.failed', operation: 'write', detail: 'database or disk is full', waiting: 1 },
      'lease store failed to write: database or disk is full; 1 client waits',
    ],
    [
      { type: 'store.failed', operation: 'fold', detail: 'database is locked', waiting: 0 },
      'lease store failed to fold: database is locked; nobody waits',
    ],
  ],
  'store.recovered': [[{ type: 'store.recovered', failedForMs: 80_000 }, 'lease store works again after 1 min 20 s']],
  'store.rebuilt': [
    [
      { type: 'store.rebuilt', why: 'leases.db is damaged', kept: 120, unreadable: 2, aside: 'leases.db.damaged-20261120T072500Z' },
      'leases.db is damaged; made anew with 120 leases, 2 places could not be read, the old one is leases.db.damaged-20261120T072500Z',
    ],
    [
      { type: 'store.rebuilt', why: 'leases.db is damaged', kept: 1, unreadable: 0, aside: undefined },
      'leases.db is damaged; made anew with 1 lease',
    ],
  ],
  'store.rewritten': [
    [
      { type: 'store.rewritten', why: 'leases.db was deleted', leases: 3, aside: undefined },
      'leases.db was deleted; made anew with all 3 leases in memory',
    ],
    [
      { type: 'store.rewritten', why: 'leases.db was replaced', leases: 3, aside: 'leases.db.damaged-1' },
      'leases.db was replaced; made anew with all 3 leases in memory, the old one is leases.db.damaged-1',
    ],
  ],
  'clock.jumped': [
    [{ type: 'clock.jumped', byMs: 7_200_000, when: 'running' }, 'the clock went forward by 2 h; leases last as long as was promised'],
    [{ type: 'clock.jumped', byMs: -86_400_000, when: 'running' }, 'the clock went back by 1 d; leases last as long as was promised'],
    [
      { type: 'clock.jumped', byMs: 40 * 86_400_000, when: 'stopped' },
      '40 d have passed since the server ran last, by this clock; leases have ended meanwhile',
    ],
    [
      { type: 'clock.jumped', byMs: -86_400_000, when: 'stopped' },
      'the clock is 1 d behind the time when the server ran last; leases go on as if no time had passed',
    ],
  ],
  'dhcp.overheard': [
    [
      {
        type: 'dhcp.overheard',
        ...DESK,
        interface: 'eth1',
        message: 'OFFER',
        server: ip('192.168.77.254'),
        serverMac: mac('00:1b:54:00:00:01'),
      },
      'another DHCP server, 192.168.77.254 (00:1b:54:00:00:01), answered OFFER 192.168.77.101',
    ],
    [
      {
        type: 'dhcp.overheard',
        mac: DESK.mac,
        interface: 'eth1',
        message: 'NAK',
        server: ip('192.168.77.254'),
        serverMac: mac('00:1b:54:00:00:01'),
      },
      'another DHCP server, 192.168.77.254 (00:1b:54:00:00:01), answered NAK',
    ],
  ],
  'device.stuck': [
    [
      { type: 'device.stuck', ...DESK, verdict: 'pool-empty', sentence: 'There is no address left for it: make the pool larger.' },
      'There is no address left for it: make the pool larger.',
    ],
  ],
  'transfer.started': [
    [
      { type: 'transfer.started', ...DESK, ...read, size: 43_110, blockSize: 1468, window: 4 },
      'sending pxelinux.0, 42.1 KiB in blocks of 1468, window 4',
    ],
    [
      { type: 'transfer.started', ...DESK, ...read, servedAs: 'desk-101/pxelinux.0', size: 43_110, blockSize: 1468, window: 4 },
      'sending pxelinux.0 (as desk-101/pxelinux.0), 42.1 KiB in blocks of 1468, window 4',
    ],
    [{ type: 'transfer.started', ...DESK, ...write, blockSize: 512, window: 1 }, 'receiving router-1.cfg in blocks of 512, window 1'],
    [
      { type: 'transfer.started', ...DESK, ...read, protocol: 'http', size: 1_024, resumedAt: 7_168 },
      'sending pxelinux.0, 1 KiB, from octet 7168 on',
    ],
  ],
  'transfer.progressed': [
    [{ type: 'transfer.progressed', ...DESK, ...read, octets: 12_582_912, size: 29_360_128 }, 'sending pxelinux.0, 42 % of 28 MiB'],
    [{ type: 'transfer.progressed', ...DESK, ...write, octets: 12_582_912 }, 'receiving router-1.cfg, 12 MiB'],
  ],
  'transfer.done': [
    [
      { type: 'transfer.done', ...DESK, ...read, octets: 43_110, millis: 30, resent: 2 },
      'sent pxelinux.0, 42.1 KiB in 0.03 s (1.4 MiB/s), 2 blocks sent again',
    ],
    [
      { type: 'transfer.done', ...DESK, ...write, octets: 3_000, millis: 1_500, resent: 1, storedAs: 'desk-101/router-1.cfg/0007' },
      'received router-1.cfg, 2.9 KiB in 1.5 s (2 KiB/s), 1 acknowledgement sent again, stored as desk-101/router-1.cfg/0007',
    ],
    [
      {
        type: 'transfer.done',
        ...DESK,
        ...read,
        path: '\\Boot\\BCD',
        servedAs: 'boot/bcd',
        tolerated: 'backslashes, wrong case',
        octets: 43_110,
        millis: 30,
        resent: 0,
      },
      'sent \\Boot\\BCD (as boot/bcd: backslashes, wrong case), 42.1 KiB in 0.03 s (1.4 MiB/s)',
    ],
    [{ type: 'transfer.done', ...DESK, ...read, octets: 0, millis: 1, resent: 0 }, 'sent pxelinux.0, 0 B in 1 ms'],
    [
      { type: 'transfer.done', ...DESK, ...read, protocol: 'http', octets: 1_024, millis: 10, resumedAt: 7_168 },
      'sent pxelinux.0, 1 KiB in 0.01 s (100 KiB/s), from octet 7168 on',
    ],
    [
      { type: 'transfer.done', ...DESK, ...read, protocol: 'http', octets: 0, millis: 1, claims: 'SONiC, serial number S1' },
      'sent pxelinux.0, 0 B in 1 ms; it says that it is SONiC, serial number S1',
    ],
  ],
  'transfer.failed': [
    [
      { type: 'transfer.failed', ...DESK, ...read, octets: 1_048_576, millis: 2_000, reason: 'the client fell silent' },
      'failed to send pxelinux.0 after 1 MiB in 2 s (512 KiB/s): the client fell silent',
    ],
    [
      { type: 'transfer.failed', ...DESK, ...write, octets: 0, millis: 0, reason: 'the disk is full' },
      'failed to receive router-1.cfg after 0 B in under 1 ms: the disk is full',
    ],
    [
      {
        type: 'transfer.failed',
        ...DESK,
        ...write,
        octets: 3_000,
        millis: 31_000,
        reason: 'the client fell silent',
        keptAs: 'uploads/.bootlace-incoming/router-1.partial',
      },
      'failed to receive router-1.cfg after 2.9 KiB in 31 s (97 B/s): the client fell silent; what came is kept as uploads/.bootlace-incoming/router-1.partial',
    ],
  ],
  'transfer.declined': [
    [
      { type: 'transfer.declined', ...DESK, ...read, reason: 'it only wanted the size' },
      'the client did not want pxelinux.0 after all: it only wanted the size',
    ],
  ],
  'transfer.missed': [
    [
      { type: 'transfer.missed', ...DESK, protocol: 'tftp', path: 'pxelinux.cfg/default', lookedFor: '/srv/pxelinux.cfg/default' },
      'no file pxelinux.cfg/default (looked for /srv/pxelinux.cfg/default)',
    ],
    [
      {
        type: 'transfer.missed',
        ...DESK,
        protocol: 'tftp',
        path: 'grubx64.efi',
        lookedFor: '/srv/grubx64.efi',
        nearest: 'efi/grubx64.efi',
      },
      'no file grubx64.efi (looked for /srv/grubx64.efi); did you mean efi/grubx64.efi, which is there?',
    ],
    [
      { type: 'transfer.missed', ...DESK, protocol: 'tftp', path: 'bootsig.bin', lookedFor: '/srv/bootsig.bin', expected: 'Pi: as ever' },
      'no file bootsig.bin (looked for /srv/bootsig.bin), which is normal: Pi: as ever',
    ],
  ],
  'transfer.searched': [
    [
      { type: 'transfer.searched', ...DESK, protocol: 'tftp', family: 'ONIE', names: 23, advice: 'put onie-installer into the root' },
      'ONIE is searching: 23 names asked by TFTP, none there; put onie-installer into the root',
    ],
  ],
  'transfer.refused': [
    [
      { type: 'transfer.refused', ...DESK, protocol: 'tftp', direction: 'read', path: '../etc/shadow', reason: 'outside the root' },
      'refused to send ../etc/shadow: outside the root',
    ],
    [
      { type: 'transfer.refused', ...DESK, protocol: 'tftp', direction: 'write', path: 'x', reason: 'uploads are denied' },
      'refused to receive x: uploads are denied',
    ],
  ],
  'tftp.learned': [
    [
      { type: 'tftp.learned', ...DESK, path: 'pxelinux.0', size: 'block', tooLarge: 1468, next: 512 },
      'got no block of 1468 octets of pxelinux.0: the next try gets 512; the cable, an MTU on the way or the firmware may be the cause',
    ],
    [
      { type: 'tftp.learned', ...DESK, path: 'pxelinux.0', size: 'window', tooLarge: 16, next: 8 },
      'lost windows of 16 blocks of pxelinux.0 again and again: the next try gets 8; the cable or a slow network card may be the cause',
    ],
  ],
  'tftp.dropped': [[{ type: 'tftp.dropped', interface: 'eth1', reason: 'no opcode' }, 'dropped a TFTP packet on eth1: no opcode']],
  'http.ready': [
    [{ type: 'http.ready', interface: 'eth1', address: DESK.address, port: 8080 }, 'files by HTTP at http://192.168.77.101:8080/ on eth1'],
  ],
  'web.ready': [
    [{ type: 'web.ready', address: DESK.address, port: 8067 }, 'console at http://192.168.77.101:8067/, metrics at /metrics'],
    [
      { type: 'web.ready', address: DESK.address, port: 8067, tokenFile: '/data/web-token' },
      'console at http://192.168.77.101:8067/, metrics at /metrics; the token is in /data/web-token',
    ],
  ],
  'web.unavailable': [
    [{ type: 'web.unavailable', address: DESK.address, port: 8067, why: 'it is taken' }, 'no console at 192.168.77.101:8067: it is taken'],
  ],
  'web.refused': [[{ type: 'web.refused', from: '192.168.77.9', reason: 'no token' }, 'a request from 192.168.77.9 was refused: no token']],
  'file.placed': [
    [
      { type: 'file.placed', path: 'pxelinux.0', size: 42_792, replaced: false, from: '192.168.77.9' },
      'there is a new file pxelinux.0 (41.8 KiB), put there from 192.168.77.9',
    ],
    [
      { type: 'file.placed', path: 'pxelinux.0', size: 42_792, replaced: true, from: '192.168.77.9' },
      'another file is in the place of pxelinux.0 (41.8 KiB), put there from 192.168.77.9',
    ],
  ],
  'file.removed': [
    [
      { type: 'file.removed', path: 'old.bin', size: 512, from: '192.168.77.9' },
      'the file old.bin (512 B) was taken away from 192.168.77.9',
    ],
  ],
  'backup.restored': [
    [
      { type: 'backup.restored', of: 'sw1', file: 'running-config', version: 3, newest: 8, from: '192.168.77.9' },
      'version 3 of sw1/running-config is the newest again, as version 8; asked for from 192.168.77.9',
    ],
  ],
  'webhook.failed': [
    [
      { type: 'webhook.failed', hook: 'hooks.example:443', reason: 'it answered 503', waiting: 1, lost: 0 },
      'the webhook hooks.example:443 does not take events: it answered 503; 1 event waiting',
    ],
    [
      { type: 'webhook.failed', hook: 'hooks.example:443', reason: 'it answered 503', waiting: 1000, lost: 7 },
      'the webhook hooks.example:443 does not take events: it answered 503; 1000 events waiting, 7 lost',
    ],
  ],
  'webhook.recovered': [
    [
      { type: 'webhook.recovered', hook: 'hooks.example:443', failedForMs: 30_000, lost: 0 },
      'the webhook hooks.example:443 takes events again after 30 s',
    ],
    [
      { type: 'webhook.recovered', hook: 'hooks.example:443', failedForMs: 30_000, lost: 7 },
      'the webhook hooks.example:443 takes events again after 30 s; 7 events lost',
    ],
  ],
  'http.answered': [
    [
      { type: 'http.answered', ...DESK, method: 'HEAD', path: 'ipxe.efi', status: 200, says: ['User-Agent: UefiHttpBoot/1.0'] },
      'HEAD ipxe.efi answered 200; the client says User-Agent: UefiHttpBoot/1.0',
    ],
    [{ type: 'http.answered', ...DESK, method: 'GET', path: '/', status: 200 }, 'GET / answered 200'],
  ],
  'http.dropped': [
    [
      { type: 'http.dropped', interface: 'eth1', reason: 'too many connections' },
      'dropped an HTTP connection on eth1: too many connections',
    ],
  ],
  'http.unavailable': [
    [
      { type: 'http.unavailable', interface: 'eth1', address: DESK.address, port: 8080, why: 'it is taken' },
      'no files by HTTP at 192.168.77.101:8080 on eth1: it is taken',
    ],
  ],
  'backup.stored': [
    [{ type: 'backup.stored', ...DESK, file: 'cfg', version: 1, change: 'first' }, 'backup 1 of cfg: the first'],
    [{ type: 'backup.stored', ...DESK, file: 'cfg', version: 6, change: 'unchanged' }, 'backup of cfg: unchanged since backup 6'],
    [{ type: 'backup.stored', ...DESK, file: 'cfg', version: 7, change: 'changed' }, 'backup 7 of cfg: changed'],
    [
      { type: 'backup.stored', ...DESK, file: 'cfg', version: 7, change: 'changed', lines: 0, where: [] },
      'backup 7 of cfg: nothing changed but times and the like',
    ],
    [
      { type: 'backup.stored', ...DESK, file: 'cfg', version: 7, change: 'changed', lines: 3, where: ['interface Gi1/0/3'] },
      'backup 7 of cfg: 3 lines changed (interface Gi1/0/3)',
    ],
    [
      { type: 'backup.stored', ...DESK, file: 'cfg', version: 7, change: 'changed', lines: 9, where: ['a', 'b', 'c', 'd'] },
      'backup 7 of cfg: 9 lines changed (a, b, 2 more)',
    ],
  ],
  'image.checked': [
    [
      { type: 'image.checked', file: 'ios.bin', size: 2048, sha256: 'ab', md5: 'cd' },
      'image ios.bin is as it should be, 2 KiB: SHA-256 ab, MD5 cd',
    ],
  ],
  'image.wrong': [
    [
      { type: 'image.wrong', file: 'ios.bin', algorithm: 'MD5', expected: 'ab', found: 'cd' },
      'image ios.bin is given to nobody: its MD5 is cd and not ab',
    ],
  ],
  'image.missing': [
    [{ type: 'image.missing', file: 'ios.bin', why: 'there is no such file' }, 'image ios.bin cannot be given: there is no such file'],
  ],
  'image.taken': [
    [
      { type: 'image.taken', ...DESK, file: 'ios.bin', seconds: 3600 },
      'has image ios.bin, which DHCP does not name to it for the next 1 h',
    ],
    [{ type: 'image.taken', ...DESK, file: 'ios.bin', seconds: 0 }, 'has image ios.bin'],
  ],
  'boot.chosen': [
    [{ type: 'boot.chosen', mac: DESK.mac, entry: 'debian', once: false }, 'is to boot debian from now on'],
    [{ type: 'boot.chosen', ...DESK, entry: 'debian', once: true }, 'is to boot debian the next time'],
  ],
  'boot.choice-cleared': [
    [{ type: 'boot.choice-cleared', ...DESK, entry: 'debian' }, 'boots by the configuration again, and no longer debian'],
  ],
  'boot.choice-used': [
    [
      { type: 'boot.choice-used', ...DESK, entry: 'debian' },
      'got its menu with debian, which was chosen for one time: by the configuration again from now on',
    ],
  ],
  'service.ready': [
    [{ type: 'service.ready', service: 'ntp', interface: 'eth1', address: LAN.address, port: 123 }, 'ntp at 192.168.77.1:123 on eth1'],
  ],
  'service.unavailable': [
    [
      { type: 'service.unavailable', service: 'dns', interface: 'eth1', address: LAN.address, port: 53, why: 'another program has it' },
      'no dns at 192.168.77.1:53 on eth1: another program has it',
    ],
  ],
  'service.flooded': [
    [{ type: 'service.flooded', service: 'syslog', ...DESK, count: 12_000 }, 'sends too much to syslog: 12000 datagrams thrown away'],
    [{ type: 'service.flooded', service: 'syslog', count: 1 }, 'sends too much to syslog: 1 datagram thrown away'],
  ],
  'dns.unanswered': [
    [
      { type: 'dns.unanswered', asked: ['192.0.2.1', '192.0.2.2'], count: 3, why: '192.0.2.2 does not answer' },
      '3 questions unanswered by 192.0.2.1, 192.0.2.2: 192.0.2.2 does not answer',
    ],
    [
      { type: 'dns.unanswered', asked: [], count: 1, why: 'this machine has no name server' },
      '1 question unanswered: this machine has no name server',
    ],
  ],
  'syslog.received': [
    [
      {
        type: 'syslog.received',
        ...DESK,
        facility: 'local7',
        severity: 'notice',
        tag: '%SYS-5-CONFIG_I',
        text: 'Configured',
        clockOffsetSeconds: -7200,
        isClockZoneKnown: true,
        clockMark: 'never set',
      },
      'local7.notice %SYS-5-CONFIG_I: Configured (its clock is 2 h behind, never set)',
    ],
    [
      {
        type: 'syslog.received',
        ...DESK,
        facility: 'daemon',
        severity: 'error',
        host: 'mx-1',
        tag: 'rpd',
        processId: '1234',
        text: 'peer\u001b[2J down',
        clockOffsetSeconds: 59,
        isClockZoneKnown: false,
      },
      'daemon.error rpd[1234]: peer\\x1b[2J down',
    ],
    [
      { type: 'syslog.received', ...DESK, facility: 'user', severity: 'debug', text: 'hello', clockMark: 'out of sync' },
      'user.debug hello (its clock is out of sync)',
    ],
  ],
  'syslog.unwritten': [
    [
      { type: 'syslog.unwritten', where: 'data/syslog', lost: 0, detail: 'ENOSPC: no space left on device' },
      'messages cannot be written to data/syslog: ENOSPC: no space left on device',
    ],
  ],
  'syslog.written-again': [
    [
      { type: 'syslog.written-again', where: 'data/syslog', lost: 2 },
      'messages are written to data/syslog again; 2 messages missing there',
    ],
    [{ type: 'syslog.written-again', where: 'data/syslog', lost: 0 }, 'messages are written to data/syslog again'],
  ],
  'provisioning.followed': [
    [
      {
        type: 'provisioning.followed',
        ...DESK,
        family: 'Cisco IP phone (SIP)',
        steps: ['CTL, ITL not there (normal)', 'configuration sent', 'firmware SIP70.9-4-2SR3-1S.loads not there'],
        advice: 'put the firmware into the TFTP root',
      },
      'Cisco IP phone (SIP): CTL, ITL not there (normal) → configuration sent → firmware SIP70.9-4-2SR3-1S.loads not there: put the firmware into the TFTP root',
    ],
    [
      { type: 'provisioning.followed', ...DESK, family: 'Yealink phone', steps: ['configuration sent'] },
      'Yealink phone: configuration sent',
    ],
  ],
  'provisioning.incomplete': [
    [
      { type: 'provisioning.incomplete', ...DESK, path: 'SEP001B54AABBCC.cnf.xml', what: 'configuration', missing: ['firmware X.loads'] },
      'the configuration that it got, SEP001B54AABBCC.cnf.xml, names what is not there: firmware X.loads',
    ],
  ],
  'log.suppressed': [
    [
      { type: 'log.suppressed', of: 'dhcp.dropped on eth1: too short', count: 5, seconds: 10 },
      '5 more lines not written in 10 s: dhcp.dropped on eth1: too short',
    ],
    [{ type: 'log.suppressed', of: 'lines nobody read', count: 1, seconds: 0 }, '1 more line not written: lines nobody read'],
  ],
};
