import { expect, test } from 'vitest';
import { callerOfSudo } from '../../src/net/privileges.ts';

test.each([
  ['sudo', { SUDO_UID: '1000', SUDO_GID: '1001', SUDO_USER: 'ada' }, { uid: 1000, gid: 1001, name: 'ada' }],
  ['sudo of a user without a name', { SUDO_UID: '1000', SUDO_GID: '1001' }, { uid: 1000, gid: 1001, name: '1000' }],
  ['no sudo', {}, undefined],
  ['half of it', { SUDO_UID: '1000' }, undefined],
  ['what is no number', { SUDO_UID: '-1', SUDO_GID: '0x10' }, undefined],
])('the caller of sudo: %s', (_title, environment, caller) => {
  expect(callerOfSudo(environment)).toEqual(caller);
});
