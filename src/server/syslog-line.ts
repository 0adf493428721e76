/** A message of a device as a line in a file: when it came, from where, and what it says, with nothing in it that could steer a terminal. */
import { type Ipv4, showIpv4 } from '../base/addresses.ts';
import type { WallMs } from '../base/clock.ts';
import type { Subject } from '../events/events.ts';
import { plainText } from '../events/plain-text.ts';
import type { SyslogMessage } from '../services/syslog-message.ts';

const LONGEST_LINE = 4096;

/** `2026-11-28T01:02:03.004Z 192.168.77.21 local7.notice access-1 %SYS-5-CONFIG_I: Configured`. */
export function fileLine(message: Omit<SyslogMessage, 'clock'>, address: Ipv4, at: WallMs): string {
  const { facility, severity, host, tag, processId, text, clockMark } = message;
  const program = tag === undefined ? undefined : `${tag}${processId === undefined ? '' : `[${processId}]`}:`;
  const mark = clockMark === undefined ? undefined : `(clock ${clockMark})`;
  const parts = [new Date(at).toISOString(), showIpv4(address), `${facility}.${severity}`, host ?? '-', mark, program, text];
  return plainText(parts.filter((part) => part !== undefined).join(' '), LONGEST_LINE);
}

/** The name of a device's file, without its ending: what it is called, else its MAC address, else its address. */
export function fileNameOf({ hostName, mac, address }: Subject): string {
  const name = (hostName ?? '').replace(/[^A-Za-z0-9._-]/g, '_').replace(/^[._]+/, '');
  if (name !== '') return name;
  return mac?.replaceAll(':', '-') ?? (address === undefined ? 'unknown' : showIpv4(address));
}
