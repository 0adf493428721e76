/**
 * Metrics for Prometheus, by the names that its exporters for Kea and dnsmasq have made usual (`…_dhcp4_…`, `…_addresses_assigned`).
 * Loaded when somebody asks for them for the first time.
 */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { CounterName, EventCounts } from './event-counts.ts';

/** How full a network is. */
export interface NetworkOccupancy {
  readonly network: string;
  /** Addresses of its pools; undefined before its interface is up. */
  readonly addresses: number | undefined;
  readonly bound: number;
  readonly quarantined: number;
}

export interface MetricsSource {
  readonly version: string;
  readonly counts: EventCounts;
  readonly occupancy: () => Promise<readonly NetworkOccupancy[]>;
}

interface CounterText {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

const COUNTERS: Readonly<Record<CounterName, CounterText>> = {
  sent: { name: 'dhcp4_packets_sent_total', help: 'Answers by what they say.', labels: ['operation', 'network'] },
  silent: { name: 'dhcp4_packets_unanswered_total', help: 'Messages that deliberately got no answer.', labels: ['network'] },
  malformed: { name: 'dhcp4_packets_dropped_total', help: 'Datagrams that were no message of a client.', labels: ['interface'] },
  leases: { name: 'dhcp4_leases_total', help: 'Leases given (new) and extended (renewed).', labels: ['network', 'how'] },
  shed: { name: 'dhcp4_packets_shed_total', help: 'Messages thrown away under overload, the oldest first.', labels: [] },
  exhausted: { name: 'dhcp4_pool_exhausted_total', help: 'Times that no address was left for a client.', labels: ['network'] },
  conflicts: { name: 'dhcp4_conflicts_total', help: 'Addresses found in use by a stranger before they were offered.', labels: ['network'] },
  declined: { name: 'dhcp4_declined_total', help: 'Addresses that clients found in use.', labels: ['network'] },
  transfers: { name: 'transfers_total', help: 'Transfers that are over, by how they ended.', labels: ['protocol', 'direction', 'outcome'] },
  octets: { name: 'transfer_bytes_total', help: 'Octets of files that went over.', labels: ['protocol', 'direction'] },
  missed: { name: 'files_missed_total', help: 'Requests for files that are not there.', labels: ['protocol'] },
  refused: { name: 'transfers_refused_total', help: 'Requests that were not allowed.', labels: ['protocol', 'direction'] },
  resent: { name: 'tftp_blocks_resent_total', help: 'Blocks and acknowledgements that were sent again.', labels: [] },
  events: { name: 'events_total', help: 'Everything that happened, by the names of the log.', labels: ['event'] },
  storeFailures: { name: 'lease_store_failures_total', help: 'Times that the lease store did not take a lease.', labels: [] },
};

export class Metrics {
  readonly #registry = new Registry();

  constructor({ version, counts, occupancy }: MetricsSource) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    new Gauge({ name: 'bootlace_build_info', help: 'Always 1.', labelNames: ['version'], registers }).set({ version }, 1);
    for (const [counter, { name, help, labels }] of Object.entries(COUNTERS) as [CounterName, CounterText][]) {
      new Counter({
        name: `bootlace_${name}`,
        help,
        labelNames: [...labels],
        registers,
        collect() {
          this.reset();
          if (labels.length === 0) this.inc(0);
          for (const { labels: values, value } of counts.of(counter)) {
            this.inc(Object.fromEntries(labels.map((label, at) => [label, values[at] ?? ''])), value);
          }
        },
      });
    }
    this.#addOccupancy(occupancy);
  }

  /** In the text format of Prometheus; `contentType` names its version. */
  async text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  #addOccupancy(occupancy: MetricsSource['occupancy']): void {
    const labelNames = ['network'] as const;
    const registers = [this.#registry];
    const addresses = new Gauge({ name: 'bootlace_dhcp4_addresses_total', help: 'Addresses of the pools.', labelNames, registers });
    const declined = new Gauge({
      name: 'bootlace_dhcp4_addresses_declined',
      help: 'Addresses that rest, as somebody else uses them.',
      labelNames,
      registers,
    });
    new Gauge({
      name: 'bootlace_dhcp4_addresses_assigned',
      help: 'Leases in force.',
      labelNames,
      registers,
      async collect() {
        for (const gauge of [this, addresses, declined]) gauge.reset();
        for (const { network, addresses: all, bound, quarantined } of await occupancy()) {
          this.set({ network }, bound);
          declined.set({ network }, quarantined);
          if (all !== undefined) addresses.set({ network }, all);
        }
      },
    });
  }
}
