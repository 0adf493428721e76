/**
 * The configuration as it is written: every key with its meaning and its default. Types, the check of a file, the JSON Schema and
 * `docs/configuration.md` all come from here. What keys mean together is the matter of `checks.ts`.
 */
import { z } from 'zod';
import { ARCHITECTURES, type Architecture } from '../boot/architecture.ts';
import { SERVER_VARIABLE } from '../boot/server-variable.ts';
import {
  addressValue,
  bootFileValue,
  durationValue,
  hostNameValue,
  ipv4Value,
  macValue,
  optionsValue,
  rangeValue,
  sizeValue,
  subnetValue,
  textValue,
} from './values.ts';

const serverSchema = z
  .strictObject({
    dataDir: textValue('path', './data')
      .default('./data')
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
  mode: z.enum(['server', 'off']).default('server').describe('`off` answers no DHCP there.'),
  authoritative: z
    .boolean()
    .default(true)
    .describe('Refuse (NAK) clients that ask for an address of another network, so that they ask anew at once.'),
  pools: z
    .array(rangeValue)
    .optional()
    .describe('Addresses to give out. Without it: the upper half of the subnet, without the server’s own address and those in `options`.'),
  leaseTime: z
    .union([durationValue, leaseTimeSchema])
    .prefault('1h')
    .describe('How long an address is leased: one duration, or `{ default, min, max }`.')
    .meta({ title: 'duration, or { default, min, max }' }),
  options: optionsValue.prefault({}).describe('DHCP options for all clients there.'),
});

/** One of `hosts`. */
export const hostSchema = z.strictObject({
  mac: macValue.describe('Which device it is about. Required.'),
  name: hostNameValue.optional().describe('What the log calls it; the client is told it as its host name.'),
  address: ipv4Value.optional().describe('The address that is kept for it, in or outside a pool, but inside a network.'),
  options: optionsValue.prefault({}).describe('DHCP options for this device, before those of its network.'),
  boot: z
    .strictObject({
      file: bootFileValue('installer/kernel.efi').optional().describe('Its boot file, before `boot.files`.'),
    })
    .prefault({})
    .describe('How it boots.'),
});

/** Boot files that the fetched boot images bring. */
const DEFAULT_BOOT_FILES = { bios: 'pxelinux.0', 'uefi-x64': 'grubx64.efi' } satisfies Partial<Record<Architecture, string>>;

type BootFile = ReturnType<typeof bootFileValue>;

const bootFileKeys = Object.fromEntries(
  ARCHITECTURES.map(({ name, what }): readonly [Architecture, z.ZodOptional<BootFile>] => [
    name,
    bootFileValue('pxelinux.0').optional().describe(`${what}.`),
  ]),
) as { readonly [Name in Architecture]: z.ZodOptional<BootFile> };

const bootSchema = z
  .strictObject({
    files: z
      .strictObject(bootFileKeys)
      .prefault(DEFAULT_BOOT_FILES)
      .describe('The boot file by the client’s architecture (option 93). Where this key is given, the default is gone as a whole.'),
    ipxe: bootFileValue('boot.ipxe')
      .optional()
      .describe('What a client gets that runs iPXE already; without it the file of its architecture, unless that is iPXE itself.'),
  })
  .prefault({})
  .describe(`What devices boot: files under \`tftp.root\`, or URLs. \`${SERVER_VARIABLE}\` in them is the server’s own address.`);

const uploadsSchema = z
  .strictObject({
    policy: z
      .enum(['version', 'create', 'overwrite', 'deny'])
      .default('version')
      .describe('`version` keeps what was there, `create` refuses a name that exists, `overwrite` replaces it, `deny` refuses all.'),
    dir: textValue('path', './data/uploads').default('./data/uploads').describe('Where uploads are kept.'),
    maxSize: sizeValue.prefault('64MiB').describe('The largest file that is taken.'),
    keep: z.int().min(1).max(100_000).default(50).describe('How many versions of a file are kept; the oldest goes first.'),
  })
  .prefault({})
  .describe('Files that devices send.');

const tftpSchema = z
  .strictObject({
    root: textValue('path', './boot-images').default('./boot-images').describe('The files that are served.'),
    maxBlockSize: z
      .int()
      .min(8)
      .max(65_464)
      .default(1468)
      .describe('The largest block that is granted, in octets (RFC 2348); 1468 fits into an Ethernet frame.'),
    maxWindow: z.int().min(1).max(65_535).default(64).describe('The most blocks that are sent before an answer is due (RFC 7440).'),
    maxTransfers: z.int().min(1).max(60_000).default(1000).describe('How many transfers run at one time.'),
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
    boot: bootSchema,
    tftp: tftpSchema,
    leases: leasesSchema,
    log: logSchema,
  })
  .describe('Configuration of Bootlace.');

/** A file that has the right shape; addresses and durations are parsed, paths and defaults that depend on others are not yet resolved. */
export type WrittenConfig = z.output<typeof configSchema>;
export type WrittenNetwork = z.output<typeof networkSchema>;
export type WrittenHost = z.output<typeof hostSchema>;

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

/** The JSON Schema of a configuration file, for editors. */
export function configJsonSchema(): JsonSchema {
  return z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema;
}
