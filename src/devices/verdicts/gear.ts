/** Telephones and network gear. */
import { showSeconds } from '../../events/quantities.ts';
import { isAboutFile } from '../moment.ts';
import type { Story } from '../story.ts';
import type { VerdictRule } from '../verdict.ts';
import { isBooting, isQuiet, silence, times } from './evidence.ts';

/** Certificates and logins bear five minutes (Kerberos); phones show it on their displays. */
const CLOCK_WRONG_SECONDS = 300;
/** A phone that has its configuration fetches what it names within seconds, or registers. */
const PHONE_QUIET_MS = 120_000;
/** Fetches of one configuration after which it is not taken. */
const CONFIGURATION_LOOP = 4;
/** Slower ones are a device that looks for changes now and then. */
const CONFIGURATION_LOOP_MS = 900_000;

const TRUST_LIST = /(?:CTL|ITL)(?:SEP[0-9a-f]{12}|File)\.tlv$/i;
const CONFIGURATION = /(?:\.cnf(?:\.xml)?(?:\.sgn)?|\.cfg|\.conf|-confg|\.xml|\.txt|\.json|\.py)$/i;
const PHONE = /(?:SEP|SIP|CTL|ITL)[0-9a-f]{12}|XMLDefault|[0-9a-f]{12}(?:-[a-z]+)?\.(?:cfg|xml|boot)$/i;

/** The configuration files that it got, those of boot loaders left out. */
export function configurationsOf({ leg }: Story) {
  if (isBooting(leg)) return [];
  return leg.all('transfer.done').filter(({ event }) => event.direction === 'read' && CONFIGURATION.test(event.path));
}

export function isPhone(path: string): boolean {
  return PHONE.test(path);
}

const TRUST_ONLY: VerdictRule = {
  name: 'phone-stops-at-trust-list',
  state: 'stuck',
  looksFor: 'A phone that asks for its trust list (CTL, ITL), learns that there is none, and asks for nothing more.',
  remedy:
    'Delete the trust list on the phone (Settings, Security, Trust List): it keeps one of another site, and takes no configuration that is not signed by it.',
  judge(story) {
    const { leg } = story;
    const miss = leg.last('transfer.missed');
    if (miss === undefined || !TRUST_LIST.test(miss.event.path) || !isQuiet(story)) return undefined;
    if (leg.after(miss).some(({ event }) => isAboutFile(event))) return undefined;
    return `It asked for its trust list ${miss.event.path}, which is not there, and for nothing ${silence(story)}: it keeps a trust list of another site, so delete that in the security settings of the phone.`;
  },
};

const CONFIGURATION_REFUSED: VerdictRule = {
  name: 'configuration-not-taken',
  state: 'stuck',
  looksFor: 'The same configuration, fetched four times or more within a quarter of an hour.',
  remedy:
    'Look at the status messages of the device: an error in the file, a firmware that it names and that is not there, or a wrong time. Then correct the file.',
  judge(story) {
    const last = configurationsOf(story).at(-1);
    if (last === undefined) return undefined;
    const { path } = last.event;
    const fetches = story.moments.filter(
      ({ event, at }) => event.type === 'transfer.done' && event.path === path && story.now - at <= CONFIGURATION_LOOP_MS,
    );
    const count = fetches.reduce((sum, { count: repeats }) => sum + repeats, 0);
    if (count < CONFIGURATION_LOOP) return undefined;
    return `It fetched its configuration ${path} ${times(count)} and does not go on with it: look at the status messages of the device for an error in the file, and at its clock.`;
  },
};

const PHONE_SILENT: VerdictRule = {
  name: 'phone-configured-and-silent',
  state: 'provisioned',
  looksFor: 'A phone that got its configuration and has not been heard of for two minutes. Whether it is registered does not show here.',
  remedy:
    'If its display does not show it registered: check the address of the call server in its configuration, and the time on the phone (certificates).',
  judge(story) {
    const last = configurationsOf(story).at(-1);
    if (last === undefined || !isPhone(last.event.path) || !isQuiet(story, PHONE_QUIET_MS)) return undefined;
    return `It has its configuration ${last.event.path} and has asked for nothing ${silence(story)}: if it does not show itself registered, check the call server in that file and the time on the phone.`;
  },
};

const CLOCK_WRONG: VerdictRule = {
  name: 'clock-wrong',
  state: 'booted',
  looksFor: 'A message by syslog whose time is five minutes or more beside ours, or that says that the clock was never set.',
  remedy:
    'Give it a time server: option `ntpServer` of its network. With a wrong clock certificates are not valid, and logs do not fit together.',
  judge({ leg, moments }) {
    const message = leg.last('syslog.received');
    if (message === undefined || moments.at(-1) !== message.moment) return undefined;
    const { clockOffsetSeconds: offset = 0, clockMark } = message.event;
    if (Math.abs(offset) < CLOCK_WRONG_SECONDS && clockMark !== 'never set') return undefined;
    // One that was never set begins at some date of its own, often without a year: how far that is from ours says nothing.
    const what = clockMark === 'never set' ? 'was never set' : `is ${showSeconds(Math.abs(offset))} ${offset > 0 ? 'ahead' : 'behind'}`;
    return `Its clock ${what}, by its own message of syslog: give it a time server (option \`ntpServer\` of its network), as certificates and logs depend on it.`;
  },
};

export const GEAR_RULES = [TRUST_ONLY, CONFIGURATION_REFUSED, PHONE_SILENT, CLOCK_WRONG] as const;
