import { describe, expect, it } from 'vitest';
import { monoMs } from '../../src/base/clock.ts';
import { type Visitor, VisitorCheck } from '../../src/web/visitor.ts';

const TOKEN = 'a-token-of-some-length';
const visitor = (parts: Partial<Visitor>): Visitor => ({
  from: '10.0.0.9',
  host: '127.0.0.1:8067',
  origin: undefined,
  token: undefined,
  ...parts,
});

describe('who may ask what the server tells of itself', () => {
  it.each<[what: string, Partial<Visitor>, status: number | 'may']>([
    ['by an address', { host: '192.168.77.1:8067' }, 'may'],
    ['by an IPv6 address', { host: '[::1]:8067' }, 'may'],
    ['as localhost', { host: 'LocalHost' }, 'may'],
    ['by the name of the machine', { host: 'bench-laptop:8067' }, 'may'],
    ['by a name that a stranger leads here (DNS rebinding)', { host: 'evil.example:8067' }, 421],
    ['by a name that only begins like an address', { host: '127.0.0.1.evil.example' }, 421],
    ['by no name', { host: undefined }, 421],
    ['from a page of its own', { origin: 'http://127.0.0.1:8067' }, 'may'],
    ['from a page of another site (CSRF)', { origin: 'http://evil.example' }, 403],
    ['from a page of another port', { origin: 'http://127.0.0.1:80' }, 403],
    ['from a file', { origin: 'null' }, 403],
  ])('without a token, %s', (_what, parts, status) => {
    const verdict = new VisitorCheck({ token: undefined, names: ['Bench-Laptop'] }).judge(visitor(parts), monoMs(0));
    expect(verdict.may ? 'may' : verdict.status).toBe(status);
  });

  it.each([
    ['the token', TOKEN, 'may'],
    ['no token', undefined, 401],
    ['a wrong one', `${TOKEN}x`, 401],
    ['an empty one', '', 401],
  ] as const)('where a token is needed, with %s', (_what, token, status) => {
    const verdict = new VisitorCheck({ token: TOKEN, names: [] }).judge(visitor({ token }), monoMs(0));
    expect(verdict.may ? 'may' : verdict.status).toBe(status);
  });

  it('does not listen to an address that guesses, until the minute is over', () => {
    const check = new VisitorCheck({ token: TOKEN, names: [] });
    for (let guess = 0; guess < 10; guess++)
      expect(check.judge(visitor({ token: `${guess}` }), monoMs(guess))).toMatchObject({ status: 401 });
    expect(check.judge(visitor({ token: TOKEN }), monoMs(10))).toMatchObject({ status: 429 });
    expect(check.judge(visitor({ token: TOKEN, from: '10.0.0.10' }), monoMs(10))).toEqual({ may: true });
    expect(check.judge(visitor({ token: TOKEN }), monoMs(60_001))).toEqual({ may: true });
  });
});
