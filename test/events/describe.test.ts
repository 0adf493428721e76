import { expect, test } from 'vitest';
import { EVENT_CATALOG, levelOf } from '../../src/events/catalog.ts';
import { describe as textOf } from '../../src/events/describe.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { fieldsOf } from '../../src/events/fields.ts';
import { ip } from '../support/addresses.ts';
import { DESK, SAMPLES } from './samples.ts';

const samples = Object.values(SAMPLES).flat() as (readonly [AppEvent, string])[];

test.each(samples.map(([event, text]) => [event.type, event, text] as const))('%s has its line of text', (_type, event, text) => {
  expect(textOf(event)).toBe(text);
});

test('every event of the catalogue has a sample, and the other way round', () => {
  expect(Object.keys(EVENT_CATALOG)).toEqual(Object.keys(SAMPLES));
});

test.each(Object.entries(EVENT_CATALOG))('%s tells the operator what it means and what to do', (_type, { meaning, action }) => {
  for (const paragraph of [meaning, action]) expect(paragraph).toMatch(/^[A-Z].*\.$/);
});

test.each(samples.map(([event]) => [event.type, event] as const))('%s is plain data that survives JSON', (type, event) => {
  const fields = fieldsOf(event);
  expect(JSON.parse(JSON.stringify(fields))).toEqual(fields);
  expect(Object.keys(fields)).not.toContain('type');
  expect(['debug', 'info', 'warn', 'error']).toContain(levelOf(event));
  expect(SAMPLES[type].length).toBeGreaterThan(0);
});

test('addresses are text in fields, numbers stay numbers, absent fields are left out', () => {
  expect(
    fieldsOf({ type: 'lease.refused', mac: DESK.mac, hostName: undefined, network: 'bench', asked: ip('10.0.0.5'), reason: 'moved' }),
  ).toEqual({ mac: '00:1b:54:aa:bb:cc', network: 'bench', asked: '10.0.0.5', reason: 'moved' });
});

const ESCAPES = 'a\x1b[2J\r\nb\u202ec\x9bd\u2028\0';

test('a hostile file name can neither break the line nor steer the terminal', () => {
  const event: AppEvent = { type: 'transfer.missed', protocol: 'tftp', path: ESCAPES, lookedFor: ESCAPES.repeat(1000) };
  const harmless = 'a\\x1b[2J\\x0d\\x0ab\\u202ec\\x9bd\\u2028\\x00';
  expect(textOf(event).startsWith(`no file ${harmless} (looked for ${harmless}`)).toBe(true);
  expect(textOf(event)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
  expect(fieldsOf(event)['path']).toBe(harmless);
  expect(textOf(event).length).toBeLessThan(10_000);
});

test('a client where no network is configured is a warning, any other silence is not', () => {
  const silent = { type: 'dhcp.silent', message: 'DISCOVER', reason: 'no network is configured for this relay agent' } as const;
  expect(levelOf(silent)).toBe('warn');
  expect(levelOf({ ...silent, network: 'bench' })).toBe('debug');
});
