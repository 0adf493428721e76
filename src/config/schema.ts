/**
 * The configuration as it is written: every key with its meaning and its default. Types, the check of a file, the JSON Schema and
 * `docs/configuration.md` all come from here. What keys mean together is the matter of `checks.ts`.
 */
import { z } from 'zod';
import { ARCHITECTURES } from '../boot/architecture.ts';
import { classBootSchema, hostBootSchema, networkBootSchema, siteBootSchema } from './boot-keys.ts';
import { DEVICE_KEYS, PROVISIONING_KEYS } from './device-keys.ts';
import { httpSchema } from './http-keys.ts';
import { imagesSchema } from './image-keys.ts';
import { leasequerySchema } from './leasequery-keys.ts';
import { macPatternFault } from './patterns.ts';
import { provisionSchema } from './provision-keys.ts';
import { servicesSchema } from './service-keys.ts';
import { accessKeys, LIMIT_KEYS, NAME_KEYS, READER_KEYS } from './tftp-keys.ts';
import { timelinesSchema } from './timeline-keys.ts';
import {
  addressValue,
  durationOrZeroValue,
  durationValue,
  hostNameValue,
  identifierValue,
  ipv4Value,
  macValue,
  oneOrMore,
  optionsValue,
  patternsValue,
  rangeValue,
  sizeOrOffValue,
  sizeValue,
  subnetValue,
  textValue,
} from './values.ts';
import { webSchema } from './web-keys.ts';

/** Beside the configuration file. */
export const DEFAULT_DATA_DIR = './data';

const serverSchema = z
  .strictObject({
    dataDir: textValue('path', DEFAULT_DATA_DIR)
      .default(DEFAULT_DATA_DIR)
      .describe('Where leases are kept. Relative paths count from the file they stand in.'),
    user: textValue('user name', 'nobody')
      .default('auto')
      .describe('Who the process becomes once its sockets are open; `auto` is the user who called sudo.'),
  })
  .prefault({})
  .describe('The process itself.');

const leaseTimeSchema = z.strictObject({
  default: durationValue.prefault('1h').describe('What a client gets that asks for nothing.'),
  min: durationValue.optional().describe('The least that a client can ask for. Without it: 1m, or the default where that is shorter.'),
  max: durationValue.optional().describe('The most that a client can ask for. Without it: twice the default.'),
});

const leaseTimeValue = z.union([durationValue, leaseTimeSchema]).meta({ title: 'duration, or { default, min, max }' });

/** One of `networks`. */
export const networkSchema = z.strictObject({
  name: textValue('name', 'bench').optional().describe('What messages and the log call it. Without it: lan, lan-2, …'),
  interface: textValue('auto or interface', 'eth1')
    .optional()
    .describe(
      'The interface it is on. `auto`, the default, is the wired one with a cable that does not lead to the rest of the world. Leave it out beside `subnet`.',
    ),
  address: addressValue.optional().describe('The server’s own address there. Without it: the one that the interface has.'),
  subnet: subnetValue.optional().describe('Only for a network behind a relay, in place of `interface` and `address`.'),
  assign: z.boolean().default(false).describe('Put `address` on the interface at start and take it off at exit.'),
  mode: z
    .enum(['server', 'proxy', 'off'])
    .default('server')
    .describe(
      'What DHCP does there. `proxy`: beside another server, which gives the addresses, it only tells those who boot over the network what to boot (proxyDHCP and port 4011). `off`: nothing.',
    ),
  authoritative: z
    .boolean()
    .default(true)
    .describe('Refuse (NAK) clients that ask for an address of another network, so that they ask anew at once.'),
  pools: z
    .array(rangeValue)
    .optional()
    .describe('Addresses to give out. Without it: the upper half of the subnet, without the server’s own address and those in `options`.'),
  leaseTime: leaseTimeValue.prefault('1h').describe('How long an address is leased: one duration, or `{ default, min, max }`.'),
  options: optionsValue.prefault({}).describe('DHCP options for all clients there.'),
  identity: z
    .enum(['client-id', 'mac'])
    .optional()
    .describe(
      'Who a client is: its client identifier (option 61), or its MAC address whatever identifiers it boots with, so that its ROM, its boot loader and its system get one address. Without it: `mac` where any boot file is set, else `client-id`.',
    ),
  bootp: z
    .enum(['off', 'reserved', 'pool'])
    .default('reserved')
    .describe('Which BOOTP clients are served: none, those with a reservation, or all from the pools, which they keep for ever.'),
  rapidCommit: z.boolean().default(false).describe('Bind a client that asks for it by its first message alone (RFC 4039).'),
  conflictCheck: z
    .enum(['arp', 'off'])
    .default('arp')
    .describe('Look for a new address on the wire before it is offered. Behind a relay nobody can look.'),
  guard: z
    .enum(['refuse', 'warn', 'proxy', 'off'])
    .default('refuse')
    .describe(
      'What to do about another DHCP server on the interface: give out no new addresses while it is there, only say so, give out none but go on telling who boots what to boot, or do not look.',
    ),
  boot: networkBootSchema,
  provision: provisionSchema,
});

/** One of `hosts`. */
export const hostSchema = z
  .strictObject({
    mac: macValue.optional().describe('Which device it is about. A host needs this or one of the next three; of several all have to fit.'),
    clientId: identifierValue
      .optional()
      .describe(
        'Its client identifier (option 61), all of it: octets such as `01:00:1b:54:aa:bb:cc`, or `{ hex: "01 00 1b" }`, or text; that of Cisco’s gear begins with a zero octet, `"\\0cisco-…"`.',
      ),
    circuitId: identifierValue.optional().describe('The port of the relay agent or switch that it is on (option 82.1), written likewise.'),
    remoteId: identifierValue.optional().describe('The relay agent or switch that it is behind (option 82.2), written likewise.'),
    name: hostNameValue.optional().describe('What the log calls it; the client is told it as its host name.'),
    address: ipv4Value.optional().describe('The address that is kept for it, in or outside a pool, but inside a network.'),
    leaseTime: leaseTimeValue.optional().describe('As in `networks`, for this device.'),
    options: optionsValue.prefault({}).describe('DHCP options for this device, before those of its classes and its network.'),
    boot: hostBootSchema,
    provision: provisionSchema,
    ...DEVICE_KEYS,
  })
  .superRefine((host, context) => {
    if ([host.mac, host.clientId, host.circuitId, host.remoteId, host.serial].some((part) => part !== undefined)) return;
    const params = { hint: 'give its `mac`, `clientId`, `circuitId`, `remoteId` or `serial`', at: 'key' };
    context.addIssue({ code: 'custom', message: 'nothing is said about how to recognise this host', params });
  });

const OCTET_PATTERNS = 'text or hexadecimal, with `*` and `?`';

const matchSchema = z
  .strictObject({
    arch: oneOrMore(z.enum(ARCHITECTURES.map(({ name }) => name)), 'architecture, or a list', 'uefi-arm64')
      .optional()
      .describe('The firmware’s architecture (option 93), as in `boot.files`.'),
    vendorClass: patternsValue('pattern', 'PXEClient*').optional().describe(`Option 60: ${OCTET_PATTERNS}.`),
    userClass: patternsValue('pattern', 'iPXE').optional().describe(`Option 77, one of its names or all of it: ${OCTET_PATTERNS}.`),
    mac: patternsValue('MAC pattern', 'dc:a6:32:*', macPatternFault).optional().describe('The MAC address, with `*` and `?`.'),
    clientId: patternsValue('pattern', 'cisco-*').optional().describe(`Option 61: ${OCTET_PATTERNS}.`),
    circuitId: patternsValue('pattern', '00:04:00:0a:*').optional().describe(`Option 82.1: ${OCTET_PATTERNS}.`),
    remoteId: patternsValue('pattern', 'access-switch-*').optional().describe(`Option 82.2: ${OCTET_PATTERNS}.`),
    subscriberId: patternsValue('pattern', 'floor-2-*').optional().describe(`Option 82.6: ${OCTET_PATTERNS}.`),
    network: patternsValue('pattern', 'bench').optional().describe('The name of the network that the client is on, with `*` and `?`.'),
  })
  .describe('Which clients belong to it. Every key that is there has to fit, and of a list any item. Required.');

/** One of `classes`. */
export const classSchema = z.strictObject({
  name: textValue('name', 'lab-arm').describe('What messages and the log call it. Required.'),
  match: matchSchema,
  deny: z.boolean().default(false).describe('Its clients get no answer.'),
  pools: z
    .array(rangeValue)
    .min(1)
    .optional()
    .describe('Addresses for its clients alone, who get no others there. Inside a network, apart from all other pools.'),
  leaseTime: leaseTimeValue.optional().describe('As in `networks`, for its clients.'),
  options: optionsValue.prefault({}).describe('DHCP options for its clients, before those of their network.'),
  boot: classBootSchema,
  provision: provisionSchema,
});

const uploadsSchema = z
  .strictObject({
    policy: z
      .enum(['version', 'create', 'overwrite', 'deny'])
      .default('version')
      .describe('`version` keeps what was there, `create` refuses a name that exists, `overwrite` replaces it, `deny` refuses all.'),
    dir: textValue('path', './data/uploads').default('./data/uploads').describe('Where uploads are kept.'),
    ...accessKeys('send files'),
    maxSize: sizeValue.prefault('64MiB').describe('The largest file that is taken.'),
    keep: z.int().min(1).max(100_000).default(50).describe('How many versions of a file are kept; the oldest goes first.'),
    quota: sizeOrOffValue.prefault('off').describe('The most that all uploads together may take; `off`: as much as the disk has.'),
    quotaPerDevice: sizeOrOffValue
      .prefault('1GiB')
      .describe(
        'The most that the folder of one device may take, with all versions; only with `policy: version`, where devices have folders.',
      ),
    keepPartial: durationOrZeroValue
      .prefault('1d')
      .describe('How long what came of an upload that failed is kept for you, where no device can read it; 0: not at all.'),
  })
  .prefault({})
  .describe('Files that devices send.');

const tftpSchema = z
  .strictObject({
    root: textValue('path', './boot-images').default('./boot-images').describe('The files that are served.'),
    ...NAME_KEYS,
    ...READER_KEYS,
    maxBlockSize: z
      .int()
      .min(8)
      .max(65_464)
      .default(1468)
      .describe('The largest block that is granted, in octets (RFC 2348); 1468 fits into an Ethernet frame.'),
    maxWindow: z.int().min(1).max(65_535).default(64).describe('The most blocks that are sent before an answer is due (RFC 7440).'),
    ...LIMIT_KEYS,
    uploads: uploadsSchema,
  })
  .prefault({})
  .describe('The TFTP server.');

const leasesSchema = z
  .strictObject({
    store: z.enum(['sqlite']).default('sqlite').describe('Where leases are kept: `sqlite` is one file in `server.dataDir`.'),
    quarantine: durationValue.prefault('1h').describe('How long an address rests that a client found in use (DECLINE).'),
  })
  .prefault({})
  .describe('The memory of who has which address.');

const logSchema = z
  .strictObject({
    level: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('The least important line that is written.'),
    format: z.enum(['auto', 'pretty', 'json']).default('auto').describe('`auto` is pretty on a terminal and JSON elsewhere.'),
    live: z
      .enum(['auto', 'off'])
      .default('auto')
      .describe(
        'What a terminal shows beside the log: at the start what is served where, then devices and files on their way, below the log. `off`: lines alone, as everywhere else.',
      ),
  })
  .prefault({})
  .describe('The log.');

/** Served when the file names no network. */
export const DEFAULT_NETWORKS = [{ name: 'lan', interface: 'auto', address: '192.168.77.1/24', assign: true }];

/** The whole file. */
export const configSchema = z
  .strictObject({
    server: serverSchema,
    networks: z.array(networkSchema).min(1).prefault(DEFAULT_NETWORKS).describe('The networks that are served.'),
    hosts: z.array(hostSchema).prefault([]).describe('Devices that are known beforehand.'),
    ...PROVISIONING_KEYS,
    classes: z
      .array(classSchema)
      .prefault([])
      .describe(
        'Clients that have something in common. Several classes can fit a client: of each setting the first class that has it gives it, after the host and before the network.',
      ),
    boot: siteBootSchema,
    provision: provisionSchema,
    tftp: tftpSchema,
    images: imagesSchema,
    http: httpSchema,
    web: webSchema,
    services: servicesSchema,
    leases: leasesSchema,
    leasequery: leasequerySchema,
    timelines: timelinesSchema,
    log: logSchema,
  })
  .describe('Configuration of Bootlace.');

/** A file that has the right shape; addresses and durations are parsed, paths and defaults that depend on others are not yet resolved. */
export type WrittenConfig = z.output<typeof configSchema>;
export type WrittenNetwork = z.output<typeof networkSchema>;
export type WrittenHost = z.output<typeof hostSchema>;
export type WrittenClass = z.output<typeof classSchema>;

/** What is needed of a JSON Schema to walk and print it. */
export interface JsonSchema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

let jsonSchema: JsonSchema | undefined;

/** The JSON Schema of a configuration file, for editors. Made once, as it takes a while. */
export function configJsonSchema(): JsonSchema {
  jsonSchema ??= z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema;
  return jsonSchema;
}
