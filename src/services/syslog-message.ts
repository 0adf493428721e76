/**
 * One datagram of syslog, whichever dialect its sender speaks: RFC 5424, RFC 3164, and what network gear makes of the latter (sequence numbers and
 * uptimes of Cisco IOS, the empty host of NX-OS, MikroTik's lines without a priority). Anything is a message: what is not understood is its text.
 */
import { latin1Text } from '../base/bytes.ts';
import type { WallMs } from '../base/clock.ts';
import { FACILITIES, type Facility, SEVERITIES, type Severity } from './syslog-names.ts';
import { type ClockMark, type ClockOffset, clockOffset, type DeviceTime, readDeviceTime } from './syslog-time.ts';

/** What a device has to say. Text is as it came: who shows it makes it harmless. */
export interface SyslogMessage {
  readonly facility: Facility;
  readonly severity: Severity;
  /** What the sender calls itself; often its address, or nothing. */
  readonly host: string | undefined;
  /** The program or part of the device: `sshd`, `%SYS-5-CONFIG_I`. */
  readonly tag: string | undefined;
  readonly processId: string | undefined;
  readonly text: string;
  /** Undefined: it tells no time, or one since it was switched on. */
  readonly clock: ClockOffset | undefined;
  readonly clockMark: ClockMark | undefined;
}

/** Longest text that is kept, in characters: a datagram may hold 64 KiB, RFC 5424 §6.1 asks for 2048 octets. */
const LONGEST_TEXT = 2048;
const LONGEST_NAME = 255;

/** RFC 3164 §4.3.3: without a priority, or with one that is none, it counts as `user.notice`. */
const NO_PRIORITY = 13;

/** Reads a datagram that came in at `now`. */
export function readSyslog(octets: Uint8Array, now: WallMs): SyslogMessage {
  const whole = textOf(octets);
  const { priority, rest } = takePriority(whole);
  const said = readRfc5424(rest) ?? readRfc3164(rest);
  return {
    facility: FACILITIES[priority >> 3] ?? 'user',
    severity: SEVERITIES[priority & 7] ?? 'notice',
    host: shortened(said.host, LONGEST_NAME),
    tag: shortened(said.tag, LONGEST_NAME),
    processId: shortened(said.processId, LONGEST_NAME),
    text: said.text.slice(0, LONGEST_TEXT),
    clock: said.time && clockOffset(said.time, now),
    clockMark: said.time?.mark,
  };
}

/** What stands behind the priority. */
interface Said {
  readonly time: DeviceTime | undefined;
  readonly host?: string | undefined;
  readonly tag?: string | undefined;
  readonly processId?: string | undefined;
  readonly text: string;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** UTF-8, or ISO 8859-1 where it is not; without the NUL or line end that many put behind their message. */
function textOf(octets: Uint8Array): string {
  let text: string;
  try {
    text = UTF8.decode(octets);
  } catch {
    text = latin1Text(octets);
  }
  let end = text.length;
  while (end > 0 && '\0\r\n '.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function takePriority(text: string): { readonly priority: number; readonly rest: string } {
  const match = /^<(\d{1,3})>/.exec(text);
  if (match === null || Number(match[1]) > 191) return { priority: NO_PRIORITY, rest: text };
  return { priority: Number(match[1]), rest: text.slice(match[0].length) };
}

const DASH = '-';

/** RFC 5424 §6: `1 TIME HOST APP PROCID MSGID [data] text`, where `-` stands for what is not said. */
function readRfc5424(rest: string): Said | undefined {
  const header = /^1 (\S+) (\S+) (\S+) (\S+) (\S+)(?: |$)/.exec(rest);
  if (header === null) return undefined;
  const [all, stamp = '', host, app, processId, messageId] = header;
  const time = readDeviceTime(stamp);
  if (stamp !== DASH && time?.length !== stamp.length) return undefined;
  const { data, text } = takeData(rest.slice(all.length));
  return {
    time: time?.time,
    host: unlessDash(host),
    tag: unlessDash(app) ?? unlessDash(messageId),
    processId: unlessDash(processId),
    // Junos says with `structured-data` all that it has to say in the data.
    text: text === '' ? [unlessDash(messageId), data].filter((part) => part !== undefined).join(' ') : text,
  };
}

function unlessDash(text: string | undefined): string | undefined {
  return text === DASH ? undefined : text;
}

/** Elements of structured data, §6.3: in brackets, one right behind the other; within quotes a backslash takes the meaning from what follows. */
function takeData(rest: string): { readonly data: string | undefined; readonly text: string } {
  const trimmed = (from: number) =>
    rest
      .slice(from)
      .replace(/^ /, '')
      .replace(/^\ufeff/, '');
  if (rest.startsWith(DASH)) return { data: undefined, text: trimmed(1) };
  let at = 0;
  while (rest[at] === '[') {
    const end = endOfElement(rest, at);
    if (end === undefined) break;
    at = end;
  }
  return { data: at === 0 ? undefined : rest.slice(0, at), text: trimmed(at) };
}

/** Where the element that begins at `from` has ended; undefined when it never does. */
function endOfElement(rest: string, from: number): number | undefined {
  let isQuoted = false;
  for (let at = from; at < rest.length; at += 1) {
    const character = rest[at];
    if (character === '\\' && isQuoted) at += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === ']' && !isQuoted) return at + 1;
  }
  return undefined;
}

/**
 * Cisco's number of the message, of the one before it left out, and its own name: `45: `, `45: router: `, `000045: `.
 * *Field note:* IOS with `service sequence-numbers` sends two numbers, with `logging origin-id` a name between them; NX-OS an empty one.
 */
const CISCO_NUMBER = /^(?:\d{1,10})?: +/;
const CISCO_NAME = /^([A-Za-z0-9_][\w.-]{0,62}): +(?=[*.]?(?:\d{4} )?[A-Z][a-z]{2} {1,2}\d|\d{1,10}: |[*.]\d)/;
/** `1w2d: `, `00:01:23: `: time since it was switched on. */
const CISCO_UPTIME = /^[*.]?(?:\d{1,3}:\d{2}:\d{2}|(?:\d+[ywdh]){1,2}): +/;
/** `%SYS-5-CONFIG_I: text`, also behind a name of a process or slot. */
const CISCO_MNEMONIC = /^%[\w-]+-\d-\w+(?=:)/;

function readRfc3164(rest: string): Said {
  let left = rest;
  let host: string | undefined;
  const numbered = takeWhile(left, CISCO_NUMBER);
  left = numbered.left;
  const named = CISCO_NAME.exec(left);
  if (named !== null) {
    host = named[1];
    left = takeWhile(left.slice(named[0].length), CISCO_NUMBER).left;
  }
  const stamp = readDeviceTime(left);
  if (stamp === undefined) {
    left = left.replace(CISCO_UPTIME, '');
    return { time: undefined, host, ...tagged(left, numbered.isThere || host !== undefined) };
  }
  left = left.slice(stamp.length);
  // A colon behind the time is Cisco's: no host follows.
  if (left.startsWith(':')) return { time: stamp.time, host, ...tagged(left.replace(/^: */, ''), true) };
  left = left.replace(/^ +/, '');
  if (host === undefined && !/^(?:%|[^\s:[]+(?:\[[^\]\s]*\])?:)/.test(left)) {
    const [word = ''] = /^\S+/.exec(left) ?? [];
    host = word === '' ? undefined : word;
    left = left.slice(word.length).replace(/^ /, '');
  }
  return { time: stamp.time, host, ...tagged(left, false) };
}

function takeWhile(text: string, pattern: RegExp): { readonly left: string; readonly isThere: boolean } {
  let left = text;
  // Two at most: number of the message and of the line.
  for (let count = 0; count < 2; count += 1) left = left.replace(pattern, '');
  return { left, isThere: left !== text };
}

/** `sshd[123]: text`, `%SYS-5-CONFIG_I: text`, `system,info text` (MikroTik's topics, RouterOS manual "Log"). */
function tagged(left: string, isCisco: boolean): Pick<Said, 'tag' | 'processId' | 'text'> {
  const mnemonic = CISCO_MNEMONIC.exec(left);
  if (mnemonic !== null) return { tag: mnemonic[0], text: left.slice(mnemonic[0].length).replace(/^: */, '') };
  const topics = /^([a-z][a-z0-9-]*(?:,[a-z0-9!-]+)+):? +/.exec(left);
  if (topics !== null) return { tag: topics[1], text: left.slice(topics[0].length) };
  // RFC 3164 §5.3: the tag is the name of a program, with its number in brackets.
  const program = isCisco ? null : /^([^\s:[\]]{1,64})(?:\[([^\]\s]{1,64})\])?: ?/.exec(left);
  if (program === null) return { text: left };
  return { tag: program[1], processId: program[2], text: left.slice(program[0].length) };
}

function shortened(text: string | undefined, limit: number): string | undefined {
  return text?.slice(0, limit);
}
