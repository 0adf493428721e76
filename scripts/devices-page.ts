/** `docs/devices.md`: what can be the matter with a device, by the rules that say so. */
import type { VerdictRule } from '../src/devices/verdict.ts';
import { VERDICT_RULES } from '../src/devices/verdicts/index.ts';

const HEAD = `# Devices: timelines and verdicts

\`bootlace devices\` lists the devices that were heard of, each with its state and one sentence on what is the matter with it; those that
are stuck come first. \`bootlace devices NAME\` (or a MAC, or an address) shows all that one device did, in order: questions and answers of DHCP, ours
and those of other servers as far as they are heard here, port 4011, and each file, whether it came, was cut off, or is not there. What comes several
times in a row is one line, \`DISCOVER → OFFER ×5\`. \`--follow\` goes on with what happens, \`--json\` prints JSON, and \`bootlace devices export\`
prints everything that is kept as JSON lines.

Events that carry an address alone (files, messages by syslog) belong to the device that has the address by its lease. A device that becomes stuck
is told in the log once, as \`device.stuck\` with the name of the verdict.

| state | means |
|---|---|
| \`stuck\` | it does not go on, and somebody has to do something |
| \`loading\` | files are on their way; with how much of the present one |
| \`addressing\` | it asks for an address, or for what to boot |
| \`waiting\` | it was heard of and wants nothing, or is served by another server |
| \`provisioned\` | it has its configuration, or we have the file that it sent |
| \`booted\` | it has what it asked for |

## What is kept

In memory: 160 moments of a device, 65 536 of all, 4096 devices; those not heard of for longest go first. On the disk, in \`timelines.db\`
under \`server.dataDir\`: as long as \`timelines.keep\` says, and no more than \`timelines.maxSize\`. Writes go out once a second and never wait for the
disk: after a power failure the last minute may be missing. A damaged file is set aside as \`timelines.db.damaged\` and begun anew. With no server
running \`bootlace devices\` shows what is stored.

## Packets

\`bootlace devices NAME --packets\` shows the last packets of a device field by field: each DHCP message that it sent and was sent, as received and as
sent, those too that were dropped as malformed, with every option in words and sub-options of 43, 82, 124, 125 and 175; of TFTP its requests, what was
granted (OACK) and errors. \`--json\` prints them with the place of each field among the octets, and \`--pcap FILE\` writes a capture that Wireshark and
tcpdump open; IP and UDP headers in it are made anew. The API has them as \`GET /api/v1/devices/NAME/packets\`.

They are in memory as long as the server runs, in each serving thread in one piece of 1 MiB that is taken at the start: the last 1724 messages of DHCP,
the last 4096 packets of TFTP, 200 of a device in one answer. Of a DHCP message the first 608 octets are kept, of a TFTP packet the first 256. A device
is known by its hardware address (chaddr), and in TFTP by the addresses that it was given, unless another has them by now.

## What it costs

All of it is done in the main thread; DHCP and TFTP have threads of their own and wait for none of it. Measured by \`npm run bench\` ("Timelines") on two
cores of a shared machine, CPU time: an event into its timeline 1.1 µs; a verdict of a device with twenty boots in its timeline 31 µs, made once a second
for devices that were heard of in the last ten minutes, 250 of them at most; a moment into the store 1.8 µs, in groups of 500 at most a second. The
DHCP thread pays 0.3 µs more for a DISCOVER of a PXE client, whose event says more than before, of some 50 µs for the exchange.
To keep a packet costs a serving thread 0.1 µs ("Packets"), half of which is the look at the clock; ACKs of TFTP, which are not kept, 0.01 µs.

## Verdicts

Rules are tried in this order, and the first that fits has the word. This part is made from \`src/devices/verdicts/\` by \`npm run docs\`.
`;

/** The whole page as Markdown, with a line break at the end. */
export function devicesPage(): string {
  return `${[HEAD.trimEnd(), ...VERDICT_RULES.map(section)].join('\n\n')}\n`;
}

function section({ name, state, looksFor, remedy }: VerdictRule): string {
  return `### ${name}\n\n*${state}* – ${looksFor}\n\n**What to do:** ${remedy}`;
}
