import { describe, expect, it } from 'vitest';
import { hex, latin1Text } from '../../src/base/bytes.ts';
import type { ClientClass } from '../../src/dhcp/subnet.ts';
import { message, secondsOption, sent, text, told } from '../support/dhcp-client.ts';
import { clientClass, EngineBench, host, subnet } from '../support/dhcp-engine.ts';

const MAC = '02:00:00:00:00:0a';
const OTHER = '02:00:00:00:00:0b';
const times = (seconds: number) => ({ defaultSeconds: seconds, minSeconds: 60, maxSeconds: 99_999 });
/** Only the clients with this MAC. */
const only =
  (mac: string): ClientClass['fits'] =>
  (request) =>
    request.mac === mac;

function bench(classes: readonly ClientClass[], hosts: readonly ReturnType<typeof host>[] = []): EngineBench {
  return new EngineBench([subnet({ options: new Map([[15, text('net')]]) })], hosts, {}, { classes });
}

function offer(one: EngineBench, mac = MAC) {
  const [seen] = sent(one.receive(message('DISCOVER', mac, { list: [15, 17, 12] })));
  return seen;
}

function option(one: EngineBench, code: number, mac = MAC): string {
  return latin1Text(offer(one, mac)?.packet.options.get(code) ?? new Uint8Array());
}

describe('Which setting counts', () => {
  it('the host’s before the class’s before the network’s', () => {
    const inClass = clientClass('c', {
      options: new Map([
        [15, text('class')],
        [17, text('/class')],
      ]),
    });
    expect(option(bench([]), 15)).toBe('net');
    expect(option(bench([inClass]), 15)).toBe('class');
    const known = bench([inClass], [host(MAC, { options: new Map([[15, text('host')]]) })]);
    expect([option(known, 15), option(known, 17)]).toEqual(['host', '/class']);
  });

  it('of two classes that fit, the first that sets a thing', () => {
    const first = clientClass('first', { options: new Map([[15, text('first')]]) });
    const second = clientClass('second', {
      options: new Map([
        [15, text('second')],
        [17, text('/second')],
      ]),
    });
    const both = bench([first, second]);
    expect([option(both, 15), option(both, 17)]).toEqual(['first', '/second']);
  });

  it('only for the clients of the class', () => {
    const one = bench([clientClass('c', { fits: only(MAC), options: new Map([[15, text('class')]]) })]);
    expect([option(one, 15), option(one, 15, OTHER)]).toEqual(['class', 'net']);
  });

  it.each<[string, readonly ClientClass[], number | undefined, number]>([
    ['the network’s', [], undefined, 3600],
    ['the class’s', [clientClass('c', { lease: times(600) })], undefined, 600],
    ['the host’s', [clientClass('c', { lease: times(600) })], 900, 900],
  ])('lease time: %s', (_name, classes, ofHost, seconds) => {
    const hosts = ofHost === undefined ? [] : [host(MAC, { lease: times(ofHost) })];
    const seen = offer(bench(classes, hosts));
    expect(seen && secondsOption(seen.packet, 51)).toBe(seconds);
  });

  it('boot file: the host’s, then the class’s', () => {
    const inClass = clientClass('c', { boot: { file: 'class.efi' } });
    expect(latin1Text(offer(bench([inClass]))?.packet.bootFile ?? new Uint8Array())).toBe('class.efi');
    expect(latin1Text(offer(bench([inClass], [host(MAC, { boot: { file: 'host.efi' } })]))?.packet.bootFile ?? new Uint8Array())).toBe(
      'host.efi',
    );
  });
});

describe('Routes and what firmware needs', () => {
  it('the network’s router stands in the routes of a class too (RFC 3442)', () => {
    const routes = clientClass('c', { options: new Map([[121, Uint8Array.of(8, 10, 10, 0, 0, 2)]]) });
    const one = new EngineBench([subnet({ options: new Map([[3, Uint8Array.of(10, 0, 0, 254)]]) })], [], {}, { classes: [routes] });
    const [seen] = sent(one.receive(message('DISCOVER', MAC, { list: [3, 121, 249] })));
    expect([121, 249].map((code) => hex(seen?.packet.options.get(code) ?? new Uint8Array()))).toEqual([
      '080a0a000002000a0000fe',
      '080a0a000002000a0000fe',
    ]);
  });

  it.each<[string, readonly ClientClass[], string]>([
    ['what a network says to all gives way to it', [], '060108ff'],
    ['what a class says was meant', [clientClass('c', { options: new Map([[43, text('mine')]]) })], hex(text('mine'))],
  ])('option 43 of a PXE ROM: %s', (_name, classes, value) => {
    const boot = { files: { bios: 'pxelinux.0' }, ipxe: undefined };
    const one = new EngineBench([subnet({ options: new Map([[43, text('for all')]]) })], [], boot, { classes });
    const [seen] = sent(one.receive(message('DISCOVER', MAC, { list: [43], options: [[60, text('PXEClient:Arch:00000:UNDI:002001')]] })));
    expect(hex(seen?.packet.options.get(43) ?? new Uint8Array())).toBe(value);
  });
});

describe('Pools of a class', () => {
  const own = clientClass('phones', { fits: only(MAC), pools: ['10.0.0.20-10.0.0.21'] });

  it('are for its clients alone, and they get no others', () => {
    const one = bench([own]);
    expect(offer(one)?.address).toBe('10.0.0.20');
    expect(offer(one, OTHER)?.address).toBe('10.0.0.100');
    expect(sent(one.receive(message('DISCOVER', OTHER, { requested: '10.0.0.21' })))[0]?.address).toBe('10.0.0.100');
  });

  it('that are exhausted are said so, whatever the network has left', () => {
    const one = bench([clientClass('all', { pools: ['10.0.0.20'] })]);
    offer(one);
    expect(told(one.receive(message('DISCOVER', OTHER)))).toMatchObject([{ type: 'pool.exhausted', size: 1 }]);
  });

  it('in several networks: each network takes from its own part', () => {
    const far = subnet({ name: 'far', network: '10.8.0.0/24', interface: undefined, pools: ['10.8.0.100'] });
    const phones = clientClass('phones', { pools: ['10.0.0.20', '10.8.0.20'] });
    const one = new EngineBench([subnet(), far], [], {}, { classes: [phones] });
    expect(offer(one)?.address).toBe('10.0.0.20');
    expect(sent(one.receive(message('DISCOVER', OTHER)))).toEqual([]);
    expect(sent(one.receive(message('DISCOVER', OTHER, { giaddr: '10.8.0.1' })))[0]?.address).toBe('10.8.0.20');
  });

  it('of another network do not count here', () => {
    expect(offer(bench([clientClass('c', { pools: ['10.99.0.1-10.99.0.9'] })]))?.address).toBe('10.0.0.100');
  });
});

describe('The classes of a client', () => {
  it('are told with its offer and its lease, for all who serve it', () => {
    const one = bench([clientClass('phones', { fits: only(MAC) }), clientClass('all')]);
    expect(told(one.receive(message('DISCOVER', MAC)))).toMatchObject([{ type: 'dhcp.offered', classes: ['phones', 'all'] }]);
    const bound = one.receive(message('REQUEST', MAC, { requested: '10.0.0.100', server: '10.0.0.1' }));
    expect(told(bound)).toMatchObject([{ type: 'lease.bound', classes: ['phones', 'all'] }]);
  });
});

describe('deny', () => {
  it('gives no answer, with the reason, and only to the class', () => {
    const one = bench([clientClass('guests', { fits: only(MAC), deny: true })]);
    const effects = one.receive(message('DISCOVER', MAC));
    expect([sent(effects), told(effects)]).toMatchObject([[], [{ type: 'dhcp.silent', reason: 'class guests gets no answer' }]]);
    expect(offer(one, OTHER)?.type).toBe('OFFER');
  });
});
