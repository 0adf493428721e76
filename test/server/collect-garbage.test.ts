import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { collectGarbage } from '../../src/server/collect-garbage.ts';

test('what nobody holds any more is gone, and nobody else can ask for it', async () => {
  const garbage = new WeakRef({});
  await nextTurn();
  collectGarbage();
  expect(garbage.deref()).toBeUndefined();
  expect(globalThis.gc).toBeUndefined();
});
