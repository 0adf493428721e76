import { describe, expect, it } from 'vitest';
import { EventCounts } from '../../src/observe/event-counts.ts';
import { Metrics } from '../../src/observe/metrics.ts';
import { SAMPLES } from '../events/samples.ts';
import { ip } from '../support/addresses.ts';

function metricsOf(counts: EventCounts): Metrics {
  return new Metrics({
    version: '9.9.9',
    counts,
    occupancy: () => Promise.resolve([{ network: 'bench', addresses: 100, bound: 7, quarantined: 1 }]),
  });
}

describe('metrics', () => {
  it('count what was shed under overload, from the first scrape on', async () => {
    const counts = new EventCounts();
    const metrics = metricsOf(counts);
    expect(await metrics.text()).toContain('bootlace_dhcp4_packets_shed_total 0\n');
    counts.listener({ type: 'dhcp.overloaded', shed: 250, waiting: 4096, unsettled: 0 });
    counts.listener({ type: 'dhcp.overloaded', shed: 50, waiting: 10, unsettled: 0 });
    expect(await metrics.text()).toContain('bootlace_dhcp4_packets_shed_total 300\n');
  });

  it('tell leases, answers and transfers by network and protocol, and do not count twice when asked twice', async () => {
    const counts = new EventCounts();
    const metrics = metricsOf(counts);
    const who = { mac: undefined, address: ip('10.0.0.5') };
    counts.listener({ type: 'dhcp.offered', ...who, network: 'bench', leaseSeconds: 60, why: 'free' });
    counts.listener({ type: 'lease.bound', ...who, network: 'bench', leaseSeconds: 60, how: 'new' });
    counts.listener({
      type: 'transfer.done',
      ...who,
      transfer: 1,
      protocol: 'tftp',
      direction: 'read',
      path: 'a',
      octets: 2048,
      millis: 1,
      resent: 2,
    });
    await metrics.text();
    const lines = (await metrics.text()).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'bootlace_build_info{version="9.9.9"} 1',
        'bootlace_dhcp4_packets_sent_total{operation="offer",network="bench"} 1',
        'bootlace_dhcp4_packets_sent_total{operation="ack",network="bench"} 1',
        'bootlace_dhcp4_leases_total{network="bench",how="new"} 1',
        'bootlace_dhcp4_addresses_assigned{network="bench"} 7',
        'bootlace_dhcp4_addresses_total{network="bench"} 100',
        'bootlace_dhcp4_addresses_declined{network="bench"} 1',
        'bootlace_transfers_total{protocol="tftp",direction="read",outcome="done"} 1',
        'bootlace_transfer_bytes_total{protocol="tftp",direction="read"} 2048',
        'bootlace_tftp_blocks_resent_total 2',
      ]),
    );
  });

  it('take every event, and give each a number', async () => {
    const counts = new EventCounts();
    for (const samples of Object.values(SAMPLES)) for (const [event] of samples) counts.listener(event);
    const text = await metricsOf(counts).text();
    for (const type of Object.keys(SAMPLES))
      expect(text).toContain(`bootlace_events_total{event="${type}"} ${SAMPLES[type as keyof typeof SAMPLES].length}`);
  });
});
