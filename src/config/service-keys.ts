/** Keys of `services`: what else an isolated network misses. Each is off until a word, or a mapping with its details, turns it on. */
import { z } from 'zod';
import { parseIpv4 } from '../base/addresses.ts';
import { SERVER_VARIABLE } from '../boot/server-variable.ts';
import type { GivenName, NamedAddress } from '../services/dns-names.ts';
import { ipv4Value, oneOrMore, sizeValue, written } from './values.ts';

/** `off`, `on` (with all defaults), or a mapping. Undefined: off. */
function service<Shape extends z.ZodType>(details: Shape) {
  return z
    .union([z.boolean(), z.enum(['on', 'off']), details], { error: 'must be on, off, or a mapping with details' })
    .transform((value): z.output<Shape> | undefined => {
      if (value === false || value === 'off') return undefined;
      return value === true || value === 'on' ? details.parse({}) : (value as z.output<Shape>);
    })
    .prefault('off')
    .meta({ title: 'on, off or a mapping', examples: ['on'] });
}

const syslogDetails = z.strictObject({
  files: z
    .enum(['device', 'day', 'off'])
    .default('device')
    .describe(
      'Where messages are kept, below `syslog` in `server.dataDir`: a file for each device, one for each day (UTC), or nowhere but in the log.',
    ),
  maxSize: sizeValue.prefault('10MiB').describe('How large a file becomes before the next one is begun.'),
  keep: z
    .int()
    .min(1)
    .max(1000)
    .default(5)
    .describe('How many full files are kept beside the current one, of each device; with `files: day`, how many days.'),
  perSender: z
    .int()
    .min(1)
    .max(100_000)
    .default(100)
    .describe('How many messages a second one address may send for long. The rest is counted and not read.'),
});

const DOMAIN = /^(?=.{1,200}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

const domainValue = written('domain', 'a domain such as bench.lan', 'bench.lan', (text) => {
  const domain = text.toLowerCase().replace(/\.$/, '');
  return DOMAIN.test(domain) ? domain : undefined;
});

const namedAddressValue = written(
  `address or ${SERVER_VARIABLE}`,
  `an IPv4 address, or ${SERVER_VARIABLE} for the server’s own`,
  '192.168.77.21',
  (text): NamedAddress | undefined => (text === SERVER_VARIABLE ? 'server' : parseIpv4(text)),
);

const namesValue = z
  .record(z.string(), oneOrMore(namedAddressValue, 'address, or a list', '192.168.77.21'), {
    error: 'must be a mapping of names to addresses',
  })
  .transform((entries, context): readonly GivenName[] =>
    Object.entries(entries).flatMap(([written, addresses]) => {
      const name = written.toLowerCase().replace(/\.$/, '');
      if (DOMAIN.test(name)) return [{ name, addresses }];
      context.issues.push({
        code: 'custom',
        message: 'is no name that DNS can have',
        input: written,
        params: { at: 'key' },
        path: [written],
      });
      return [];
    }),
  )
  .meta({ title: 'names and addresses', additionalProperties: { title: 'address, or a list' } });

const dnsDetails = z.strictObject({
  domain: domainValue
    .optional()
    .describe('The domain that devices have their names in. Without it: those that the `domainName` options of networks say, or `lan`.'),
  names: namesValue
    .prefault({})
    .describe(
      `More names: \`pbx: 192.168.77.5\` in the domain, \`files.example.org: ${SERVER_VARIABLE}\` as it is. They go before those of devices.`,
    ),
  forward: z
    .union([z.enum(['off', 'system']), z.array(ipv4Value).min(1).max(8)], { error: 'must be off, system, or a list of addresses' })
    .prefault('off')
    .describe(
      'Who is asked for all other names: these name servers in turn, or those that this machine uses (`system`); only for clients on networks of this file. `off` refuses them.',
    )
    .meta({ title: 'off, system or a list of addresses', examples: ['system'] }),
});

export const servicesSchema = z
  .strictObject({
    syslog: service(syslogDetails).describe(
      'Takes the messages of devices (UDP port 514, RFC 3164 and RFC 5424) into the log and into files. Devices are told by option 7 (`logServer`).',
    ),
    ntp: z
      .union([z.boolean(), z.enum(['on', 'off'])], { error: 'must be on or off' })
      .transform((value) => value === true || value === 'on')
      .prefault('off')
      .meta({ title: 'on or off', examples: ['on'] })
      .describe('Tells the time (UDP port 123, NTP and SNTP) by the clock of this machine. Devices are told by option 42 (`ntpServer`).'),
    dns: service(dnsDetails).describe('Knows devices by their names (UDP and TCP port 53). Devices are told by option 6 (`dns`).'),
  })
  .prefault({})
  .describe(
    'What else a network without servers misses, at the server’s own addresses in its networks. Options that the file sets anywhere go before those that a service brings.',
  );
