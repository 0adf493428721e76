/** The operator's text for services beside booting: what it means, and the line of the log. */
import { showIpv4 } from '../base/addresses.ts';
import type { EventText } from './catalog.ts';
import type { AppEvent, Level } from './events.ts';
import { showCount, showSeconds } from './quantities.ts';
import type { ServiceEvent, Severity } from './service-events.ts';

type Received = Extract<ServiceEvent, { type: 'syslog.received' }>;

export const SERVICE_TEXTS: Readonly<Record<ServiceEvent['type'], EventText>> = {
  'service.ready': {
    level: 'info',
    meaning: 'A service of `services` can be asked at this address from now on.',
    action: 'None.',
  },
  'service.unavailable': {
    level: 'error',
    meaning:
      'A service of `services` is not there at this address, most often because another program of this machine has its port. Everything else is served.',
    action:
      'Stop the other program, which the line names as far as it can be known (`sudo bootlace doctor` names it), or turn the service off.',
  },
  'service.flooded': {
    level: 'warn',
    meaning:
      'One device sends more than a service takes from one device. What was too much was counted and thrown away, so that others are served; time clients were told to ask less often.',
    action:
      'Find out what the device is at: a debug level that was left on, a loop in its log, a clock that asks without end. `services.syslog.perSender` takes more from each.',
  },
  'dns.unanswered': {
    level: 'warn',
    meaning:
      'Names that are not of this network were to be asked for elsewhere, and nobody there answered in time. The clients were told so.',
    action: 'Look whether this machine has a way to these name servers, or set `services.dns.forward` to others, or to `off`.',
  },
  'syslog.received': {
    level: 'info',
    meaning:
      'A device sent a message by syslog. The line has its text with facility and severity as the device gave them; it is a warning here from `error` on, and of level debug where the device says `debug`. `clockOffsetSeconds` is by how much the clock of the device is ahead of this machine’s.',
    action: 'What the message asks for. All messages of the device are in its file under `syslog` in `server.dataDir`.',
  },
  'syslog.unwritten': {
    level: 'error',
    meaning:
      'Messages of devices cannot be written to their files, most often because the disk is full. They are in this log still, and counted.',
    action: 'Make room on the disk. Writing is tried again every few seconds.',
  },
  'syslog.written-again': {
    level: 'info',
    meaning: 'Messages of devices are written to their files again.',
    action: 'None. As many messages as the line says are missing from the files.',
  },
};

/** A device's error is nothing that is wrong here: the loudest that it becomes is a warning. */
const LEVELS: Readonly<Record<Severity, Level>> = {
  emergency: 'warn',
  alert: 'warn',
  critical: 'warn',
  error: 'warn',
  warning: 'info',
  notice: 'info',
  info: 'info',
  debug: 'debug',
};

export function levelOfSyslog({ severity }: Received): Level {
  return LEVELS[severity];
}

export function isServiceEvent(event: AppEvent): event is ServiceEvent {
  return Object.hasOwn(SERVICE_TEXTS, event.type);
}

/** The line of the log. */
export function describeService(event: ServiceEvent): string {
  switch (event.type) {
    case 'service.ready':
      return `${event.service} at ${showIpv4(event.address)}:${event.port} on ${event.interface}`;
    case 'service.unavailable':
      return `no ${event.service} at ${showIpv4(event.address)}:${event.port} on ${event.interface}: ${event.why}`;
    case 'service.flooded':
      return `sends too much to ${event.service}: ${showCount(event.count, 'datagram')} thrown away`;
    case 'dns.unanswered':
      return `${showCount(event.count, 'question')} unanswered${event.asked.length === 0 ? '' : ` by ${event.asked.join(', ')}`}: ${event.why}`;
    case 'syslog.received':
      return `${event.facility}.${event.severity} ${sender(event)}${event.text}${clock(event)}`;
    case 'syslog.unwritten':
      return `messages cannot be written to ${event.where}: ${event.detail}${event.lost === 0 ? '' : `; ${showCount(event.lost, 'message')} missing there`}`;
    case 'syslog.written-again':
      return `messages are written to ${event.where} again${event.lost === 0 ? '' : `; ${showCount(event.lost, 'message')} missing there`}`;
  }
}

function sender({ tag, processId }: Received): string {
  if (tag === undefined) return '';
  return `${tag}${processId === undefined ? '' : `[${processId}]`}: `;
}

/** Clocks that are set by hand, and messages that wait in a queue, are off by less. */
const NOTEWORTHY_SECONDS = 60;

function clock({ clockOffsetSeconds: seconds, clockMark }: Received): string {
  if (seconds === undefined || Math.abs(seconds) < NOTEWORTHY_SECONDS) return clockMark === undefined ? '' : ` (its clock is ${clockMark})`;
  const mark = clockMark === undefined ? '' : `, ${clockMark}`;
  return ` (its clock is ${showSeconds(Math.abs(seconds))} ${seconds > 0 ? 'ahead' : 'behind'}${mark})`;
}
