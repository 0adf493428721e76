// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a rule names what it knows of a client
/** Keys of `tftp`: how names become paths, and who may read, write, how much and how fast. */
import { z } from 'zod';
import { parseWho } from '../boot/who.ts';
import { parseLinearPattern } from './linear-pattern.ts';
import { macPatternFault } from './patterns.ts';
import { remapTargetFault } from './remap-rule.ts';
import { parsePortRange, parseRate } from './units.ts';
import { networkOrAddressValue, textValue, written } from './values.ts';

const remapRuleSchema = z
  .strictObject({
    match: textValue('regular expression', '^cfg/(.*)$').describe(
      'What the name has to fit, without a leading `/`: a regular expression without look-around and back references. Required.',
    ),
    to: z
      .string({ error: 'must be text' })
      .meta({ title: 'text', examples: ['configs/$1'] })
      .describe(
        'What the fitting part becomes: `$1` is what the first brackets hold; `${mac}` (00-1b-54-aa-bb-cc), `${ip}` and `${name}` (of `hosts`) are the client’s, and a rule with one that is not known does not fit. Required.',
      ),
  })
  .superRefine(({ match, to }, context) => {
    const pattern = parseLinearPattern(match);
    if (!pattern.ok) context.addIssue({ code: 'custom', message: pattern.error, path: ['match'] });
    const fault = remapTargetFault(to, pattern.ok ? pattern.value.groups : 99);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault, path: ['to'] });
  });

/** How names become paths. */
export const NAME_KEYS = {
  remap: z
    .array(remapRuleSchema)
    .default([])
    .describe('Rules that make other names of names, for files that are read and for those that are sent. The first that fits is used.'),
  perClientRoot: z
    .enum(['none', 'ip', 'mac', 'name'])
    .default('none')
    .describe(
      'A folder in `root` that is looked into first, called like the client: `ip` 192.168.77.21, `mac` 00-1b-54-aa-bb-cc, `name` as in `hosts`. What is not there comes from `root`.',
    ),
};

const whoValue = written(
  'network, address, MAC pattern, class:NAME, lease or host',
  'a network or an address, a MAC address with `*` and `?`, `class:NAME`, `lease` or `host`',
  '192.168.77.0/24',
  (text) => parseWho(text, (pattern) => /[:.-]|^[0-9a-f]{12}$/i.test(pattern) && macPatternFault(pattern) === undefined),
);

const WHO =
  'Networks and addresses, MAC addresses with `*` and `?`, `class:NAME`, `lease` (whoever has an address from this server) and `host` (whoever is in `hosts`); all but the first go by the lease that the asking address has.';

/** Lists of who may do something: `what` completes "Who may". */
export function accessKeys(what: string) {
  return {
    allow: z.array(whoValue).default([]).describe(`Who may ${what}; everybody while it is empty. ${WHO}`),
    deny: z.array(whoValue).default([]).describe(`Who may not ${what}, whatever \`allow\` says.`),
  };
}

/** Who may read. */
export const READER_KEYS = {
  ...accessKeys('read files'),
  secure: z
    .strictObject({
      boundToMac: z
        .boolean()
        .default(false)
        .describe(
          'A file with a MAC address in its name (`SEP001B54AABBCC.cnf.xml`, `pxelinux.cfg/01-00-1b-54-aa-bb-cc`) is given only to the address that this server leased to that MAC. Off by default, as a device with an address from elsewhere would get none of its files.',
        ),
      except: z
        .array(networkOrAddressValue)
        .default([])
        .describe('Networks and addresses that get such files all the same, and those that are made from a template for another device.'),
    })
    .prefault({})
    .describe('Files that are for one device alone.'),
};

const rateValue = written('rate', 'a rate such as 10MiB/s or 100Mbit/s', '10MiB/s', parseRate);

const portRangeValue = written('ports', 'a range of ports between 1024 and 65535 such as 50000-50063', '50000-50063', parsePortRange);

/** How much and how fast, and from which ports. */
export const LIMIT_KEYS = {
  maxTransfers: z.int().min(1).max(60_000).default(2000).describe('How many transfers run at one time.'),
  maxTransfersPerClient: z.int().min(1).max(60_000).optional().describe('How many of them one address may have. Without it: all.'),
  maxRequestsPerClient: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe(
      'How often one address may ask in a second, on average; twice as many at once are taken. The rest is refused. Without it: as often as it likes.',
    ),
  bandwidth: rateValue
    .optional()
    .describe('The most that all reading clients get together, in fair shares. Without it: as fast as it goes. Uploads are not bounded.'),
  bandwidthPerClient: rateValue.optional().describe('The most that one reading address gets, all its transfers together.'),
  singlePort: z
    .boolean()
    .default(false)
    .describe('Transfers go on from port 69 instead of a port of their own (RFC 1350 §4), for firewalls that let nothing else through.'),
  portRange: portRangeValue
    .optional()
    .describe(
      'The ports of transfers, which share them where there are fewer than transfers; 16 of them are used at most, and those that are taken are skipped. Without it the system chooses.',
    ),
};
