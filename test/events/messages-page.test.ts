import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { messagesPage } from '../../scripts/messages-page.ts';
import { EVENT_CATALOG } from '../../src/events/catalog.ts';

test('docs/messages.md is what the catalogue says; run `npm run docs` when it is not', () => {
  expect(readFileSync(new URL('../../docs/messages.md', import.meta.url), 'utf8')).toBe(messagesPage());
});

test('every event has its heading, and no section is without a title', () => {
  const page = messagesPage();
  for (const type of Object.keys(EVENT_CATALOG)) expect(page).toContain(`### ${type}\n`);
  expect(page).not.toContain('## About');
});
