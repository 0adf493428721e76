import { expect, test } from 'vitest';
import { madeWhenAsked } from '../../src/base/made-when-asked.ts';

test('is made when it is asked for, and once', () => {
  let times = 0;
  const value = madeWhenAsked(() => {
    times += 1;
    return {};
  });
  expect(times).toBe(0);
  expect(value()).toBe(value());
  expect(times).toBe(1);
});
