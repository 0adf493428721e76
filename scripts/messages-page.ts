/** `docs/messages.md`: every message of the log with its level, what it means and what to do. Made from the catalogue. */
import { EVENT_CATALOG, type EventText } from '../src/events/catalog.ts';
import type { EventType } from '../src/events/events.ts';

const AREAS: readonly { readonly prefix: string; readonly title: string }[] = [
  { prefix: 'server', title: 'The server as a whole' },
  { prefix: 'config', title: 'The configuration' },
  { prefix: 'network', title: 'Interfaces and cables' },
  { prefix: 'dhcp', title: 'DHCP' },
  { prefix: 'lease', title: 'Leases' },
  { prefix: 'pool', title: 'Pools' },
  { prefix: 'boot', title: 'What devices boot' },
  { prefix: 'backup', title: 'Backups' },
  { prefix: 'image', title: 'Images of firmware' },
  { prefix: 'guard', title: 'Other DHCP servers' },
  { prefix: 'wake', title: 'Waking machines' },
  { prefix: 'store', title: 'The lease store' },
  { prefix: 'clock', title: 'The clock' },
  { prefix: 'transfer', title: 'File transfers' },
  { prefix: 'tftp', title: 'TFTP' },
  { prefix: 'http', title: 'HTTP' },
  { prefix: 'web', title: 'What the server tells of itself' },
  { prefix: 'file', title: 'Files that the operator changes' },
  { prefix: 'webhook', title: 'Webhooks' },
  { prefix: 'service', title: 'Services' },
  { prefix: 'dns', title: 'Names' },
  { prefix: 'syslog', title: 'Messages of devices' },
  { prefix: 'provisioning', title: 'Phones and other devices' },
  { prefix: 'device', title: 'What is the matter with a device' },
  { prefix: 'log', title: 'The log itself' },
];

const HEAD = `# Messages of the log

Every line of the log is one event. In JSON its name is in the field \`event\`, its text in \`msg\`; lines about a device also have
\`address\`, \`mac\`, \`name\` and \`vendor\`, as far as they are known. \`log.level\` in the configuration says from which level on
lines are written: \`debug\`, \`info\`, \`warn\` or \`error\`.

This page is made from \`src/events/catalog.ts\` by \`npm run docs\`.
`;

/** The whole page as Markdown, with a line break at the end. */
export function messagesPage(): string {
  const events = Object.entries(EVENT_CATALOG) as [EventType, EventText][];
  const prefixes = new Set(events.map(([type]) => areaOf(type)));
  const sections = [...prefixes].map((prefix) => {
    const title = AREAS.find((area) => area.prefix === prefix)?.title ?? `About \`${prefix}\``;
    return [`## ${title}`, ...events.filter(([type]) => areaOf(type) === prefix).map(([type, text]) => entry(type, text))].join('\n\n');
  });
  return `${[HEAD.trimEnd(), ...sections].join('\n\n')}\n`;
}

function areaOf(type: EventType): string {
  return type.slice(0, type.indexOf('.'));
}

function entry(type: EventType, { level, meaning, action }: EventText): string {
  return `### ${type}\n\n*${level}* – ${meaning}\n\n**What to do:** ${action}`;
}
