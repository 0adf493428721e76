/** `docs/configuration.md` from the JSON Schema of the configuration. */
import type { JsonSchema } from '../src/config/schema.ts';

const INTRODUCTION = `# Configuration

*Made from the schema by \`npm run docs\`; change \`src/config/schema.ts\`, not this page.*

Bootlace reads one YAML file, \`config.yaml\` unless \`--config\` names another. Every key has a default, so an empty file works: it
serves one network on the wired interface that does not lead to the rest of the world. \`bootlace check\` reports everything that is
wrong at once, with its place in the file. \`config.schema.json\` (\`bootlace schema\`) gives completion in editors; the first line of
\`config.yaml\` names it.

- **Durations** are \`90s\`, \`15m\`, \`1h\`, \`1h30m\`, \`1d\`, \`2w\`; a bare number counts seconds.
- **Sizes** are \`500kB\`, \`64MiB\`, \`1GiB\`; a bare number counts octets.
- **Paths** that are relative count from the file that they stand in.
- **\`\${NAME}\`** anywhere in a value is the environment variable of that name; one that is not set is an error. \`$\${NAME}\` is the
  text \`\${NAME}\`, for iPXE's own variables.
- **\`\${server}\`** in \`options\` and in boot files is the server's own address on the network of the device that asks,
  **\`\${httpPort}\`** the port of its HTTP server.
- **A change** comes into force without a restart: \`bootlace reload\`, or SIGHUP to the server. The file is checked as a whole; when
  anything is wrong with it, nothing of it is used. Leases are kept, and networks that stay as they are are not interrupted. The log tells
  every difference. Only \`server.dataDir\`, \`server.user\` and \`leases.store\` take a restart.

## Which setting counts

A device can be described in several places. Of each setting the first that has it gives it:

1. the host that fits (\`hosts\`);
2. the classes that fit (\`classes\`), in the order of the file;
3. its network (\`networks\`);
4. for boot files, \`boot\`; for everything else, what the server says by itself, such as the subnet mask.

Two exceptions: a client that runs iPXE already gets \`boot.ipxe\` before all other boot files, and options that its firmware cannot do
without (43 and 60 for PXE) go before written ones. \`bootlace check --explain MAC\` says what one device would be told, and which line of
the file says so; with \`--arch uefi-x64\` as if it booted over the network.

\`\`\`yaml
hosts:
  - { mac: "00:1b:54:aa:bb:cc", name: desk-101, address: 192.168.77.21 }
  - { circuitId: "00:04:00:0a:00:07", remoteId: access-1, address: 10.88.0.7 }   # whatever is on that port of that switch
classes:
  - name: lab-arm
    match: { arch: [uefi-arm64, uboot-arm64], mac: "dc:a6:32:*" }                # both have to fit; of a list, any
    pools: [192.168.77.50-192.168.77.59]                                         # for its clients alone
    leaseTime: 10m
    options: { domainName: lab.lan }
    boot: { file: rpi/boot.efi }
  - name: guests
    match: { userClass: guest, network: "floor-*" }
    deny: true                                                                   # no answer at all
\`\`\`
`;

const OPTIONS = `## DHCP options

\`options\` of networks, classes and hosts name DHCP options as \`bootlace options\` lists them. A number works in place of a name, and
a type can stand before the value of any option:

\`\`\`yaml
options:
  router: 192.168.77.254                         # one address, or a list
  dns: [192.168.77.1, 192.168.77.2]
  tftpServer: \${server}
  domainSearchList: [bench.lan, lab.bench.lan]
  classlessRoute: [10.17.0.0/16 via 192.168.77.2, default via 192.168.77.254]
  vendor: { 1: { ip: 192.168.77.1 }, 66: "text" }   # 43 as sub-options by number; \`end: true\` puts 255 behind them
  # vendor: { hex: "01 04 c0 a8 4d 01" }            # or as plain octets
  vivso: { 42623: { 1: "http://192.168.77.1/onie" } }   # 125, by enterprise number (RFC 3925)
  vivco: { 9: "a class" }                               # 124, likewise
  150: { ips: [192.168.77.1] }
  224: { text: "for our own devices" }
\`\`\`

Clients that take classless routes (121) ignore the router (RFC 3442), so a default route through \`router\` is put behind routes that
have none; Windows gets the same routes as option 249. Options 43, 60 and 67 hold at most 255 octets, as firmware does not join the
pieces of longer ones.
`;

/** The whole page. */
export function configurationPage(schema: JsonSchema): string {
  const sections = Object.entries(schema.properties ?? {}).map(([key, section]) => sectionText(key, section));
  return [INTRODUCTION, ...sections, OPTIONS].join('\n');
}

interface Row {
  readonly key: string;
  readonly schema: JsonSchema;
}

function sectionText(key: string, section: JsonSchema): string {
  const isList = section.items !== undefined;
  const rows = rowsOf(section.items ?? section, '');
  const form = isList ? 'A list; each item has these keys.' : '';
  const table = rows.map(
    (row) =>
      `| \`${row.key}\` | ${cell(valueText(row.schema))} | ${cell(defaultText(row.schema))} | ${cell(row.schema.description ?? '')} |`,
  );
  const standard =
    isList && Array.isArray(section.default) && section.default.length > 0 ? `Without it: \`${JSON.stringify(section.default)}\`.` : '';
  const lead = [section.description ?? '', form, standard].filter((text) => text !== '').join(' ');
  return [`## ${key}`, '', lead, '', '| Key | Value | Default | Meaning |', '| --- | --- | --- | --- |', ...table, ''].join('\n');
}

/** Keys of a mapping with those of the mappings in it, `uploads.policy`. Names of options are listed by a command instead. */
function rowsOf(schema: JsonSchema, prefix: string): readonly Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]): readonly Row[] => {
    const key = `${prefix}${name}`;
    const isMapping = inner.properties !== undefined && inner.patternProperties === undefined;
    const branch = inner.anyOf?.find((one) => one.properties !== undefined);
    if (branch !== undefined) return [{ key, schema: inner }, ...rowsOf(branch, `${key}.`)];
    return isMapping ? rowsOf(inner, `${key}.`) : [{ key, schema: inner }];
  });
}

function valueText(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.title !== undefined) return schema.title;
  if (schema.items !== undefined) return `list of: ${valueText(schema.items)}`;
  if (schema.type === 'boolean') return '`true`, `false`';
  if (schema.minimum !== undefined && schema.maximum !== undefined) return `${schema.minimum} to ${schema.maximum}`;
  return schema.type ?? 'any';
}

function defaultText(schema: JsonSchema): string {
  const isEmptyMapping = typeof schema.default === 'object' && schema.default !== null && Object.keys(schema.default).length === 0;
  return schema.default === undefined || isEmptyMapping
    ? ''
    : `\`${typeof schema.default === 'string' ? schema.default : JSON.stringify(schema.default)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
