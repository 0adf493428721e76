import { describe, expect, it } from 'vitest';
import { LAN_UNICAST, message, sent, told } from '../support/dhcp-client.ts';
import { EngineBench, subnet } from '../support/dhcp-engine.ts';

const A = '02:00:00:00:00:0a';
const B = '02:00:00:00:00:0b';
const STRANGER = '02:dd:00:00:00:01';
const checked = (pools = ['10.0.0.100-10.0.0.109']) => new EngineBench([subnet({ pools, checksConflicts: true })]);
const addresses = (effects: Parameters<typeof sent>[0]) => sent(effects).map(({ type, address }) => `${type} ${address}`);

describe('An address is looked for before it is offered (RFC 2131 §2.2, §4.4.1)', () => {
  it('and offered when nobody answers', () => {
    const bench = checked();
    expect(addresses(bench.receive(message('DISCOVER', A)))).toEqual(['OFFER 10.0.0.100']);
    expect(bench.probes).toEqual(['10.0.0.100']);
  });

  it('the offer waits for the answer, and a repeated DISCOVER asks no second time', () => {
    const bench = checked();
    bench.wire = 'waits';
    expect(addresses(bench.receive(message('DISCOVER', A)))).toEqual([]);
    expect(told(bench.receive(message('DISCOVER', A)))).toMatchObject([{ type: 'dhcp.silent' }]);
    expect(addresses(bench.answerProbes())).toEqual(['OFFER 10.0.0.100']);
    expect(bench.probes).toHaveLength(1);
  });

  it('one that a stranger uses is quarantined, said, and the client gets the next', () => {
    const bench = checked();
    bench.meet('10.0.0.100', STRANGER);
    const effects = bench.receive(message('DISCOVER', A));
    expect(addresses(effects)).toEqual(['OFFER 10.0.0.101']);
    expect(told(effects)).toContainEqual(expect.objectContaining({ type: 'lease.conflict', mac: STRANGER, quarantineSeconds: 600 }));
    expect([...bench.stored.values()]).toMatchObject([{ state: 'declined' }]);
    expect(addresses(bench.receive(message('DISCOVER', B, { requested: '10.0.0.100' })))).toEqual(['OFFER 10.0.0.102']);
  });

  it('and is given again when the quarantine is over', () => {
    const bench = checked(['10.0.0.100']);
    bench.meet('10.0.0.100', STRANGER);
    expect(addresses(bench.receive(message('DISCOVER', A)))).toEqual([]);
    bench.strangers.clear();
    bench.pass(601);
    expect(addresses(bench.receive(message('DISCOVER', A)))).toEqual(['OFFER 10.0.0.100']);
  });

  it('the client’s own answer is no conflict', () => {
    const bench = checked();
    bench.meet('10.0.0.100', A);
    expect(addresses(bench.receive(message('DISCOVER', A)))).toEqual(['OFFER 10.0.0.100']);
  });

  it('gives up after three addresses, so that the client need not wait for the whole pool', () => {
    const bench = checked();
    for (const last of [100, 101, 102, 103]) bench.meet(`10.0.0.${last}`, STRANGER);
    const effects = bench.receive(message('DISCOVER', A));
    expect(addresses(effects)).toEqual([]);
    expect(bench.probes).toEqual(['10.0.0.100', '10.0.0.101', '10.0.0.102']);
    // The next try goes on from there.
    expect(addresses(bench.receive(message('DISCOVER', A)))).toEqual(['OFFER 10.0.0.104']);
  });

  it('is not looked for again while it is known to be fresh, nor when the client has it', () => {
    const bench = checked();
    bench.receive(message('DISCOVER', A));
    bench.receive(message('DISCOVER', A));
    bench.receive(message('REQUEST', A, { requested: '10.0.0.100', server: '10.0.0.1' }));
    bench.receive(message('DISCOVER', A));
    bench.receive(message('RELEASE', A, { ciaddr: '10.0.0.100' }), LAN_UNICAST);
    bench.receive(message('DISCOVER', B, { requested: '10.0.0.100' }));
    expect(bench.probes).toEqual(['10.0.0.100']);
    bench.pass(400);
    bench.receive(message('DISCOVER', A, { requested: '10.0.0.100' }));
    expect(bench.probes).toEqual(['10.0.0.100', '10.0.0.100']);
  });

  it('does not hold up others: who renews is answered at once', () => {
    const bench = checked();
    bench.receive(message('DISCOVER', A));
    bench.receive(message('REQUEST', A, { requested: '10.0.0.100', server: '10.0.0.1' }));
    bench.wire = 'waits';
    bench.receive(message('DISCOVER', B));
    expect(addresses(bench.receive(message('REQUEST', A, { ciaddr: '10.0.0.100' }), LAN_UNICAST))).toEqual(['ACK 10.0.0.100']);
  });

  it('an address that was declined is looked for before it is offered again', () => {
    const bench = checked(['10.0.0.100']);
    bench.receive(message('DISCOVER', A));
    bench.receive(message('REQUEST', A, { requested: '10.0.0.100', server: '10.0.0.1' }));
    bench.receive(message('DECLINE', A, { requested: '10.0.0.100' }));
    bench.pass(601);
    bench.receive(message('DISCOVER', B));
    expect(bench.probes).toEqual(['10.0.0.100', '10.0.0.100']);
  });
});
