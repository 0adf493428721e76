import { expect, test } from 'vitest';
import { readKernelClock } from '../../src/net/kernel-clock.ts';
import { isAvailable } from '../../src/net/linux/libc.ts';

test.runIf(isAvailable())('adjtimex(2): what the kernel says of the clock is in its place', () => {
  const clock = readKernelClock();
  // NTP_PHASE_LIMIT: the kernel counts no further than 16 seconds.
  expect(clock?.maxErrorSeconds).toBeGreaterThanOrEqual(0);
  expect(clock?.maxErrorSeconds).toBeLessThanOrEqual(16);
  expect(typeof clock?.isSynchronised).toBe('boolean');
  expect([0, 1, 2]).toContain(clock?.leap);
});
