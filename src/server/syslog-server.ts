/** The receiver of syslog (RFC 5426): what devices send to port 514 becomes an event and a line in a file. */
import type { Ipv4 } from '../base/addresses.ts';
import type { Clock } from '../base/clock.ts';
import type { SyslogConfig } from '../config/services-config.ts';
import type { Tell } from '../events/bus.ts';
import type { Subject } from '../events/events.ts';
import type { Endpoint, SocketFactory } from '../net/ports.ts';
import { readSyslog } from '../services/syslog-message.ts';
import { ClientBuckets } from '../tftp/client-buckets.ts';
import { TokenBucket } from '../tftp/token-bucket.ts';
import { FloodReport } from './flood-report.ts';
import type { ServiceKind, ServicePlace } from './service-doors.ts';
import type { SyslogFiles } from './syslog-files.ts';
import { fileLine } from './syslog-line.ts';

export interface SyslogServerParts {
  readonly sockets: Pick<SocketFactory, 'openUdp'>;
  readonly clock: Clock;
  readonly tell: Tell;
  readonly whoHas: (address: Ipv4) => Subject;
  readonly files: SyslogFiles;
  readonly onFlood: (sender: Ipv4 | undefined, count: number) => void;
  readonly onFault: (on: string, fault: Error) => void;
}

const PORT = 514;
/** A device that comes up says all that it has kept since: as much as ten seconds allow. */
const BURST_SECONDS = 10;
/** Of all devices together: beyond it senders are made up, or something is on fire that a smaller part of the messages tells as well. */
const ALL_PER_SECOND = 2_000;
const ALL_BURST = 10_000;
const RECEIVE_BUFFER = 1024 * 1024;

export class SyslogServer {
  readonly #parts: SyslogServerParts;
  readonly #senders = new ClientBuckets();
  readonly #all = new TokenBucket(ALL_PER_SECOND, ALL_BURST);
  readonly #floods: FloodReport;
  #config: SyslogConfig;

  constructor(config: SyslogConfig, parts: SyslogServerParts) {
    this.#config = config;
    this.#parts = parts;
    this.#floods = new FloodReport(parts.onFlood);
  }

  readonly kind: ServiceKind = {
    name: 'syslog',
    port: PORT,
    rivals: 'often rsyslog or syslog-ng that listens for others (`imudp` in rsyslog.conf), or systemd-journal-remote',
    open: (place) => this.#open(place),
  };

  configure(config: SyslogConfig): void {
    this.#config = config;
    this.#parts.files.configure(config);
  }

  async close(): Promise<void> {
    this.#floods.close();
    await this.#parts.files.close();
  }

  async #open({ interface: name, address }: ServicePlace): Promise<() => Promise<void>> {
    const port = await this.#parts.sockets.openUdp({ interface: name, address, port: PORT, batched: true, receiveBuffer: RECEIVE_BUFFER });
    port.onFault((fault) => this.#parts.onFault(name, fault));
    port.onDatagram((octets, from) => this.#receive(octets, from));
    return () => port.close();
  }

  #receive(octets: Uint8Array, { address }: Endpoint): void {
    const { clock, tell, whoHas, files } = this.#parts;
    const now = clock.mono();
    const { perSender } = this.#config;
    const isAllowed = this.#senders.of(address, perSender, perSender * BURST_SECONDS).tryTake(1, now) && this.#all.tryTake(1, now);
    if (!isAllowed) {
      this.#floods.add(address);
      return;
    }
    const at = clock.wall();
    const { clock: offset, ...message } = readSyslog(octets, at);
    const device = whoHas(address);
    tell({
      type: 'syslog.received',
      address,
      mac: device.mac,
      ...message,
      clockOffsetSeconds: offset?.seconds,
      isClockZoneKnown: offset?.isZoneKnown,
    });
    files.add(device, fileLine(message, address, at));
  }
}
