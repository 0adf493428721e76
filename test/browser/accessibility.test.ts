/** The rules of WCAG that a program can check, in both colours and at three sizes. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { describeWith } from '../support/tools.ts';
import { STUCK_MAC } from './support/device-area.ts';
import { PageBench, SIZES } from './support/page-bench.ts';

const CASES = SIZES.flatMap((size) => (['light', 'dark'] as const).map((scheme) => ({ ...size, size, scheme })));

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`));
}

describeWith(['chromium'], 'the page for everybody', () => {
  let bench: PageBench;
  let guarded: PageBench;
  beforeAll(async () => {
    bench = await PageBench.open();
    guarded = await PageBench.open({ token: 'right' });
  });
  afterEach(async () => {
    await bench.leave();
    await guarded.leave();
  });
  afterAll(async () => {
    await bench.close();
    await guarded.close();
  });

  test.each(CASES)('devices, $name, $scheme', async ({ size, scheme }) => {
    const page = await bench.visit({ size, scheme });
    await page.locator('.row').first().waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test.each(CASES)('a device with its packets, $name, $scheme', async ({ size, scheme }) => {
    const page = await bench.visit({ size, scheme, hash: `#/devices/${encodeURIComponent(STUCK_MAC)}` });
    await page.getByRole('button', { name: /DISCOVER → OFFER/ }).click();
    await page.locator('.packet-field').nth(11).focus();
    expect(await violations(page)).toEqual([]);
  });

  test.each(CASES)('the login, $name, $scheme', async ({ size, scheme }) => {
    const page = await guarded.visit({ size, scheme });
    await page.getByLabel('Token').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test.each(CASES)('a dialog, $name, $scheme', async ({ size, scheme }) => {
    const page = await bench.visit({ size, scheme });
    await page.locator('.row').first().waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
