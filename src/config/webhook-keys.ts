/** Keys of `web.webhooks`: programs elsewhere that are told of events. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { nearestName } from '../base/near-name.ts';
import { faultText } from '../base/result.ts';
import { fitsGlob } from '../boot/glob.ts';
import { EVENT_CATALOG } from '../events/catalog.ts';
import type { EventType } from '../events/events.ts';
import type { WebhookConfig } from './config.ts';
import type { SettingText } from './device-changes.ts';
import { error, type Finding } from './diagnostics.ts';
import { patternsValue, refuseIssue, textValue } from './values.ts';

/** Of webhooks themselves nobody is told by one: it would never end. */
const OWN = /^webhook\./;

/** The kinds of events that fit any of these patterns. */
export function eventsFitting(patterns: readonly string[]): readonly EventType[] {
  return (Object.keys(EVENT_CATALOG) as EventType[]).filter(
    (type) => !OWN.test(type) && patterns.some((pattern) => fitsGlob(pattern, type)),
  );
}

const urlValue = textValue('URL', 'https://hooks.example/bootlace').transform((text, context) => {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    return refuseIssue(context, text, 'must be a URL that begins with http:// or https://');
  if (url.username === '' && url.password === '') return text;
  return refuseIssue(context, text, 'a URL with a password in it cannot be used', {
    hint: 'use `secret`, by which the other side knows who sends',
  });
});

const eventsValue = patternsValue('event', 'device.stuck', (pattern) => {
  if (eventsFitting([pattern]).length > 0) return undefined;
  if (OWN.test(pattern)) return `no webhook is told of ${pattern}`;
  const near = nearestName(pattern, eventsFitting(['*']));
  return `no event is called ${pattern}${near === undefined ? '; docs/messages.md has them all' : `; did you mean \`${near}\`?`}`;
});

const webhookSchema = z.strictObject({
  url: urlValue.describe('Where each event is sent to by POST. Required.'),
  events: eventsValue.describe('Which events, by their names in docs/messages.md, with `*` and `?`. Required.'),
  secret: textValue('text', 'file:./webhook-secret')
    .optional()
    .describe(
      `By which the other side knows who sends: messages are signed with it (\`X-Bootlace-Signature\`). \`\${NAME}\` is taken from the environment, \`file:PATH\` from a file.`,
    ),
});

export const webhooksSchema = z
  .array(webhookSchema)
  .max(16)
  .prefault([])
  .describe('Programs elsewhere that are told of events as they happen, see docs/webhooks.md.');

export type WrittenWebhooks = z.output<typeof webhooksSchema>;

const FILE = /^file:\s*/i;

export function resolveWebhooks(written: WrittenWebhooks, absolute: (path: string) => string): readonly WebhookConfig[] {
  return written.map(({ url, events, secret }) => ({ url, events, secret: secretOf(secret, absolute) }));
}

function secretOf(secret: string | undefined, absolute: (path: string) => string): WebhookConfig['secret'] {
  if (secret === undefined) return undefined;
  return FILE.test(secret) ? { file: absolute(secret.replace(FILE, '')) } : { text: secret };
}

/** Finds secrets in files that cannot be read, or hold nothing. */
export async function checkWebhooks(
  { web }: { readonly web: { readonly webhooks: WrittenWebhooks } },
  baseDir: string,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [at, { secret }] of web.webhooks.entries()) {
    const source = secretOf(secret, (path) => resolve(baseDir, path));
    if (source === undefined || 'text' in source) continue;
    const fault = await readFile(source.file, 'utf8').then(
      (text) => (text.trim() === '' ? 'there is nothing in it' : undefined),
      faultText,
    );
    if (fault !== undefined) findings.push(error(['web', 'webhooks', at, 'secret'], `${source.file} is no secret: ${fault}`));
  }
  return findings;
}

/** For people: where it leads, without what may be secret in the rest. */
export function hookName(url: string): string {
  return URL.parse(url)?.host ?? 'a webhook';
}

/** For what a reload says of changes. */
export function webhookSettings(webhooks: readonly WebhookConfig[]): readonly (readonly [string, SettingText])[] {
  return webhooks.flatMap(({ url, events, secret }, at): (readonly [string, SettingText])[] => [
    [`web.webhooks[${at}]`, `${events.join(', ')} to ${hookName(url)}`],
    [`web.webhooks[${at}] (its URL or its secret)`, { secret: JSON.stringify([url, secret]) }],
  ]);
}
