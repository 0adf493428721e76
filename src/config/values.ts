/** The kinds of values that keys of the configuration have, each from what is written to what is used. */
import { z } from 'zod';
import { type Cidr, networkOf, parseCidr, parseIpv4, parseMac, parseRange, showCidr } from '../base/addresses.ts';
import { SERVER_VARIABLE } from '../boot/server-variable.ts';
import { OPTION_TABLE, optionRow } from '../dhcp/option-table.ts';
import { OPTION_SHAPES } from '../dhcp/option-types.ts';
import type { ConfiguredOption } from './config.ts';
import { parseIdentifier } from './identifiers.ts';
import { SHORT_NAMES } from './option-names.ts';
import { bootFileFault, configureOption } from './option-values.ts';
import { parseDuration, parseSize } from './units.ts';

/** What a transform may add to its issues; the finding takes its hint and its place from `params`. */
interface IssueParams {
  readonly hint?: string | undefined;
  readonly at?: 'key' | 'value';
}

interface Issues {
  readonly issues: z.core.$ZodRawIssue[];
}

/** Adds an issue; never a value. */
export function refuseIssue(context: Issues, input: unknown, message: string, params: IssueParams = {}, path: string[] = []): never {
  context.issues.push({ code: 'custom', message, input, params, path });
  return z.NEVER;
}

/** Text that `parse` makes something of; `accepts` completes the sentence "must be …". */
export function written<Value>(kind: string, accepts: string, example: string, parse: (text: string) => Value | undefined) {
  return z
    .string({ error: `must be ${accepts}` })
    .transform((text, context) => {
      const value = parse(text.trim());
      if (value !== undefined) return value;
      const hint = text.includes(SERVER_VARIABLE)
        ? `${SERVER_VARIABLE} stands for an address only in \`options\` and in boot files`
        : undefined;
      return refuseIssue(context, text, `must be ${accepts}`, { hint });
    })
    .meta({ title: kind, examples: [example] });
}

export const ipv4Value = written('IPv4 address', 'an IPv4 address such as 192.168.77.21', '192.168.77.21', parseIpv4);

export const macValue = written('MAC address', 'a MAC address such as 00:1b:54:aa:bb:cc', '00:1b:54:aa:bb:cc', parseMac);

export const rangeValue = written(
  'address range',
  'a range of addresses such as 192.168.77.100-192.168.77.199, or one address',
  '192.168.77.100-192.168.77.199',
  parseRange,
);

/** The own address on a network, with the network's prefix. */
export const addressValue = written(
  'address with prefix',
  'an address with the length of its prefix such as 192.168.77.1/24',
  '192.168.77.1/24',
  parseCidr,
);

/** A network without host bits. */
export const subnetValue = written('network', 'a network such as 10.88.0.0/24', '10.88.0.0/24', parseCidr).transform((cidr, context) => {
  const network = { address: networkOf(cidr), prefix: cidr.prefix };
  if (network.address === cidr.address) return cidr;
  return refuseIssue(context, cidr, `${showCidr(cidr)} is an address in a network`, {
    hint: `write the network itself: ${showCidr(network)}`,
  });
});

/** A network, or one address. */
export const networkOrAddressValue = written(
  'network or address',
  'a network such as 10.88.0.0/24, or one address',
  '10.88.0.0/24',
  (text) => parseCidr(text.includes('/') ? text : `${text}/32`),
).transform((cidr): Cidr => ({ address: networkOf(cidr), prefix: cidr.prefix }));

const IDENTIFIER_ACCEPTS = 'must be text, octets such as "01:00:1b:54:aa:bb:cc", or { hex: "01 00 1b" }';

/** Octets by which a device is known, in lower-case hexadecimal. */
export const identifierValue = z
  .union([z.string(), z.record(z.string(), z.unknown()), z.array(z.int())], { error: IDENTIFIER_ACCEPTS })
  .transform((input, context) => parseIdentifier(input) ?? refuseIssue(context, input, IDENTIFIER_ACCEPTS))
  .meta({ title: 'identifier', examples: ['01:00:1b:54:aa:bb:cc'] });

/** One or more patterns; `fault` says what is wrong with one. */
export function patternsValue(kind: string, example: string, fault: (pattern: string) => string | undefined = () => undefined) {
  const pattern = textValue(kind, example).transform((text, context) => {
    const found = fault(text);
    return found === undefined ? text : refuseIssue(context, text, found);
  });
  return oneOrMore(pattern, `${kind}, or a list`, example);
}

/** A value, or a list of such that is not empty. */
export function oneOrMore<Schema extends z.ZodType>(one: Schema, title: string, example: string) {
  return z
    .union([one, z.array(one).min(1)])
    .transform((value): readonly z.output<Schema>[] => (Array.isArray(value) ? value : [value]) as z.output<Schema>[])
    .meta({ title, examples: [example] });
}

/** Text that is not empty and has no control characters. */
export function textValue(kind: string, example: string) {
  return z
    .string({ error: (issue) => (typeof issue.input === 'number' ? 'must be text; put the number in quotes' : 'must be text') })
    .refine((text) => text.trim() !== '', 'must not be empty')
    .refine((text) => !/\p{Cc}/u.test(text), 'must not hold control characters')
    .meta({ title: kind, examples: [example] });
}

/** What a device may be told as its own host name (RFC 1123 §2.1); underscores are common, too. */
export const hostNameValue = written('host name', 'a host name: letters, digits, hyphens and dots, at most 63', 'desk-101', (text) =>
  /^[a-z0-9_](?:[a-z0-9._-]{0,61}[a-z0-9_])?$/i.test(text) ? text : undefined,
);

/** A boot file: text in which only `${server}` and `${httpPort}` stand for something. */
export function bootFileValue(example: string) {
  return textValue('file or URL', example).transform((text, context) => {
    const fault = bootFileFault(text);
    return fault === undefined ? text : refuseIssue(context, text, fault);
  });
}

function quantity(kind: string, accepts: string, example: string, parse: (written: string | number) => number | undefined, least: number) {
  return z
    .union([z.string(), z.number()], { error: `must be ${accepts}` })
    .transform((input, context) => {
      const value = parse(input);
      return value !== undefined && value >= least ? value : refuseIssue(context, input, `must be ${accepts}`);
    })
    .meta({ title: kind, examples: [example] });
}

/** Seconds. */
export const durationValue = quantity('duration', 'a duration such as 90s, 15m, 1h or 1d', '1h', parseDuration, 1);

/** Seconds, or 0 for not at all. */
export const durationOrZeroValue = quantity('duration', 'a duration such as 15m, 1h or 1d, or 0', '1d', parseDuration, 0);

/** Octets. */
export const sizeValue = quantity('size', 'a size such as 500kB, 64MiB or 1GiB', '64MiB', parseSize, 1);

const SIZE_OR_OFF = 'must be a size such as 64MiB or 1GiB, or off';

/** Octets; undefined for `off`. */
export const sizeOrOffValue = z
  .union([z.string(), z.number()], { error: SIZE_OR_OFF })
  .transform((input, context) => {
    if (input === 'off') return undefined;
    const octets = parseSize(input);
    return octets !== undefined && octets > 0 ? octets : refuseIssue(context, input, SIZE_OR_OFF);
  })
  .meta({ title: 'size or off', examples: ['1GiB'] });

const PORT_OR_OFF = 'must be a port between 1 and 65535, or off';

/** A TCP port; undefined for `off`. */
export const portOrOffValue = z
  .union([z.int(), z.string()], { error: PORT_OR_OFF })
  .transform((input, context) => {
    if (input === 'off') return undefined;
    return typeof input === 'number' && input >= 1 && input <= 65_535 ? input : refuseIssue(context, input, PORT_OR_OFF);
  })
  .meta({ title: 'port or off', examples: [8080] });

/** DHCP options by name or number. */
export const optionsValue = z
  .record(z.string(), z.unknown(), { error: 'must be a mapping of DHCP options, one `name: value` a line' })
  .transform((entries, context): readonly ConfiguredOption[] => {
    const options = new Map<number, ConfiguredOption>();
    for (const [name, value] of Object.entries(entries)) {
      const option = configureOption(name, value);
      if (!option.ok) {
        refuseIssue(context, value, option.error.message, { hint: option.error.hint, at: option.error.at }, [name]);
        continue;
      }
      const earlier = options.get(option.value.code);
      if (earlier !== undefined)
        refuseIssue(context, value, `option ${option.value.code} is set by \`${earlier.name}\` already`, { at: 'key' }, [name]);
      options.set(option.value.code, option.value);
    }
    return [...options.values()];
  })
  .meta({
    title: 'DHCP options',
    properties: Object.fromEntries([
      ...OPTION_TABLE.map((row) => [
        row.configName,
        { description: `${row.code} ${row.name} (${row.source}): ${OPTION_SHAPES[row.shape].accepts}` },
      ]),
      ...Array.from(SHORT_NAMES, ([name, code]) => [name, { description: `${code} ${optionRow(code)?.name ?? ''}` }]),
    ]),
    patternProperties: {
      '^[0-9]+$': { description: 'An option by its number; give the type of one without a name: `224: { text: "…" }`.' },
    },
    additionalProperties: false,
  });
