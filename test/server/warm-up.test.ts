import { expect, test } from 'vitest';
import { systemClock } from '../../src/server/system-clock.ts';
import { warmUp } from '../../src/server/warm-up.ts';

test('every made-up client is served: the rounds come to their end, and nothing is left that keeps the process', async () => {
  const before = process.getActiveResourcesInfo().length;
  await expect(warmUp(systemClock)).resolves.toBeUndefined();
  expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before + 1);
});
