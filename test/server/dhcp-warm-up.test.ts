import { expect, test } from 'vitest';
import { warmUpDhcp } from '../../src/server/dhcp-warm-up.ts';
import { systemClock } from '../../src/server/system-clock.ts';

test('every made-up client is served: the rounds come to their end, and nothing is left that keeps the process', async () => {
  const before = process.getActiveResourcesInfo().length;
  await expect(warmUpDhcp(systemClock)).resolves.toBeUndefined();
  expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before + 1);
});
