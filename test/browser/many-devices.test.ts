/** A hall of machines that start at once: only what is seen is in the page. What it takes is printed, and stands in docs/page.md. */
import { expect, test } from 'vitest';
import { describeWith } from '../support/tools.ts';
import { manyDevices } from './support/device-area.ts';
import { benchForAll, SIZES } from './support/page-bench.ts';

describeWith(['chromium'], 'a thousand devices', () => {
  const bench = benchForAll({ devices: manyDevices(1_000) });

  test.each(SIZES)('are shown on a $name with a screenful of rows', async (size) => {
    const page = await bench.visit({ size });
    await page.locator('.row').first().waitFor();
    const paint = await page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0");
    const shown = await page.evaluate<number>('performance.now()');
    console.log(`page: 1,000 devices on a ${size.name}: first paint ${paint.toFixed(0)} ms, rows at most ${shown.toFixed(0)} ms`);
    expect(await page.locator('.row').count()).toBeLessThan(60);
    await expect.poll(() => page.getByText('1,000 devices heard of, 100 of them stuck').count()).toBe(1);
  });

  test('the keyboard reaches the last of them', async () => {
    const page = await bench.visit();
    await page.getByRole('grid').focus();
    await page.keyboard.press('End');
    await expect.poll(() => page.locator('[aria-selected=true]').getAttribute('aria-rowindex')).toBe('1001');
    await page.keyboard.press('Home');
    await expect.poll(() => page.locator('[aria-selected=true]').getAttribute('aria-rowindex')).toBe('2');
  });

  test('two hundred changes a second leave the page free to answer', async () => {
    const page = await bench.visit();
    await page.getByText('Live').waitFor();
    const list = [...bench.stub.devices.devices.values()];
    await page.evaluate(
      'window.frames_ = []; let last = performance.now(); requestAnimationFrame(function next(now) { window.frames_.push(now - last); last = now; requestAnimationFrame(next); })',
    );
    for (let turn = 0; turn < 8; turn += 1) {
      const changes = list
        .slice(turn * 50, turn * 50 + 50)
        .map((device) => ({ device: { ...device, sentence: `It is in turn ${turn}.` } }));
      bench.stub.publish('devices', { changes, missed: 0 });
      await page.waitForTimeout(250);
    }
    const frames = await page.evaluate<number[]>('window.frames_');
    console.log(
      `page: 1,000 devices, 200 changes a second: ${frames.length} frames in 2 s, the longest ${Math.max(...frames).toFixed(0)} ms`,
    );
    await page.getByText('It is in turn 0.').first().waitFor();
  });
});
