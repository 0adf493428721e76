/** What services beside booting have to tell: a part of the vocabulary of `events.ts`. */
import type { Ipv4 } from '../base/addresses.ts';
import type { Subject } from './events.ts';

/** Services beside booting. `service` is what the configuration calls it. */
export type ServiceEvent =
  /** A service can be asked at an address. */
  | { readonly type: 'service.ready'; readonly service: string; readonly interface: string; readonly address: Ipv4; readonly port: number }
  /** It cannot, and everything else is served there. */
  | {
      readonly type: 'service.unavailable';
      readonly service: string;
      readonly interface: string;
      readonly address: Ipv4;
      readonly port: number;
      readonly why: string;
    }
  /** Somebody asks more than anybody needs; `count` datagrams since this was last said were not answered or not read. */
  | (Subject & { readonly type: 'service.flooded'; readonly service: string; readonly count: number })
  /** Name servers that questions are passed on to do not answer. */
  | { readonly type: 'dns.unanswered'; readonly asked: readonly string[]; readonly count: number; readonly why: string }
  /** A message of a device. */
  | (Subject & {
      readonly type: 'syslog.received';
      readonly facility: string;
      readonly severity: Severity;
      /** What the sender calls itself. */
      readonly host?: string | undefined;
      readonly tag?: string | undefined;
      readonly processId?: string | undefined;
      readonly text: string;
      /** By how much the device's clock is ahead of ours; negative: behind. Absent when it told no time. */
      readonly clockOffsetSeconds?: number | undefined;
      /** False: it did not say in which zone, and was taken to be in the one that fits best. */
      readonly isClockZoneKnown?: boolean | undefined;
      /** What it says of its clock itself. */
      readonly clockMark?: 'never set' | 'out of sync' | undefined;
    })
  /** Messages could not be written to their files; `lost` since this was last said. */
  | { readonly type: 'syslog.unwritten'; readonly where: string; readonly lost: number; readonly detail: string }
  | { readonly type: 'syslog.written-again'; readonly where: string; readonly lost: number };

/** How urgent a message of a device is (RFC 5424 §6.2.1). */
export type Severity = 'emergency' | 'alert' | 'critical' | 'error' | 'warning' | 'notice' | 'info' | 'debug';
