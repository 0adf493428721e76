// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how boot files name what is the server's own
/** Keys of `boot`, on every level: for the site, a network, a class, a host. */
import { z } from 'zod';
import { ARCHITECTURES, type Architecture } from '../boot/architecture.ts';
import { BOOT_CHAINS, CHAIN_NAMES } from '../boot/boot-chain.ts';
import { bootFileValue, durationOrZeroValue, oneOrMore, textValue, written } from './values.ts';

type BootFile = ReturnType<typeof bootFileValue>;

function byArchitecture(example: string) {
  const keys = Object.fromEntries(
    ARCHITECTURES.map(({ name, what }): readonly [Architecture, z.ZodOptional<BootFile>] => [
      name,
      bootFileValue(example).optional().describe(`${what}.`),
    ]),
  ) as { readonly [Name in Architecture]: z.ZodOptional<BootFile> };
  return z.strictObject(keys);
}

/** One file, or one for each architecture. */
function filesValue(example: string) {
  return z
    .union([bootFileValue(example), byArchitecture(example)])
    .meta({ title: 'file or URL, or one by architecture', examples: [example] });
}

const entryNameValue = written('name', 'a name of letters, digits, hyphens, underscores and dots, at most 40', 'debian-12', (text) =>
  /^[a-z0-9][a-z0-9._-]{0,39}$/i.test(text) ? text : undefined,
);

const entrySchema = z
  .strictObject({
    name: entryNameValue.describe('What `default` and hosts call it. Required.'),
    title: textValue('text', 'Debian 12 installer').optional().describe('What people see. Without it: its name.'),
    kernel: filesValue('debian/linux').optional().describe('A Linux kernel. An entry has this, `file` or `local`.'),
    initrd: oneOrMore(filesValue('debian/initrd.gz'), 'file or URL, or a list', 'debian/initrd.gz')
      .optional()
      .describe('The kernel’s initial RAM disks.'),
    args: textValue('text', 'console=ttyS0 auto=true')
      .optional()
      .describe('The kernel’s command line; `${server}` and `${httpPort}` in it are the server’s own.'),
    file: filesValue('memtest.efi')
      .optional()
      .describe('Another boot program, such as memtest or another loader; a name that ends in `.ipxe` is a script of iPXE.'),
    local: z.literal(true).optional().describe('Go on with the next device of the firmware’s order: the disk.'),
  })
  .superRefine(({ kernel, initrd, args, file, local }, context) => {
    const starts = [kernel, file, local].filter((what) => what !== undefined).length;
    if (starts !== 1) {
      const params = { hint: 'give it a `kernel`, a `file` or `local: true`, and one of them only', at: 'key' };
      context.addIssue({ code: 'custom', message: `this entry starts ${starts === 0 ? 'nothing' : 'several things'}`, params });
    }
    if (kernel !== undefined) return;
    for (const [key, value] of Object.entries({ initrd, args })) {
      if (value === undefined) continue;
      const params = { hint: 'it belongs to a `kernel`', at: 'key' };
      context.addIssue({ code: 'custom', message: `\`${key}\` does nothing without a kernel`, path: [key], params });
    }
  });

const menuSchema = z
  .strictObject({
    title: textValue('text', 'What shall this machine boot?').default('Bootlace').describe('What stands above it.'),
    timeout: durationOrZeroValue.prefault('10s').describe('How long until the default is started; 0: the menu waits.'),
    default: entryNameValue.optional().describe('The entry that is started by itself. Without it: the first.'),
    pxe: z
      .boolean()
      .default(false)
      .describe('PXE firmware shows it by itself, before any loader (option 43), with the entries that are a `file` or `local`.'),
    entries: z.array(entrySchema).min(1).describe('What there is to choose from. Required.'),
  })
  .superRefine(({ default: wanted, entries }, context) => {
    const names = entries.map(({ name }) => name);
    names.forEach((name, at) => {
      if (names.indexOf(name) === at) return;
      context.addIssue({ code: 'custom', message: `two entries have the name ${name}`, path: ['entries', at, 'name'] });
    });
    if (wanted === undefined || names.includes(wanted)) return;
    const params = { hint: `there are ${names.join(', ')}` };
    context.addIssue({ code: 'custom', message: `no entry has the name ${wanted}`, path: ['default'], params });
  })
  .describe(
    'One menu that PXELINUX, GRUB and iPXE show alike: it is what they get for `pxelinux.cfg/default`, `grub/grub.cfg` and `boot.ipxe`.',
  );

const CHAINS = Object.entries(BOOT_CHAINS).map(([name, { what }]) => `\`${name}\`: ${what}`);

/** Keys that every level has. */
const KEYS = {
  chain: z
    .enum(CHAIN_NAMES)
    .optional()
    .describe(`A ready chain of boot programs; other keys go before it. ${CHAINS.join('; ')}.`),
  files: byArchitecture('pxelinux.0').optional().describe('The boot file by the client’s architecture (option 93).'),
  http: byArchitecture('http://${server}:${httpPort}/ipxe.efi')
    .optional()
    .describe('URLs for UEFI firmware that boots by HTTP. Without it: the URL of the file in `files`, from this server.'),
  ipxe: bootFileValue('boot.ipxe')
    .optional()
    .describe('What a client gets that runs iPXE already; without it the file of its architecture, unless that is iPXE itself.'),
  menu: menuSchema.optional(),
};

/** Keys in a mapping, or one word in its place. */
function orWord<Written extends object, Read>(
  keys: z.ZodType<Read, Written>,
  word: z.ZodType<Written, string>,
  description: string,
): z.ZodPrefault<z.ZodType<Read, Written | string>> {
  const either: z.ZodType<Read, Written | string> = z.union([keys, word.pipe(keys)], { error: 'must be a mapping, or one word' });
  return either.prefault(() => ({}) as Written).describe(description);
}

/** A chain's name. */
const chainWord = z.enum(CHAIN_NAMES).transform((chain) => ({ chain }));

/** A chain's name, or that of an entry of a menu. */
const chainOrEntryWord = entryNameValue.transform((word) => {
  const chain = CHAIN_NAMES.find((name) => name === word);
  return chain === undefined ? { entry: word } : { chain };
});

/** The site's own. */
export const siteBootSchema = orWord(
  z.strictObject(KEYS),
  chainWord,
  'What devices boot: files under `tftp.root`, or URLs. `${server}` in them is the server’s own address, `${httpPort}` the port of `http`. One word in its place is its `chain`. Without `chain` and `files`: the chain `pxelinux`.',
);

/** A network's. */
export const networkBootSchema = orWord(
  z.strictObject(KEYS),
  chainWord,
  'How its clients boot, before what `boot` says to all; or one word, its `chain`.',
);

/** A class's. */
export const classBootSchema = orWord(
  z.strictObject({
    file: bootFileValue('rpi/boot.efi').optional().describe('Their boot file, whatever their architecture; `files` goes before it.'),
    ...KEYS,
  }),
  chainWord,
  'How its clients boot, before what their network says; or one word, its `chain`.',
);

/** A host's. */
export const hostBootSchema = orWord(
  z.strictObject({
    file: bootFileValue('installer/kernel.efi').optional().describe('Its boot file, whatever its architecture; `files` goes before it.'),
    entry: entryNameValue.optional().describe('The entry of its menu that is started without asking.'),
    ...KEYS,
  }),
  chainOrEntryWord,
  'How it boots, before what its classes say; or one word, its `chain` or else its `entry`.',
);

export type WrittenBoot = z.output<typeof siteBootSchema> & Partial<Pick<z.output<typeof hostBootSchema>, 'file' | 'entry'>>;
export type WrittenMenu = z.output<typeof menuSchema>;
