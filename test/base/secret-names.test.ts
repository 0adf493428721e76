import { expect, it } from 'vitest';
import { looksSecret } from '../../src/base/secret-names.ts';

it.each([
  'password',
  'sipPassword',
  'SIP_PASSWD',
  'auth-pass',
  'enable secret',
  'pin',
  'userPin',
  'api-key',
  'wifiKey',
  'token',
  'psk',
  'wpa_psk',
  'community',
  'ha1',
])('%s is hidden', (name) => expect(looksSecret(name)).toBe(true));

it.each(['extension', 'keyboard', 'ping', 'label', 'bypassed', 'transport', 'monkey', 'pinned'])('%s is shown', (name) =>
  expect(looksSecret(name)).toBe(false),
);
