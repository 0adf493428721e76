/** What is said of devices by what the real engine told of them; the packets are those of a client, the time is virtual. */

import { describe, expect, it } from 'vitest';
import type { Arrival } from '../../src/dhcp/request.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { ip, mac } from '../support/addresses.ts';
import { BIOS, DeviceBench, firmware, HTTP_BOOT, PC, UEFI } from '../support/device-bench.ts';
import { LAN, message } from '../support/dhcp-client.ts';
import { EngineBench, subnet } from '../support/dhcp-engine.ts';

const BOOT = {
  files: { 'uefi-x64': 'ipxe.efi', bios: 'undionly.kpxe' },
  http: { 'uefi-x64-http': 'http://10.0.0.1:8080/ipxe.efi' },
} as never;
const OTHER = ip('10.0.0.254');

function booting(): DeviceBench {
  return new DeviceBench(new EngineBench([subnet({ identity: 'mac' })], [], BOOT));
}

describe('a device that goes on', () => {
  it('asks for its address, has it, and then its boot file', () => {
    const bench = booting();
    bench.discover(PC, UEFI);
    expect(bench.verdict(PC)).toMatchObject({ state: 'addressing', sentence: 'It was offered 10.0.0.100 and is about to ask for it.' });
    bench.bind(PC, UEFI);
    expect(bench.verdict(PC)).toMatchObject({ state: 'loading', sentence: 'It has 10.0.0.100 and is about to ask for ipxe.efi.' });
    expect(bench.lines(PC)).toEqual([
      'DISCOVER → OFFER ×2: offered 10.0.0.100 for 1 h, boot file ipxe.efi (on offer to it; uefi-x64) – PXEClient:Arch:00007:UNDI:003016, uefi-x64',
      'REQUEST → ACK: bound 10.0.0.100 for 1 h, boot file ipxe.efi',
    ]);
  });

  it('has an address and boots nothing, and gives it back', () => {
    const bench = new DeviceBench();
    const address = bench.bind(PC);
    bench.pass(40);
    expect(bench.verdict(PC)).toMatchObject({ state: 'booted', verdict: 'has-address', address });
    bench.say(message('RELEASE', PC, { ciaddr: address }));
    expect(bench.verdict(PC)).toMatchObject({ state: 'waiting', verdict: 'gone' });
    expect(bench.told).toEqual([]);
  });

  it('did not ask for boot options, and so does not want to boot (RFC 2132 §9.8)', () => {
    const bench = booting();
    bench.bind(PC, { ...UEFI, list: [1, 3, 6] });
    bench.pass(40);
    expect(bench.verdict(PC)).toMatchObject({ state: 'booted', verdict: 'boot-file-not-asked-for' });
    expect(bench.verdict(PC).sentence).toContain('did not ask for boot options');
  });
});

describe('a device that does not take what it is offered', () => {
  it('took another server’s offer (RFC 2131 §4.3.2)', () => {
    const bench = booting();
    bench.discover(PC, UEFI);
    bench.say(message('REQUEST', PC, { requested: '10.0.0.57', server: '10.0.0.254' }));
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'took-another-offer' });
    expect(bench.verdict(PC).sentence).toMatch(
      /^It took the offer of the DHCP server 10\.0\.0\.254 and not ours of 10\.0\.0\.100: .*`guard: proxy`/,
    );
  });

  it('took another server’s offer, as the answer that was heard shows', () => {
    const bench = booting();
    bench.discover(PC, UEFI);
    bench.happen({
      type: 'dhcp.overheard',
      mac: mac(PC),
      address: ip('10.0.0.57'),
      interface: 'lan0',
      message: 'ACK',
      server: OTHER,
      serverMac: mac('00:1b:54:00:00:fe'),
    });
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'took-another-offer' });
    expect(bench.verdict(PC).sentence).toContain('10.0.0.254 (00:1b:54:00:00:fe)');
  });

  it('took another server’s offer and does not boot from the network: it is served there', () => {
    const bench = new DeviceBench();
    bench.discover(PC);
    bench.say(message('REQUEST', PC, { requested: '10.0.0.57', server: '10.0.0.254' }));
    expect(bench.verdict(PC)).toMatchObject({ state: 'waiting', verdict: 'took-another-offer' });
  });

  it('ignores its offers: the next form is named, and then that the way is to be looked at', () => {
    const bench = booting();
    for (const seconds of [0, 4, 8]) {
      bench.discover(PC, firmware('PXEClient:Arch:00007:UNDI:003016', 7, seconds));
      bench.pass(4);
    }
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'offers-ignored' });
    expect(bench.verdict(PC).sentence).toMatch(/^It was offered 10\.0\.0\.100 3 times .*without the class PXEClient/);
    expect(bench.lines(PC)).toHaveLength(1);
    const plain = new DeviceBench();
    for (let n = 0; n < 3; n += 1) plain.discover(PC);
    expect(plain.verdict(PC).sentence).toMatch(/DHCP snooping, VLAN, firewall/);
  });

  it('was held back by its switch port (spanning tree, IEEE 802.1D)', () => {
    const bench = booting();
    bench.discover(PC, firmware('PXEClient:Arch:00007:UNDI:003016', 7, 31));
    expect(bench.verdict(PC).state).toBe('addressing');
    bench.pass(20);
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'port-held-back' });
    expect(bench.verdict(PC).sentence).toContain('31 s after it began');
    // It came through after all.
    bench.bind(PC, UEFI);
    expect(bench.verdict(PC).state).toBe('loading');
  });

  it('was held back, asks a few times more with growing secs, and gives up', () => {
    const bench = booting();
    for (const seconds of [31, 35]) {
      bench.discover(PC, firmware('PXEClient:Arch:00007:UNDI:003016', 7, seconds));
      bench.pass(4);
    }
    expect(bench.verdict(PC).state).toBe('addressing');
    bench.pass(20);
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'port-held-back' });
    expect(bench.verdict(PC).sentence).toContain('portfast');
  });

  it('counts its seconds in the wrong order of octets, and is not taken for one that was held back', () => {
    const bench = booting();
    for (const seconds of [0x0400, 0x0800]) {
      bench.discover(PC, firmware('PXEClient:Arch:00007:UNDI:003016', 7, seconds));
      bench.pass(4);
    }
    bench.pass(20);
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'offers-ignored' });
  });

  it('ignores one form after another: each time the next is named, until one is taken', () => {
    const bench = booting();
    const named = new Set<string>();
    for (let asked = 0; asked < 8; asked += 1) {
      bench.discover(PC, firmware('PXEClient:Arch:00007:UNDI:003016', 7, asked * 4));
      bench.pass(4);
      named.add(/the next is the one (.*?) \(/.exec(bench.verdict(PC).sentence)?.[1] ?? 'none');
    }
    expect(named.size).toBeGreaterThan(2);
    bench.bind(PC, UEFI);
    expect(bench.verdict(PC).state).toBe('loading');
  });

  it('was told what to boot beside another server, and does not come', () => {
    const bench = new DeviceBench(new EngineBench([subnet({ service: 'proxy' })], [], BOOT));
    for (const seconds of [0, 4, 12]) bench.discover(PC, firmware('PXEClient:Arch:00000:UNDI:002001', 0, seconds));
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'proxy-offers-ignored' });
  });
});

describe('a device that gets no address', () => {
  it('finds the pool empty, until there is room again', () => {
    const bench = new DeviceBench(new EngineBench([subnet({ pools: ['10.0.0.100-10.0.0.100'] })]));
    const address = bench.bind('00:1b:54:00:00:02');
    bench.discover(PC);
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'pool-empty' });
    bench.engine.release(address);
    bench.bind(PC);
    expect(bench.verdict(PC).state).toBe('booted');
  });

  it('finds its addresses in use by strangers, each of whom is told of too', () => {
    const bench = new DeviceBench(new EngineBench([subnet({ checksConflicts: true, pools: ['10.0.0.100-10.0.0.101'] })]));
    bench.engine.meet('10.0.0.100', '00:1b:54:00:00:aa');
    bench.engine.meet('10.0.0.101', '00:1b:54:00:00:ab');
    bench.discover(PC);
    expect(bench.verdict(PC).state).toBe('stuck');
    expect(bench.verdict(PC).verdict).toMatch(/^(?:address-in-use|pool-empty)$/);
    expect(bench.verdict('00:1b:54:00:00:aa')).toMatchObject({ verdict: 'stranger-with-our-address' });
    expect(bench.verdict('00:1b:54:00:00:aa').sentence).toContain('10.0.0.100');
  });

  it('is kept from an address by strangers alone', () => {
    const bench = new DeviceBench(new EngineBench([subnet({ checksConflicts: true, pools: ['10.0.0.100-10.0.0.110'] })]));
    for (let last = 100; last <= 110; last += 1) bench.engine.meet(`10.0.0.${last}`, `00:1b:54:00:01:${last - 80}`);
    bench.discover(PC);
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'address-in-use' });
    expect(bench.verdict(PC).sentence).toMatch(/^It gets no address, as a stranger \(00:1b:54:00:01:\d\d\) uses each of 3 addresses/);
  });

  it('declines what somebody else answers for (RFC 2131 §4.3.3)', () => {
    const bench = new DeviceBench();
    const address = bench.bind(PC);
    bench.say(message('DECLINE', PC, { requested: address, server: '10.0.0.1' }));
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'declined' });
  });

  it('asks for an address of another network, and is refused again and again (DHCPNAK)', () => {
    const bench = new DeviceBench();
    bench.say(message('REQUEST', PC, { requested: '192.168.9.9' }));
    expect(bench.verdict(PC)).toMatchObject({ state: 'addressing', verdict: 'wrong-subnet' });
    for (let n = 0; n < 2; n += 1) {
      bench.pass(5);
      bench.say(message('REQUEST', PC, { requested: '192.168.9.9' }));
    }
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'refused-again-and-again' });
    expect(bench.verdict(PC).sentence).toContain('192.168.9.9');
    bench.bind(PC);
    expect(bench.verdict(PC).state).toBe('booted');
  });

  it('is behind a relay agent that no network is configured for', () => {
    const bench = new DeviceBench();
    bench.discover(PC, { giaddr: '10.9.0.1' });
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'relay-without-network' });
    expect(bench.verdict(PC).sentence).toContain('10.9.0.1');
  });

  it('is another server’s, by the guard', () => {
    const bench = new DeviceBench(new EngineBench([subnet({ service: 'renewals' })]));
    bench.discover(PC);
    expect(bench.verdict(PC)).toMatchObject({ state: 'waiting', verdict: 'not-answered' });
  });
});

describe('a device that has its address and does not come for its file', () => {
  it('never asks by TFTP', () => {
    const bench = booting();
    bench.bind(PC, BIOS);
    bench.pass(40);
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'boot-file-not-asked-for' });
    expect(bench.told).toMatchObject([{ type: 'device.stuck', mac: PC, verdict: 'boot-file-not-asked-for' }]);
  });

  it('boots by HTTP and refuses plain http (UEFI 2.10 §24.7)', () => {
    const bench = booting();
    bench.bind(PC, HTTP_BOOT);
    bench.pass(40);
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'http-boot-refused' });
    expect(bench.verdict(PC).sentence).toContain('http://10.0.0.1:8080/ipxe.efi');
  });
});

describe('two devices with one MAC', () => {
  const machine = (digit: number) => ({ ...UEFI, options: [...(UEFI.options ?? []), [97, new Uint8Array(17).fill(digit)] as const] });

  it('are known by their machine identifiers, which take turns', () => {
    const bench = booting();
    bench.discover(PC, machine(1));
    bench.discover(PC, machine(2));
    expect(bench.verdict(PC).verdict).not.toBe('two-devices-one-mac');
    bench.discover(PC, machine(1));
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'two-devices-one-mac' });
  });

  it('are known by the ports that they ask from (RFC 3046)', () => {
    const bench = new DeviceBench(
      new EngineBench([subnet({ name: 'far', network: '10.8.0.0/24', interface: undefined, pools: ['10.8.0.10-10.8.0.20'] })]),
    );
    const port = (number: number) => ({ giaddr: '10.8.0.1', options: [[82, Uint8Array.of(1, 1, number)] as const] });
    for (const number of [1, 2, 1]) bench.discover(PC, port(number));
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'two-devices-one-mac' });
  });

  it('are known by the networks that they ask in', () => {
    const lab: Arrival = { ...LAN, interface: 'lab0', server: ip('10.1.0.1') };
    const bench = new DeviceBench(
      new EngineBench([
        subnet(),
        subnet({ name: 'lab', interface: 'lab0', own: [ip('10.1.0.1')], network: '10.1.0.0/24', pools: ['10.1.0.10-10.1.0.20'] }),
      ]),
    );
    for (const via of [LAN, lab, LAN]) bench.discover(PC, {}, via);
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'two-devices-one-mac' });
  });
});

describe('a clock that is wrong', () => {
  it.each<[string, Partial<Extract<AppEvent, { type: 'syslog.received' }>>, string]>([
    ['by years', { clockOffsetSeconds: -1_000_000_000 }, 'behind'],
    ['by its own word', { clockMark: 'never set' }, 'never set'],
  ])('%s, shows in a message by syslog', (_name, clock, word) => {
    const bench = new DeviceBench();
    const address = ip(bench.bind(PC));
    bench.happen({ type: 'syslog.received', facility: 'local7', severity: 'notice', address, text: 'up', ...clock });
    expect(bench.verdict(PC)).toMatchObject({ verdict: 'clock-wrong' });
    expect(bench.verdict(PC).sentence).toContain(word);
  });
});
