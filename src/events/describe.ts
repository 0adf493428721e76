/** One plain line of English for every event. Who it is about is not said again where the log has a column for it. */
import { type Ipv4, showCidr, showIpv4 } from '../base/addresses.ts';
import { assertNever } from '../base/result.ts';
import type { BackupEvent } from './backup-events.ts';
import type { AppEvent } from './events.ts';
import { plainText } from './plain-text.ts';
import { describeProvisioning } from './provisioning-texts.ts';
import { showCount, showMillis, showRate, showSeconds, showShare, showSize } from './quantities.ts';
import { describeService, isServiceEvent } from './service-texts.ts';
import type { Direction, Served } from './transfer-events.ts';

/** Longest line, in characters: a packet may hold names of hundreds of octets. */
const LONGEST_LINE = 1000;

/** Parts of a configuration that are named in a line; the others are counted. */
const MOST_PARTS = 2;

function backup({ file, version, change, lines, where = [] }: BackupEvent): string {
  if (change === 'unchanged') return `backup of ${file}: unchanged since backup ${version}`;
  if (change === 'first') return `backup ${version} of ${file}: the first`;
  if (lines === undefined) return `backup ${version} of ${file}: changed`;
  if (lines === 0) return `backup ${version} of ${file}: nothing changed but times and the like`;
  const others = where.length > MOST_PARTS ? [`${where.length - MOST_PARTS} more`] : [];
  const parts = [...where.slice(0, MOST_PARTS), ...others].join(', ');
  return `backup ${version} of ${file}: ${showCount(lines, 'line')} changed${inBrackets(parts === '' ? undefined : parts)}`;
}

/** What happened, without a full stop. Never holds a line break or another control character. */
export function describe(event: AppEvent): string {
  return plainText(textOf(event), LONGEST_LINE);
}

function textOf(event: AppEvent): string {
  if (isServiceEvent(event)) return describeService(event);
  switch (event.type) {
    case 'server.started':
      return `Bootlace ${event.version} starts with ${event.config} on ${event.runtime}`;
    case 'server.ready':
      return `ready, ${showCount(event.networks, 'network')} served`;
    case 'server.stopping':
      return `stopping: ${event.why}`;
    case 'server.privileges-dropped':
      return `runs as ${event.user} from here on${event.kept.length > 0 ? `, keeping ${event.kept.join(', ')}` : ''}`;
    case 'server.privileges-kept':
      return `keeps the rights it was started with: ${event.why}`;
    case 'server.limited':
      return `limited here: ${event.detail}`;
    case 'server.fault':
      return `fault in ${event.where}: ${event.detail}`;
    case 'config.warning':
      return `${event.where}: ${event.detail}`;
    case 'config.changed':
      return event.change;
    case 'config.reloaded':
      return `${event.file} read again: ${event.changes.length === 0 ? 'nothing is different' : `${showCount(event.changes.length, 'change')} in force`}`;
    case 'config.refused':
      return `${event.file} is not used, the configuration before stays in force: ${event.reasons.join('; ')}`;
    case 'network.interface-chosen':
      return `network ${event.network} is on ${event.interface}: ${event.why}`;
    case 'network.waiting':
      return `network ${event.network} waits: ${event.why}`;
    case 'network.address-added':
      return `put ${showCidr(event.address)} on ${event.interface} for network ${event.network}`;
    case 'network.address-removed':
      return `took ${showCidr(event.address)} off ${event.interface}, network ${event.network}`;
    case 'network.up':
      return `network ${event.network} is up on ${event.interface} as ${showCidr(event.address)}: ${event.serving}`;
    case 'network.down':
      return `network ${event.network} is down on ${event.interface}: ${event.why}`;
    case 'dhcp.dropped':
      return `dropped a DHCP packet on ${event.interface}: ${event.reason}${inBrackets(event.detail)}`;
    case 'dhcp.silent':
      return `did not answer ${event.message}: ${event.reason}`;
    case 'dhcp.offered':
      return `offered ${address(event.address)} for ${showSeconds(event.leaseSeconds)}${bootFile(event.bootFile)} (${event.why})`;
    case 'boot.offered':
      return `told to boot ${event.bootFile ?? 'by port 4011'}, as a proxy (${event.why})`;
    case 'boot.answered':
      return `told to boot ${event.bootFile ?? 'nothing'} at port 4011 (${event.why})`;
    case 'dhcp.informed':
      return `told ${address(event.address)} the options of network ${event.network}`;
    case 'lease.bound':
      return `${event.how === 'new' ? 'bound' : 'renewed'} ${address(event.address)} for ${showSeconds(event.leaseSeconds)}${bootFile(event.bootFile)}`;
    case 'lease.refused':
      return `refused ${address(event.asked)} (NAK): ${event.reason}`;
    case 'lease.released':
      return event.by === 'client' ? `gave back ${address(event.address)}` : `${address(event.address)} taken back by the operator`;
    case 'lease.declined':
      return `found ${address(event.address)} in use by somebody else; nobody gets it for ${showSeconds(event.quarantineSeconds)}`;
    case 'lease.expired':
      return `lease of ${address(event.address)} ran out`;
    case 'lease.conflict':
      return `${address(event.address)} is used by a stranger, kept from everybody for ${showSeconds(event.quarantineSeconds)}`;
    case 'dhcp.overloaded':
      return `${event.shed} DHCP messages thrown away unanswered as too old; ${event.waiting} wait, and ${event.unsettled} leases for the disk`;
    case 'pool.exhausted':
      return `no address left for it: all ${event.size} of network ${event.network} are taken`;
    case 'guard.found':
      return `another DHCP server ${event.offered === undefined ? 'refused an address' : `offers ${showIpv4(event.offered)}`} on ${event.interface}: ${BESIDE_OTHERS[event.mode]}`;
    case 'guard.gone':
      return `the other DHCP server on ${event.interface} does not answer any more`;
    case 'guard.clear':
      return `no other DHCP server on ${event.interface}: network ${event.network} gives addresses`;
    case 'wake.sent':
      return `called on ${event.interface} to wake up, at ${event.to.join(', ')}`;
    case 'store.opened':
      return `lease store ${event.where} opened with ${showCount(event.leases, 'lease')} in ${showMillis(event.millis)}`;
    case 'store.failed':
      return `lease store failed to ${event.operation}: ${event.detail}; ${event.waiting === 0 ? 'nobody waits' : showCount(event.waiting, 'client waits', 'clients wait')}`;
    case 'store.recovered':
      return `lease store works again after ${showMillis(event.failedForMs)}`;
    case 'store.rebuilt':
      return `${event.why}; made anew with ${showCount(event.kept, 'lease')}${event.unreadable === 0 ? '' : `, ${showCount(event.unreadable, 'place')} could not be read`}${setAside(event.aside)}`;
    case 'store.rewritten':
      return `${event.why}; made anew with all ${showCount(event.leases, 'lease')} in memory${setAside(event.aside)}`;
    case 'clock.jumped':
      return clockJump(event.byMs, event.when);
    case 'transfer.started':
      return `${VERBS[event.direction].now} ${event.path}${served(event)}${event.size === undefined ? '' : `, ${showSize(event.size)}`}${blocks(event.blockSize, event.window)}${resumed(event.resumedAt)}`;
    case 'transfer.done':
      return `${VERBS[event.direction].done} ${event.path}${served(event)}, ${pace(event.octets, event.millis)}${resent(event.direction, event.resent ?? 0)}${resumed(event.resumedAt)}${event.storedAs === undefined ? '' : `, stored as ${event.storedAs}`}${event.claims === undefined ? '' : `; it says that it is ${event.claims}`}`;
    case 'transfer.progressed':
      return `${VERBS[event.direction].now} ${event.path}, ${showShare(event.octets, event.size)}`;
    case 'transfer.failed':
      return `${VERBS[event.direction].failed} ${event.path} after ${pace(event.octets, event.millis)}${resumed(event.resumedAt)}: ${event.reason}${event.keptAs === undefined ? '' : `; what came is kept as ${event.keptAs}`}`;
    case 'transfer.declined':
      return `the client did not want ${event.path} after all: ${event.reason}`;
    case 'transfer.missed':
      return `no file ${event.path} (looked for ${event.lookedFor})${missed(event)}`;
    case 'transfer.searched':
      return `${event.family} is searching: ${showCount(event.names, 'name')} asked by ${event.protocol.toUpperCase()}, none there; ${event.advice}`;
    case 'transfer.refused':
      return `${VERBS[event.direction].refused} ${event.path}: ${event.reason}`;
    case 'tftp.learned':
      return learned(event);
    case 'tftp.dropped':
      return `dropped a TFTP packet on ${event.interface}: ${event.reason}`;
    case 'http.ready':
      return `files by HTTP at http://${showIpv4(event.address)}:${event.port}/ on ${event.interface}`;
    case 'web.ready':
      return `console at http://${showIpv4(event.address)}:${event.port}/, metrics at /metrics${event.tokenFile === undefined ? '' : `; the token is in ${event.tokenFile}`}`;
    case 'web.unavailable':
      return `no console at ${showIpv4(event.address)}:${event.port}: ${event.why}`;
    case 'web.refused':
      return `a request from ${event.from} was refused: ${event.reason}`;
    case 'file.placed':
      return `${event.replaced ? 'another file is in the place of' : 'there is a new file'} ${event.path} (${showSize(event.size)}), put there from ${event.from}`;
    case 'file.removed':
      return `the file ${event.path} (${showSize(event.size)}) was taken away from ${event.from}`;
    case 'backup.restored':
      return `version ${event.version} of ${event.of}/${event.file} is the newest again, as version ${event.newest}; asked for from ${event.from}`;
    case 'webhook.failed':
      return `the webhook ${event.hook} does not take events: ${event.reason}; ${showCount(event.waiting, 'event')} waiting${event.lost === 0 ? '' : `, ${event.lost} lost`}`;
    case 'webhook.recovered':
      return `the webhook ${event.hook} takes events again after ${showMillis(event.failedForMs)}${event.lost === 0 ? '' : `; ${showCount(event.lost, 'event')} lost`}`;
    case 'http.answered':
      return `${event.method} ${event.path} answered ${event.status}${event.says === undefined ? '' : `; the client says ${event.says.join(', ')}`}`;
    case 'http.dropped':
      return `dropped an HTTP connection on ${event.interface}: ${event.reason}`;
    case 'http.unavailable':
      return `no files by HTTP at ${showIpv4(event.address)}:${event.port} on ${event.interface}: ${event.why}`;
    case 'backup.stored':
      return backup(event);
    case 'image.checked':
      return `image ${event.file} is as it should be, ${showSize(event.size)}: SHA-256 ${event.sha256}, MD5 ${event.md5}`;
    case 'image.wrong':
      return `image ${event.file} is given to nobody: its ${event.algorithm} is ${event.found} and not ${event.expected}`;
    case 'image.missing':
      return `image ${event.file} cannot be given: ${event.why}`;
    case 'image.taken':
      return `has image ${event.file}${event.seconds === 0 ? '' : `, which DHCP does not name to it for the next ${showSeconds(event.seconds)}`}`;
    case 'boot.chosen':
      return `is to boot ${event.entry} ${event.once ? 'the next time' : 'from now on'}`;
    case 'boot.choice-cleared':
      return `boots by the configuration again, and no longer ${event.entry}`;
    case 'boot.choice-used':
      return `got its menu with ${event.entry}, which was chosen for one time: by the configuration again from now on`;
    case 'provisioning.followed':
    case 'provisioning.incomplete':
      return describeProvisioning(event);
    case 'dhcp.overheard':
      return `another DHCP server, ${showIpv4(event.server)} (${event.serverMac}), answered ${event.message}${event.address === undefined ? '' : ` ${showIpv4(event.address)}`}`;
    case 'device.stuck':
      return event.sentence;
    case 'log.suppressed':
      return `${showCount(event.count, 'more line')} not written${event.seconds > 0 ? ` in ${showSeconds(event.seconds)}` : ''}: ${event.of}`;
    default:
      return assertNever(event);
  }
}

function address(value: Ipv4 | undefined): string {
  return value === undefined ? 'an unnamed address' : showIpv4(value);
}

/** What follows from another DHCP server. */
const BESIDE_OTHERS = {
  refuse: 'no new device gets an address from here',
  proxy: 'it gives the addresses, and devices are told from here what to boot',
  warn: 'devices may get an address from either',
} as const;

function bootFile(name: string | undefined): string {
  return name === undefined ? '' : `, boot file ${name}`;
}

/** ` (as boot/x64/wdsnbp.com: backslashes)`. */
function served({ servedAs, tolerated, madeFrom }: Served): string {
  const found = servedAs === undefined ? [] : [`as ${servedAs}${tolerated === undefined ? '' : `: ${tolerated}`}`];
  const all = [...found, ...(madeFrom === undefined ? [] : [`made from ${madeFrom}`])];
  return all.length === 0 ? '' : ` (${all.join('; ')})`;
}

function missed({ nearest, expected, advice }: Extract<AppEvent, { type: 'transfer.missed' }>): string {
  if (expected !== undefined) return `, which is normal: ${expected}`;
  return `${advice === undefined ? '' : `; ${advice}`}${nearest === undefined ? '' : `; did you mean ${nearest}, which is there?`}`;
}

function learned({ path, size, tooLarge, next }: Extract<AppEvent, { type: 'tftp.learned' }>): string {
  if (size === 'block') {
    return `got no block of ${tooLarge} octets of ${path}: the next try gets ${next}; the cable, an MTU on the way or the firmware may be the cause`;
  }
  return `lost windows of ${tooLarge} blocks of ${path} again and again: the next try gets ${next}; the cable or a slow network card may be the cause`;
}

function inBrackets(text: string | undefined): string {
  return text === undefined ? '' : ` (${text})`;
}

function setAside(file: string | undefined): string {
  return file === undefined ? '' : `, the old one is ${file}`;
}

function clockJump(byMs: number, when: 'running' | 'stopped'): string {
  const span = showSeconds(Math.abs(byMs) / 1000);
  if (when === 'running') return `the clock went ${byMs > 0 ? 'forward' : 'back'} by ${span}; leases last as long as was promised`;
  return byMs > 0
    ? `${span} have passed since the server ran last, by this clock; leases have ended meanwhile`
    : `the clock is ${span} behind the time when the server ran last; leases go on as if no time had passed`;
}

/** A direction is the client's, the words are the server's: what a client reads, we send. */
const VERBS: Record<Direction, { now: string; done: string; failed: string; refused: string }> = {
  read: { now: 'sending', done: 'sent', failed: 'failed to send', refused: 'refused to send' },
  write: { now: 'receiving', done: 'received', failed: 'failed to receive', refused: 'refused to receive' },
};

/** `42.1 KiB in 0.03 s (1.4 MiB/s)`. */
function pace(octets: number, millis: number): string {
  const rate = showRate(octets, millis);
  return `${showSize(octets)} in ${showMillis(millis)}${rate === undefined ? '' : ` (${rate})`}`;
}

function blocks(blockSize: number | undefined, window: number | undefined): string {
  return blockSize === undefined ? '' : ` in blocks of ${blockSize}, window ${window ?? 1}`;
}

/** What came before is another line's. */
function resumed(at: number | undefined): string {
  return at === undefined ? '' : `, from octet ${at} on`;
}

/** A read sends its blocks again, a write its acknowledgements. */
function resent(direction: Direction, count: number): string {
  return count === 0 ? '' : `, ${showCount(count, direction === 'read' ? 'block' : 'acknowledgement')} sent again`;
}
